import SessionBase
import SessionCodec
import SessionCrypto
import Testing

@Suite struct TokenIssuingTests {
    @Test(arguments: TokenAlgorithm.hmac)
    func `a token signed with a secret is accepted by it`(algorithm: TokenAlgorithm) throws {
        let claims = TokenFixture.claims()
        let token = try TokenFixture.issuer(algorithm).issue(claims)
        #expect(try TokenFixture.verifier().verify(token) == claims)
    }

    @Test(arguments: [("rsa", TokenAlgorithm.rs256), ("p256", .es256), ("ed25519", .edDSA)])
    func `a token signed with a private key is accepted by the public one, in every form it is given in`(
        name: String, algorithm: TokenAlgorithm
    ) throws {
        let issuer = TokenIssuer(try PrivateKey(pem: TokenFixture.pem(name)), keyID: "k1")
        #expect(issuer.algorithm == algorithm)
        let token = issuer.issue(TokenFixture.claims())
        for file in [name + ".pub", name] {
            let verifier = TokenVerifier(try KeySet(contents: TokenFixture.pem(file)))
            #expect(try verifier.verify(token).user == "u1")
        }
    }

    @Test func `a certificate stands for its key`() throws {
        let issuer = TokenIssuer(try PrivateKey(pem: TokenFixture.pem("p256")))
        let verifier = TokenVerifier(try KeySet(contents: TokenFixture.pem("certificate")))
        #expect(try verifier.verify(issuer.issue(TokenFixture.claims())).user == "u1")
    }

    @Test func `a PEM file may hold several keys`() throws {
        let names = ["rsa.pub", "p256.pub", "ed25519.pub"]
        let verifier = TokenVerifier(try KeySet(contents: try names.flatMap { try TokenFixture.pem($0) }))
        #expect(verifier.keys.keys.count == 3)
        for name in ["rsa", "p256", "ed25519"] {
            let token = TokenIssuer(try PrivateKey(pem: TokenFixture.pem(name))).issue(TokenFixture.claims())
            #expect(try verifier.verify(token).user == "u1")
        }
    }

    @Test func `every P-256 signature has 64 bytes, whatever its numbers begin with`() throws {
        let issuer = TokenIssuer(try PrivateKey(pem: TokenFixture.pem("p256")))
        let keys = try KeySet(pem: TokenFixture.pem("p256.pub"))
        // One in 128 has a number with a leading zero.
        for number in 0..<600 {
            let token = Array(issuer.issue(payload: Array("\(number)".utf8)).utf8)
            #expect(try keys.authenticate(token.span).signature.count == 64)
        }
    }

    @Test(arguments: [
        ("rsa-short", "it is an RSA key of 1024 bits; at least 2048 are needed"),
        ("p384", "its curve is not P-256, the one that is supported"),
        ("encrypted", "it holds no PEM key without pass phrase"),
    ])
    func `a key that will not do is refused with the reason`(name: String, reason: String) throws {
        let pem = try TokenFixture.pem(name)
        #expect { try PrivateKey(pem: pem) } throws: { "\($0)" == reason }
        #expect(throws: TokenKeyError("its key number 1 cannot be used: \(reason)")) { try KeySet(pem: pem) }
    }

    @Test func `all claims come back`() throws {
        let claims = TokenFixture.claims { claims in
            (claims.device, claims.session, claims.room) = ("d1", "s1", "r1")
            (claims.roles, claims.scopes) = (["admin", "viewer"], ["read", "write"])
            (claims.notBefore, claims.tokenID) = (TokenFixture.now, "j1")
            (claims.issuer, claims.audiences) = ("https://issuer.example", ["sync", "board"])
        }
        #expect(try TokenFixture.verifier().verify(TokenFixture.issuer().issue(claims)) == claims)
    }

    @Test func `a refresh token is for its own verifier`() throws {
        let token = try TokenFixture.issuer().issue(
            TokenFixture.claims { ($0.tokenID, $0.family) = ("j1", "j1") })
        let verifier = TokenVerifier(try KeySet(secret: TokenFixture.secret), purpose: .refresh)
        #expect(try verifier.verify(token).family == "j1")
        #expect(try TokenFixture.verifier().failure(of: token) == .refreshToken)
        let unnamed = try TokenFixture.issuer().issue(TokenFixture.claims())
        #expect(verifier.failure(of: unnamed) == .missing(claim: "jti"))
    }
}

