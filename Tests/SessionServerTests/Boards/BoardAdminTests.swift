import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// What administrators see of boards, and do to them (PROTOCOLS §1.6, §1.7).
@Suite struct BoardAdminTests {
    @Test(arguments: [1, 3])
    func `the list has every room of all loops, in pages`(threads: Int) throws {
        let server = try RunningServer.board(threads: threads)
        let clients = try (0..<9).map { try server.member("u\($0)", in: "room-\($0)").client }
        let (other, _) = try server.member("v", in: "other")
        try clients[3].draw(x: 1, tag: "c")
        _ = try clients[3].hear(until: "ack")
        let all = try server.document("/admin/boards")
        #expect(all["total"]?.integer == 10 && all["next_cursor"] == .null)
        let drawn = all["items"]?.elements?.first { $0["room"] == "room-3" }
        #expect(
            drawn?["shapes"]?.integer == 1 && drawn?["state"] == "live"
                && drawn?["connections"]?.integer == 1)
        var names: [String] = []
        var cursor = ""
        repeat {
            let page = try server.document("/admin/boards?prefix=room-&limit=4" + cursor)
            #expect(page["total"]?.integer == 9)
            names += page["items"]?.elements?.compactMap { $0["room"]?.string } ?? []
            cursor = page["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(names == (0..<9).map { "room-\($0)" })
        try other.close()
        #expect(try other.hearClose() == .normal)
    }

    @Test(arguments: [1, 3])
    func `a room is shown and stored by whichever loop is asked`(threads: Int) throws {
        let server = try RunningServer.board(threads: threads)
        var clients: [TestClient] = []
        for room in ["r1", "r2", "r3", "a/b"] {
            let (client, _) = try server.member("u", in: room)
            clients.append(client)
            try client.draw(x: 1, tag: "c")
            _ = try client.hear(until: "ack")
            let path = room == "a/b" ? "a%2Fb" : room
            let flushed = try server.ask("/admin/boards/\(path)/flush", "POST")
            #expect(flushed.status == .ok, "\(String(decoding: flushed.body, as: UTF8.self))")
            let board = try server.document("/admin/boards/\(path)")
            #expect(board["room"]?.string == room)
        }
        #expect(try server.metric("store_dirty_rooms") == 0)
        #expect(try server.metric(#"rooms{profile="board"}"#) == Double(clients.count))
    }

    @Test func `a room that is not there, a name that is none and a wrong method have their answers`()
        throws
    {
        let server = try RunningServer.board()
        #expect(try server.ask("/admin/boards/nowhere").status == .notFound)
        #expect(try server.ask("/admin/boards/%20").status == .badRequest)
        #expect(try server.ask("/admin/boards/r/flush").status == .methodNotAllowed)
        #expect(try server.ask("/admin/boards", "POST").status == .methodNotAllowed)
        #expect(try server.ask("/admin/boards/r/other").status == .notFound)
        #expect(try server.ask("/admin/boards?limit=0").status == .badRequest)
        let other = try RunningServer([.awareness])
        #expect(try other.ask("/admin/boards").status == .notFound)
    }

    @Test func `administrators alone are answered`() throws {
        let server = try RunningServer.board()
        let token = try SyncCast.boardToken("u", room: "r")
        let admin = try SyncCast.boardToken("a", room: nil, roles: ["admin"])
        #expect(try server.get("/admin/boards").status == .unauthorized)
        #expect(try server.call("GET", "/admin/boards", token: token).status == .forbidden)
        #expect(try server.call("GET", "/admin/boards", token: admin).status == .ok)
    }

    @Test(arguments: [1, 3])
    func `the list of connections has user and room, and one can be sent away`(threads: Int) throws {
        let server = try RunningServer.board(threads: threads)
        let (client, _) = try server.member("u", in: "r")
        let (stays, _) = try server.member("v", in: "r")
        let shown = try server.document("/admin/connections?user_id=u")["items"]?[0]
        #expect(shown?["user_id"] == "u" && shown?["room_id"] == "r" && shown?["profile"] == "board")
        let id = try #require(shown?["id"]?.string)
        #expect(try server.ask("/admin/connections/\(id)?code=4513", "DELETE").status == .ok)
        #expect(try client.hearClose() == .forceReconnect)
        #expect(try stays.hear(until: "patch")["leave"]?[0] == "u")
        #expect(try server.ask("/admin/disconnect", "POST", body: #"{"user":"v"}"#).status == .ok)
        #expect(try stays.hearClose() == .kicked)
    }

    @Test func `what happens is counted`() throws {
        let server = try RunningServer.board()
        let (client, _) = try server.member("u", in: "r")
        try client.draw(x: 1, tag: "c")
        _ = try client.hear(until: "ack")
        try client.say(#"{"type":"shape_delete","id":"d","shapeId":"nowhere"}"#)
        _ = try client.hear(until: "error")
        #expect(try server.metric(#"messages_in_total{profile="board",type="shape_create"}"#) == 1)
        #expect(try server.metric(#"messages_out_total{profile="board",type="snapshot"}"#) == 1)
        #expect(try server.metric(#"errors_total{profile="board",code="SHAPE_NOT_FOUND"}"#) == 1)
        #expect(try server.metric(#"rooms{profile="board"}"#) == 1)
        #expect(try server.metric(#"users{profile="board"}"#) == 1)
        #expect(try server.metric("store_dirty_rooms") == 1)
        #expect(try server.metric(#"board_commits_total{result="ok"}"#) == 1)
        #expect(try server.ask("/admin/boards/r/flush", "POST").status == .ok)
        #expect(try server.metric(#"store_flush_total{profile="board",result="ok"}"#) == 1)
        #expect(try server.metric("store_dirty_rooms") == 0)
    }

    @Test func `a flush that the backend does not grant is answered in time`() throws {
        let backend = try HookEndpoint()
        let server = try RunningServer.board { $0.keepBoards(in: backend) }
        let (client, _) = try server.member("u", in: "r")
        backend.hold(true)
        defer { backend.hold(false) }
        try client.draw(x: 1, tag: "c")
        _ = try client.hear(until: "ack")
        let answer = try server.ask("/admin/boards/r/flush", "POST")
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.document["error"] == "STORE_UNAVAILABLE")
    }
}
