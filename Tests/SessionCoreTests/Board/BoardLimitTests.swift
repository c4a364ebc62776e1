import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Too much and too wrong (PROTOCOLS C6, C17, 3-3, §5.3).
@Suite struct BoardLimitTests {
    private static func limited() -> BoardFixture {
        BoardFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
    }

    @Test func `fifty shapes a second are drawn, the next one is refused with the time to wait`() {
        var fixture = Self.limited()
        let id = fixture.join(v2: true)
        for number in 0..<50 { fixture.say(.rectangle("\(number)"), on: id) }
        _ = fixture.take(id)
        fixture.say(.rectangle("50"), id: "x", on: id)
        let told = fixture.takeTagged(id)
        #expect(told.count == 1 && told[0].tag == .text("x"))
        guard case .error(.rateLimited, let message) = told[0].message else {
            Issue.record("an excess is not refused")
            return
        }
        #expect(message == "Too many messages; wait 21 ms")
        fixture.advance(.milliseconds(21))
        fixture.say(.rectangle("51"), on: id)
        fixture.advance(.milliseconds(100))
        #expect(fixture.texts(id).count == 51)
    }

    @Test func `updates and deletions have buckets of their own`() throws {
        var fixture = Self.limited()
        let id = fixture.join(v2: true)
        let shape = try fixture.draw(on: id)
        for step in 0..<121 { fixture.say(.update(shape, ShapeChange(x: Double(step))), on: id) }
        #expect(fixture.machine.counters.rateLimited == 1)
        for _ in 0..<51 { fixture.say(.delete("nothing"), on: id) }
        #expect(fixture.machine.counters.rateLimited == 2)
    }

    @Test func `four boards are sent again at once, then two a second`() {
        var fixture = Self.limited()
        let id = fixture.join(v2: true)
        for _ in 0..<4 { fixture.say(.resync, on: id) }
        #expect(fixture.machine.counters.rateLimited == 0)
        for _ in 0..<10 { fixture.say(.resync, on: id) }
        #expect(fixture.machine.counters.rateLimited == 10)
        fixture.advance(.seconds(1))
        for _ in 0..<3 { fixture.say(.resync, on: id) }
        #expect(fixture.machine.counters.rateLimited == 11)
    }

    @Test func `cursors are conflated and not refused, within the socket's own bucket`() {
        var fixture = Self.limited()
        let mover = fixture.join("u1")
        let watcher = fixture.join("u2", v2: true)
        for step in 0..<400 { fixture.say(.cursorMove(x: Double(step), y: 0), on: mover) }
        #expect(fixture.machine.counters.rateLimited == 0)
        fixture.say(.cursorMove(x: 1_000, y: 0), on: mover)
        #expect(fixture.machine.counters.rateLimited == 1 && fixture.machine.counters.dropped == 1)
        fixture.advance(.milliseconds(60))
        #expect(fixture.replica(watcher).cursors == [BoardCursor(user: "u1", x: 399, y: 0)])
    }

    @Test func `every move is acknowledged, and the last of them is shown`() {
        var fixture = Self.limited()
        let mover = fixture.join("u1", v2: true)
        let watcher = fixture.join("u2", v2: true)
        _ = fixture.take(mover)
        for step in 0..<130 { fixture.say(.cursorMove(x: Double(step), y: 0), id: "\(step)", on: mover) }
        let acknowledged = fixture.takeTagged(mover).filter { $0.message.kind == .ack }.map(\.tag)
        #expect(acknowledged == (0..<130).map { .text("\($0)") })
        fixture.advance(.milliseconds(60))
        #expect(fixture.replica(watcher).cursors == [BoardCursor(user: "u1", x: 129, y: 0)])
        #expect(fixture.machine.counters.rateLimited == 0 && fixture.machine.counters.errors(.rateLimited) == 0)
    }

    @Test func `three seconds with an excess close the connection`() {
        var fixture = Self.limited()
        let id = fixture.join()
        for _ in 0..<3 {
            #expect(fixture.closeCode(id) == nil)
            for number in 0..<60 { fixture.say(.rectangle("\(number)"), on: id) }
            fixture.advance(.seconds(1))
        }
        #expect(fixture.closeCode(id) == .rateLimited)
        #expect(fixture.machine.statistics(at: fixture.moment).users == 0)
    }

