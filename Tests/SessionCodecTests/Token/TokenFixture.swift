import SessionBase
import SessionCodec
import SessionCrypto
import Testing

/// Keys, claims and tokens that tests begin with.
enum TokenFixture {
    /// 2026-01-01T00:00:00Z.
    static let now = Timestamp(milliseconds: 1_767_225_600_000)
    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)

    /// A file of `Tests/Fixtures/keys`.
    static func pem(_ name: String, source: String = #filePath) throws -> [UInt8] {
        try #require(FixtureFolder("Tests/Fixtures/keys", source: source).bytes(of: name + ".pem"))
    }

    /// The time that many seconds after ``now``.
    static func after(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: now.milliseconds + seconds * 1000) }

    /// Claims of `u1`, good for a quarter of an hour.
    static func claims(_ change: (inout TokenClaims) -> Void = { _ in }) -> TokenClaims {
        var claims = TokenClaims(user: "u1")
        claims.issuedAt = now
        claims.expiresAt = after(900)
        change(&claims)
        return claims
    }

    /// Signs with the secret.
    static func issuer(_ algorithm: TokenAlgorithm = .hs256) throws -> TokenIssuer {
        try TokenIssuer(secret: secret, algorithm: algorithm)
    }

    static func verifier(_ change: (inout TokenRules) -> Void = { _ in }) throws -> TokenVerifier {
        var rules = TokenRules()
        change(&rules)
        return TokenVerifier(try KeySet(secret: secret), rules: rules)
    }

    /// A token of any header and payload, signed with the secret by HMAC-SHA256 whatever the header says.
    static func token(header: String, payload: String) -> String {
        var text = Base64URL.encode(Array(header.utf8).span) + "." + Base64URL.encode(Array(payload.utf8).span)
        let message = Array(text.utf8)
        let code = MessageAuthentication.code(of: message.span, key: secret.span, with: .sha256)
        text += "." + Base64URL.encode(code.span)
        return text
    }
}

extension TokenVerifier {
    /// Verifies a text at the fixture's time, or seconds later.
    func verify(_ token: String, after seconds: Int64 = 0) throws(TokenFailure) -> TokenClaims {
        let bytes = Array(token.utf8)
        return try verify(bytes.span, at: TokenFixture.after(seconds))
    }

    /// Why a token is refused; `nil` where it is not.
    func failure(of token: String, after seconds: Int64 = 0) -> TokenFailure? {
        do throws(TokenFailure) { _ = try verify(token, after: seconds) } catch { return error }
        return nil
    }
}
