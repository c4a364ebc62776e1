import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// Who comes into a room of board, and how others are kept out (PROTOCOLS 3-4, 3-3, §1.4, §1.10 "Board").
@Suite struct BoardDoorTests {
    @Test func `without a token, and with a bad one, the answer is 401`() throws {
        let server = try RunningServer.board()
        let missing = try server.refusal("/")
        #expect(missing.status == .unauthorized && missing.fields["www-authenticate"] == "Bearer")
        #expect(try missing.document["error"] == "UNAUTHORIZED")
        let bad = try server.refusal("/?token=nonsense")
        #expect(bad.status == .unauthorized)
        #expect(try bad.document["error"] == "UNAUTHORIZED")
        #expect(!String(decoding: bad.body, as: UTF8.self).contains("nonsense"))
        let expired = try SyncCast.boardToken("u", room: "r", validFor: .seconds(-60))
        #expect(try server.refusal("/?token=\(expired)").status == .unauthorized)
        #expect(try server.refusal("/?token=").status == .unauthorized)
    }

    @Test func `a browser is told by the Close frame alone, unless it speaks the second version`()
        throws
    {
        let server = try RunningServer.board()
        let expired = try SyncCast.boardToken("u", room: "r", validFor: .seconds(-60))
        for target in ["/", "/?token=nonsense", "/?token=\(expired)"] {
            let client = try server.open(target, fields: ["Origin": "http://localhost"])
            guard case .closed(let code, _) = try client.next() else {
                Issue.record("a client of the seed would take anything else for a snapshot")
                continue
            }
            #expect(code == .unauthorized)
        }
        let (frame, code) = try server.browserRefusal("/?v=2&token=nonsense")
        #expect(frame["type"] == "error" && frame["code"] == "UNAUTHORIZED" && code == .unauthorized)
    }

    @Test(
        arguments: [(nil, "u"), ("r", nil), (String(repeating: "r", count: 129), "u"), ("r r", "u")]
            as [(String?, String?)])
    func `claims that are missing or no names are said to be what is wrong`(
        room: String?, user: String?
    ) throws {
        let server = try RunningServer.board()
        // Who has no user has a name that is none.
        let token = try SyncCast.boardToken(user ?? "", room: room)
        #expect(try server.refusal("/?token=\(token)").status == .unauthorized)
        let client = try server.open("/?token=\(token)", fields: ["Origin": "http://localhost"])
        #expect(try client.next() == .closed(.unauthorized, "unauthorized: claims"))
    }

    @Test(arguments: ["query", "header", "subprotocol", "cookie"])
    func `a token may be shown in every way that tokens are`(way: String) throws {
        let server = try RunningServer.board()
        let token = try SyncCast.boardToken("u", room: "r")
        let bearer = "bearer." + Base64URL.encode(Array(token.utf8).span)
        let client =
            switch way {
            case "query": try server.open("/?token=\(token)")
            case "header": try server.open("/board", fields: ["Authorization": "Bearer \(token)"])
            case "subprotocol": try server.open("/", subprotocols: ["sessionctl.board.v2", bearer])
            default: try server.open("/?v=2", fields: ["Cookie": "a=b; access_token=\(token)"])
            }
        #expect(try client.hear().connectedUsers == ["u"])
        #expect(client.subprotocol == (way == "subprotocol" ? "sessionctl.board.v2" : nil))
    }

