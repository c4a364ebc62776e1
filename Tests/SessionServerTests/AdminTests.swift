import SessionBase
import SessionCodec
import SessionIO
import SessionServer
import Testing

/// `/admin/*` (PROTOCOLS §1.6, C5, C16).
@Suite struct AdminTests {
    @Test func `strangers to the socket get 401, development opens the listener`() throws {
        let server = try RunningServer()
        for (path, method) in [("/admin/connections", "GET"), ("/admin/drain", "POST"), ("/admin/nothing", "GET")] {
            let refused = try server.get(path, method)
            #expect(refused.status == .unauthorized)
            #expect(try refused.document["error"] == "UNAUTHORIZED")
            #expect(refused.fields["WWW-Authenticate"] == "Bearer")
        }
        #expect(try server.ask("/admin/connections").status == .ok)
        let open = try RunningServer { $0.isDevelopment = true }
        #expect(try open.get("/admin/connections").status == .ok)
    }

    @Test func `the socket is its owner's alone`() throws {
        let server = try RunningServer()
        #expect(try Files.mode(server.adminPath) & 0o777 == 0o600)
        let folder = String(server.adminPath[..<server.adminPath.lastIndex(of: "/")!])
        #expect(try Files.mode(folder) & 0o777 == 0o700)
    }

    @Test func `a server that a test lets go of leaves nothing in the file system`() throws {
        let path: String
        do {
            let server = try RunningServer()
            path = server.adminPath
            #expect(Files.exists(path))
        }
        let folder = path.split(separator: "/").prefix(2).joined(separator: "/")
        #expect(Files.isFolder("/tmp"))
        #expect(!Files.exists("/" + folder))
    }

    @Test(arguments: [1, 2])
    func `open connections are listed page by page, each once`(threads: Int) throws {
        let server = try RunningServer([.awareness, .echo], threads: threads)
        var clients: [TestClient] = []
        for number in 0..<8 { clients.append(try server.window("u\(number)", "w", case: "C")) }
        var users: [String] = []
        var pages = 0
        var cursor: String?
        // The asking connection, which is no WebSocket, is not in the list.
        let asking = try server.connect(server.admin)
        repeat {
            let page = try asking.request("/admin/connections?limit=4" + (cursor.map { "&cursor=\($0)" } ?? ""))
                .document
            #expect(page["total"]?.integer == 8)
            #expect(page["nodes"]?.integer == 1)
            users += (page["items"]?.elements ?? []).compactMap { $0["user_id"]?.string }
            cursor = page["next_cursor"]?.string
            pages += 1
        } while cursor != nil && pages < 10
        #expect(users == (0..<8).map { "u\($0)" })
        #expect(pages == 2, "the last page has no cursor")
        for query in ["limit=0", "limit=1001", "limit=x", "cursor=x"] {
            #expect(try server.ask("/admin/connections?\(query)").status == .badRequest, "\(query)")
        }
        #expect(try server.ask("/admin/connections?state=odd").status == .badRequest)
        withExtendedLifetime(clients) {}
    }

    @Test func `connz shows no users`() throws {
        let server = try RunningServer()
        let client = try server.window("u", "w", case: "C")
        let items = try server.get("/connz").document["items"]?.elements ?? []
        #expect(items.count == 1)
        #expect(items.allSatisfy { $0["user_id"] == nil })
        try client.close()
    }

