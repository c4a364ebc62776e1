import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Who comes in, and how everybody else is told (PROTOCOLS §1.4, §1.5, §3.5).
@Suite struct SyncAccessTests {
    @Test func `without a token nobody touches a session`() throws {
        let server = try RunningServer.closedSync()
        let refused = try server.put("{}", session: 1, user: "u")
        #expect(refused.status == .unauthorized)
        #expect(refused.fields["WWW-Authenticate"] == "Bearer")
        #expect(try refused.document["error"] == "UNAUTHORIZED")
        let token = try SyncCast.token("u")
        #expect(try server.put("{}", session: 1, user: "u", token: token).status == .created)
        #expect(try server.put("{}", session: 1, user: "other", token: token).document["error"] == "IDENTITY_MISMATCH")
        let stranger = try SyncCast.token("stranger")
        let foreign = try server.call("GET", "/session/\(SyncCast.session(1))", token: stranger)
        #expect(foreign.status == .notFound)
    }

    @Test func `each state of a token has its word`() throws {
        let server = try RunningServer.closedSync()
        let target = "/session/\(SyncCast.session(1))"
        let expired = try SyncCast.token("u", validFor: .seconds(-60))
        #expect(try server.call("GET", target, token: expired).document["error"] == "TOKEN_EXPIRED")
        #expect(try server.call("GET", target, token: "a.b.c").document["error"] == "INVALID_TOKEN")
        #expect(try server.call("GET", target + "?token=x").document["error"] == "INVALID_TOKEN")
        #expect(try server.call("GET", target, token: "").document["error"] == "INVALID_TOKEN")
    }

    @Test(arguments: [1, 3])
    func `a token in AUTH opens the session`(threads: Int) throws {
        let server = try RunningServer.closedSync(threads: threads)
        for session in 1...5 {
            let device = try server.device("d", user: "u", session: session, token: try SyncCast.token("u"))
            try device.say(TestClient.setting("a", to: "1", tag: "a"))
            #expect(try device.hear(.stateUpdate)["correlation_id"] == "a")
        }
        let client = try server.open("/ws")
        try client.authenticate("d", user: "u", session: 1, token: "nonsense")
        let failure = try client.hear()
        #expect(failure["type"]?.integer == 9)
        #expect(failure["payload"]?["code"] == "INVALID_TOKEN")
        #expect(try client.hearClose() == .unauthorized)
    }

    @Test(arguments: [
        ["Authorization": "Bearer TOKEN", "X-Device-ID": "d"],
        ["Sec-WebSocket-Protocol": "sessionctl.sync.v1, bearer.ENCODED", "X-Device-ID": "d"],
        ["Cookie": "a=b; access_token=TOKEN", "X-Device-ID": "d"],
    ])
    func `a token on the upgrade is answered with AUTH_SUCCESS, unasked`(fields: [String: String]) throws {
        let server = try RunningServer.closedSync(threads: 2)
        for number in 1...4 {
            let token = try SyncCast.token("u\(number)")
            var sent = HTTPFields()
            for (name, value) in fields {
                sent.append(
                    name,
                    value.replacing("TOKEN", with: token)
                        .replacing("ENCODED", with: Base64URL.encode(Array(token.utf8).span)))
            }
            let client = try server.open("/ws", fields: sent)
            let answer = try client.hear()
            #expect(answer["type"]?.integer == 8)
            #expect(answer["payload"]?["user_id"]?.string == "u\(number)")
            #expect(answer["payload"]?["device_id"] == "d")
        }
    }

    @Test func `a bad credential on the upgrade is HTTP for programs and a code for browsers`() throws {
        let server = try RunningServer.closedSync()
        let bearer: HTTPFields = ["Authorization": "Bearer nonsense"]
        let refused = try #require(try server.connect().tryOpen("/ws", fields: bearer))
        #expect(refused.status == .unauthorized)
        #expect(try refused.document["error"] == "INVALID_TOKEN")
        var fields = bearer
        fields.append("Origin", "http://localhost")
        let browser = try server.open("/ws", fields: fields)
        let failure = try browser.hear()
        #expect(failure["type"]?.integer == 9)
        #expect(failure["payload"]?["code"] == "INVALID_TOKEN")
        #expect(try browser.hearClose() == .unauthorized)
        let nameless: HTTPFields = ["Authorization": "Bearer \(try SyncCast.token("u"))"]
        let deviceless = try #require(try server.connect().tryOpen("/ws", fields: nameless))
        #expect(deviceless.status == .unauthorized)
        #expect(try deviceless.document["error"] == "DEVICE_REQUIRED")
    }

