import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Sessions that this server makes itself, and what all providers share (PROTOCOLS 4-1 to 4-5, §1.10).
@Suite struct LockerSessionsTests {
    static let unknown = AccessVerdict.refused(.invalid, "the session is not known; sign in again")

    @Test func `a session says whose it is and what it opens`() throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session(
            #"{"userId":"u1","roles":["staff"],"namespaces":["/ws/lockers"],"kioskId":"kiosk-1"}"#)
        let identity = try fixture.identity(id)
        #expect((identity.user, identity.roles, identity.kiosk) == ("u1", ["staff"], "kiosk-1"))
        #expect(identity.mayEnter("/ws/lockers") && !identity.mayEnter("/ws/help"))
        #expect(identity.expiresAt == AccessFixture.after(8 * 3600))
        #expect(try fixture.identity(fixture.session()).mayEnter("/ws/help"))
    }

    @Test func `a session ends on the millisecond, without leeway`() throws {
        let fixture = try LockerSessionsFixture()
        let answer = try fixture.create(#"{"userId":"u1","ttl":"30s"}"#)
        #expect(answer.status == .created)
        #expect(answer["expiresAt"]?.string == "2026-01-01T00:00:30.000Z")
        let id = try #require(answer["sessionId"]?.string)
        #expect(id.utf8.count == 43 && !id.contains("."))
        #expect(try fixture.identity(id, after: 29).user == "u1")
        #expect(fixture.judge(id, after: 30) == Self.unknown)
    }

    @Test func `nobody comes in with an id that does not exist, is empty or is endless`() throws {
        let fixture = try LockerSessionsFixture()
        #expect(fixture.judge("your-session-id") == Self.unknown)
        #expect(fixture.judge(String(repeating: "a", count: 5000)) == Self.unknown)
        #expect(fixture.judge(.malformed("sessionId is empty")) == .refused(.invalid, "sessionId is empty"))
    }

    @Test func `the hash of an id lets nobody in`() throws {
        let fixture = try LockerSessionsFixture()
        _ = try fixture.session()
        let listed = try #require(try fixture.list()["items"]?[0]?["id"]?.string)
        #expect(listed.utf8.count == 64)
        #expect(fixture.judge(listed) == Self.unknown)
    }

    @Test func `a list shows everything but the ids`() throws {
        let fixture = try LockerSessionsFixture()
        var ids: [String] = []
        for user in ["a", "b", "c"] {
            ids.append(try fixture.session(#"{"userId":"\#(user)","roles":["staff"],"kioskId":"k-\#(user)"}"#))
        }
        let first = try fixture.list(limit: 2)
        #expect(first["total"]?.integer == 3)
        let cursor = try #require(first["next_cursor"]?.string)
        let second = try fixture.list(limit: 2, cursor: cursor)
        #expect(second["next_cursor"] == .null)
        let items = (first["items"]?.elements ?? []) + (second["items"]?.elements ?? [])
        #expect(Set(items.compactMap { $0["userId"]?.string }) == ["a", "b", "c"])
        #expect(items.allSatisfy { $0["expiresAt"]?.string == "2026-01-01T08:00:00.000Z" })
        #expect(items.allSatisfy { $0["kioskId"]?.string == "k-" + ($0["userId"]?.string ?? "") })
        let text = String(decoding: first.body + second.body, as: UTF8.self)
        for id in ids { #expect(!text.contains(id)) }
    }

    @Test(arguments: [true, false])
    func `a session ends by its id or by the hash of it`(byHash: Bool) throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session()
        let identity = try fixture.identity(id)
        let name = try #require(identity.session)
        let revocation = try #require(try fixture.remove(byHash ? name : id).revocation)
        #expect(revocation.hits(identity))
        #expect(fixture.judge(id) == .refused(.revoked, "the session was ended"))
        #expect(try fixture.remove(id).failure == "404 SESSION_NOT_FOUND")
        #expect(try fixture.list()["total"]?.integer == 0)
    }

    @Test func `ending one session leaves the user's others alone`() throws {
        let fixture = try LockerSessionsFixture()
        let (id, other) = (try fixture.session(), try fixture.session())
        let revocation = try #require(try fixture.remove(id).revocation)
        #expect(try !revocation.hits(fixture.identity(other)))
    }

    @Test func `a verdict that is under way while its session ends lets nobody in`() throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session()
        let verdict = try #require(fixture.judge(id))
        #expect(fixture.sessions.recheck(verdict) == verdict)
        _ = try fixture.remove(id)
        #expect(fixture.sessions.recheck(verdict) == .refused(.revoked, "the session was ended"))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"userId":""}"#, #"{"userId":7}"#, #"{"userId":"u 1"}"#, #"{"userId":"u1","roles":"x"}"#,
        #"{"userId":"u1","roles":[1]}"#, #"{"userId":"u1","namespaces":["/ws/other"]}"#,
        #"{"userId":"u1","kioskId":""}"#,
        #"{"userId":"u1","ttl":"8"}"#, #"{"userId":"u1","ttl":8}"#, #"{"userId":"u1","ttl":"0s"}"#,
        #"{"userId":"u1","ttl":"367d"}"#, #"{"userId":"u1","ttl":"99999999999999999999d"}"#,
        #"{"userId":"u1","ttl":"-1s"}"#,
    ])
    func `a body that describes no session is refused`(body: String) throws {
        #expect(try LockerSessionsFixture().create(body).failure == "400 VALIDATION_FAILED")
    }

    @Test func `a store that is down is told from a session that does not exist`() throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session()
        fixture.access.engine.setDown(true)
        #expect(
            fixture.judge(id) == .refused(.unavailable, "sessions cannot be looked up now; try again in a moment"))
        #expect(fixture.sessions.isDegraded)
        #expect(try fixture.create(#"{"userId":"u2"}"#).failure == "503 STORE_UNAVAILABLE")
        #expect(try fixture.remove(id).failure == "503 STORE_UNAVAILABLE")
        #expect(try fixture.list().failure == "503 STORE_UNAVAILABLE")
        fixture.access.engine.setDown(false)
        #expect(try fixture.identity(id).user == "u1")
        #expect(!fixture.sessions.isDegraded)
    }

    @Test func `a verdict that takes long comes once and later`() throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session()
        fixture.access.engine.hold()
        let box = Box<AccessVerdict>()
        let now = fixture.sessions.judge(.token(Array(id.utf8)), for: nil, at: LockerSessionsFixture.now) {
            box.put($0)
        }
        #expect(now == nil && box.value == nil)
        fixture.access.engine.release()
        guard case .granted(let identity)? = box.value else {
            Issue.record("refused")
            return
        }
        #expect(identity.user == "u1")
    }

    // MARK: Modes, tokens, keys

    @Test(arguments: [(AccessMode.open, ["admin"] as [String]?), (.optional, []), (.required, nil)])
    func `who has no session is what the mode says`(mode: AccessMode, roles: [String]?) throws {
        let fixture = try LockerSessionsFixture { $0.lockersMode = mode }
        #expect(fixture.sessions.absent(for: "/ws/help")?.roles == roles)
        #expect(fixture.sessions.absent(for: nil)?.roles == roles)
    }

    @Test func `a namespace may have a mode of its own`() throws {
        let fixture = try LockerSessionsFixture { $0.lockersModes["/ws/help"] = .optional }
        #expect(fixture.sessions.absent(for: "/ws/help")?.roles == [])
        #expect(fixture.sessions.absent(for: "/ws/lockers") == nil)
        #expect(fixture.judge("unknown", for: "/ws/help") == Self.unknown)
    }

    @Test func `in open mode the seed's session id opens, and an ended one does not`() throws {
        let fixture = try LockerSessionsFixture { $0.lockersMode = .open }
        #expect(fixture.judge("your-session-id") == .granted(.assumed))
        #expect(fixture.judge(.apiKey("unknown")) == .granted(.assumed))
        let id = try fixture.session()
        #expect(try fixture.identity(id).user == "u1")
        _ = try fixture.remove(id)
        #expect(fixture.judge(id) == .refused(.revoked, "the session was ended"))
    }

    @Test func `a token with two dots opens, and its sockets live as long as its leeway`() throws {
        let fixture = try LockerSessionsFixture()
        let token = try AccessFixture.token { ($0.roles, $0.kiosk) = (["service"], "kiosk-1") }
        let identity = try fixture.identity(token)
        #expect((identity.user, identity.roles, identity.kiosk) == ("u1", ["service"], "kiosk-1"))
        #expect(identity.expiresAt == AccessFixture.after(900 + 25))
        #expect(fixture.judge(token, after: 900 + 25) == .refused(.expired, "the token has expired"))
    }

    @Test func `an id with two dots that is no token of ours is looked for among the sessions`() throws {
        let file = #"[{"sessionId":"a.b.c","userId":"u7"}]"#
        let fixture = try LockerSessionsFixture(.fixed(FixedSessions(parsing: Array(file.utf8), path: "s.json")))
        #expect(try fixture.identity("a.b.c").user == "u7")
        #expect(fixture.judge("a.b.d") == Self.unknown)
    }

    @Test func `an API key opens like a session`() throws {
        let (key, known) = APIKey.draw(name: "ci", roles: ["service"])
        let fixture = try LockerSessionsFixture(.memory) { $0.apiKeys = [known] }
        guard case .granted(let identity)? = fixture.judge(.apiKey(key)) else {
            Issue.record("refused")
            return
        }
        #expect((identity.user, identity.roles) == ("ci", ["service"]))
        #expect(fixture.judge(.apiKey("no")) == .refused(.invalid, "the API key is not known"))
    }

    @Test func `what revokes a user's tokens revokes the user's sessions`() throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session()
        let verdict = try #require(fixture.judge(id))
        fixture.access.revoke(#"{"user":"u1"}"#)
        #expect(fixture.judge(id) == .refused(.revoked, "the token was revoked"))
        #expect(fixture.sessions.recheck(verdict) == .refused(.revoked, "the token was revoked"))
    }

    @Test func `sessions that others keep are not made here`() throws {
        let fixture = try LockerSessionsFixture(.fixed(FixedSessions(parsing: Array("[]".utf8), path: "s.json")))
        #expect(try fixture.create(#"{"userId":"u1"}"#).failure == "409 SESSIONS_ELSEWHERE")
        #expect(try fixture.list().failure == "409 SESSIONS_ELSEWHERE")
        #expect(try fixture.remove("x").failure == "409 SESSIONS_ELSEWHERE")
    }

    @Test func `a reload changes the provider at once`() throws {
        let fixture = try LockerSessionsFixture()
        let id = try fixture.session()
        let file = try FixedSessions(parsing: Array(#"[{"sessionId":"s1","userId":"u9"}]"#.utf8), path: "s.json")
        fixture.sessions.reload(LockerSessionsFixture.configuration(.fixed(file)))
        #expect(fixture.judge(id) == Self.unknown)
        #expect(try fixture.identity("s1").user == "u9")
        fixture.sessions.reload(LockerSessionsFixture.configuration(.memory))
        #expect(try fixture.identity(id).user == "u1")
    }
}
