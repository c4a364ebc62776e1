import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Boards go to where they are kept for good (PROTOCOLS 3-17 to 3-20, §5.4).
@Suite struct BoardStoringTests {
    private static func withBackend(_ configure: (inout BoardConfiguration) -> Void = { _ in }) -> BoardFixture {
        BoardFixture {
            $0.hasBackend = true
            configure(&$0)
        }
    }

    private static func stores(_ fixture: BoardFixture) -> [UInt64] {
        fixture.backendRequests.compactMap { if case .store(_, let version, _) = $0 { version } else { nil } }
    }

    @Test func `without a backend the whole board is in the embedded store two seconds after the last change`() throws {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        #expect(try fixture.journal().count == 1)
        fixture.advance(.milliseconds(1_970))
        #expect(try fixture.checkpoint() == nil)
        fixture.advance(.milliseconds(30))
        #expect(try fixture.checkpoint()?.shapes == fixture.replica(id).shapes)
        #expect(try fixture.journal().isEmpty)
        #expect(fixture.machine.isSettled)
    }

    @Test func `a backend gets the board, and the journal goes when it has it`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        fixture.answersBackend = false
        fixture.advance(.seconds(3))
        #expect(try fixture.journal().count == 1 && !fixture.machine.isSettled)
        fixture.answerOneBackendCall()
        fixture.answerStore()
        #expect(try fixture.journal().isEmpty && fixture.machine.isSettled)
        #expect(try fixture.stored()?.shapes.map(\.text) == ["a"])
        #expect(try fixture.stored()?.version == fixture.replica(id).version)
    }

    @Test func `cursors and coming and going store nothing`() {
        var fixture = Self.withBackend()
        let id = fixture.join()
        fixture.say(.cursorMove(x: 1, y: 2), on: id)
        fixture.advance(.seconds(30))
        fixture.close(id)
        #expect(Self.stores(fixture).isEmpty && fixture.machine.roomCount == 0)
    }

    @Test func `the last member's leaving stores at once, and then the room is forgotten`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        fixture.answersBackend = false
        fixture.close(id)
        #expect(fixture.openBackendCalls == 1 && fixture.machine.roomCount == 1)
        #expect(fixture.machine.occupiedRoomCount == 0)
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.machine.roomCount == 0)
        #expect(try fixture.stored()?.shapes.count == 1 && fixture.journal().isEmpty)
    }

    @Test func `who draws, leaves and comes back again and again has the board stored once in two seconds`() throws {
        var fixture = Self.withBackend()
        for number in 0..<10 {
            let id = fixture.open(v2: true)
            fixture.say(.rectangle("\(number)"), on: id)
            fixture.close(id)
            fixture.advance(.milliseconds(500))
        }
        fixture.advance(.seconds(5))
        #expect(Self.stores(fixture).count == 4)
        #expect(try fixture.stored()?.shapes.count == 10)
        #expect(fixture.machine.roomCount == 0 && fixture.machine.deadline == nil)
    }

    @Test func `a store that waited behind those of other rooms is followed by the next one two seconds after it left`()
        throws
    {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        fixture.answersBackend = false
        fixture.advance(.seconds(3))
        fixture.say(.rectangle("b"), on: id)
        fixture.advance(.seconds(4))
        fixture.answerOneBackendCall(sentAt: fixture.moment.instant)
        fixture.answerStore()
        fixture.advance(.milliseconds(1_999))
        #expect(Self.stores(fixture).count == 1)
        fixture.advance(.milliseconds(1))
        #expect(Self.stores(fixture).count == 2)
    }

    @Test func `who comes back before that finds the room alive`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        let epoch = fixture.replica(id).epoch
        try fixture.draw("a", on: id)
        fixture.answersBackend = false
        fixture.close(id)
        let again = fixture.open(v2: true)
        fixture.advance(.milliseconds(20))
        #expect(fixture.replica(again).epoch == epoch && fixture.texts(again) == ["a"])
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.machine.roomCount == 1 && fixture.machine.isSettled)
    }

    @Test func `while the backend is down the room stays, and is stored as soon as it is back`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 5)
        fixture.close(id)
        fixture.advance(.seconds(3_600))
        #expect(fixture.machine.roomCount == 0)
        #expect(fixture.machine.counters.storeFailures == 5 && fixture.machine.counters.stores == 1)
        #expect(try fixture.stored()?.shapes.count == 1)
    }

    @Test func `a conflict is met with a greater version, and our board stays`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        try fixture.draw("ours", on: id)
        fixture.backend["r"] = Array(#"{"shapes":[{"id":"x","type":"line"}],"version":40}"#.utf8)
        fixture.advance(.seconds(10))
        #expect(Self.stores(fixture) == [2, 41])
        #expect(try fixture.stored()?.shapes.map(\.text) == ["ours"])
        #expect(fixture.machine.counters.storeConflicts == 1)
        try fixture.draw("more", on: id)
        fixture.advance(.seconds(3))
        #expect(try fixture.stored()?.version == 42)
    }

    @Test func `a refusal is tried again after half a minute and never dropped`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        fixture.backendReplies = [.refused(status: 413)]
        fixture.advance(.seconds(20))
        #expect(Self.stores(fixture).count == 1 && fixture.machine.counters.storeRefusals == 1)
        fixture.advance(.seconds(13))
        #expect(Self.stores(fixture).count == 2)
        #expect(try fixture.stored() != nil)
    }

    @Test func `after five minutes without a store members are told, and told when it is over`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        _ = fixture.take(id)
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 15)
        fixture.advance(.seconds(299))
        #expect(fixture.take(id) == [])
        fixture.advance(.seconds(2))
        #expect(fixture.take(id) == [.storage(.degraded)])
        let late = fixture.open("u2", v2: true)
        #expect(fixture.take(late).map(\.kind) == [.snapshot, .storage])
        fixture.advance(.seconds(300))
        let told = fixture.take(id)
        #expect(told.contains(.storage(.ok)))
    }

    @Test func `who did not hear that storing works again is told when it catches up or comes back`() throws {
        var fixture = Self.withBackend()
        let deaf = fixture.join("u1", v2: true)
        let other = fixture.join("u2", v2: true)
        try fixture.draw("a", on: other)
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 15)
        fixture.advance(.seconds(301))
        #expect(fixture.take(deaf).last == .storage(.degraded))
        let (version, epoch) = (fixture.replica(other).version, fixture.replica(other).epoch)
        fixture.goDeaf(deaf)
        fixture.close(other)
        fixture.advance(.seconds(300))
        #expect(fixture.take(deaf) == [])
        fixture.drained(deaf)
        let told = fixture.take(deaf)
        #expect(told.map(\.kind) == [.snapshot, .storage] && told.last == .storage(.ok))
        fixture.advance(.milliseconds(20))
        let again = fixture.open("u2", v2: true, since: version, epoch: epoch)
        #expect(fixture.take(again).last == .storage(.ok))
    }

    @Test func `a long journal is replaced by a whole board while the backend is down`() throws {
        var fixture = Self.withBackend { $0.journalRecordsMax = 10 }
        let id = fixture.join(v2: true)
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 6)
        for number in 0..<30 { try fixture.draw("\(number)", on: id) }
        fixture.advance(.seconds(15))
        #expect(try fixture.checkpoint()?.shapes.count ?? 0 >= 10)
        #expect(try fixture.journal().count <= 11)
        fixture.advance(.seconds(200))
        #expect(try fixture.checkpoint() == nil && fixture.journal().isEmpty)
        #expect(try fixture.stored()?.shapes.count == 30)
    }

    @Test func `without a backend a long journal is taken away before its time`() throws {
        var fixture = BoardFixture { $0.journalRecordsMax = 10 }
        let id = fixture.join(v2: true)
        for number in 0..<30 { try fixture.draw("\(number)", on: id) }
        #expect(try fixture.checkpoint()?.shapes.count == 11)
        #expect(try fixture.journal().count == 19)
    }

    @Test func `a whole board that was written though it seemed to fail does not hide what the backend has`() throws {
        var fixture = Self.withBackend { $0.journalRecordsMax = 10 }
        let id = fixture.join(v2: true)
        for number in 0..<10 { try fixture.draw("\(number)", on: id) }
        (fixture.answersStore, fixture.backendReplies) = (false, [.unavailable("down")])
        fixture.say(.rectangle("10"), on: id)
        fixture.answerStore()
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        // The store hangs for longer than the backend is down.
        fixture.advance(.seconds(5))
        fixture.isStoreHeard = false
        fixture.answerStore()
        #expect(try fixture.checkpoint()?.shapes.count == 11)
        (fixture.isStoreHeard, fixture.answersStore) = (true, true)
        try fixture.draw("later", on: id)
        fixture.advance(.seconds(5))
        #expect(try fixture.stored()?.shapes.count == 12)
        #expect(try fixture.checkpoint() == nil && fixture.journal().isEmpty)
        var restarted = fixture.restarted()
        let again = restarted.join("u2", v2: true)
        #expect(restarted.texts(again).last == "later")
    }

    @Test func `what changes while a store is under way is in the next one, and in the journal until then`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        fixture.answersBackend = false
        fixture.advance(.seconds(2))
        try fixture.draw("b", on: id)
        fixture.answerOneBackendCall()
        fixture.answerStore()
        #expect(try fixture.journal().map(\.put.count) == [1])
        #expect(try fixture.journal().first?.put.first?.text == "b")
        fixture.answersBackend = true
        fixture.advance(.seconds(3))
        #expect(try fixture.stored()?.shapes.count == 2 && fixture.journal().isEmpty)
    }

    @Test func `members that the backend had beside ours are written back`() throws {
        var fixture = Self.withBackend()
        fixture.backend["r"] = Array(
            #"{"shapes":[{"id":"x","type":"line","index":"a1","meta":{"k":[1]}}],"version":3}"#.utf8)
        let id = fixture.join(v2: true)
        fixture.say(.update("x", ShapeChange(x: 5)), on: id)
        fixture.advance(.seconds(3))
        let shape = try #require(try fixture.stored()?.shapes.first)
        #expect(String(decoding: shape.extra, as: UTF8.self) == #""index":"a1","meta":{"k":[1]}"#)
        #expect(shape.x == 5)
    }

    @Test func `flush is answered when everything is stored`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        fixture.say(.flush, id: "0", on: id)
        #expect(fixture.take(id) == [.ack(BoardAck(version: 1, isPersisted: true))])
        try fixture.draw("a", on: id)
        _ = fixture.take(id)
        fixture.answersBackend = false
        fixture.say(.flush, id: "1", on: id)
        #expect(fixture.take(id) == [] && fixture.openBackendCalls == 1)
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.takeTagged(id) == [Tagged(.ack(BoardAck(version: 2, isPersisted: true)), tag: .text("1"))])
    }

    @Test func `flush is refused when the store fails, and waits for the next one when it came too late`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        _ = fixture.take(id)
        fixture.backendReplies = [.unavailable("down")]
        fixture.say(.flush, id: "1", on: id)
        #expect(fixture.take(id).map(\.kind) == [.error])
        fixture.answersBackend = false
        fixture.advance(.seconds(5))
        try fixture.draw("b", on: id)
        _ = fixture.take(id)
        fixture.say(.flush, id: "2", on: id)
        fixture.answerOneBackendCall()
        fixture.answerStore()
        #expect(fixture.take(id) == [])
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.take(id) == [.ack(BoardAck(version: 3, isPersisted: true))])
    }

    @Test func `flush does not wait for the next attempt after a failure, but for two seconds`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        fixture.backendReplies = [.refused(status: 400), .refused(status: 400)]
        try fixture.draw("a", on: id)
        fixture.advance(.milliseconds(2_500))
        #expect(fixture.backendReplies.count == 1)
        _ = fixture.take(id)
        fixture.say(.flush, id: "1", on: id)
        fixture.advance(.seconds(1))
        #expect(fixture.take(id) == [])
        fixture.advance(.seconds(1))
        #expect(fixture.take(id) == [.error(.storeUnavailable, message: "The board could not be stored")])
        fixture.say(.flush, id: "2", on: id)
        fixture.advance(.seconds(2))
        #expect(fixture.take(id).map(\.kind) == [.ack])
        #expect(try fixture.stored()?.shapes.count == 1)
    }

    @Test func `flush that comes while a store is under way is not refused with it`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join(v2: true)
        fixture.answersBackend = false
        try fixture.draw("a", on: id)
        fixture.advance(.milliseconds(2_500))
        _ = fixture.take(id)
        fixture.say(.flush, id: "1", on: id)
        fixture.backendReplies = [.unavailable("hung")]
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.take(id) == [] && fixture.backendReplies.isEmpty)
        fixture.advance(.seconds(2))
        #expect(fixture.take(id).map(\.kind) == [.ack])
    }

    @Test func `one member's flushes leave room for those of others`() throws {
        var fixture = Self.withBackend()
        let greedy = fixture.join("u1", v2: true)
        let other = fixture.join("u2", v2: true)
        try fixture.draw("a", on: greedy)
        _ = (fixture.take(greedy), fixture.take(other))
        fixture.answersBackend = false
        for _ in 0..<300 { fixture.say(.flush, on: greedy) }
        #expect(fixture.take(greedy) == [])
        for number in 0..<300 { fixture.say(.flush, id: "\(number)", on: greedy) }
        let refused = fixture.takeTagged(greedy)
        #expect(refused.count == 297 && refused.first?.tag == .text("3"))
        fixture.say(.flush, id: "mine", on: other)
        let asked = fixture.request(.flush("r"))
        #expect(fixture.take(other) == [] && fixture.responses[asked] == nil)
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.takeTagged(greedy).map(\.tag) == [.text("0"), .text("1"), .text("2")])
        #expect(fixture.takeTagged(other).map(\.tag) == [.text("mine")])
        #expect(fixture.responses[asked]?.status == .ok)
    }

    @Test func `who waits for a store and goes gives the place back, and administrators always have one`() throws {
        var fixture = Self.withBackend()
        try fixture.draw("a", on: fixture.join("w"))
        fixture.answersBackend = false
        for number in 0..<300 {
            let id = fixture.join("u\(number)", v2: true)
            fixture.say(.flush, id: "f", on: id)
            #expect(fixture.take(id) == [])
            fixture.close(id)
        }
        let ids = (0..<64).map { fixture.join("v\($0)", v2: true) }
        for id in ids { for number in 0..<4 { fixture.say(.flush, id: "\(number)", on: id) } }
        let asked = fixture.request(.flush("r"))
        #expect(fixture.responses[asked] == nil, "the places of members are taken")
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.responses[asked]?.status == .ok)
    }

    @Test func `a drain stores everything as soon as allowed`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        fixture.change { $0.stopping() }
        #expect(!fixture.machine.isSettled)
        fixture.advance(.milliseconds(1))
        #expect(fixture.machine.isSettled)
        #expect(try fixture.stored()?.shapes.count == 1)
    }

    @Test func `a crash loses nothing that was seen`() throws {
        for withBackend in [false, true] {
            var fixture = BoardFixture { $0.hasBackend = withBackend }
            let id = fixture.join(v2: true)
            for text in ["a", "b", "c"] { try fixture.draw(text, on: id) }
            if withBackend { fixture.backendReplies = [.unavailable("down")] }
            fixture.advance(.seconds(withBackend ? 3 : 0))
            let gone = try #require(fixture.replica(id).shapes.first?.id)
            fixture.say(.delete(gone), on: id)
            fixture.advance(.milliseconds(20))
            let shapes = fixture.replica(id).shapes
            var restarted = fixture.restarted()
            let again = restarted.join(v2: true)
            // A backend keeps the seed's keys, not who changed a shape last in which version.
            #expect(restarted.replica(again).shapes.map { $0.encoded(.seed) } == shapes.map { $0.encoded(.seed) })
            #expect(restarted.replica(again).epoch != fixture.replica(id).epoch)
        }
    }

    @Test func `what is left from before is stored though nobody comes`() throws {
        var fixture = BoardFixture()
        for room in ["a", "a!", "b", "b\u{600}"] {
            let id = fixture.join(room: room)
            try fixture.draw(room, on: id)
        }
        var restarted = fixture.restarted()
        restarted.advance(.seconds(5))
        #expect(restarted.machine.roomCount == 0)
        for room in ["a", "a!", "b", "b\u{600}"] {
            #expect(try restarted.checkpoint(room)?.shapes.map(\.text) == [room])
            #expect(try restarted.journal(room).isEmpty)
        }
    }
}
