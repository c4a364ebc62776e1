import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Boards over the wire: the seed's protocol and the second version, on one loop and more (PROTOCOLS §5).
@Suite struct BoardSocketTests {
    @Test(arguments: [1, 3])
    func `two clients of the seed see what either draws`(threads: Int) throws {
        let server = try RunningServer.board(threads: threads)
        let first = try server.seedMember("u1", in: "r")
        #expect(try first.hear().text() == #"{"connectedUsers":["u1"],"cursors":[],"shapes":[]}"#)
        let second = try server.seedMember("u2", in: "r")
        #expect(try second.hear().connectedUsers == ["u1", "u2"])
        try second.draw(x: 7, text: "Hello World")
        for client in [first, second] {
            let board = try client.hearBoard { $0.shapes.count == 1 }
            #expect(board.shapes[0]["type"] == "rectangle" && board.shapes[0]["x"]?.integer == 7)
            #expect(board.shapes[0]["userId"] == "u2")
        }
        try first.say(#"{"type":"cursor_move","x":100,"y":200}"#)
        let board = try second.hearBoard { $0["cursors"]?.elements?.count == 1 }
        #expect(board["cursors"]?[0]?["userId"] == "u1" && board["cursors"]?[0]?["x"]?.integer == 100)
        try second.close()
        #expect(try first.hearBoard { $0.connectedUsers == ["u1"] }.shapes.count == 1)
    }

    @Test(arguments: [1, 3])
    func `clients of the second version get patches, and answers to what they tag`(threads: Int)
        throws
    {
        let server = try RunningServer.board(threads: threads)
        let (first, snapshot) = try server.member("u1", in: "r")
        #expect(snapshot["room"] == "r" && snapshot["you"] == "u1" && snapshot["epoch"]?.string != nil)
        let (second, _) = try server.member("u2", in: "r")
        #expect(try first.hear(until: "patch")["join"]?[0] == "u2")
        try second.draw(x: 7, tag: "c1")
        let ack = try second.hear(until: "ack")
        #expect(ack["id"] == "c1" && ack["persisted"] == false)
        let shape = try #require(ack["shapeId"]?.string)
        let patch = try first.hear(until: "patch")
        #expect(patch["put"]?[0]?["id"]?.string == shape && patch["full"]?[0]?.string == shape)
        #expect(patch["version"] == ack["version"])
        try first.say(#"{"type":"shape_update","id":"c2","shapeId":"nowhere","x":1}"#)
        let error = try first.hear(until: "error")
        #expect(error["code"] == "SHAPE_NOT_FOUND" && error["id"] == "c2")
    }

    @Test func `seed and second version meet in one room`() throws {
        let server = try RunningServer.board()
        let (new, _) = try server.member("new", in: "r")
        let old = try server.seedMember("old", in: "r")
        #expect(try old.hear().connectedUsers == ["new", "old"])
        try old.draw(x: 1)
        var patch = try new.hear(until: "patch")
        while patch["put"]?[0] == nil { patch = try new.hear(until: "patch") }
        #expect(patch["put"]?[0]?["userId"] == "old")
        try new.draw(x: 2)
        #expect(try old.hearBoard { $0.shapes.count == 2 }.shapes[1]["userId"] == "new")
    }

    @Test func `rooms meet on whichever loop they live, with everything sent behind the handshake`()
        throws
    {
        let server = try RunningServer.board(threads: 3)
        var clients: [TestClient] = []
        for number in 0..<12 {
            let room = "room-\(number)"
            let first = try server.seedMember("u1", in: room)
            let second = try server.seedMember("u2", in: room)
            clients += [first, second]
            // Not waiting for the first snapshot: the connection may still be on its way.
            let creations = (0..<4).map { #"{"type":"shape_create","shapeType":"line","x":\#($0),"y":0}"# }
            try first.write(plain: first.frames(creations))
            #expect(try second.hearBoard { $0.shapes.count == 4 }.connectedUsers.contains("u2"))
            let board = try first.hearBoard { $0.shapes.count == 4 }
            #expect(board.shapes.compactMap { $0["x"]?.integer } == [0, 1, 2, 3])
        }
        #expect(try server.metric(#"connections{profile="board",node="self"}"#) == 24)
        #expect(try server.metric(#"rooms{profile="board"}"#) == 12)
        for client in clients { try client.close() }
        try eventually("the rooms are left") { try server.metric(#"connections{profile="board",node="self"}"#) == 0 }
    }

    @Test func `rooms are apart`() throws {
        let server = try RunningServer.board()
        let (one, _) = try server.member("u", in: "one")
        let (two, _) = try server.member("u", in: "two")
        try one.draw(x: 1, tag: "c")
        _ = try one.hear(until: "ack")
        try two.say(#"{"type":"resync"}"#)
        #expect(try two.hear(until: "snapshot").shapes.isEmpty)
    }

    @Test func `a binary frame is no message of board`() throws {
        let server = try RunningServer.board()
        let (client, _) = try server.member("u", in: "r")
        try client.say([1, 2, 3])
        #expect(try client.hearClose() == .unsupportedData)
    }

    @Test
    func `a board is there again after everybody was gone, and after a restart of its members only`()
        throws
    {
        let server = try RunningServer.board { $0.board.persistence.debounce = .milliseconds(20) }
        let (first, _) = try server.member("u", in: "r")
        try first.draw(x: 9, tag: "c")
        _ = try first.hear(until: "ack")
        try first.close()
        _ = try first.hearClose()
        try eventually("the room is forgotten") {
            try server.document("/varz")["board_rooms"]?.integer == 0
        }
        let (second, snapshot) = try server.member("u", in: "r")
        #expect(snapshot.shapes.compactMap { $0["x"]?.integer } == [9])
        try second.say(#"{"type":"flush","id":"f"}"#)
        let ack = try second.hear(until: "ack")
        #expect(ack["id"] == "f" && ack["persisted"] == true)
    }

    @Test func `who was cut off gets what it missed`() throws {
        let server = try RunningServer.board()
        let (stays, _) = try server.member("stays", in: "r")
        let (first, snapshot) = try server.member("back", in: "r")
        let epoch = try #require(snapshot["epoch"]?.string)
        let version = try #require(snapshot["version"]?.integer)
        try first.close()
        _ = try first.hearClose()
        try stays.draw(x: 3, tag: "c")
        _ = try stays.hear(until: "ack")
        let token = try SyncCast.boardToken("back", room: "r")
        let again = try server.open("/?token=\(token)&v=2&epoch=\(epoch)&since=\(version)")
        var shapes = 0
        while shapes == 0 {
            let patch = try again.hear()
            #expect(patch["type"] == "patch")
            shapes += patch["put"]?.elements?.count ?? 0
        }
        let other = try server.open("/?token=\(token)&v=2&epoch=elsewhere&since=\(version)")
        #expect(try other.hear()["type"] == "snapshot")
    }
}
