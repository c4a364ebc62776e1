import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// `POST /auth/refresh` (PROTOCOLS 1-6).
@Suite struct RefreshTests {
    @Test func `a refresh token brings an access token that is good, and the next refresh token`() throws {
        let fixture = try AccessFixture()
        let token = try AccessFixture.refreshToken()
        let response = try #require(fixture.refresh(token))
        #expect(response.status == .ok)
        #expect(response.fields["Cache-Control"] == "no-store")
        #expect(response["token_type"]?.string == "Bearer")
        #expect(response["expires_in"]?.integer == 900)
        let access = try #require(response["access_token"]?.string)
        guard case .granted(let identity)? = fixture.judge(access) else {
            Issue.record("refused")
            return
        }
        #expect((identity.user, identity.roles) == ("u1", ["viewer"]))
        #expect(identity.expiresAt == AccessFixture.after(900))
        let next = try #require(response["refresh_token"]?.string)
        #expect(fixture.refresh(next, after: 60)?.status == .ok)
        // What renews access is none itself.
        #expect(fixture.judge(next) == .refused(.invalid, "the token's signature is wrong"))
    }

    @Test func `a refresh token that was used before revokes its family`() throws {
        let fixture = try AccessFixture()
        let first = try AccessFixture.refreshToken()
        let response = try #require(fixture.refresh(first))
        let next = try #require(response["refresh_token"]?.string)
        #expect(fixture.refresh(first)?.failure == "401 REFRESH_REUSED")
        #expect(fixture.refresh(next)?.failure == "401 REFRESH_REUSED")
        #expect(!fixture.log.all.joined().contains("u1"))
    }

    @Test func `a refresh token that is no good is refused with its code`() throws {
        let fixture = try AccessFixture()
        #expect(try fixture.refresh(AccessFixture.refreshToken(), after: 925)?.failure == "401 TOKEN_EXPIRED")
        #expect(try fixture.refresh(AccessFixture.token())?.failure == "401 INVALID_TOKEN")
        #expect(fixture.refresh("x")?.failure == "401 INVALID_TOKEN")
        #expect(fixture.refresh(body: "{}")?.failure == "400 INVALID_REQUEST")
        #expect(fixture.refresh(body: #"{"refresh_token":7}"#)?.failure == "400 INVALID_REQUEST")
        #expect(fixture.refresh(body: "{")?.failure == "400 INVALID_JSON")
    }

    @Test func `a user who was revoked gets no new tokens`() throws {
        let fixture = try AccessFixture()
        fixture.revoke(#"{"user":"u1"}"#)
        #expect(try fixture.refresh(AccessFixture.refreshToken())?.failure == "401 TOKEN_REVOKED")
    }

    @Test func `without the store no token is used up`() throws {
        let fixture = try AccessFixture()
        let token = try AccessFixture.refreshToken()
        fixture.engine.setDown(true)
        let response = try #require(fixture.refresh(token))
        #expect(response.failure == "503 STORE_UNAVAILABLE")
        #expect(response.fields["Retry-After"] == "1")
        fixture.engine.setDown(false)
        #expect(fixture.refresh(token)?.status == .ok)
    }

    @Test func `a server that has keys to check with, and none to sign with, issues nothing`() throws {
        let fixture = try AccessFixture { $0.issuer = nil }
        #expect(try fixture.refresh(AccessFixture.refreshToken())?.failure == "404 NOT_FOUND")
    }

    @Test func `what was exchanged stays used after a restart`() throws {
        let engine = StubbornEngine()
        let token = try AccessFixture.refreshToken()
        #expect(try AccessFixture(engine: engine).refresh(token)?.status == .ok)
        #expect(try AccessFixture(engine: engine).refresh(token)?.failure == "401 REFRESH_REUSED")
    }
}
