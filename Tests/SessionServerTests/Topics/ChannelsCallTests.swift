import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Channels' HTTP API, over a server (PROTOCOLS §4.5).
@Suite struct ChannelsCallTests {
    private static let broadcast = #"{"channel":"test:a","message":{"type":"hello","data":1}}"#

    @Test(arguments: [1, 3])
    func `a broadcast reaches the subscribers of every loop and counts them`(threads: Int) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let clients = try (0..<5).map { _ in try server.subscriber("test:a") }
        let answer = try server.call("POST", "/api/v1/ws/broadcast", Self.broadcast)
        #expect(answer.status == .accepted)
        #expect(try answer.document["delivered"]?.integer == 5)
        for client in clients {
            let frame = try client.hear()
            #expect(frame["type"] == "hello" && frame["channel"] == "test:a" && frame["data"]?.integer == 1)
        }
    }

    @Test func `producers need a role, or a key`() throws {
        let robot = APIKey.draw(name: "robot", roles: ["other"])
        let server = try RunningServer.topics { $0.access.apiKeys = [robot.known] }
        func status(_ token: String?) throws -> String {
            let answer = try server.call("POST", "/api/v1/ws/broadcast", Self.broadcast, token: token)
            return "\(answer.status.rawValue) \(try answer.document["error"]?.string ?? "-")"
        }
        #expect(try status(nil) == "401 UNAUTHORIZED")
        #expect(try status("nonsense") == "401 UNAUTHORIZED")
        #expect(try status(try SyncCast.token("u")) == "403 FORBIDDEN")
        // That one is lockers' (PROTOCOLS 4-15).
        #expect(try status(try SyncCast.token("u", roles: ["service"])) == "403 FORBIDDEN")
        for role in ["publisher", "admin"] {
            #expect(try status(try SyncCast.token("u", roles: [role])) == "202 -")
        }
        let key = try server.connect().request(
            "/api/v1/ws/broadcast", "POST", fields: ["X-API-Key": robot.key], body: Self.broadcast)
        #expect(key.status == .accepted)
    }

    @Test func `debug views are for administrators`() throws {
        let server = try RunningServer.topics()
        let target = "/api/v1/debug/websocket/channels"
        #expect(try server.call("GET", target).status == .unauthorized)
        #expect(try server.call("GET", target, token: try SyncCast.token("u")).status == .forbidden)
        _ = try server.subscriber("test:a")
        let seen = try server.call("GET", target, token: try SyncCast.token("a", roles: ["admin"]))
        #expect(seen.status == .ok)
        #expect(try RunningServer.openTopics().call("GET", target).status == .ok)
    }

    @Test(arguments: [1, 2])
    func `debug views show the peers of all loops`(threads: Int) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let clients = try (0..<4).map { _ in
            try server.open("/ws", fields: ["User-Agent": "tests/1"])
        }
        for client in clients { _ = try client.hear() }
        let shown = try server.call("GET", "/api/v1/debug/websocket/connections").document
        #expect(shown["total"]?.integer == 4)
        let first = try #require(shown["connections"]?.elements?.first)
        #expect(first["metadata"]?["userAgent"] == "tests/1")
        #expect(first["metadata"]?["ip"] == "127.0.0.1")
    }

    @Test func `what is too large is 413, wherever it is noticed`() throws {
        let server = try RunningServer.openTopics()
        let target = "/api/v1/ws/broadcast"
        let long = try server.call("POST", target, String(repeating: "x", count: ChannelsLimits.bodyBytesMax + 1))
        #expect(long.status == .contentTooLarge)
        #expect(try long.document["error"] == "TOO_LARGE")
        // A body that is announced as too long for any request is not waited for.
        let client = try server.connect()
        try client.write("POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152\r\n\r\n")
        let answer = try client.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("\"error\":\"TOO_LARGE\""), "\(answer)")
    }

    @Test func `mistakes are answered in channels' own words`() throws {
        let server = try RunningServer.openTopics()
        func answer(_ method: String, _ target: String, _ body: String = "") throws -> HTTPResponse {
            try server.call(method, target, body)
        }
        #expect(try answer("POST", "/api/v1/ws/broadcast", "{").document["error"] == "INVALID_JSON")
        let invalid = try answer("POST", "/api/v1/ws/broadcast", #"{"channel":"a b","message":{"type":"x"}}"#)
        #expect(try invalid.document["error"] == "INVALID_CHANNEL" && invalid.status == .badRequest)
        let wrongMethod = try answer("GET", "/api/v1/ws/broadcast")
        #expect(wrongMethod.status == .methodNotAllowed && wrongMethod.fields["Allow"] == "POST")
        #expect(try answer("GET", "/api/v1/ws/nothing").status == .notFound)
        #expect(try answer("GET", "/api/v1/reports/r1/status").document["error"] == "REPORT_NOT_FOUND")
        #expect(try answer("GET", "/api/v1/reports/stream/t").status == .upgradeRequired)
    }

    @Test func `one path is a stream for a handshake and takes rows from a producer`() throws {
        let server = try RunningServer.openTopics(threads: 2)
        let stream = try server.open("/api/v1/reports/stream/t1")
        #expect(try stream.hear()["type"] == "welcome")
        #expect(try stream.hear()["type"] == "initial_data")
        let pushed = try server.call("POST", "/api/v1/reports/stream/t1", #"{"rows":[{"value":1}]}"#)
        #expect(pushed.status == .accepted)
        #expect(try stream.hear()["data"]?["value"]?.integer == 1)
    }

    @Test(arguments: [1, 3])
    func `a report goes from its producer to those who watch it`(threads: Int) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let watcher = try server.open("/api/v1/reports/progress/r1")
        #expect(try watcher.hear()["type"] == "welcome")
        #expect(try watcher.hear()["data"]?["status"] == "pending")
        let told = try server.call("PUT", "/api/v1/reports/r1/status", #"{"status":"running","progress":50}"#)
        #expect(told.status == .accepted)
        #expect(try watcher.hear()["data"]?["progress"]?.integer == 50)
        let status = try server.call("GET", "/api/v1/reports/r1/status").document
        #expect(status["status"] == "running")
        #expect(try server.call("HEAD", "/api/v1/reports/r1/status").status == .ok)
    }

    @Test(arguments: [1, 3])
    func `requests on one connection are answered in their order`(threads: Int) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let client = try server.connect()
        var requests = ""
        for number in 0..<8 {
            let body = #"{"channel":"test:\#(number)","message":{"type":"x"}}"#
            requests +=
                "POST /api/v1/ws/broadcast HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        try client.write(requests + "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let channels = try client.readToEnd().split(separator: "\"").filter { $0.hasPrefix("test:") }
        #expect(channels == (0..<8).map { "test:\($0)" })
    }

    @Test(arguments: [1, 3])
    func `administrators list channels page by page, see who is there and what is kept, and publish`(
        threads: Int
    ) throws {
        let server = try RunningServer.topics(threads: threads) { configuration in
            var rule = ChannelRule(pattern: "test:*")
            rule.history = 10
            configuration.channels.rules = [rule]
        }
        let token = try SyncCast.token("u")
        let clients = try ["test:a", "test:b", "test:c", "public:x"].map { try server.subscriber($0, token: token) }
        let first = try server.document("/admin/channels?prefix=test:&limit=2")
        #expect(first["items"]?.elements?.compactMap { $0["channel"]?.string } == ["test:a", "test:b"])
        let cursor = try #require(first["next_cursor"]?.string)
        let second = try server.document("/admin/channels?prefix=test:&limit=2&cursor=\(cursor)")
        #expect(second["items"]?.elements?.compactMap { $0["channel"]?.string } == ["test:c"])
        let presence = try server.document("/admin/channels/test:a/presence")
        #expect(presence["items"]?.elements?.first?["userId"] == "u")
        let published = try server.ask("/admin/publish", "POST", body: Self.broadcast)
        #expect(published.status == .accepted)
        #expect(try clients[0].hear()["type"] == "hello")
        let history = try server.document("/admin/channels/test:a/history")
        #expect(history["items"]?.elements?.first?["message"]?["type"] == "hello")
        #expect(try server.call("GET", "/admin/channels").status == .unauthorized)
        #expect(try server.call("GET", "/admin/channels", token: token).status == .forbidden)
        #expect(try server.ask("/admin/channels/a%20b/history").status == .badRequest)
        #expect(try server.ask("/admin/publish", "GET").status == .methodNotAllowed)
        withExtendedLifetime(clients) {}
    }

    @Test func `without channels the admin API has none`() throws {
        let server = try RunningServer([.echo])
        #expect(try server.ask("/admin/channels").status == .notFound)
        #expect(try server.ask("/admin/publish", "POST", body: Self.broadcast).status == .notFound)
        #expect(try server.ask("/admin/locker-sessions").status == .notFound)
    }

    @Test func `metrics tell of both services`() throws {
        let server = try RunningServer.openTopics(threads: 2)
        let client = try server.subscriber("test:a")
        _ = try server.call("POST", "/api/v1/ws/broadcast", Self.broadcast)
        _ = try client.hear()
        try client.say(#"{"type":"nonsense"}"#)
        _ = try client.hear()
        _ = try server.open("/ws/lockers").hear()
        let text = String(decoding: try server.ask("/metrics").body, as: UTF8.self)
        for line in [
            #"messages_in_total{profile="channels",type="subscribe"} 1"#,
            #"messages_out_total{profile="channels",type="welcome"} 1"#,
            #"errors_total{profile="channels",code="UNKNOWN_TYPE"} 1"#, #"rooms{profile="channels"} 1"#,
            #"presence_members{profile="channels"} 1"#, #"calls_total{profile="channels",result="ok"} 1"#,
            #"hook_calls_total{result="accepted"} 0"#, #"messages_out_total{profile="lockers",type="connection"} 1"#,
            #"insecure{profile="lockers"} 0"#,
        ] {
            #expect(text.contains("sessionctl_\(line)\n"), "\(line)")
        }
        #expect(!text.contains("test:a"))
        let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(Set(names).count == names.count, "a family stands in one place")
    }
}
