import SessionBase
import SessionCodec
import SessionCore
import Testing

/// A server that was killed leaves a `PUT` under way, which must not win over those of the next one (PROTOCOLS §5.4).
@Suite struct BoardVersionTests {
    private static func withBackend() -> BoardFixture { BoardFixture { $0.hasBackend = true } }

    private static func stores(_ fixture: BoardFixture) -> [UInt64] {
        fixture.backendRequests.compactMap { if case .store(_, let version, _) = $0 { version } else { nil } }
    }

    /// People come and go, which the journal does not know, and the board is sent, which nobody hears of.
    private static func comeAndGo(_ fixture: inout BoardFixture) throws {
        for number in 0..<20 { fixture.close(fixture.join("u\(number)")) }
        fixture.answersBackend = false
        fixture.advance(.seconds(12))
        #expect(fixture.openBackendCalls == 1)
    }

    @Test func `what a killed server has under way is older than whatever the next one stores`() throws {
        var killed = Self.withBackend()
        let id = killed.join(v2: true)
        try killed.draw("a", on: id)
        try Self.comeAndGo(&killed)
        let late = try #require(Self.stores(killed).last)
        #expect(try killed.journal().map(\.version) == [2])
        var next = killed.restarted()
        next.answersBackend = true
        let again = next.join("u2", v2: true)
        #expect(next.replica(again).version > late, "clients see versions rise")
        try next.draw("b", on: again)
        next.advance(.seconds(5))
        #expect(Self.stores(next).dropFirst(Self.stores(killed).count).allSatisfy { $0 > late })
        #expect(try next.stored()?.shapes.map(\.text) == ["a", "b"])
    }

    @Test func `nor does one of two servers that were killed win that wrote nothing to the journal`() throws {
        var first = Self.withBackend()
        try first.draw("a", on: first.join(v2: true))
        first.answersBackend = false
        first.advance(.seconds(1))
        var second = first.restarted()
        (second.answersBackend, second.backendReplies) = (true, [.absent, .unavailable("slow")])
        second.perform { $0.tick(at: $1, effects: &$2) }
        try Self.comeAndGo(&second)
        let late = try #require(Self.stores(second).last)
        second.advance(.seconds(1))
        var third = second.restarted()
        third.answersBackend = true
        let again = third.join("u2", v2: true)
        try third.draw("b", on: again)
        third.advance(.seconds(5))
        #expect(Self.stores(third).dropFirst(Self.stores(second).count).allSatisfy { $0 > late })
    }

    @Test(arguments: [1 << 42, 1 << 52]) func `a backend that counts beyond the clock is exceeded as well`(
        known: UInt64
    ) throws {
        var killed = Self.withBackend()
        killed.backend["r"] = Array(#"{"shapes":[],"version":\#(known)}"#.utf8)
        let id = killed.join(v2: true)
        try killed.draw("a", on: id)
        try Self.comeAndGo(&killed)
        let late = try #require(Self.stores(killed).last)
        var next = killed.restarted()
        next.answersBackend = true
        try next.draw("b", on: next.join("u2", v2: true))
        next.advance(.seconds(5))
        let versions = Self.stores(next).dropFirst(Self.stores(killed).count)
        #expect(versions.allSatisfy { $0 > late && $0 < 1 << 53 } && !versions.isEmpty)
    }

    @Test func `no number is beyond those that JSON has exactly`() throws {
        var killed = Self.withBackend()
        let known: UInt64 = 1 << 53 - 1_000
        killed.backend["r"] = Array(#"{"shapes":[],"version":\#(known)}"#.utf8)
        try killed.draw("a", on: killed.join(v2: true))
        var next = killed.restarted()
        try next.draw("b", on: next.join("u2", v2: true))
        next.advance(.seconds(5))
        #expect(try next.stored()?.version ?? 0 < 1 << 53)
        #expect(try next.stored()?.shapes.map(\.text) == ["a", "b"])
    }

    @Test func `whoever comes back to the next server gets everything`() throws {
        var killed = Self.withBackend()
        let id = killed.join(v2: true)
        try killed.draw("a", on: id)
        let known = killed.replica(id)
        var next = killed.restarted()
        let again = next.open(v2: true, since: known.version, epoch: known.epoch)
        next.advance(.milliseconds(20))
        guard case .snapshot(let snapshot)? = next.take(again).first else {
            Issue.record("no snapshot comes first")
            return
        }
        #expect(snapshot.version > known.version && next.texts(again) == ["a"])
    }
}