    @Test(arguments: [1, 2])
    func `one connection is shown, with what it carried`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let client = try server.window("u", "w", case: "C")
        let id = try #require(try id(of: "u", at: server))
        let shown = try server.document("/admin/connections/\(id)")
        #expect(shown["user_id"] == "u")
        #expect(shown["profile"] == "awareness")
        #expect(shown["messages_in"]?.integer == 1)
        #expect(shown["messages_out"]?.integer == 1)
        #expect(shown["bytes_in"]?.integer ?? 0 > 100)
        #expect(shown["address"]?.string?.hasPrefix("127.0.0.1:") == true)
        #expect(try server.ask("/admin/connections/999999").status == .notFound)
        #expect(try server.ask("/admin/connections/x").status == .badRequest)
        #expect(try server.ask("/admin/connections/\(id)", "POST").fields["Allow"] == "GET, DELETE")
        try client.close()
    }

    @Test(arguments: [1, 2])
    func `a connection is closed with the code that was asked for`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        for (query, code) in [("", CloseCode.kicked), ("?code=4410", .kicked), ("?code=4513", .forceReconnect)] {
            let client = try server.window("u", "w", case: "C")
            let id = try #require(try id(of: "u", at: server))
            #expect(try server.ask("/admin/connections/\(id)?code=1000", "DELETE").status == .badRequest)
            #expect(try server.ask("/admin/connections/\(id)\(query)", "DELETE").document["disconnected"]?.integer == 1)
            #expect(try client.hearClose() == code)
            #expect(try server.ask("/admin/connections/\(id)", "DELETE").status == .notFound)
        }
    }

    @Test(arguments: [1, 2])
    func `a user's windows are closed, all are closed only with confirmation`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let first = try server.window("u", "w1", case: "C")
        let second = try server.window("u", "w2", case: "C")
        let other = try server.window("v", "w1", case: "C")
        let answer = try server.ask("/admin/disconnect", "POST", body: #"{"user":"u"}"#)
        #expect(try answer.document["disconnected"]?.integer == 2)
        #expect(try first.hearClose() == .kicked)
        #expect(try second.hearClose() == .kicked)
        #expect(try other.typesUntilPong() == [])
        #expect(
            try server.ask("/admin/disconnect", "POST", body: #"{"user":"x"}"#).document["disconnected"]?.integer == 0)
        for body in ["", "{", "{}", #"{"all":true}"#, #"{"all":true,"confirm":"all"}"#, #"{"user":7}"#] {
            #expect(try server.ask("/admin/disconnect", "POST", body: body).status == .badRequest, "\(body)")
        }
        #expect(try other.typesUntilPong() == [])
        let all = try server.ask("/admin/disconnect", "POST", body: #"{"all":true,"confirm":"ALL"}"#)
        #expect(try all.document["disconnected"]?.integer == 1)
        #expect(try other.hearClose() == .kicked)
    }

    @Test(arguments: [1, 2])
    func `what was closed is remembered, newest first`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        for number in 0..<5 {
            let client = try server.window("u\(number)", "w", case: "C")
            try client.close(number == 4 ? .kicked : .goingAway)
            #expect(try client.hearClose() != .abnormal)
            try client.waitForEnd()
        }
        let page = try server.document("/admin/connections?state=closed&limit=3")
        #expect(page["total"]?.integer == 5)
        let newest = page["items"]?[0]
        #expect(newest?["code"]?.integer == 4410)
        #expect(newest?["user_id"] == "u4")
        #expect(newest?["profile"] == "awareness")
        #expect(newest?["address"]?.string?.hasPrefix("127.0.0.1:") == true)
        #expect(newest?["duration_ms"]?.integer != nil)
        #expect(newest?["bytes_in"]?.integer ?? 0 > 100)
        #expect(newest?["bytes_out"]?.integer ?? 0 > 100)
        #expect(page["items"]?[1]?["reason"] == "going_away")
        let cursor = try #require(page["next_cursor"]?.string)
        let rest = try server.document("/admin/connections?state=closed&limit=3&cursor=\(cursor)")
        #expect(rest["items"]?.elements?.compactMap { $0["user_id"]?.string } == ["u1", "u0"])
        #expect(rest["next_cursor"] == .null)
    }

    @Test func `the configuration is shown`() throws {
        let server = try RunningServer { $0.description = [("threads", "1"), ("tls-key", "k.pem")] }
        let keys = try server.document("/admin/config")
        #expect(keys["threads"] == "1")
        #expect(keys["tls-key"] == "k.pem")
    }

    @Test func `what the admin API does not have is 404, a wrong method 405`() throws {
        let server = try RunningServer()
        #expect(try server.ask("/admin/").status == .notFound)
        #expect(try server.ask("/admin/nothing").status == .notFound)
        for (path, method) in [("/admin/drain", "GET"), ("/admin/slow", "POST"), ("/admin/reload", "GET")] {
            let refused = try server.ask(path, method)
            #expect(refused.status == .methodNotAllowed)
            #expect(refused.fields["Allow"] != nil)
        }
        #expect(try server.ask("/admin/reload", "POST").status == .unprocessableContent, "there is no file to read")
    }

    private func id(of user: String, at server: RunningServer) throws -> String? {
        let items = try server.document("/admin/connections")["items"]?.elements ?? []
        return items.first { $0["user_id"]?.string == user }?["id"]?.string
    }
}
