import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Sync's HTTP API: routes, answers from other loops, limits (PROTOCOLS §3.3).
@Suite struct SyncHTTPTests {
    @Test(arguments: [1, 3])
    func `what is stored is found, from whichever loop it is asked`(threads: Int) throws {
        let server = try RunningServer.openSync(threads: threads)
        for session in 1...8 {
            let created = try server.put(#"{"a":\#(session)}"#, session: session, user: "u")
            #expect(created.status == .created)
            #expect(created.fields["ETag"] == "\"1\"")
            #expect(created.fields["X-Request-Id"]?.count == 16)
            let found = try server.call("GET", "/session/\(SyncCast.session(session).uppercased())")
            #expect(try found.document["state_data"]?["a"]?.integer == Int64(session))
        }
    }

    @Test(arguments: [1, 3])
    func `requests in one write are answered in their order`(threads: Int) throws {
        let server = try RunningServer.openSync(threads: threads)
        for session in 1...8 {
            #expect(try server.put(#"{"n":\#(session)}"#, session: session, user: "u").status == .created)
        }
        let client = try server.connect()
        try client.write(
            (1...8).map { "GET /session/\(SyncCast.session($0)) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined()
                + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let text = try client.readToEnd()
        let places = (1...8).map { text.firstRange(of: #""state_data":{"n":\#($0)}"#)?.lowerBound }
        for (earlier, later) in zip(places, places.dropFirst()) {
            #expect(try #require(earlier) < #require(later))
        }
        #expect(text.hasSuffix(#"{"status":"ok"}"#))
    }

    @Test func `HEAD uses no handoff up`() throws {
        let server = try RunningServer.openSync()
        let session = SyncCast.session(1)
        #expect(try server.put(#"{"a":1}"#, session: 1, user: "u").status == .created)
        let offer = try server.call(
            "POST", "/session/\(session)/handoff", #"{"source_device":"phone","target_device":"tablet"}"#)
        let token = try #require(try offer.document["token"]?.string)
        #expect(try server.call("HEAD", "/session/\(session)/handoff/\(token)").status == .ok)
        let taken = try server.call("GET", "/session/\(session)/handoff/\(token)")
        #expect(try taken.document["state_data"]?["a"]?.integer == 1)
    }

    @Test func `whoever needs no token where that is optional writes to nobody's session`() throws {
        let server = try RunningServer.closedSync { $0.access.syncMode = .optional }
        let token = try SyncCast.token("u1")
        #expect(try server.put(#"{"a":1}"#, session: 1, user: "u1", token: token).status == .created)
        #expect(try server.put(#"{"a":2}"#, session: 1, user: "u1").status == .forbidden)
        #expect(try server.call("GET", "/session/\(SyncCast.session(1))").status == .notFound)
        #expect(try server.put(#"{"a":2}"#, session: 2, user: "anonymous").status == .created)
    }

    @Test func `a write over HTTP reaches the sockets of its session`() throws {
        let server = try RunningServer.openSync(threads: 3)
        for session in 1...5 {
            #expect(try server.put("{}", session: session, user: "u").status == .created)
            let device = try server.device("d", user: "u", session: session)
            let body =
                #"{"session_id":"\#(SyncCast.session(session))","user_id":"u","base_version":1,"changes":{"a":1}}"#
            #expect(try server.call("POST", "/session/incremental", body).status == .ok)
            let change = try device.hear(.stateUpdate)
            #expect(change["payload"]?["key"] == "a")
            #expect(change["payload"]?["version"]?.integer == 2)
        }
    }

    @Test(arguments: [
        ("GET", "/session/snapshot", HTTPStatus.methodNotAllowed, "METHOD_NOT_ALLOWED"),
        ("PUT", "/session/550e8400-e29b-41d4-a716-446655440000", .methodNotAllowed, "METHOD_NOT_ALLOWED"),
        ("POST", "/auth/refreshing", .notFound, "NOT_FOUND"), ("GET", "/session/", .badRequest, "INVALID_SESSION_ID"),
        ("GET", "/auth/refresh", .methodNotAllowed, "METHOD_NOT_ALLOWED"),
        ("GET", "/session/not-a-uuid", .badRequest, "INVALID_SESSION_ID"),
        ("GET", "/session/550e8400-e29b-41d4-a716-4466554400ff", .notFound, "SESSION_NOT_FOUND"),
        ("POST", "/session/snapshot", .badRequest, "INVALID_JSON"),
        ("POST", "/ws", .methodNotAllowed, "METHOD_NOT_ALLOWED"), ("GET", "/ws", .upgradeRequired, "UPGRADE_REQUIRED"),
        ("GET", "/elsewhere", .notFound, "NOT_FOUND"),
    ])
    func `what cannot be answered says why`(
        method: String, target: String, status: HTTPStatus, code: String
    ) throws {
        let server = try RunningServer.openSync()
        let answer = try server.call(method, target)
        #expect(answer.status == status)
        #expect(try answer.document["error"]?.string == code)
        #expect(try answer.document["request_id"]?.string == answer.fields["X-Request-Id"])
        #expect((answer.fields["Allow"] != nil) == (status == .methodNotAllowed))
    }

    @Test func `an escaped slash divides no path`() throws {
        let server = try RunningServer.openSync()
        #expect(try server.put("{}", session: 1, user: "u").status == .created)
        let path = "/session/\(SyncCast.session(1))/device/a%2Fb"
        #expect(try server.call("DELETE", path).document["error"] == "DEVICE_NOT_FOUND")
        #expect(try server.call("DELETE", "http://localhost" + path).document["error"] == "DEVICE_NOT_FOUND")
    }

    @Test func `a state of a mebibyte fits, a larger one is 413 with the code of snapshots`() throws {
        let server = try RunningServer.openSync()
        let overhead = #"{"a":""}"#.utf8.count
        let fitting = #"{"a":"\#(String(repeating: "x", count: SyncLimits.stateBytesMax - overhead))"}"#
        #expect(try server.put(fitting, session: 1, user: "u").status == .created)
        let body = try server.call("GET", "/session/\(SyncCast.session(1))").document
        #expect(body["state_data"]?["a"]?.string?.utf8.count == SyncLimits.stateBytesMax - overhead)
        let large = try server.put(fitting.replacing("\"a\"", with: "\"aa\""), session: 2, user: "u")
        #expect(large.status == .contentTooLarge)
        #expect(try large.document["error"] == "SNAPSHOT_TOO_LARGE")
        let head = "POST /session/snapshot HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
        let client = try server.connect()
        try client.write(head)
        let answer = try client.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("SNAPSHOT_TOO_LARGE"))
    }

    @Test func `a large answer is compressed for who takes it`() throws {
        let server = try RunningServer.openSync()
        #expect(
            try server.put(#"{"a":"\#(String(repeating: "x", count: 4096))"}"#, session: 1, user: "u").status
                == .created)
        let target = "/session/\(SyncCast.session(1))"
        let plain = try server.connect().request(target)
        let packed = try server.connect().request(target, fields: ["Accept-Encoding": "gzip"])
        #expect(plain.fields["Content-Encoding"] == nil)
        #expect(packed.fields["Content-Encoding"] == "gzip")
        #expect(packed.body.count < plain.body.count / 4)
        #expect(try packed.gunzipped(bytesMax: 1 << 20).document["state_data"] == plain.document["state_data"])
    }

    @Test func `a version that is known is not sent again, and one that is expected must hold`() throws {
        let server = try RunningServer.openSync()
        #expect(try server.put("{}", session: 1, user: "u").status == .created)
        let target = "/session/\(SyncCast.session(1))"
        #expect(try server.connect().request(target, fields: ["If-None-Match": "\"1\""]).status == .notModified)
        let body = #"{"session_id":"\#(SyncCast.session(1))","user_id":"u","state_data":{}}"#
        let stale = try server.connect().request(
            "/session/snapshot", "POST", fields: ["If-Match": "\"7\""], body: body)
        #expect(stale.status == .preconditionFailed)
        #expect(try stale.document["error"] == "VERSION_CONFLICT")
    }

    @Test func `health has the shape of the seed`() throws {
        let server = try RunningServer.openSync(threads: 2)
        let device = try server.device("d", user: "u", session: 1)
        let health = try server.get("/health").document
        #expect(health["status"] == "healthy")
        #expect(health["version"] == "test")
        #expect(health["active_connections"]?.integer == 1)
        #expect(health["uptime"]?.string?.hasSuffix("s") == true)
        #expect(
            health["metrics"]
                == ["snapshot_ttl_hours": 168, "multi_device_enabled": true, "versioning_enabled": true])
        #expect(try server.get("/health", "HEAD").body.isEmpty)
        try device.close()
    }

    @Test func `a foreign page may not call the API`() throws {
        let server = try RunningServer.openSync()
        for target in ["/session/\(SyncCast.session(1))", "/admin/sessions"] {
            let answer = try server.connect().request(target, fields: ["Origin": "https://elsewhere.example"])
            #expect(answer.status == .forbidden)
            #expect(try answer.document["error"] == "ORIGIN_FORBIDDEN")
        }
    }
}
