import Glibc
import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// Who comes in to lockers' namespaces (PROTOCOLS 4-1 to 4-5, 4-22), and their HTTP API (4-15, 4-16).
@Suite struct LockersAccessTests {
    @Test func `without a session, and with one that nobody knows, each has its word`() throws {
        let server = try RunningServer.topics()
        let missing = try server.refusal("/ws/lockers")
        #expect(missing.status == .unauthorized)
        #expect(try missing.document["error"] == "AUTH_REQUIRED")
        let unknown = try server.refusal("/ws/lockers", ["Cookie": "sessionId=nonsense"])
        #expect(try unknown.document["error"] == "INVALID_SESSION")
        let (frame, code) = try server.browserRefusal("/ws/lockers")
        #expect(frame["type"] == "error" && frame["data"]?["code"] == "AUTH_REQUIRED")
        #expect(code == .unauthorized)
        let (second, secondCode) = try server.browserRefusal("/ws/help?sessionId=nonsense")
        #expect(second["data"]?["code"] == "INVALID_SESSION" && secondCode == .unauthorized)
        #expect(try server.refusal("/ws/nowhere").status == .notFound)
        #expect(try server.refusal("/ws/nowhere", ["Origin": "http://localhost"]).status == .notFound)
    }

    @Test(arguments: [1, 3])
    func `a session opens every namespace, wherever it is shown`(threads: Int) throws {
        let server = try RunningServer.topics(threads: threads)
        let session = try server.session()
        let ways: [(String, HTTPFields)] = [
            ("/ws/lockers", ["Authorization": "Bearer \(session)"]), ("/ws/help", ["Cookie": "sessionId=\(session)"]),
            ("/ws/events?sessionId=\(session)", [:]), ("/lockers/help", ["Cookie": "a=b; sessionId=\(session)"]),
        ]
        for (target, fields) in ways {
            let first = try server.open(target, fields: fields).hear()
            #expect(first["type"] == "connection")
            #expect(first["data"]?["userId"] == "u")
            #expect(first["data"]?["namespace"]?.string?.hasPrefix("/ws/") == true)
        }
        let jwt = try SyncCast.token("somebody")
        let welcome = try server.open("/ws/lockers", fields: ["Authorization": "Bearer \(jwt)"]).hear()
        #expect(welcome["data"]?["userId"] == "somebody")
    }

    @Test func `the first credential counts, and the query can be closed`() throws {
        let server = try RunningServer.topics { $0.lockerSessions.allowsQuery = false }
        let session = try server.session()
        let fields: HTTPFields = ["Authorization": "Bearer nonsense", "Cookie": "sessionId=\(session)"]
        #expect(try server.refusal("/ws/lockers", fields).document["error"] == "INVALID_SESSION")
        let refused = try server.refusal("/ws/lockers?sessionId=\(session)")
        #expect(refused.status == .unauthorized)
        #expect(!String(decoding: refused.body, as: UTF8.self).contains(session))
    }

