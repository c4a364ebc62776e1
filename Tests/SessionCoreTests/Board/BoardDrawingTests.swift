import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What members draw, and how it becomes durable and seen (PROTOCOLS 3-7 to 3-15, C20).
@Suite struct BoardDrawingTests {
    @Test func `the seed's messages lead to the seed's board`() throws {
        var fixture = BoardFixture()
        let id = fixture.join("user123")
        fixture.say(#"{"type":"cursor_move","x":100,"y":200}"#, on: id)
        fixture.say(
            #"{"type":"shape_create","shapeType":"rectangle","x":100,"y":200,"width":150,"height":100,"#
                + ##""text":"Hello World","fill":"#3b82f6","stroke":"#1d4ed8"}"##, on: id)
        fixture.advance(.milliseconds(60))
        let shape = try #require(fixture.replica(id).shapes.first)
        #expect(shape.id.utf8.count == 12 && shape.user == "user123" && shape.type == "rectangle")
        #expect(fixture.replica(id).cursors.map(\.user) == ["user123"])
        fixture.say(
            #"{"type":"shape_update","shapeId":"\#(shape.id)","x":150,"y":250,"width":200,"height":150,"#
                + ##""text":"Updated text","fill":"#ef4444","stroke":"#dc2626","rotation":45}"##, on: id)
        fixture.advance(.milliseconds(20))
        let updated = try #require(fixture.replica(id).shapes.first)
        #expect(updated.x == 150 && updated.text == "Updated text" && updated.rotation == 45)
        fixture.say(#"{"type":"shape_delete","shapeId":"\#(shape.id)"}"#, on: id)
        fixture.advance(.milliseconds(20))
        #expect(fixture.replica(id).shapes.isEmpty)
    }

    @Test func `the first change is told at once, what follows within 16 ms together`() {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let watcher = fixture.join("u2", v2: true)
        _ = fixture.take(watcher)
        for text in ["a", "b", "c", "d"] { fixture.say(.rectangle(text), on: drawer) }
        #expect(fixture.texts(watcher) == ["a"])
        fixture.advance(.milliseconds(15))
        #expect(fixture.texts(watcher) == ["a"])
        fixture.advance(.milliseconds(1))
        #expect(fixture.texts(watcher) == ["a", "b", "c", "d"])
        #expect(fixture.take(watcher).count == 2)
        #expect(fixture.machine.counters.commits == 2 && fixture.machine.counters.changes == 4)
    }

    @Test func `nothing is seen before it is durable, and acknowledgements follow the patch`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let seed = fixture.join("u2")
        _ = (fixture.take(drawer), fixture.take(seed))
        fixture.answersStore = false
        fixture.say(.create(NewShape(type: "line", x: 0, y: 0, clientID: "mine")), id: "c1", on: drawer)
        fixture.say(.cursorMove(x: 1, y: 1), on: seed)
        fixture.advance(.seconds(1))
        #expect(fixture.take(drawer) == [] && fixture.take(seed) == [])
        let late = fixture.open("u3", v2: true)
        fixture.say(.cursorMove(x: 2, y: 2), on: late)
        #expect(fixture.take(late) == [] && fixture.isPaused(late))
        fixture.answerStore()
        let shape = try #require(fixture.replica(drawer).shapes.first)
        let told = fixture.takeTagged(drawer)
        #expect(told.map(\.message.kind) == [.patch, .ack])
        #expect(told.last?.tag == .text("c1"))
        let version = fixture.replica(drawer).version
        #expect(told.last?.message == .ack(BoardAck(version: version, shape: shape.id, clientID: "mine")))
        #expect(fixture.replica(late).shapes == [shape] && !fixture.isPaused(late))
        #expect(fixture.replica(seed).shapes.map(\.id) == [shape.id])
        #expect(try fixture.journal().map(\.put) == [[shape]])
    }

    @Test func `a record that cannot be written is undone, refused, and known to be doubtful`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let seed = fixture.join("u2")
        let kept = try fixture.draw("kept", on: drawer)
        _ = (fixture.take(drawer), fixture.take(seed))
        let version = fixture.replica(drawer).version
        fixture.isStoreUp = false
        fixture.say(.update(kept, ShapeChange(x: 9)), id: "c1", on: drawer)
        fixture.advance(.seconds(1))
        fixture.say(.rectangle("lost"), on: seed)
        fixture.advance(.milliseconds(16))
        #expect(fixture.texts(drawer) == ["kept"] && fixture.texts(seed) == ["kept"])
        let told = fixture.takeTagged(drawer)
        #expect(
            told.contains(
                Tagged(.error(.storeUnavailable, message: "The change could not be stored"), tag: .text("c1"))))
        #expect(fixture.replica(drawer).version == version + 2, "a refused batch uses up its version")
        #expect(fixture.machine.counters.dropped == 1 && fixture.machine.counters.commitFailures == 2)
        fixture.isStoreUp = true
        fixture.advance(.seconds(1))
        let next = try fixture.draw("next", on: drawer)
        let record = try #require(try fixture.journal().last)
        #expect(record.put.map(\.id) == [next, kept] && record.deleted.count == 1)
        #expect(fixture.members[drawer]?.gaps == 0)
    }

    @Test func `a store that refused is asked again after a second, until then only refusals are told`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let seed = fixture.join("u2")
        fixture.isStoreUp = false
        fixture.say(.rectangle("first"), on: drawer)
        _ = (fixture.take(drawer), fixture.take(seed))
        let version = fixture.replica(drawer).version
        for number in 0..<49 {
            fixture.advance(.milliseconds(20))
            fixture.say(.rectangle("\(number)"), on: drawer)
        }
        #expect(fixture.machine.counters.commitFailures == 1)
        #expect(fixture.take(drawer).map(\.kind) == Array(repeating: .error, count: 49))
        #expect(fixture.replica(drawer).version == version && fixture.take(seed) == [])
        fixture.advance(.milliseconds(20))
        fixture.isStoreUp = true
        try fixture.draw("next", on: drawer)
        #expect(try fixture.journal().last?.deleted.count == 1, "what was not asked is doubtful")
        #expect(fixture.texts(seed) == ["next"] && fixture.members[drawer]?.gaps == 0)
    }

