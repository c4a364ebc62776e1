import SessionBase
import SessionCodec

/// Tokens, claims and key files of anybody: what is accepted has one text and one meaning, and is signed.
enum TokensFuzz {
    /// Choices: 0 takes the payload for a token, 1 for claims that are signed, 2 for a header of such a token, otherwise it is
    /// a file of keys.
    static let seeds: [[UInt8]] = [
        (1, issuer.issue(payload: Array(#"{"sub":"u1","exp":4102444800}"#.utf8))),
        (1, "eyJhbGciOiJub25lIn0.e30."), (1, "e30.e30.AA"),
        (2, #"{"sub":"u1","session_id":"s","roles":["admin"],"scope":"a b","exp":4102444800,"iat":1,"aud":["x"]}"#),
        (2, #"{"user_id":"u1","role":"viewer","nbf":1.5,"exp":1e9,"jti":"j","fam":"f","sid":null}"#),
        (4, #"{"alg":"HS256","typ":"JWT","kid":"k"}"#), (4, #"{"alg":"none","crit":["b64"]}"#),
        (
            0,
            #"{"keys":[{"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"},{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#
        ),
        (0, #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"sig"}"#),
        (
            0,
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n"
        ),
    ].map { (choices: UInt8, text: String) in FuzzInput.bytes(choices: choices, Array(text.utf8)) }

    private static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    private static let issuer = made { () throws(TokenKeyError) in try TokenIssuer(secret: secret) }
    private static let keys = made { () throws(TokenKeyError) in try KeySet(secret: secret) }
    /// 2020-01-01T00:00:00Z.
    private static let now = Timestamp(milliseconds: 1_577_836_800_000)

    private static func made<Value>(_ body: () throws(TokenKeyError) -> Value) -> Value {
        do throws(TokenKeyError) { return try body() } catch { fatalError("\(error)") }
    }

    static func check(_ input: FuzzInput) {
        checkEncoding(input.payload)
        if input.choice(0) {
            checkToken(input.payload)
        } else if input.choice(1) {
            checkClaims(input.payload)
        } else if input.choice(2) {
            checkHeader(input.payload)
        } else if let keys = try? KeySet(contents: input.payload) {
            require(!keys.keys.isEmpty, "a file without keys is accepted")
            require(keys.withoutSecrets.keys.allSatisfy { !$0.isSecret }, "a secret is left")
        }
    }

    /// Each array of bytes has one text.
    private static func checkEncoding(_ text: [UInt8]) {
        guard let bytes = Base64URL.decode(text.span) else { return }
        require(Array(Base64URL.encode(bytes.span).utf8) == text, "two texts of the same bytes")
    }

    /// What is accepted is what the issuer would have written: the signature covers all of it.
    private static func checkToken(_ text: [UInt8]) {
        guard let token = try? keys.authenticate(text.span) else { return }
        require(token.algorithmName.map { $0.hasPrefix("HS") } == true, "another algorithm than the key's")
        require(!token.signature.isEmpty, "a token without signature")
        require(text.count { $0 == UInt8(ascii: ".") } == 2, "a token of other than three parts")
    }

    /// Claims that are accepted are so again when they are issued anew.
    private static func checkClaims(_ payload: [UInt8]) {
        let text = Array(issuer.issue(payload: payload).utf8)
        guard text.count <= CompactToken.bytesMax else { return }
        guard let parts = try? keys.authenticate(text.span) else { fatalError("a signed token is refused") }
        require(parts.payload == payload, "another payload")
        guard let claims = try? TokenVerifier(keys).verify(text.span, at: now) else { return }
        require(!claims.user.isEmpty && claims.expiresAt != nil && claims.family == nil, "claims that nobody may have")
        var again = claims
        // Times are written in whole seconds.
        for time in [\TokenClaims.expiresAt, \.notBefore, \.issuedAt] {
            again[keyPath: time] = claims[keyPath: time].map { Timestamp(milliseconds: $0.seconds * 1000) }
        }
        guard let object = try? JSONObject.parse(part: again.payload, .payload), let read = try? TokenClaims(object)
        else {
            fatalError("claims that were accepted are refused when they are written")
        }
        // A list with an empty scope or audience is written as none.
        require(
            read.user == again.user && read.roles == again.roles && read.expiresAt == again.expiresAt, "other claims")
    }

    /// A header signed by nobody never lets anything in.
    private static func checkHeader(_ header: [UInt8]) {
        var text: [UInt8] = []
        Base64URL.append(header.span, to: &text)
        let rest: StaticString = ".eyJzdWIiOiJ1MSIsImV4cCI6NDEwMjQ0NDgwMH0."
        text.append(literal: rest)
        require((try? keys.authenticate(text.span)) == nil, "a token without a signature is accepted")
        text.append(literal: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        require((try? keys.authenticate(text.span)) == nil, "a token with a wrong signature is accepted")
    }
}
