import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionServer
import Testing

/// Keys that are fetched from a URL: cached for an hour, asked for again at most once in ten seconds.
@Suite struct KeyFetchingTests {
    /// RFC 8037 appendix A.1 as PKCS #8, and its public half.
    private static let privatePEM = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----
        """
    private static func key(_ name: String) -> String {
        #"{"kty":"OKP","crv":"Ed25519","kid":"\#(name)","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    }

    private static func token(_ name: String?, after seconds: Int64 = 0) throws -> String {
        let issuer = TokenIssuer(try PrivateKey(pem: Array(privatePEM.utf8)), keyID: name)
        var claims = TokenClaims(user: "u1")
        claims.expiresAt = AccessFixture.after(seconds + 900)
        return issuer.issue(claims)
    }

    private func isGranted(_ verdict: AccessVerdict?) -> Bool { if case .granted? = verdict { true } else { false } }

    @Test func `a token waits for the keys that are on their way, and is then judged`() throws {
        let server = try KeyServer([Self.key("a")])
        server.hold(true)
        let fixture = try AccessFixture { $0.keyURLs = [server.endpoint] }
        let box = Box<AccessVerdict>()
        let token = Array(try Self.token("a").utf8)
        let now = fixture.access.judge(.token(token), for: .sync, at: AccessFixture.now) { box.put($0) }
        #expect(now == nil)
        #expect(box.value == nil)
        server.hold(false)
        eventually("the keys come") { box.value != nil }
        #expect(isGranted(box.value))
        #expect(isGranted(fixture.judge(try Self.token("a"))))
        #expect(server.requests == 1)
    }

    @Test func `an unknown key is asked for, but not again within ten seconds`() throws {
        let server = try KeyServer([Self.key("a")])
        let fixture = try AccessFixture { $0.keyURLs = [server.endpoint] }
        #expect(isGranted(fixture.verdict(try Self.token("a"))))
        server.serve([Self.key("a"), Self.key("b")])
        // Within ten seconds of the first fetch nobody asks, however many invent names.
        for _ in 0..<20 { #expect(!isGranted(fixture.verdict(try Self.token("b"), after: 9))) }
        #expect(server.requests == 1)
        #expect(isGranted(fixture.verdict(try Self.token("b"), after: 10)))
        #expect(server.requests == 2)
        #expect(!isGranted(fixture.verdict(try Self.token("c"), after: 11)))
        #expect(server.requests == 2)
    }

    @Test func `keys are fetched again after an hour, and meanwhile the old ones serve`() throws {
        let server = try KeyServer([Self.key("a")])
        let fixture = try AccessFixture { $0.keyURLs = [server.endpoint] }
        #expect(isGranted(fixture.verdict(try Self.token("a"))))
        server.serve([Self.key("b")])
        #expect(isGranted(fixture.judge(try Self.token("a", after: 3599), after: 3599)))
        #expect(server.requests == 1)
        #expect(isGranted(fixture.judge(try Self.token("a", after: 3600), after: 3600)))
        eventually("the set is fetched again") { server.requests == 2 }
        try eventually("the old key is gone") {
            !isGranted(fixture.judge(try Self.token("a", after: 3601), after: 3601))
        }
    }

    @Test func `a fetch that fails leaves the keys that are there`() throws {
        let server = try KeyServer([Self.key("a")])
        let fixture = try AccessFixture { $0.keyURLs = [server.endpoint] }
        #expect(isGranted(fixture.verdict(try Self.token("a"))))
        for (seconds, status) in [(Int64(20), 500), (40, 404)] {
            server.serve([], status: status)
            #expect(!isGranted(fixture.verdict(try Self.token("b"), after: seconds)))
            #expect(isGranted(fixture.verdict(try Self.token("a"), after: seconds)))
        }
        server.serve([])
        #expect(!isGranted(fixture.verdict(try Self.token("b"), after: 60)))
        #expect(isGranted(fixture.verdict(try Self.token("a"), after: 60)))
        #expect(fixture.log.all.count == 3)
        #expect(fixture.log.all.allSatisfy { $0.contains("/jwks.json") && $0.contains("stay in force") })
    }

    @Test func `a secret in a set that everybody can read is no key`() throws {
        let bytes = AccessFixture.refreshSecret
        let secret = Base64URL.encode(bytes.span)
        let server = try KeyServer([Self.key("a"), #"{"kty":"oct","kid":"s","k":"\#(secret)"}"#])
        let fixture = try AccessFixture { $0.keyURLs = [server.endpoint] }
        var claims = TokenClaims(user: "u1")
        claims.expiresAt = AccessFixture.after(900)
        let forged = try TokenIssuer(secret: AccessFixture.refreshSecret, keyID: "s").issue(claims)
        #expect(!isGranted(fixture.verdict(forged)))
        #expect(isGranted(fixture.verdict(try Self.token("a"))))
    }

    @Test func `nobody at the URL means that nobody comes in by its keys, and all others do`() throws {
        let fixture = try AccessFixture { configuration in
            configuration.keyURLs = [Endpoint(address: .host("127.0.0.1", port: 1), target: "/")]
        }
        #expect(!isGranted(fixture.verdict(try Self.token("a"))))
        #expect(isGranted(fixture.verdict(try AccessFixture.token())))
    }
}
