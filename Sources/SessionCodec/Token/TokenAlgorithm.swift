package import SessionCrypto

/// The signature algorithms of tokens that are implemented (RFC 7518 §3.1, RFC 8037 §3.1; PROTOCOLS §1.5).
package enum TokenAlgorithm: String, CaseIterable, Sendable {
    /// HMAC with SHA-256, 384 and 512: whoever can check a token can make one.
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    /// RSA PKCS #1 v1.5 with SHA-256.
    case rs256 = "RS256"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// Ed25519.
    case edDSA = "EdDSA"

    /// The one that an asymmetric key is for.
    package init(_ kind: KeyKind) {
        self =
            switch kind {
            case .rsa: .rs256
            case .p256: .es256
            case .ed25519: .edDSA
            }
    }

    /// The hash below an HMAC; `nil` for a signature.
    package var hmacDigest: Digest.Algorithm? {
        switch self {
        case .hs256: .sha256
        case .hs384: .sha384
        case .hs512: .sha512
        case .rs256, .es256, .edDSA: nil
        }
    }

    /// Those that a shared secret is for.
    package static let hmac: [TokenAlgorithm] = [.hs256, .hs384, .hs512]
}
