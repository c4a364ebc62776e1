import SessionBase
import SessionCodec
import Testing

/// What a client knows of a room after what it was told.
@Suite struct BoardReplicaTests {
    private func shape(_ id: String, x: Double = 0) -> Shape {
        Shape(id: id, type: "circle", x: x, y: 0, user: "u", timestamp: Timestamp(milliseconds: 0))
    }

    private func changed(_ id: String, x: Double) -> BoardPut {
        .changed(
            ChangedShape(
                id: id, change: ShapeChange(x: x), timestamp: Timestamp(milliseconds: 7), updatedBy: "w", version: 18))
    }

    /// A room with two users and two shapes at version 17.
    private func replica() -> BoardReplica {
        var replica = BoardReplica()
        let state = BoardState(
            users: ["u", "w"], cursors: [BoardCursor(user: "w", x: 1, y: 1)], shapes: [shape("a"), shape("b")])
        let snapshot = BoardSnapshot(room: "r", version: 17, epoch: "e", you: "u", state: state)
        #expect(replica.apply(.snapshot(snapshot)) == .applied)
        return replica
    }

    @Test func `a patch draws, changes and takes away, and keeps the order`() {
        var replica = replica()
        let patch = BoardPatch(version: 18, put: [.full(shape("c")), changed("b", x: 5)], deleted: ["a", "none"])
        #expect(replica.apply(.patch(patch)) == .applied)
        #expect(replica.version == 18 && replica.shapes.map(\.id) == ["b", "c"])
        #expect(replica.shape("b")?.x == 5 && replica.shape("b")?.updatedBy == "w" && replica.shape("b")?.version == 18)
        #expect(replica.shape("a") == nil)
    }

    @Test func `a shape that is said whole again stays in its place`() {
        var replica = replica()
        #expect(replica.apply(.patch(BoardPatch(version: 18, put: [.full(shape("a", x: 9))]))) == .applied)
        #expect(replica.shapes.map(\.id) == ["a", "b"] && replica.shape("a")?.x == 9)
    }

    @Test func `cursors move within a version, and are in the order of the users`() {
        var replica = replica()
        let patch = BoardPatch(version: 17, cursors: [BoardCursor(user: "u", x: 3, y: 4)])
        #expect(replica.apply(.patch(patch)) == .applied)
        #expect(replica.cursors.map(\.user) == ["u", "w"] && replica.version == 17)
    }

    @Test func `who leaves takes the cursor away, and who comes again comes last`() {
        var replica = replica()
        #expect(replica.apply(.patch(BoardPatch(version: 18, joined: ["u"], left: ["u"]))) == .applied)
        #expect(replica.users == ["w", "u"])
        #expect(replica.apply(.patch(BoardPatch(version: 19, joined: ["u"], left: ["w", "x"]))) == .applied)
        #expect(replica.users == ["u"] && replica.cursors.isEmpty)
    }

    @Test func `a version may have been used up for nothing`() {
        var replica = replica()
        #expect(replica.apply(.patch(BoardPatch(version: 18))) == .applied)
        #expect(replica.version == 18)
    }

    @Test(arguments: [
        BoardPatch(version: 19), BoardPatch(version: 16), BoardPatch(version: 17, deleted: ["a"]),
        BoardPatch(version: 19, cursors: [BoardCursor(user: "u", x: 0, y: 0)]),
    ])
    func `a patch that does not follow is a gap and changes nothing`(patch: BoardPatch) {
        var replica = replica()
        #expect(replica.apply(.patch(patch)) == .gap(known: 17, patch: patch.version))
        #expect(replica.version == 17 && replica.shapes.count == 2 && replica.cursors.count == 1)
    }

    @Test func `a change of a shape that is unknown is a gap`() {
        var replica = replica()
        let patch = BoardPatch(version: 18, put: [.full(shape("c")), changed("z", x: 1)])
        #expect(replica.apply(.patch(patch)) == .gap(known: 17, patch: 18))
        #expect(replica.shape("c") == nil)
    }

    @Test func `a patch before any snapshot is a gap`() {
        var replica = BoardReplica()
        #expect(!replica.isKnown && replica.apply(.patch(BoardPatch(version: 1))) == .gap(known: 0, patch: 1))
    }

    @Test func `the seed's boards replace one another, and the rest is about no state`() {
        var replica = BoardReplica()
        #expect(replica.apply(.board(BoardState(users: ["u"], shapes: [shape("a")]))) == .applied)
        #expect(replica.apply(.board(BoardState(users: ["w"], shapes: [shape("b")]))) == .applied)
        #expect(replica.users == ["w"] && replica.shapes.map(\.id) == ["b"] && replica.shape("a") == nil)
        #expect(replica.apply(.pong(Timestamp(milliseconds: 0))) == .unrelated)
        #expect(replica.apply(.storage(.degraded)) == .unrelated)
    }
}