/// The claims of PROTOCOLS §1.5 in all their spellings.
@Suite struct TokenClaimsTests {
    @Test(arguments: [
        #""sub":"u1""#, #""userId":"u1""#, #""user_id":"u1""#, #""sub":null,"userId":"u1""#,
        #""user_id":"u3","userId":"u2","sub":"u1""#,
    ])
    func `the user is sub, or else userId, or else user_id`(claims: String) throws {
        #expect(try verify(claims).user == "u1")
    }

    @Test(arguments: [
        (#""roles":["admin","viewer"]"#, ["admin", "viewer"]), (#""role":"admin""#, ["admin"]),
        (#""roles":"admin""#, ["admin"]), (#""roles":[],"role":"admin""#, []), (#""roles":null"#, []),
    ])
    func `roles are an array, or the one role`(claims: String, roles: [String]) throws {
        #expect(try verify(#""sub":"u1","# + claims).roles == roles)
    }

    @Test(arguments: [#""session_id":"s1""#, #""sid":"s1""#, #""sid":"s2","session_id":"s1""#])
    func `the session is session_id, or else sid`(claims: String) throws {
        #expect(try verify(#""sub":"u1","# + claims).session == "s1")
    }

    @Test func `scopes are separated by blanks, and aud is one or several`() throws {
        #expect(try verify(#""sub":"u1","scope":"read  write""#).scopes == ["read", "write"])
        #expect(try verify(#""sub":"u1","aud":"a""#).audiences == ["a"])
        #expect(try verify(#""sub":"u1","aud":["a","b"]"#).audiences == ["a", "b"])
    }

    @Test func `times may have a fraction`() throws {
        let payload = #"{"sub":"u1","exp":1767226500.25}"#
        let token = TokenFixture.token(header: #"{"alg":"HS256"}"#, payload: payload)
        #expect(try TokenFixture.verifier().verify(token).expiresAt == Timestamp(milliseconds: 1_767_226_500_250))
    }

    @Test func `claims that nobody knows do not matter`() throws {
        #expect(try verify(#""sub":"u1","email":{"deep":[1,2]},"x":null"#).user == "u1")
    }

    @Test func `the leeway is 25 seconds on either side`() throws {
        let issuer = try TokenFixture.issuer()
        let verifier = try TokenFixture.verifier()
        let token = issuer.issue(TokenFixture.claims())
        #expect(try verifier.verify(token, after: 900 + 24).user == "u1")
        #expect(try verifier.verify(token, after: -25).user == "u1")
        let later = issuer.issue(TokenFixture.claims { $0.notBefore = TokenFixture.after(25) })
        #expect(try verifier.verify(later).user == "u1")
    }

    @Test func `exp may be missing only where that is allowed`() throws {
        let token = try TokenFixture.issuer().issue(TokenFixture.claims { $0.expiresAt = nil })
        #expect(try TokenFixture.verifier().failure(of: token) == .missing(claim: "exp"))
        #expect(try TokenFixture.verifier { $0.requiresExpiry = false }.verify(token).expiresAt == nil)
    }

    @Test func `issuer and audience may be asked for`() throws {
        let token = try TokenFixture.issuer().issue(
            TokenFixture.claims { ($0.issuer, $0.audiences) = ("i", ["a", "b"]) })
        let verifier = try TokenFixture.verifier { ($0.issuer, $0.audiences) = ("i", ["b", "c"]) }
        #expect(try verifier.verify(token).user == "u1")
    }

    /// Verifies a token of these claims that is good for a quarter of an hour.
    private func verify(_ claims: String) throws -> TokenClaims {
        let token = TokenFixture.token(header: #"{"alg":"HS256"}"#, payload: "{\(claims),\"exp\":1767226500}")
        return try TokenFixture.verifier().verify(token)
    }
}
