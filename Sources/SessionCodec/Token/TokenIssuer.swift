import SessionBase
package import SessionCrypto

/// Makes signed tokens.
package struct TokenIssuer: Sendable {
    private enum Key: Sendable {
        case secret([UInt8], TokenAlgorithm)
        case privateKey(PrivateKey)
    }

    private let key: Key
    /// What `kid` of its tokens says, where they have one.
    package let keyID: String?

    /// Signs with a secret.
    package init(
        secret: [UInt8], algorithm: TokenAlgorithm = .hs256, keyID: String? = nil, allowingWeak: Bool = false
    ) throws(TokenKeyError) {
        precondition(algorithm.hmacDigest != nil, "a secret is for HMAC alone")
        try TokenSecret.check(secret, allowingWeak: allowingWeak)
        key = .secret(secret, algorithm)
        self.keyID = keyID
    }

    /// Signs with a private key, whose kind decides the algorithm.
    package init(_ privateKey: PrivateKey, keyID: String? = nil) {
        key = .privateKey(privateKey)
        self.keyID = keyID
    }

    /// What `alg` of its tokens says.
    package var algorithm: TokenAlgorithm {
        switch key {
        case .secret(_, let algorithm): algorithm
        case .privateKey(let key): TokenAlgorithm(key.kind)
        }
    }

    /// Makes a token of its claims.
    package func issue(_ claims: TokenClaims) -> String { issue(payload: claims.payload) }

    /// Makes a token of any payload.
    package func issue(payload: [UInt8]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("alg", algorithm.rawValue)
            json.field("typ", "JWT")
            if let keyID { json.field("kid", keyID) }
        }
        var token: [UInt8] = []
        Base64URL.append(json.takeBytes().span, to: &token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(payload.span, to: &token)
        let signature = signature(of: token.span)
        token.append(UInt8(ascii: "."))
        Base64URL.append(signature.span, to: &token)
        return String(decoding: token, as: UTF8.self)
    }

    private func signature(of message: Span<UInt8>) -> [UInt8] {
        switch key {
        case .secret(let secret, let algorithm):
            guard let digest = algorithm.hmacDigest else { preconditionFailure("a secret is for HMAC alone") }
            return MessageAuthentication.code(of: message, key: secret.span, with: digest)
        case .privateKey(let key): return key.signature(of: message)
        }
    }
}