    @Test func `a session of some namespaces does not open the others`() throws {
        let server = try RunningServer.topics()
        let session = try server.session(#"{"userId":"u","namespaces":["/ws/help"]}"#)
        _ = try server.kiosk("/ws/help", session: session)
        let cookie: HTTPFields = ["Cookie": "sessionId=\(session)"]
        let refused = try server.refusal("/ws/lockers", cookie)
        #expect(refused.status == .forbidden)
        #expect(try refused.document["error"] == "FORBIDDEN")
        let (frame, code) = try server.browserRefusal("/ws/lockers", cookie)
        #expect(frame["data"]?["code"] == "FORBIDDEN" && code == .forbidden)
    }

    @Test func `a namespace may have a mode of its own`() throws {
        let server = try RunningServer.topics { configuration in
            configuration.access.lockersModes = ["/ws/help": .optional]
            configuration.lockers.namespaces.append("/ws/more")
        }
        #expect(try server.open("/ws/help").hear()["type"] == "connection")
        #expect(try server.refusal("/ws/help?sessionId=x").document["error"] == "INVALID_SESSION")
        #expect(try server.refusal("/ws/lockers").document["error"] == "AUTH_REQUIRED")
        _ = try server.kiosk("/ws/more", session: try server.session())
    }

    @Test(arguments: [1, 3])
    func `ending a session closes its sockets on every loop`(threads: Int) throws {
        let server = try RunningServer.topics(threads: threads)
        let session = try server.session()
        let other = try server.kiosk(session: try server.session(#"{"userId":"other"}"#))
        let sockets = try (0..<4).map { _ in try server.kiosk(session: session) }
        #expect(try server.document("/admin/locker-sessions")["total"]?.integer == 2)
        #expect(try server.ask("/admin/locker-sessions/\(session)", "DELETE").status == .noContent)
        for socket in sockets { #expect(try socket.hearClose() == .revoked) }
        let cookie: HTTPFields = ["Cookie": "sessionId=\(session)"]
        #expect(try server.refusal("/ws/lockers", cookie).document["error"] == "INVALID_SESSION")
        #expect(try server.browserRefusal("/ws/lockers", cookie).code == .unauthorized)
        #expect(try server.ask("/admin/locker-sessions/\(session)", "DELETE").status == .notFound)
        #expect(try other.typesUntilPong() == [])
    }

    @Test func `a session that runs out ends its sockets, without leeway`() throws {
        let server = try RunningServer.topics()
        let socket = try server.kiosk(session: try server.session(#"{"userId":"u","ttl":"700ms"}"#))
        #expect(try socket.hearClose() == .tokenExpired)
    }

    @Test func `a session that is asked for again and is gone ends its sockets`() throws {
        let sessions = #"[{"sessionId":"s1","userId":"u"}]"#
        let server = try RunningServer.topics { configuration in
            configuration.lockers.recheckInterval = .milliseconds(200)
            configuration.lockerSessions.provider = .fixed(
                try FixedSessions(parsing: Array(sessions.utf8), path: "sessions.json"))
        }
        let socket = try server.kiosk(session: "s1")
        #expect(try socket.typesUntilPong() == [])
        let revoked = try server.ask("/admin/revocations", "POST", body: #"{"user":"u"}"#)
        #expect(revoked.status == .created)
        #expect(try socket.hearClose() == .revoked)
        #expect(try server.ask("/admin/locker-sessions", "POST", body: #"{"userId":"u"}"#).status == .conflict)
    }

    @Test(arguments: [1, 3])
    func `sessions that another service knows are waited for, by sockets and requests alike`(threads: Int) throws {
        let service = try HookEndpoint(body: #"{"userId":"u","roles":["service"]}"#)
        service.hold(true)
        let server = try RunningServer.topics(threads: threads) {
            $0.lockerSessions.provider = .introspection(service.endpoint)
        }
        let (caller, socket) = (try server.connect(), try server.connect())
        // Both wait for a while, with their answers on another thread.
        let release = try SystemThread(name: "release") {
            usleep(50_000)
            service.hold(false)
        }
        let answer = try caller.request(
            "/api/websocket/broadcast", "POST", fields: ["Authorization": "Bearer s1"], body: Self.broadcast)
        #expect(answer.status == .ok)
        try socket.open("/ws/lockers", fields: ["Cookie": "sessionId=s2"])
        #expect(try socket.hear()["data"]?["userId"] == "u")
        #expect(service.calls.map(\.body) == [#"{"sessionId":"s1"}"#, #"{"sessionId":"s2"}"#])
        release.join()
    }

    @Test func `a service that knows no sessions now is told apart from one that does not know this one`() throws {
        let service = try HookEndpoint(statuses: [500, 500, 401])
        let server = try RunningServer.topics { $0.lockerSessions.provider = .introspection(service.endpoint) }
        let cookie: HTTPFields = ["Cookie": "sessionId=s1"]
        #expect(try server.refusal("/ws/lockers", cookie).status == .serviceUnavailable)
        #expect(try server.browserRefusal("/ws/lockers", cookie).code == .backendUnavailable)
        #expect(try server.refusal("/ws/lockers", cookie).document["error"] == "INVALID_SESSION")
    }

    @Test func `the admin API of sessions wants an administrator`() throws {
        let server = try RunningServer.topics()
        #expect(try server.call("GET", "/admin/locker-sessions").status == .unauthorized)
        let user = try SyncCast.token("u")
        #expect(try server.call("POST", "/admin/locker-sessions", "{}", token: user).status == .forbidden)
        #expect(try server.ask("/admin/locker-sessions", "POST", body: "{}").status == .badRequest)
        #expect(try server.ask("/admin/locker-sessions", "PUT").status == .methodNotAllowed)
    }

    // MARK: The HTTP API

    private static let broadcast = #"{"namespace":"/ws/lockers","event":"note","data":{"a":1}}"#

    @Test(arguments: [1, 3])
    func `a broadcast reaches a namespace on every loop`(threads: Int) throws {
        let server = try RunningServer.topics(threads: threads)
        let session = try server.session()
        let sockets = try (0..<4).map { _ in try server.kiosk(session: session) }
        let service = try SyncCast.token("s", roles: ["service"])
        let answer = try server.call("POST", "/api/websocket/broadcast", Self.broadcast, token: service)
        #expect(answer.status == .ok)
        #expect(try answer.document["recipients"]?.integer == 4)
        for socket in sockets {
            let frame = try socket.hear()
            #expect(frame["type"] == "note" && frame["data"]?["a"]?.integer == 1)
        }
    }

    @Test func `status needs a session, and a broadcast a role or a key`() throws {
        let robot = APIKey.draw(name: "robot", roles: ["other"])
        let server = try RunningServer.topics { $0.access.apiKeys = [robot.known] }
        let target = "/api/websocket/status"
        #expect(try server.get(target).document["error"] == "AUTH_REQUIRED")
        #expect(try server.call("GET", target, token: "nonsense").document["error"] == "INVALID_SESSION")
        #expect(try server.call("GET", target, token: try server.session()).document["status"] == "active")
        let key: HTTPFields = ["X-API-Key": robot.key]
        #expect(try server.connect().request(target, fields: key).status == .ok)
        func broadcast(_ token: String?) throws -> HTTPStatus {
            try server.call("POST", "/api/websocket/broadcast", Self.broadcast, token: token).status
        }
        #expect(try broadcast(nil) == .unauthorized)
        #expect(try broadcast(try server.session()) == .forbidden)
        #expect(try broadcast(try SyncCast.token("p", roles: ["publisher"])) == .forbidden)
        #expect(try broadcast(try server.session(#"{"userId":"s","roles":["service"]}"#)) == .ok)
        let byKey = try server.connect().request(
            "/api/websocket/broadcast", "POST", fields: key, body: Self.broadcast)
        #expect(byKey.status == .ok)
        #expect(try RunningServer.openTopics().get(target).status == .ok)
    }

    @Test func `mistakes are answered in lockers' own words`() throws {
        let server = try RunningServer.openTopics()
        func answer(_ body: String) throws -> HTTPResponse { try server.call("POST", "/api/websocket/broadcast", body) }
        #expect(try answer("{").document["error"] == "INVALID_JSON")
        let unknown = try answer(#"{"namespace":"/ws/none","event":"x","data":1}"#)
        #expect(unknown.status == .badRequest)
        #expect(try unknown.document["error"] == "UNKNOWN_NAMESPACE")
        let large = String(repeating: "x", count: LockersLimits.dataBytesMax)
        let tooLarge = try answer(#"{"namespace":"/ws/help","event":"x","data":"\#(large)"}"#)
        #expect(tooLarge.status == .contentTooLarge)
        #expect(try tooLarge.document["error"] == "TOO_LARGE")
        #expect(try server.call("GET", "/api/websocket/nothing").status == .notFound)
    }
}
