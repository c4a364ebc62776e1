import SessionBase
import SessionCodec
import SessionCrypto
import Testing

/// What is refused, and why (PROTOCOLS §1.5). The table can be read as documentation.
@Suite struct TokenRefusalTests {
    /// A token that must not be accepted, and by which verifier.
    struct Refusal: CustomTestStringConvertible, Sendable {
        let what: String
        let failure: TokenFailure
        let token: @Sendable () throws -> String
        var verifier: @Sendable () throws -> TokenVerifier = { try TokenFixture.verifier() }
        var seconds: Int64 = 0

        var testDescription: String { "\(what): \(failure.reason)" }
    }

    /// Tokens whose header asks for no signature, in all spellings.
    private static let unsecured = ["none", "None", "NONE", "nOnE"].flatMap { name in
        [
            Refusal(what: "alg \(name) without signature", failure: .unsecured) {
                signed(#"{"alg":"\#(name)"}"#).split(separator: ".").prefix(2).joined(separator: ".") + "."
            },
            Refusal(what: "alg \(name) with a right HMAC", failure: .unsecured) { signed(#"{"alg":"\#(name)"}"#) },
        ]
    }

    private static let headers = [
        ("no alg", #"{"typ":"JWT"}"#, TokenFailure.unknownAlgorithm),
        ("alg null", #"{"alg":null}"#, .unknownAlgorithm), ("alg a number", #"{"alg":1}"#, .unknownAlgorithm),
        ("alg empty", #"{"alg":""}"#, .unknownAlgorithm),
        ("alg in small letters", #"{"alg":"hs256"}"#, .unknownAlgorithm),
        ("alg with a blank", #"{"alg":"HS256 "}"#, .unknownAlgorithm),
        ("alg PS256", #"{"alg":"PS256"}"#, .unknownAlgorithm), ("alg RS256", #"{"alg":"RS256"}"#, .wrongAlgorithm),
        ("alg given twice", #"{"alg":"none","alg":"HS256"}"#, .object(.header)),
        ("crit", #"{"alg":"HS256","crit":["exp"],"exp":1}"#, .criticalExtension),
        ("empty crit", #"{"alg":"HS256","crit":[]}"#, .criticalExtension),
        ("b64 false", #"{"alg":"HS256","b64":false,"crit":["b64"]}"#, .criticalExtension),
        ("a kid that is a number", #"{"alg":"HS256","kid":1}"#, .object(.header)),
        ("a header that is an array", #"["HS256"]"#, .object(.header)),
        ("an empty header", "", .object(.header)),
        ("a header with something behind it", #"{"alg":"HS256"} x"#, .object(.header)),
        ("HS512 with the code of HS256", #"{"alg":"HS512"}"#, .signature),
    ].map { what, header, failure in Refusal(what: what, failure: failure) { signed(header) } }

    private static let payloads = [
        ("no sub", #"{"exp":1767226500}"#, TokenFailure.missing(claim: "sub")),
        ("sub null", #"{"sub":null,"exp":1767226500}"#, .missing(claim: "sub")),
        ("sub a number", #"{"sub":7,"exp":1767226500}"#, .invalid(claim: "sub")),
        ("sub empty", #"{"sub":"","exp":1767226500}"#, .invalid(claim: "sub")),
        ("sub with a blank", #"{"sub":"u 1","exp":1767226500}"#, .invalid(claim: "sub")),
        ("sub with a NUL", #"{"sub":"u\u00001","exp":1767226500}"#, .invalid(claim: "sub")),
        (
            "sub of 129 characters", #"{"sub":"\#(String(repeating: "x", count: 129))","exp":1767226500}"#,
            .invalid(claim: "sub")
        ),
        ("sub given twice", #"{"sub":"u1","sub":"root","exp":1767226500}"#, .object(.payload)),
        ("no exp", #"{"sub":"u1"}"#, .missing(claim: "exp")),
        ("exp null", #"{"sub":"u1","exp":null}"#, .missing(claim: "exp")),
        ("exp a string", #"{"sub":"u1","exp":"1767226500"}"#, .invalid(claim: "exp")),
        ("exp in milliseconds", #"{"sub":"u1","exp":1767226500000}"#, .invalid(claim: "exp")),
        ("exp negative", #"{"sub":"u1","exp":-1}"#, .invalid(claim: "exp")),
        ("exp beyond all numbers", #"{"sub":"u1","exp":1e999}"#, .invalid(claim: "exp")),
        ("roles a number", #"{"sub":"u1","exp":1767226500,"roles":1}"#, .invalid(claim: "roles")),
        ("roles with a number", #"{"sub":"u1","exp":1767226500,"roles":["admin",1]}"#, .invalid(claim: "roles")),
        ("role an array", #"{"sub":"u1","exp":1767226500,"role":["admin"]}"#, .invalid(claim: "role")),
        ("scope an array", #"{"sub":"u1","exp":1767226500,"scope":["a"]}"#, .invalid(claim: "scope")),
        ("device_id a number", #"{"sub":"u1","exp":1767226500,"device_id":1}"#, .invalid(claim: "device_id")),
        ("a refresh token", #"{"sub":"u1","exp":1767226500,"jti":"a","fam":"a"}"#, .refreshToken),
        ("a payload that is no JSON", "foo", .object(.payload)), ("an empty payload", "", .object(.payload)),
    ].map { what, payload, failure in
        Refusal(what: what, failure: failure) { TokenFixture.token(header: #"{"alg":"HS256"}"#, payload: payload) }
    }

    private static let times =
        [
            ("expired by the leeway", TokenFailure.expired, Int64(900 + 25)), ("expired for long", .expired, 100_000),
            ("issued 26 seconds in the future", .issuedInFuture, -26),
        ].map { what, failure, seconds in
            Refusal(
                what: what, failure: failure, token: { try TokenFixture.issuer().issue(TokenFixture.claims()) },
                seconds: seconds)
        } + [
            Refusal(what: "not valid for another 26 seconds", failure: .notYetValid) {
                try TokenFixture.issuer().issue(TokenFixture.claims { $0.notBefore = TokenFixture.after(26) })
            }
        ]

    private static let keys = [
        Refusal(what: "signed with another secret", failure: .signature) {
            try TokenIssuer(secret: Array("another secret of thirty-two bytes".utf8)).issue(TokenFixture.claims())
        },
        Refusal(
            what: "signed with another RSA key", failure: .signature,
            token: { try signed(by: "rsa-other") }, verifier: { try verifier(pem: "rsa.pub") }),
        Refusal(
            what: "HMAC with the PEM of the public key as its secret", failure: .wrongAlgorithm,
            token: {
                // TokenIssuer refuses such a secret, so the attacker's token is made by hand.
                let text = signed(#"{"alg":"HS256"}"#).split(separator: ".").prefix(2).joined(separator: ".")
                let (message, key) = (Array(text.utf8), try TokenFixture.pem("rsa.pub"))
                let code = MessageAuthentication.code(of: message.span, key: key.span, with: .sha256)
                return text + "." + Base64URL.encode(code.span)
            }, verifier: { try verifier(pem: "rsa.pub") }),
        Refusal(
            what: "ES256 where the key is RSA", failure: .wrongAlgorithm, token: { try signed(by: "p256") },
            verifier: { try verifier(pem: "rsa.pub") }),
        Refusal(
            what: "EdDSA where the key is P-256", failure: .wrongAlgorithm, token: { try signed(by: "ed25519") },
            verifier: { try verifier(pem: "p256.pub") }),
        Refusal(
            what: "a kid that no key has", failure: .unknownKey,
            token: { try TokenIssuer(secret: TokenFixture.secret, keyID: "b").issue(TokenFixture.claims()) },
            verifier: {
                TokenVerifier(KeySet([try TokenKey(secret: TokenFixture.secret, id: "a")]))
            }),
        Refusal(
            what: "no key at all", failure: .unknownKey,
            token: { try TokenFixture.issuer().issue(TokenFixture.claims()) }, verifier: { TokenVerifier(KeySet()) }),
    ]

    private static let parties =
        [
            ("no aud", [String](), "issuer.example"), ("another aud", ["elsewhere"], "issuer.example"),
        ].map { what, audiences, issuer in
            Refusal(
                what: what, failure: .audience,
                token: {
                    try TokenFixture.issuer().issue(
                        TokenFixture.claims { ($0.audiences, $0.issuer) = (audiences, issuer) })
                }, verifier: { try TokenFixture.verifier { $0.audiences = ["sync"] } })
        }
        + [nil, "evil.example"].map { issuer in
            Refusal(
                what: issuer.map { "iss \($0)" } ?? "no iss", failure: .issuer,
                token: { try TokenFixture.issuer().issue(TokenFixture.claims { $0.issuer = issuer }) },
                verifier: { try TokenFixture.verifier { $0.issuer = "issuer.example" } })
        }

    private static let forms = [
        ("nothing", "", TokenFailure.parts), ("one part", "a", .parts), ("two parts", "a.b", .parts),
        ("four parts", "a.b.c.d", .parts), ("padding", "e30=.e30.AA", .encoding(.header)),
        ("standard base64", "e30.e3+/.AA", .encoding(.payload)), ("trailing bits", "e30.e30.AB", .encoding(.signature)),
        ("a line break", "e30.e30.AA\n", .encoding(.signature)),
        ("over 8 KiB", String(repeating: "a", count: 8193), .tooLong(limit: 8192)),
    ].map { what, token, failure in Refusal(what: what, failure: failure) { token } }

    @Test(arguments: unsecured + headers + payloads + times + keys + parties + forms)
    func `it is refused`(refusal: Refusal) throws {
        let failure = try refusal.verifier().failure(of: refusal.token(), after: refusal.seconds)
        #expect(failure == refusal.failure)
    }

    @Test(arguments: [
        ("short", "it has 31 bytes, and at least 32 are needed", String(repeating: "s", count: 31)),
        ("empty", "it is empty", ""), ("published", "it is a published example that everybody knows", "changeme"),
        ("published by seed 001", "it is a published example that everybody knows", "harmony-flow-secret-key"),
        (
            "a PEM key", "it is a PEM key and no secret; give it as a key file",
            "-----BEGIN PUBLIC KEY-----\nAA\n-----END"
        ),
    ])
    func `it is refused as a secret`(what: String, reason: String, secret: String) {
        #expect(throws: TokenKeyError(reason)) { try KeySet(secret: Array(secret.utf8)) }
        #expect(throws: TokenKeyError(reason)) { try TokenIssuer(secret: Array(secret.utf8)) }
    }

    @Test func `development takes weak secrets, but no public key as one`() throws {
        _ = try KeySet(secret: Array("changeme".utf8), allowingWeak: true)
        let pem = try TokenFixture.pem("rsa.pub")
        #expect(throws: TokenKeyError.self) { try KeySet(secret: pem, allowingWeak: true) }
        #expect(throws: TokenKeyError.self) { try KeySet(secret: [], allowingWeak: true) }
    }

    @Test func `a reason repeats nothing of the token`() throws {
        let secretWord = "sesame-open-wide"
        let texts = [
            "{\"alg\":\"\(secretWord)\"}", "{\"alg\":\"HS256\",\"kid\":\"\(secretWord)\"}", "{\"\(secretWord)\":1}",
        ]
        let verifier = TokenVerifier(KeySet([try TokenKey(secret: TokenFixture.secret, id: "a")]))
        for header in texts {
            let token = TokenFixture.token(header: header, payload: "{\"sub\":\"\(secretWord) \"}")
            let failure = try #require(verifier.failure(of: token))
            #expect(!failure.reason.contains(secretWord))
        }
    }

    private static func signed(_ header: String) -> String {
        TokenFixture.token(header: header, payload: #"{"sub":"u1","exp":1767226500}"#)
    }

    private static func signed(by name: String) throws -> String {
        TokenIssuer(try PrivateKey(pem: TokenFixture.pem(name))).issue(TokenFixture.claims())
    }

    private static func verifier(pem name: String) throws -> TokenVerifier {
        TokenVerifier(try KeySet(pem: TokenFixture.pem(name)))
    }
}