    @Test func `a token alone as subprotocol selects none`() throws {
        let server = try RunningServer.closedSync()
        let token = Base64URL.encode(Array(try SyncCast.token("u", device: "d").utf8).span)
        let client = try server.open("/ws", fields: ["Sec-WebSocket-Protocol": "bearer.\(token)"])
        #expect(client.subprotocol == nil)
        #expect(try client.hear()["type"]?.integer == 8)
    }

    @Test func `the admin API wants an administrator`() throws {
        let admission = APIKey.draw(name: "robot", roles: ["admin"])
        let server = try RunningServer.closedSync { $0.access.apiKeys = [admission.known] }
        let target = "/admin/metrics/all"
        #expect(try server.call("GET", target).status == .unauthorized)
        let user = try server.call("GET", target, token: try SyncCast.token("u"))
        #expect(user.status == .forbidden)
        #expect(try user.document["error"] == "FORBIDDEN")
        #expect(try server.call("GET", target, token: try SyncCast.token("a", roles: ["admin"])).status == .ok)
        let key = try server.connect().request(target, fields: ["X-API-Key": admission.key])
        #expect(key.status == .ok)
        #expect(try server.connect().request(target, fields: ["X-API-Key": "wrong"]).status == .unauthorized)
        #expect(try server.ask(target).status == .ok)
    }

    @Test(arguments: [1, 3])
    func `a revocation closes what it hits and keeps it out`(threads: Int) throws {
        let server = try RunningServer.closedSync(threads: threads)
        let victims = try (1...3).map {
            try server.device("d\($0)", user: "u", session: $0, token: try SyncCast.token("u"))
        }
        let other = try server.device("d", user: "other", session: 9, token: try SyncCast.token("other"))
        let made = try server.ask("/admin/revocations", "POST", body: #"{"user":"u"}"#)
        #expect(made.status == .created)
        #expect(try made.document["closed"]?.integer == 3)
        for victim in victims { #expect(try victim.hearClose() == .revoked) }
        let refused = try server.put("{}", session: 1, user: "u", token: try SyncCast.token("u"))
        #expect(try refused.document["error"] == "TOKEN_REVOKED")
        let client = try server.open("/ws")
        try client.authenticate("d", user: "u", session: 1, token: try SyncCast.token("u"))
        #expect(try client.hear()["payload"]?["code"] == "TOKEN_REVOKED")
        #expect(try client.hearClose() == .revoked)
        try other.say(#"{"type":1,"payload":{}}"#)
        #expect(try other.hear(.heartbeatAck)["type"]?.integer == 2)
        let listed = try server.document("/admin/revocations")
        #expect(listed["total"]?.integer == 1)
        let id = try #require(try made.document["id"]?.string)
        #expect(try server.ask("/admin/revocations/\(id)", "DELETE").status == .noContent)
        #expect(try server.put("{}", session: 1, user: "u", token: try SyncCast.token("u")).status == .created)
    }

    @Test func `in open mode a token that cannot be read is ignored`() throws {
        let server = try RunningServer.openSync()
        let device = try server.device("d", user: "u", session: 1, token: "eyJhbGciOiJIUzI1NiIs...")
        try device.say(TestClient.setting("a", to: "1", tag: "a"))
        #expect(try device.hear(.stateUpdate)["user_id"] == "u")
        #expect(try server.put("{}", session: 2, user: "u", token: "nonsense").status == .created)
    }

    @Test func `refused credentials are counted by reason`() throws {
        let server = try RunningServer.closedSync()
        _ = try server.put("{}", session: 1, user: "u", token: try SyncCast.token("u", validFor: .seconds(-60)))
        let text = String(decoding: try server.ask("/metrics").body, as: UTF8.self)
        #expect(text.contains("sessionctl_auth_failures_total{reason=\"expired\"} 1\n"))
        #expect(text.contains("sessionctl_insecure{profile=\"sync\"} 0\n"))
    }
}
