import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Revocations: made, listed, lifted, kept (PROTOCOLS C17, §3.5).
@Suite struct RevokingTests {
    @Test(arguments: [
        #"{"user":"u1"}"#, #"{"jti":"j1"}"#, #"{"session":"s1"}"#, #"{"issued_before":"2026-01-01T00:00:00.001Z"}"#,
    ])
    func `a token that a revocation means is refused until it is lifted`(body: String) throws {
        let fixture = try AccessFixture()
        let token = try AccessFixture.token { $0.session = "s1" }
        let response = try #require(fixture.revoke(body))
        #expect(response.status == .created)
        #expect(response["closed"]?.integer == 0)
        #expect(fixture.judge(token) == .refused(.revoked, "the token was revoked"))
        #expect(fixture.access.recheck(.granted(identity())) == .refused(.revoked, "the token was revoked"))
        let id = try #require(response["id"]?.string)
        #expect(fixture.lift(id)?.status == .noContent)
        #expect(fixture.lift(id)?.failure == "404 REVOCATION_NOT_FOUND")
        #expect(fixture.judge(token) != .refused(.revoked, "the token was revoked"))
    }

    private func identity() -> Identity {
        var identity = Identity(user: "u1")
        (identity.tokenID, identity.session, identity.issuedAt) = ("j1", "s1", AccessFixture.now)
        return identity
    }

    @Test(arguments: ["", "{}", "[]", #"{"user":"u1","jti":"j1"}"#, #"{"user":7}"#, #"{"issued_before":"soon"}"#])
    func `a wish that names not one thing is refused`(body: String) throws {
        #expect(try AccessFixture().revoke(body)?.failure == "400 INVALID_REVOCATION")
    }

    @Test func `a revocation survives a restart`() throws {
        let engine = StubbornEngine()
        let first = try AccessFixture(engine: engine)
        let response = try #require(first.revoke(#"{"user":"u1"}"#))
        let id = try #require(response["id"]?.string)
        let restarted = try AccessFixture(engine: engine)
        #expect(try restarted.judge(AccessFixture.token()) == .refused(.revoked, "the token was revoked"))
        #expect(restarted.lift(id)?.status == .noContent)
        let third = try AccessFixture(engine: engine)
        #expect(try third.judge(AccessFixture.token()) != .refused(.revoked, "the token was revoked"))
    }

    @Test func `revocations are listed in pages, oldest first`() throws {
        let fixture = try AccessFixture()
        for number in 1...5 { fixture.revoke(#"{"user":"u\#(number)"}"#, after: Int64(number)) }
        var (users, cursor) = ([String?](), 0)
        for _ in 0..<3 {
            let page = fixture.access.revocations(limit: 2, cursor: cursor)
            #expect(page["total"]?.integer == 5)
            users += (page["items"]?.elements ?? []).map { $0["user"]?.string }
            cursor = page["next_cursor"]?.string.flatMap(Int.init) ?? -1
        }
        #expect(users == ["u1", "u2", "u3", "u4", "u5"])
        #expect(cursor == -1)
    }

    @Test func `a revocation that could not be kept is not in force`() throws {
        let fixture = try AccessFixture()
        fixture.engine.setDown(true)
        #expect(fixture.revoke(#"{"user":"u1"}"#)?.failure == "503 STORE_UNAVAILABLE")
        #expect(fixture.lift("x")?.failure == "503 STORE_UNAVAILABLE")
        #expect(try fixture.judge(AccessFixture.token()) != .refused(.revoked, "the token was revoked"))
        #expect(fixture.access.revocations(limit: 10, cursor: 0)["total"]?.integer == 0)
    }

    @Test func `nobody with a token comes in before the revocations are known`() throws {
        let fixture = try AccessFixture(starts: false)
        fixture.engine.hold()
        let box = Box<AccessVerdict>()
        let token = Array(try AccessFixture.token().utf8)
        #expect(fixture.access.judge(.token(token), for: .sync, at: AccessFixture.now) { box.put($0) } == nil)
        #expect(box.value == nil)
        fixture.engine.release()
        #expect(box.value != nil)
        #expect(try fixture.judge(AccessFixture.token()) != nil)
    }

    @Test func `as long as the store is down a token is refused, and then it is not`() throws {
        let fixture = try AccessFixture(starts: false)
        fixture.engine.setDown(true)
        let refusal = AccessVerdict.refused(.unavailable, "revocations cannot be read now; try again later")
        #expect(try fixture.judge(AccessFixture.token()) == refusal)
        fixture.engine.setDown(false)
        #expect(try fixture.judge(AccessFixture.token()) == refusal, "the store is asked once a second")
        #expect(try fixture.judge(AccessFixture.token(), after: 1) != refusal)
    }
}
