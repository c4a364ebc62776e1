import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionServer
import Testing

/// Who comes in, and why not (PROTOCOLS §1.5, §3.5).
@Suite struct AccessTests {
    @Test func `a good token tells who comes`() throws {
        let fixture = try AccessFixture()
        let token = try AccessFixture.token { ($0.device, $0.session, $0.roles) = ("d1", "s1", ["admin"]) }
        guard case .granted(let identity)? = fixture.judge(token) else {
            Issue.record("refused")
            return
        }
        #expect((identity.user, identity.device, identity.session) == ("u1", "d1", "s1"))
        #expect(identity.isAdmin && !identity.isAssumed)
    }

    @Test func `a token that ran out is told from one that was never good`() throws {
        let fixture = try AccessFixture()
        let token = try AccessFixture.token()
        #expect(fixture.judge(token, after: 900 + 25) == .refused(.expired, "the token has expired"))
        #expect(fixture.judge("nonsense") == .refused(.invalid, "the token has not three parts"))
        #expect(fixture.judge(.malformed("it is empty")) == .refused(.invalid, "it is empty"))
        #expect(fixture.access.refusals.map(\.reason) == ["expired", "malformed"])
        #expect(fixture.access.refusals.map(\.count) == [1, 2])
    }

    @Test func `in open mode a credential that is no good is ignored, but a revoked one is not`() throws {
        let fixture = try AccessFixture { $0.syncMode = .open }
        #expect(fixture.judge("nonsense") == .granted(.assumed))
        #expect(fixture.judge(.malformed("")) == .granted(.assumed))
        #expect(fixture.judge(.apiKey("unknown")) == .granted(.assumed))
        #expect(fixture.access.absent(for: .sync) == .assumed)
        fixture.revoke(#"{"user":"u1"}"#)
        #expect(try fixture.judge(AccessFixture.token()) == .refused(.revoked, "the token was revoked"))
    }

    @Test func `the admin API never goes without a credential`() throws {
        let fixture = try AccessFixture { $0.syncMode = .open }
        #expect(fixture.access.absent(for: nil) == nil)
        #expect(fixture.judge("nonsense", for: nil) == .refused(.invalid, "the token has not three parts"))
    }

    @Test(arguments: [(AccessMode.open, ["admin"] as [String]?), (.optional, []), (.required, nil)])
    func `who has no credential is what the mode says`(mode: AccessMode, roles: [String]?) throws {
        let fixture = try AccessFixture { $0.syncMode = mode }
        #expect(fixture.access.absent(for: .sync)?.roles == roles)
        #expect(fixture.access.absent(for: .awareness)?.roles == ["admin"])
    }

    @Test func `an API key is known by its hash, and only whole`() throws {
        let (key, known) = APIKey.draw(name: "ci", roles: ["publisher", "admin"])
        let fixture = try AccessFixture { $0.apiKeys = [APIKey.draw(name: "other", roles: []).known, known] }
        guard case .granted(let identity)? = fixture.judge(.apiKey(key)) else {
            Issue.record("refused")
            return
        }
        #expect((identity.user, identity.roles) == ("ci", ["publisher", "admin"]))
        for wrong in ["", String(key.dropLast()), key + "x", known.text] {
            #expect(fixture.judge(.apiKey(wrong)) == .refused(.invalid, "the API key is not known"))
        }
    }

    @Test(arguments: [
        "ci:admin", "ci:admin:abc", "ci::" + String(repeating: "0", count: 64),
        ":admin:" + String(repeating: "0", count: 64),
        "c i:admin:" + String(repeating: "0", count: 64), "ci:admin:" + String(repeating: "g", count: 64),
        "ci:admin:" + String(repeating: "0", count: 65), "ci:admin,:" + String(repeating: "0", count: 64),
    ])
    func `what is no API key is refused`(text: String) { #expect(APIKey(parsing: text) == nil) }

    @Test func `an API key reads back as it is written`() {
        let (_, known) = APIKey.draw(name: "ci", roles: ["admin", "publisher"])
        #expect(APIKey(parsing: known.text) == known)
    }

    @Test func `a reload puts other keys and rules in force at once`() throws {
        let fixture = try AccessFixture()
        let token = try AccessFixture.token()
        var configuration = try AccessFixture.configuration()
        configuration.rules.audiences = ["sync"]
        fixture.access.reload(configuration, at: AccessFixture.now)
        #expect(fixture.judge(token) == .refused(.invalid, "the token is for another audience"))
        configuration.rules.audiences = []
        configuration.keys = try KeySet(secret: AccessFixture.refreshSecret)
        fixture.access.reload(configuration, at: AccessFixture.now)
        #expect(fixture.judge(token) == .refused(.invalid, "the token's signature is wrong"))
    }
}

/// Where a request's credential is found (PROTOCOLS §1.5, §1.10).
@Suite struct CredentialTests {
    @Test(arguments: [
        ("Bearer a.b.c", Credential.token(Array("a.b.c".utf8))), ("bearer a.b.c", .token(Array("a.b.c".utf8))),
        ("Bearer  a.b.c", .token(Array("a.b.c".utf8))),
        ("Bearer ", .malformed("Authorization must be Bearer and a token")),
        ("Bearer", .malformed("Authorization must be Bearer and a token")),
        ("Basic dTpw", .malformed("Authorization must be Bearer and a token")),
    ])
    func `Authorization carries a token`(value: String, credential: Credential) {
        var fields: HTTPFields = ["Cookie": "access_token=x.y.z"]
        fields.append("Authorization", value)
        #expect(Credential.find(in: fields, cookieName: "access_token") == credential)
    }

    @Test(arguments: [
        ("sessionctl.sync.v1, bearer.YS5iLmM", Credential.token(Array("a.b.c".utf8))),
        ("bearer.YS5iLmM", .token(Array("a.b.c".utf8))), ("bearer.ey.a.b", .token(Array("ey.a.b".utf8))),
        ("bearer.", .malformed("the subprotocol bearer.… is not base64url of a token")),
        ("bearer.YS5iLmM=", .malformed("the subprotocol bearer.… is not base64url of a token")),
        ("bearer.YQ, bearer.Yg", .malformed("two tokens are offered as subprotocols")),
    ])
    func `a subprotocol carries a token`(offer: String, credential: Credential) {
        #expect(Credential.find(in: ["Sec-WebSocket-Protocol": offer]) == credential)
    }

    @Test func `a cookie carries a token where the page is ours`() {
        let fields: HTTPFields = ["Cookie": "a=1; access_token=x.y.z; b=2"]
        #expect(Credential.find(in: fields, cookieName: "access_token") == .token(Array("x.y.z".utf8)))
        #expect(Credential.find(in: fields, cookieName: "token") == nil)
        #expect(Credential.find(in: fields) == nil)
    }

    @Test func `a token in the query is a bad credential where none belongs there`() {
        let query = [(name: "v", value: "2"), (name: "token", value: "a.b.c")]
        #expect(Credential.find(in: [:], query: query, takesQuery: true) == .token(Array("a.b.c".utf8)))
        guard case .malformed? = Credential.find(in: [:], query: query) else {
            Issue.record("it is ignored")
            return
        }
        #expect(Credential.find(in: [:], query: [(name: "v", value: "2")]) == nil)
    }

    @Test func `an empty key is a bad one, and no credential is none`() {
        #expect(Credential.find(in: ["X-API-Key": ""]) == .malformed("X-API-Key is empty"))
        #expect(Credential.find(in: ["X-API-Key": "k"]) == .apiKey("k"))
        #expect(Credential.find(in: ["Sec-WebSocket-Protocol": "sessionctl.sync.v1", "Cookie": "a=1"]) == nil)
    }
}
