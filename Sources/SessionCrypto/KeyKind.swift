internal import COpenSSL

/// The kinds of asymmetric key that are supported, one signature algorithm each.
package enum KeyKind: String, Sendable {
    /// RSA of 2048 bits and up; signatures are PKCS #1 v1.5 with SHA-256 (RFC 8017 §8.2).
    case rsa = "RSA"
    /// The curve P-256; signatures are ECDSA with SHA-256 (FIPS 186-4), written as r and s, 32 bytes each.
    case p256 = "P-256"
    /// The curve Ed25519; signatures are EdDSA (RFC 8032), 64 bytes.
    case ed25519 = "Ed25519"

    /// Shorter moduli are refused (RFC 7518 §3.3).
    static let modulusBitsMin = 2048
    /// Longer ones only cost the verifier time: OpenSSL itself refuses to check with more.
    static let modulusBitsMax = 16_384

    /// Judges a key of OpenSSL's.
    init(of key: OpaquePointer) throws(KeyError) {
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA:
            let bits = Int(EVP_PKEY_get_bits(key))
            guard bits >= Self.modulusBitsMin else {
                throw KeyError("it is an RSA key of \(bits) bits; at least \(Self.modulusBitsMin) are needed")
            }
            guard bits <= Self.modulusBitsMax else {
                throw KeyError("it is an RSA key of \(bits) bits; at most \(Self.modulusBitsMax) are supported")
            }
            self = .rsa
        case EVP_PKEY_EC:
            guard Self.curve(of: key) == "prime256v1" else {
                throw KeyError("its curve is not P-256, the one that is supported")
            }
            self = .p256
        case EVP_PKEY_ED25519: self = .ed25519
        default: throw KeyError("it is neither an RSA, nor a P-256, nor an Ed25519 key")
        }
    }

    /// What a signature hashes with; Ed25519 does so by itself.
    var digest: OpaquePointer? { self == .ed25519 ? nil : EVP_sha256() }

    private static func curve(of key: OpaquePointer) -> String {
        var name = [CChar](repeating: 0, count: 80)
        var count = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return "" }
        return String(decoding: name[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
