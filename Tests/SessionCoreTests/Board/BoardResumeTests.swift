import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Members that were cut off go on where they were: `?epoch=&since=` (PROTOCOLS §5.3).
@Suite struct BoardResumeTests {
    @Test func `who comes back gets the patches that it missed, and the cursors`() throws {
        var fixture = BoardFixture()
        let first = fixture.join("u1", v2: true)
        let other = fixture.join("u2", v2: true)
        try fixture.draw("a", on: other)
        let known = fixture.replica(first)
        fixture.close(first)
        try fixture.draw("b", on: other)
        fixture.say(.cursorMove(x: 3, y: 4), on: other)
        fixture.advance(.milliseconds(60))
        let again = fixture.open("u1", v2: true, since: known.version, epoch: known.epoch)
        fixture.advance(.milliseconds(16))
        let told = fixture.take(again)
        #expect(told.allSatisfy { $0.kind == .patch })
        var replica = known
        for message in told { #expect(replica.apply(message) == .applied) }
        #expect(replica.shapes == fixture.replica(other).shapes)
        #expect(replica.users == fixture.replica(other).users && replica.users == ["u2", "u1"])
        #expect(replica.cursors == [BoardCursor(user: "u2", x: 3, y: 4)])
        #expect(fixture.machine.counters.recovered == 1)
        try fixture.draw("c", on: other)
        for message in fixture.take(again) { #expect(replica.apply(message) == .applied) }
        #expect(replica.shapes == fixture.replica(other).shapes)
    }

    @Test func `another epoch, a version of the future, or one that is forgotten brings a snapshot`() throws {
        var fixture = BoardFixture { $0.ringCapacity = 3 }
        let watcher = fixture.join("w", v2: true)
        for text in ["a", "b", "c", "d", "e"] { try fixture.draw(text, on: watcher) }
        let (epoch, version) = (fixture.replica(watcher).epoch, fixture.replica(watcher).version)
        let wishes: [(String?, UInt64)] = [("other", version), (epoch, version + 5), (epoch, 1)]
        for (epoch, since) in wishes {
            let id = fixture.open("u", v2: true, since: since, epoch: epoch)
            fixture.advance(.milliseconds(20))
            #expect(fixture.take(id).first?.kind == .snapshot)
            fixture.close(id)
            fixture.advance(.milliseconds(20))
        }
        #expect(fixture.machine.counters.notRecovered == 3)
    }

    @Test func `all rooms together keep so many patches, and those that are quiet for longest give theirs up`() throws {
        var fixture = BoardFixture { $0.ringsBytesMax = 40_000 }
        let ids = ["a", "b", "c", "d"].map { fixture.join(room: $0, v2: true) }
        let known = ids.map { fixture.replica($0) }
        for id in ids {
            for _ in 0..<50 { try fixture.draw(String(repeating: "x", count: 50), on: id) }
            #expect(fixture.machine.statistics(at: fixture.moment).patchBytes <= 40_000)
        }
        #expect(fixture.machine.statistics(at: fixture.moment).patchBytes > 20_000)
        var kinds: [BoardServerKind?] = []
        for (room, replica) in zip(["a", "b", "c", "d"], known) {
            let again = fixture.open("u2", room: room, v2: true, since: replica.version, epoch: replica.epoch)
            fixture.advance(.milliseconds(20))
            kinds.append(fixture.take(again).first?.kind)
        }
        #expect(kinds.first == .snapshot && kinds.last == .patch)
        for id in fixture.members.keys { fixture.close(id) }
        fixture.advance(.seconds(10))
        #expect(fixture.machine.roomCount == 0 && fixture.machine.statistics(at: fixture.moment).patchBytes == 0)
    }

    @Test func `after a restart the old epoch means nothing`() throws {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        let (epoch, version) = (fixture.replica(id).epoch, fixture.replica(id).version)
        var restarted = fixture.restarted()
        let again = restarted.open(v2: true, since: version, epoch: epoch)
        #expect(restarted.take(again).first?.kind == .snapshot)
        #expect(restarted.texts(again) == ["a"])
    }

    @Test func `who comes back while a batch is written gets that one too`() {
        var fixture = BoardFixture()
        let other = fixture.join("u2", v2: true)
        let first = fixture.join("u1", v2: true)
        var replica = fixture.replica(first)
        fixture.close(first)
        fixture.advance(.milliseconds(20))
        fixture.answersStore = false
        fixture.say(.rectangle("a"), on: other)
        let again = fixture.open("u1", v2: true, since: replica.version, epoch: replica.epoch)
        #expect(fixture.take(again) == [])
        fixture.answerStore()
        for message in fixture.take(again) { #expect(replica.apply(message) == .applied) }
        #expect(replica.shapes.map(\.text) == ["a"] && replica.users == ["u2", "u1"])
    }
}
