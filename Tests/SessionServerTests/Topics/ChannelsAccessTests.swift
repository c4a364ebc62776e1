import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Who comes in to channels, and how everybody else is told (PROTOCOLS 2-6, §1.4).
@Suite struct ChannelsAccessTests {
    @Test(arguments: ["/ws", "/channels/ws", "/api/v1/reports/notifications"])
    func `without a credential a peer is anonymous`(path: String) throws {
        let server = try RunningServer.topics()
        let client = try server.open(path)
        let welcome = try client.hear()
        #expect(welcome["type"] == "welcome")
        #expect(welcome["data"]?["userId"] == nil)
    }

    @Test(arguments: [
        ["Authorization": "Bearer TOKEN"], ["Cookie": "a=b; token=TOKEN"], ["Cookie": "access_token=TOKEN"],
        ["Sec-WebSocket-Protocol": "sessionctl.channels.v1, bearer.ENCODED"],
    ])
    func `a token in any of its places says who the peer is`(fields: [String: String]) throws {
        let server = try RunningServer.topics(threads: 2)
        let token = try SyncCast.token("u1")
        var sent = HTTPFields()
        for (name, value) in fields {
            sent.append(
                name,
                value.replacing("TOKEN", with: token)
                    .replacing("ENCODED", with: Base64URL.encode(Array(token.utf8).span)))
        }
        #expect(try server.open("/ws", fields: sent).hear()["data"]?["userId"] == "u1")
    }

    @Test func `a token in the query counts where that is allowed, and is a bad one elsewhere`() throws {
        let target = "/ws?token=\(try SyncCast.token("u1"))"
        let allowing = try RunningServer.topics { $0.channelsAllowsQueryToken = true }
        #expect(try allowing.open(target).hear()["data"]?["userId"] == "u1")
        #expect(try allowing.refusal("/ws?token=").status == .unauthorized)
        let refused = try RunningServer.topics().refusal(target)
        #expect(refused.status == .unauthorized)
        #expect(!String(decoding: refused.body, as: UTF8.self).contains("eyJ"))
    }

    @Test func `a program shows an API key`() throws {
        let robot = APIKey.draw(name: "robot", roles: ["publisher"])
        let server = try RunningServer.topics { $0.access.apiKeys = [robot.known] }
        #expect(try server.open("/ws", fields: ["X-API-Key": robot.key]).hear()["data"]?["userId"] == "robot")
        #expect(try server.refusal("/ws", ["X-API-Key": "wrong"]).status == .unauthorized)
    }

    @Test(arguments: ["/ws", "/api/v1/reports/progress/r1", "/api/v1/reports/stream/t"])
    func `a bad credential is refused and never taken for none`(path: String) throws {
        let server = try RunningServer.topics()
        let bad: HTTPFields = ["Authorization": "Bearer nonsense"]
        let refused = try server.refusal(path, bad)
        #expect(refused.status == .unauthorized)
        #expect(refused.fields["WWW-Authenticate"] == "Bearer")
        #expect(try refused.document["error"] == "UNAUTHORIZED")
        let (frame, code) = try server.browserRefusal(path, bad)
        #expect(frame["type"] == "error" && frame["code"] == "UNAUTHORIZED")
        #expect(frame["message"]?.string != nil && frame["timestamp"]?.string != nil)
        #expect(code == .unauthorized)
    }

    @Test func `where tokens are required, nobody comes in without`() throws {
        let server = try RunningServer.topics { $0.access.channelsMode = .required }
        #expect(try server.refusal("/ws").document["error"] == "UNAUTHORIZED")
        let (frame, code) = try server.browserRefusal("/ws")
        #expect(frame["code"] == "UNAUTHORIZED" && code == .unauthorized)
        _ = try server.subscriber("test:a", token: try SyncCast.token("u"))
    }

    @Test func `in open mode a token that cannot be read does no harm`() throws {
        let server = try RunningServer.openTopics()
        _ = try server.subscriber("patients:vitals:1", token: "nonsense")
    }

