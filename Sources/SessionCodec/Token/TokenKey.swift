import SessionBase
package import SessionCrypto

/// One key that tokens are checked with, pinned to its algorithm (RFC 8725 §3.1).
package struct TokenKey: Sendable {
    /// What the key is made of. A public key can never be taken for a secret: they are different cases.
    private enum Material: Sendable {
        /// Shared with whoever issues tokens.
        case secret([UInt8])
        /// The issuer's other half.
        case publicKey(PublicKey)
    }

    /// `kid`: tokens that name a key are checked with no other; `nil` where the key is without a name.
    package let id: String?
    /// The algorithms that a token's `alg` may name.
    package let algorithms: [TokenAlgorithm]
    private let material: Material

    /// Takes a secret for `algorithms`.
    ///
    /// - Throws: ``TokenKeyError`` where ``TokenSecret`` has something against it.
    package init(
        secret: [UInt8], id: String? = nil, algorithms: [TokenAlgorithm] = TokenAlgorithm.hmac,
        allowingWeak: Bool = false
    ) throws(TokenKeyError) {
        precondition(algorithms.allSatisfy { $0.hmacDigest != nil }, "a secret is for HMAC alone")
        try TokenSecret.check(secret, allowingWeak: allowingWeak)
        self.id = id
        self.algorithms = algorithms
        material = .secret(secret)
    }

    /// Takes a public key, whose kind decides the algorithm.
    package init(_ key: PublicKey, id: String? = nil) {
        self.id = id
        algorithms = [TokenAlgorithm(key.kind)]
        material = .publicKey(key)
    }

    /// Whether whoever has it can sign with it.
    package var isSecret: Bool { if case .secret = material { true } else { false } }

    /// Whether `signature` is this key's under `message` by `algorithm`, which is one of ``algorithms``.
    func verifies(_ signature: Span<UInt8>, of message: Span<UInt8>, by algorithm: TokenAlgorithm) -> Bool {
        switch material {
        case .secret(let secret):
            guard let digest = algorithm.hmacDigest else { return false }
            return MessageAuthentication.isValid(signature, of: message, key: secret.span, with: digest)
        case .publicKey(let key): return key.verifies(signature, of: message)
        }
    }
}

/// Why something is no key for tokens: one line without full stop that never repeats the key.
package struct TokenKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String

    /// Makes an error of its line.
    package init(_ description: String) { self.description = description }
}
