import SessionBase
import SessionCodec
import SessionCrypto
import Testing

@Suite struct KeySetTests {
    /// RFC 8037 appendix A.2.
    private let ed25519 = #"{"kty":"OKP","crv":"Ed25519","kid":"ed","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    /// RFC 7517 appendix A.1.
    private let p256 = #"""
        {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
         "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"ec"}
        """#
    private let secret = #"{"kty":"oct","kid":"s","alg":"HS256","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}"#

    @Test func `a set keeps the keys that can be used, and says why it leaves others out`() throws {
        let text = """
            {"keys":[\(ed25519),\(p256),\(secret),
              {"kty":"RSA","kid":"short","n":"AQAB","e":"AQAB"}, {"kty":"RSA","kid":"no-n","e":"AQAB"},
              {"kty":"EC","crv":"P-521","x":"AA","y":"AA"}, {"kty":"quantum"}, {"kty":"oct","k":"c2hvcnQ"},
              {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
               "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyN","kid":"off the curve"},
              \(ed25519.replacing(#""kid":"ed""#, with: #""use":"enc""#)),
              \(ed25519.replacing(#""kid":"ed""#, with: #""key_ops":["sign"]"#)),
              \(ed25519.replacing(#""kid":"ed""#, with: #""alg":"ES256""#)), 7]}
            """
        let keys = try KeySet(contents: Array(text.utf8))
        #expect(keys.keys.map(\.id) == ["ed", "ec", "s"])
        #expect(keys.keys.map(\.algorithms) == [[.edDSA], [.es256], [.hs256]])
        #expect(keys.skipped.count == 10)
        #expect(keys.skipped[0] == "key 4: it is an RSA key of 17 bits; at least 2048 are needed")
        #expect(keys.withoutSecrets.keys.map(\.id) == ["ed", "ec"])
    }

    @Test(arguments: [
        ("{}", "its kty is none of oct, RSA, EC, OKP"), (#"{"keys":[]}"#, "it holds no key that can be used"),
        (#"{"keys":[{"kty":"x"}]}"#, "it holds no key that can be used; key 1: its kty is none of oct, RSA, EC, OKP"),
        ("{", "it is not JSON: expected a key or a closing brace at byte 1"),
        ("hello", "it is neither a JWK, nor a JWK Set, nor PEM"),
        ("", "it is neither a JWK, nor a JWK Set, nor PEM"),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "its key number 1 cannot be used: it holds no PEM key without pass phrase"
        ),
    ])
    func `a file without a key is refused with the reason`(text: String, reason: String) {
        #expect { try KeySet(contents: Array(text.utf8)) } throws: { error in
            "\(error)" == reason || reason.hasPrefix("it is not JSON") && "\(error)".hasPrefix("it is not JSON")
        }
    }

    @Test(arguments: [("AQ", "its RSA exponent cannot be used"), ("BA", "its RSA exponent cannot be used")])
    func `an RSA key with an exponent that proves nothing is refused`(exponent: String, reason: String) throws {
        let modulus = Base64URL.encode([UInt8](repeating: 0xFF, count: 256).span)
        let text = #"{"kty":"RSA","n":"\#(modulus)","e":"\#(exponent)"}"#
        #expect(throws: TokenKeyError(reason)) { try KeySet(contents: Array(text.utf8)) }
    }

    @Test func `a token that names a key is checked with no other`() throws {
        let other = Array("fedcba9876543210fedcba9876543210".utf8)
        let keys = KeySet([
            try TokenKey(secret: TokenFixture.secret, id: "a"), try TokenKey(secret: other, id: "b"),
        ])
        let verifier = TokenVerifier(keys)
        let right = try TokenIssuer(secret: other, keyID: "b").issue(TokenFixture.claims())
        let wrong = try TokenIssuer(secret: other, keyID: "a").issue(TokenFixture.claims())
        let unnamed = try TokenIssuer(secret: other).issue(TokenFixture.claims())
        #expect(verifier.failure(of: right) == nil)
        #expect(verifier.failure(of: wrong) == .signature)
        #expect(verifier.failure(of: unnamed) == nil)
    }

    @Test func `a key with one algorithm refuses the others of its kind`() throws {
        let verifier = TokenVerifier(try KeySet(contents: Array(secret.utf8)))
        #expect(try verifier.failure(of: TokenFixture.issuer(.hs256).issue(TokenFixture.claims())) == nil)
        #expect(
            try verifier.failure(of: TokenFixture.issuer(.hs512).issue(TokenFixture.claims())) == .wrongAlgorithm)
    }
}

extension String {
    /// The text with another in place of one part.
    fileprivate func replacing(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