    @Test func `a version that does not exist is refused`() throws {
        let server = try RunningServer.board()
        let token = try SyncCast.boardToken("u", room: "r")
        #expect(try server.refusal("/?v=3&token=\(token)").status == .badRequest)
        let client = try server.open("/?v=3&token=\(token)", fields: ["Origin": "http://localhost"])
        #expect(try client.hearClose() == .unsupportedVersion)
        let other = try #require(
            try server.connect().tryOpen("/?token=\(token)", subprotocols: ["sessionctl.board.v9"]))
        #expect(other.status == .badRequest)
        #expect(try server.open("/?v=1&token=\(token)").hear()["type"] == nil)
    }

    @Test func `in open mode the query says who comes where, and everybody else is a guest`() throws {
        let server = try RunningServer.openBoard()
        let named = try server.open("/?v=2&userId=ann&roomId=den")
        let snapshot = try named.hear()
        #expect(snapshot["you"] == "ann" && snapshot["room"] == "den")
        let guest = try server.open("/?v=2")
        let welcome = try guest.hear()
        #expect(welcome["you"]?.string?.hasPrefix("guest-") == true && welcome["room"] == "default")
        #expect(try server.open("/?v=2").hear().connectedUsers.count == 2)
        try guest.say(#"{"type":"ping"}"#)
        _ = try guest.hear(until: "pong")
        #expect(try server.refusal("/?roomId=%20").status == .badRequest)
        let token = try SyncCast.boardToken("bob", room: "den")
        #expect(try server.open("/?v=2&token=\(token)&userId=eve").hear()["you"] == "bob")
        try named.draw(x: 1, tag: "c")
        #expect(try named.hear(until: "ack")["shapeId"]?.string != nil)
    }

    @Test func `where tokens are optional, who has none looks on`() throws {
        let server = try RunningServer.board { $0.access.boardMode = .optional }
        let viewer = try server.open("/?v=2&roomId=r")
        #expect(try viewer.hear()["room"] == "r")
        try viewer.draw(x: 1, tag: "c")
        #expect(try viewer.hear(until: "error")["code"] == "FORBIDDEN")
        #expect(try server.refusal("/?roomId=r&token=nonsense").status == .unauthorized)
        #expect(
            try server.refusal("/?token=\(SyncCast.boardToken("u", room: nil))").status == .unauthorized)
    }

    @Test func `a viewer's token opens the room and nothing more`() throws {
        let server = try RunningServer.board()
        let (viewer, _) = try server.member("v", in: "r", roles: ["viewer"])
        try viewer.draw(x: 1, tag: "c")
        #expect(try viewer.hear(until: "error")["code"] == "FORBIDDEN")
    }

    @Test func `revoking a user closes its boards on every loop`() throws {
        let server = try RunningServer.board(threads: 3)
        let clients = try (0..<6).map { try server.member("evil", in: "r\($0)").client }
        let (good, _) = try server.member("good", in: "r0")
        let made = try server.ask("/admin/revocations", "POST", body: #"{"user":"evil"}"#)
        #expect(made.status == .created)
        #expect(try made.document["closed"]?.integer == 6)
        for client in clients { #expect(try client.hearClose() == .revoked) }
        try good.say(#"{"type":"ping"}"#)
        _ = try good.hear(until: "pong")
        #expect(
            try server.refusal("/?token=\(SyncCast.boardToken("evil", room: "r"))").status
                == .unauthorized)
    }

    @Test func `on a single port a token makes the root board's`() throws {
        let keys = try KeySet(secret: SyncCast.secret)
        let server = try RunningServer([.awareness, .board]) { configuration in
            configuration.access.keys = keys
            configuration.listeners[0].isSingle = true
        }
        let token = try SyncCast.boardToken("u", room: "r")
        #expect(try server.open("/?token=\(token)").hear().connectedUsers == ["u"])
        #expect(try server.open("/board?token=\(token)").hear().connectedUsers == ["u"])
        _ = try server.window("u", "w", case: "C")
        #expect(try server.get("/").status == .upgradeRequired)
    }

    @Test func `nothing that was a credential is shown anywhere`() throws {
        let server = try RunningServer.board()
        let token = try SyncCast.boardToken("u", room: "r", id: "jti-1")
        let client = try server.open("/?v=2&token=\(token)")
        _ = try client.hear()
        for target in [
            "/admin/connections", "/admin/boards", "/admin/boards/r", "/varz", "/metrics", "/connz",
        ] {
            let body = String(decoding: try server.ask(target).body, as: UTF8.self)
            #expect(!body.contains(token) && !body.contains("jti-1"), "\(target)")
        }
    }
}