    @Test func `the twentieth message within a minute that is none closes, in silence for the seed`() {
        for v2 in [false, true] {
            var fixture = BoardFixture()
            let id = fixture.join(v2: v2)
            for number in 1...20 {
                #expect(fixture.closeCode(id) == nil, "\(number)")
                fixture.say(#"{"type":"nonsense"}"#, on: id)
            }
            #expect(fixture.closeCode(id) == .tooManyErrors)
            #expect(fixture.take(id).count == (v2 ? 20 : 0))
        }
    }

    @Test func `extensions do not exist for the seed`() {
        var fixture = BoardFixture()
        let id = fixture.join()
        for type in ["ping", "resync", "flush"] { fixture.say(#"{"type":"\#(type)"}"#, on: id) }
        #expect(fixture.take(id) == [] && fixture.machine.counters.errors(.unknownType) == 3)
    }

    @Test func `a credential ends 25 seconds after it says so`() {
        var fixture = BoardFixture()
        let end = Timestamp(milliseconds: fixture.moment.timestamp.milliseconds + 60_000)
        let id = fixture.open { $0.expiresAt = end }
        let other = fixture.join("u2", v2: true)
        fixture.advance(.milliseconds(84_900))
        #expect(fixture.closeCode(id) == nil)
        fixture.advance(.milliseconds(200))
        #expect(fixture.closeCode(id) == .tokenExpired)
        #expect(fixture.replica(other).users == ["u2"])
    }

    @Test func `a revocation closes whom it hits, wherever they are`() {
        var fixture = BoardFixture { $0.hasBackend = true }
        let member = fixture.join("u1")
        let other = fixture.join("u2")
        fixture.answersBackend = false
        let waiting = fixture.open("u1", room: "slow")
        var count = 0
        let revocation = Revocation(id: "x", target: .user("u1"), createdAt: fixture.moment.timestamp)
        fixture.perform { count = $0.revoke(revocation, at: $1, effects: &$2) }
        #expect(count == 2)
        #expect(fixture.closeCode(member) == .revoked && fixture.closeCode(waiting) == .revoked)
        #expect(fixture.closeCode(other) == nil)
        fixture.close(member)
        fixture.close(waiting)
        #expect(fixture.machine.statistics(at: fixture.moment).connections == 1)
    }

    @Test func `an administrator's word closes a connection`() {
        var fixture = BoardFixture()
        let id = fixture.join()
        var isDone = false
        fixture.perform { isDone = $0.disconnect(id, .kicked, at: $1, effects: &$2) }
        #expect(isDone && fixture.closeCode(id) == .kicked)
        fixture.perform { isDone = $0.disconnect(id, .kicked, at: $1, effects: &$2) }
        #expect(!isDone)
        fixture.say(.cursorMove(x: 1, y: 1), on: id)
        fixture.close(id)
        #expect(fixture.machine.roomCount == 0)
    }
}

/// What administrators ask (PROTOCOLS §1.6).
@Suite struct BoardCallTests {
    @Test func `rooms are listed by their names`() {
        var fixture = BoardFixture()
        for room in ["b", "a2", "a1"] { _ = fixture.join("u-" + room, room: room) }
        #expect(
            fixture.machine.rooms(prefix: "", after: nil, limit: 9, at: fixture.moment).map(\.room) == [
                "a1", "a2", "b",
            ])
        #expect(
            fixture.machine.rooms(prefix: "a", after: "a1", limit: 9, at: fixture.moment).map(\.users) == [["u-a2"]])
        #expect(fixture.machine.rooms(prefix: "", after: nil, limit: 1, at: fixture.moment).map(\.state) == [.live])
    }

    @Test func `a room is shown with its shapes and cursors`() throws {
        var fixture = BoardFixture()
        let id = fixture.join("u1")
        try fixture.draw("x", on: id)
        fixture.say(.cursorMove(x: 1, y: 2), on: id)
        let shown = fixture.request(.board("r"))
        let response = try #require(fixture.responses[shown])
        let document = try JSONValue.parse(response.body.span)
        #expect(document["board"]?.elements?.first?["text"]?.string == "x")
        #expect(document["cursors"]?.elements?.first?["user"]?.string == "u1")
        #expect(document["state"]?.string == "live" && document["shapes"]?.integer == 1)
        let refused = fixture.request(.board("nowhere"))
        let absent = try #require(fixture.responses[refused])
        #expect(absent.status == .notFound)
    }

    @Test func `a board is not shown while it is tentative`() throws {
        var fixture = BoardFixture()
        let id = fixture.join("u1")
        fixture.answersStore = false
        fixture.say(.rectangle("x"), on: id)
        let number = fixture.request(.board("r"))
        #expect(fixture.responses[number] == nil)
        fixture.isStoreUp = false
        fixture.answerStore()
        let response = try #require(fixture.responses[number])
        let document = try JSONValue.parse(response.body.span)
        #expect(document["board"]?.elements?.isEmpty == true)
    }

    @Test func `a flush waits for what is being written and for what waits behind that`() throws {
        var fixture = BoardFixture()
        let id = fixture.join("u1")
        fixture.answersStore = false
        fixture.say(.rectangle("a"), on: id)
        fixture.say(.rectangle("b"), on: id)
        let number = fixture.request(.flush("r"))
        fixture.answerStore()
        fixture.advance(.milliseconds(16))
        fixture.answerStore()
        #expect(fixture.responses[number] == nil)
        fixture.answersStore = true
        fixture.answerStore()
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        let response = try #require(fixture.responses[number])
        #expect(response.status == .ok)
        #expect(try JSONValue.parse(response.body.span)["version"]?.integer == 3)
        #expect(try fixture.checkpoint()?.shapes.map(\.text) == ["a", "b"])
    }

    @Test func `a flush is answered when it is done, or refused after ten seconds`() throws {
        var fixture = BoardFixture { $0.hasBackend = true }
        let id = fixture.join("u1")
        let idle = fixture.request(.flush("r"))
        #expect(fixture.responses[idle]?.status == .ok)
        try fixture.draw("x", on: id)
        fixture.answersBackend = false
        let slow = fixture.request(.flush("r"))
        fixture.advance(.milliseconds(9_999))
        #expect(fixture.responses[slow] == nil)
        fixture.advance(.milliseconds(1))
        #expect(fixture.responses[slow]?.status == .serviceUnavailable)
        let next = fixture.request(.flush("r"))
        fixture.answerOneBackendCall()
        fixture.answerStore()
        #expect(fixture.responses[next]?.status == .ok)
    }
}