    @Test func `the seed is told nothing of a batch that was refused, but who comes with it gets the board`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let seed = fixture.join("u2")
        try fixture.draw("kept", on: drawer)
        _ = (fixture.take(drawer), fixture.take(seed))
        (fixture.isStoreUp, fixture.answersStore) = (false, false)
        fixture.say(.rectangle("lost"), on: drawer)
        let tab = fixture.open("u2")
        fixture.answerStore()
        #expect(fixture.take(drawer).map(\.kind) == [.patch, .error])
        #expect(fixture.take(seed) == [])
        #expect(fixture.take(tab).count == 1 && fixture.texts(tab) == ["kept"] && !fixture.isPaused(tab))
    }

    @Test func `an update changes what it names, and null takes away what may be missing`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let watcher = fixture.join("u2", v2: true)
        let id = try fixture.draw("text", on: drawer)
        _ = fixture.take(watcher)
        fixture.say(#"{"type":"shape_update","shapeId":"\#(id)","text":null,"fill":"red"}"#, on: watcher)
        fixture.advance(.milliseconds(20))
        guard case .patch(let patch)? = fixture.take(watcher).first, case .changed(let changed)? = patch.put.first
        else {
            Issue.record("an update is told whole")
            return
        }
        #expect(changed.change == ShapeChange(text: .remove, fill: .set("red")))
        #expect(changed.updatedBy == "u2" && changed.version == patch.version)
        let shape = try #require(fixture.replica(drawer).shape(id))
        #expect(shape.user == "u1" && shape.updatedBy == "u2" && shape.text == nil && shape.x == 1)
    }

    @Test func `an empty update is acknowledged and changes nothing`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let id = try fixture.draw(on: drawer)
        _ = fixture.take(drawer)
        let version = fixture.replica(drawer).version
        fixture.say(#"{"type":"shape_update","shapeId":"\#(id)","id":7}"#, on: drawer)
        #expect(fixture.takeTagged(drawer) == [Tagged(.ack(BoardAck(version: version, shape: id)), tag: .number("7"))])
        #expect(try fixture.journal().count == 1)
    }

    @Test func `changes of shapes that are not there are refused, to the seed in silence`() {
        var fixture = BoardFixture()
        let extended = fixture.join("u1", v2: true)
        let seed = fixture.join("u2")
        _ = (fixture.take(extended), fixture.take(seed))
        fixture.say(.delete("nothing"), id: "a", on: extended)
        fixture.say(.update("nothing", ShapeChange(x: 1)), on: seed)
        fixture.advance(.milliseconds(20))
        #expect(
            fixture.takeTagged(extended)
                == [Tagged(.error(.shapeNotFound, message: "The board has no such shape"), tag: .text("a"))])
        #expect(fixture.take(seed) == [])
        #expect(fixture.machine.counters.errors(.shapeNotFound) == 2 && fixture.machine.counters.dropped == 1)
    }

    @Test func `delete wins over every update that comes after it`() throws {
        var fixture = BoardFixture()
        let first = fixture.join("u1", v2: true)
        let second = fixture.join("u2", v2: true)
        let id = try fixture.draw(on: first)
        _ = (fixture.take(first), fixture.take(second))
        fixture.say(.rectangle("other"), on: first)
        fixture.say(.update(id, ShapeChange(x: 5)), on: second)
        fixture.say(.delete(id), on: first)
        fixture.say(.update(id, ShapeChange(x: 6)), id: "late", on: second)
        fixture.advance(.milliseconds(20))
        #expect(fixture.replica(second).shape(id) == nil)
        #expect(fixture.takeTagged(second).last?.message.kind == .error)
        #expect(try fixture.journal().last?.deleted == [id])
    }

    @Test func `viewers look, and do not touch`() throws {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1")
        let viewer = fixture.open("v", v2: true) { $0.roles = ["viewer"] }
        let seedViewer = fixture.open("w") { $0.roles = ["viewer"] }
        fixture.advance(.milliseconds(60))
        _ = (fixture.take(viewer), fixture.take(seedViewer))
        fixture.say(.rectangle(), id: "x", on: viewer)
        #expect(
            fixture.takeTagged(viewer)
                == [Tagged(.error(.forbidden, message: "Viewers may not change the board"), tag: .text("x"))])
        fixture.say(.rectangle(), on: seedViewer)
        fixture.advance(.milliseconds(60))
        #expect(fixture.take(seedViewer) == [] && fixture.replica(drawer).shapes.isEmpty)
        fixture.say(.cursorMove(x: 1, y: 2), on: viewer)
        fixture.advance(.milliseconds(60))
        #expect(fixture.replica(drawer).cursors.map(\.user) == ["v"])
    }

    @Test func `cursors are told at most every 50 ms, and only the last place`() throws {
        var fixture = BoardFixture()
        let mover = fixture.join("u1", v2: true)
        let watcher = fixture.join("u2", v2: true)
        fixture.advance(.milliseconds(60))
        _ = fixture.take(watcher)
        let version = fixture.replica(watcher).version
        for step in 0..<100 {
            fixture.say(.cursorMove(x: Double(step), y: 0), on: mover)
            fixture.advance(.milliseconds(1))
        }
        fixture.advance(.milliseconds(50))
        let patches = fixture.take(watcher)
        #expect(patches.first == .patch(BoardPatch(version: version, cursors: [BoardCursor(user: "u1", x: 0, y: 0)])))
        #expect(patches.last == .patch(BoardPatch(version: version, cursors: [BoardCursor(user: "u1", x: 99, y: 0)])))
        #expect(patches.count == 3)
        #expect(try fixture.journal().isEmpty)
    }

    @Test func `a cursor move with an id is acknowledged at once, and ping is answered`() {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        let version = fixture.replica(id).version
        fixture.say(.cursorMove(x: 1, y: 1), id: "m", on: id)
        let told = fixture.takeTagged(id)
        #expect(told.contains(Tagged(.ack(BoardAck(version: version)), tag: .text("m"))))
        fixture.say(.ping, id: "p", on: id)
        #expect(fixture.takeTagged(id) == [Tagged(.pong(fixture.moment.timestamp), tag: .text("p"))])
    }

    @Test func `resync brings a snapshot behind its acknowledgement`() throws {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        _ = fixture.take(id)
        fixture.say(.resync, id: "s", on: id)
        #expect(fixture.take(id).map(\.kind) == [.ack, .snapshot])
        #expect(fixture.texts(id) == ["a"])
    }

    @Test func `however many resyncs there are, a board goes out once in 16 ms`() throws {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        try fixture.draw("a", on: id)
        _ = fixture.take(id)
        for _ in 0..<60 { fixture.say(.resync, on: id) }
        #expect(fixture.take(id).map(\.kind) == [.snapshot])
        fixture.advance(.milliseconds(15))
        #expect(fixture.take(id) == [])
        fixture.advance(.milliseconds(100))
        #expect(fixture.take(id).map(\.kind) == [.snapshot])
    }

    @Test func `resyncs that wait for a batch are one`() throws {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        fixture.answersStore = false
        fixture.say(.rectangle("a"), on: id)
        fixture.say(.rectangle("b"), on: id)
        for _ in 0..<60 { fixture.say(.resync, on: id) }
        fixture.answersStore = true
        fixture.answerStore()
        fixture.advance(.milliseconds(100))
        #expect(fixture.take(id).map(\.kind) == [.patch, .patch, .snapshot])
        #expect(fixture.texts(id) == ["a", "b"] && fixture.members[id]?.gaps == 0 && !fixture.isPaused(id))
    }

    @Test func `a full board refuses shapes and growth, and takes smaller ones`() throws {
        var fixture = BoardFixture { $0.snapshotBytesMax = 1_000 }
        let id = fixture.join(v2: true)
        let big = try fixture.draw(String(repeating: "x", count: 600), on: id)
        _ = fixture.take(id)
        fixture.say(.rectangle(String(repeating: "y", count: 300)), id: "1", on: id)
        fixture.advance(.milliseconds(20))
        #expect(fixture.take(id) == [.error(.roomFull, message: "The board is full")])
        fixture.say(.update(big, ShapeChange(text: .set(String(repeating: "x", count: 900)))), id: "2", on: id)
        fixture.advance(.milliseconds(20))
        #expect(fixture.take(id) == [.error(.roomFull, message: "The board is full")])
        #expect(fixture.machine.counters.roomFull == 2)
        fixture.say(.update(big, ShapeChange(text: .remove)), on: id)
        fixture.advance(.milliseconds(20))
        try fixture.draw(String(repeating: "y", count: 300), on: id)
    }

    @Test func `a batch ends where its record is large, and the rest follows`() throws {
        var fixture = BoardFixture()
        let ids = (0..<40).map { "u\($0)" }.map { fixture.join($0, v2: true) }
        fixture.isChecked = false
        fixture.answersStore = false
        for id in ids { fixture.say(.rectangle(String(repeating: "x", count: 60_000)), on: id) }
        fixture.answersStore = true
        fixture.answerStore()
        fixture.advance(.milliseconds(100))
        #expect(fixture.replica(ids[0]).shapes.count == 40)
        #expect(fixture.machine.counters.commits == 4)
        #expect(fixture.members[ids[0]]?.gaps == 0)
    }

    @Test func `who has more than 64 messages waiting is held until half of them are done`() {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        fixture.answersStore = false
        for number in 0..<66 {
            fixture.say(.rectangle("\(number)"), on: id)
            #expect(fixture.isPaused(id) == (number == 65))
        }
        fixture.answersStore = true
        fixture.answerStore()
        fixture.advance(.milliseconds(40))
        #expect(!fixture.isPaused(id))
        #expect(fixture.texts(id) == (0..<66).map { "\($0)" })
    }

    @Test func `what a member drew is done though it is gone`() {
        var fixture = BoardFixture()
        let drawer = fixture.join("u1", v2: true)
        let watcher = fixture.join("u2")
        fixture.answersStore = false
        fixture.say(.rectangle("a"), on: drawer)
        fixture.say(.rectangle("b"), on: drawer)
        fixture.close(drawer)
        fixture.answersStore = true
        fixture.answerStore()
        fixture.advance(.milliseconds(40))
        #expect(fixture.texts(watcher) == ["a", "b"])
        #expect(fixture.replica(watcher).users == ["u2"])
    }
}