    @Test(arguments: [1, 3])
    func `a revocation closes what it hits on every loop, and keeps it out`(threads: Int) throws {
        let server = try RunningServer.topics(threads: threads)
        let victims = try (1...4).map { _ in try server.subscriber(token: try SyncCast.token("u")) }
        let other = try server.subscriber(token: try SyncCast.token("other"))
        let made = try server.ask("/admin/revocations", "POST", body: #"{"user":"u"}"#)
        #expect(try made.document["closed"]?.integer == 4)
        for victim in victims { #expect(try victim.hearClose() == .revoked) }
        let token: HTTPFields = ["Authorization": "Bearer \(try SyncCast.token("u"))"]
        #expect(try server.refusal("/ws", token).status == .unauthorized)
        #expect(try server.browserRefusal("/ws", token).code == .revoked)
        #expect(try other.typesUntilPong() == [])
    }

    @Test func `channels alone keep revocations too`() throws {
        let keys = try KeySet(secret: SyncCast.secret)
        let server = try RunningServer([.channels]) { $0.access.keys = keys }
        let client = try server.subscriber(token: try SyncCast.token("u", id: "t1"))
        #expect(try server.ask("/admin/revocations", "POST", body: #"{"jti":"t1"}"#).status == .created)
        #expect(try client.hearClose() == .revoked)
    }

    @Test func `a token that runs out ends its socket`() throws {
        let server = try RunningServer.topics()
        // The leeway of 25 seconds is all that is left of it.
        let client = try server.subscriber(token: try SyncCast.token("u", validFor: .seconds(-23)))
        #expect(try client.hearClose() == .tokenExpired)
    }

    @Test(arguments: ["/ws/health", "/channels/ws/health"])
    func `the health is told to anybody in one frame`(path: String) throws {
        let server = try RunningServer.topics { $0.access.channelsMode = .required }
        let client = try server.open(path, fields: ["Authorization": "Bearer nonsense"])
        let frame = try client.hear()
        #expect(frame["type"] == "health" && frame["status"] == "ok" && frame["timestamp"]?.string != nil)
        #expect(try client.hearClose() == .normal)
    }

    @Test func `the health is told ten times a second to one address`() throws {
        var checks = HealthChecks()
        let start = Instant(nanoseconds: 1_000_000_000)
        let asked: [(String, Duration)] =
            Array(repeating: ("a", .zero), count: 11) + [
                ("b", .zero), ("a", .milliseconds(100)), ("a", .milliseconds(100)),
            ]
        let admitted = asked.map { checks.admit($0.0, at: start + $0.1) }
        #expect(admitted == Array(repeating: true, count: 10) + [false, true, true, false])
    }

    @Test func `who asks too often is refused like everybody else, by status or code`() throws {
        let server = try RunningServer.topics()
        var refused: HTTPResponse?
        for _ in 0..<500 where refused == nil { refused = try server.connect().tryOpen("/ws/health") }
        #expect(refused?.status == .tooManyRequests)
        #expect(refused?.fields["Retry-After"] == "1")
        var frame: JSONValue?
        for _ in 0..<500 where frame?["code"] == nil {
            let browser = try server.open("/ws/health", fields: ["Origin": "http://localhost"])
            frame = try browser.hear()
            if frame?["code"] != nil { #expect(try browser.hearClose() == .connectionLimit) }
        }
        #expect(frame?["code"] == "RATE_LIMITED")
        _ = try server.subscriber()
    }

    @Test func `a drain is told by health and status at once, and called off again`() throws {
        let server = try RunningServer.openTopics(threads: 2) { $0.timing.drainWait = .seconds(2) }
        func told() throws -> [String?] {
            [
                try server.open("/ws/health").hear()["status"]?.string,
                try server.get("/api/websocket/status").document["status"]?.string,
            ]
        }
        #expect(try told() == ["ok", "active"])
        #expect(try server.ask("/admin/drain", "POST").status == .accepted)
        try eventually("health and status tell the drain") { try told() == ["draining", "draining"] }
        #expect(try server.ask("/admin/undrain", "POST").status == .ok)
        try eventually("and that it was called off") { try told() == ["ok", "active"] }
    }

    @Test func `protected mode keeps no loopback out, and foreign pages stay out`() throws {
        let server = try RunningServer.openTopics()
        let refused = try server.refusal("/ws", ["Origin": "https://evil.example"])
        #expect(refused.status == .forbidden)
        #expect(try refused.document["error"] == "ORIGIN_FORBIDDEN")
    }
}
