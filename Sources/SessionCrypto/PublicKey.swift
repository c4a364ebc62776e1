internal import COpenSSL

/// The half of a key pair that checks signatures. Immutable, and usable on all threads at once.
package final class PublicKey: Sendable {
    /// What kind of key it is, which decides the one algorithm it checks.
    package let kind: KeyKind
    /// Never changed after `init`; OpenSSL's functions only read it, and count references with atomics.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Takes over one reference to a key of OpenSSL's, which is released where it will not do.
    init(adopting key: OpaquePointer) throws(KeyError) {
        do throws(KeyError) { kind = try KeyKind(of: key) } catch {
            EVP_PKEY_free(key)
            throw error
        }
        pointer = key
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Whether `signature` is this key's under `message`.
    ///
    /// - Parameter signature: As JOSE writes it (RFC 7518 §3): for P-256 the numbers r and s, 32 bytes each.
    package func verifies(_ signature: Span<UInt8>, of message: Span<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(signature.count)
        for index in 0..<signature.count { bytes.append(signature[index]) }
        if kind == .p256 {
            guard bytes.count == 64 else { return false }
            bytes = DER.sequence(DER.unsigned(bytes[..<32]) + DER.unsigned(bytes[32...]))
        }
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory to check a signature") }
        defer {
            EVP_MD_CTX_free(context)
            // A wrong signature leaves an entry that the next TLS error of this thread would show.
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, kind.digest, nil, pointer) == 1 else { return false }
        // Both buffers outlive the call, which reads them only.
        return message.withUnsafeBytes { message in
            EVP_DigestVerify(
                context, bytes, bytes.count, message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count)
                == 1
        }
    }
}

extension PublicKey {
    /// Makes an RSA key of its numbers, big-endian (RFC 7518 §6.3.1: `n` and `e`).
    package convenience init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(KeyError) {
        let digits = exponent.drop { $0 == 0 }
        // Signatures of a key with the exponent 1 can be made by anybody, and an even one has none.
        guard digits != [1], let last = digits.last, last & 1 == 1, digits.count <= 8 else {
            throw KeyError("its RSA exponent cannot be used")
        }
        let numbers = DER.sequence(DER.unsigned(modulus) + DER.unsigned(exponent))
        // rsaEncryption, 1.2.840.113549.1.1.1, with a null parameter (RFC 3279 §2.3.1).
        let algorithm: [UInt8] = [
            0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        try self.init(der: DER.sequence(algorithm + DER.bitString(numbers)))
    }

    /// Makes a P-256 key of its point (RFC 7518 §6.2.1: `x` and `y`, 32 bytes each).
    package convenience init(p256X x: [UInt8], y: [UInt8]) throws(KeyError) {
        guard x.count == 32, y.count == 32 else { throw KeyError("its coordinates are not 32 bytes each") }
        // ecPublicKey with prime256v1 (RFC 5480 §2.1.1), then an uncompressed point.
        let algorithm: [UInt8] = [
            0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
            0x03, 0x01, 0x07,
        ]
        try self.init(der: DER.sequence(algorithm + DER.bitString([4] + x + y)))
    }

    /// Makes an Ed25519 key of its 32 bytes (RFC 8037 §2: `x`).
    package convenience init(ed25519 bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == 32 else { throw KeyError("it is not 32 bytes long") }
        guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            ERR_clear_error()
            throw KeyError("it is no Ed25519 key")
        }
        try self.init(adopting: key)
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1); a point must lie on its curve.
    private convenience init(der: [UInt8]) throws(KeyError) {
        let key = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_PUBKEY(nil, &next, bytes.count)
        }
        guard let key else {
            ERR_clear_error()
            throw KeyError("its numbers make no key")
        }
        try self.init(adopting: key)
    }

    /// Reads the first public key, certificate or unencrypted private key of a PEM text (RFC 7468).
    ///
    /// A certificate stands for its key alone: neither its dates nor who signed it are looked at.
    package convenience init(pem: [UInt8]) throws(KeyError) {
        // The function in place of OpenSSL's own keeps it from asking a terminal for a pass phrase.
        let key =
            Self.key(in: pem) { PEM_read_bio_PUBKEY($0, nil, { _, _, _, _ in -1 }, nil) }
            ?? Self.certificateKey(in: pem)
        if let key { try self.init(adopting: key) } else { try self.init(adopting: PrivateKey(pem: pem).retained()) }
    }

    /// Whether a text is PEM rather than a secret.
    package static func looksLikePEM(_ text: [UInt8]) -> Bool {
        let mark = Array("-----BEGIN ".utf8)
        return text.indices.contains { text[$0...].starts(with: mark) }
    }

    private static func certificateKey(in pem: [UInt8]) -> OpaquePointer? {
        key(in: pem) { buffer in
            guard let certificate = copenssl_next_certificate(buffer) else { return nil }
            defer { X509_free(certificate) }
            return X509_get_pubkey(certificate)
        }
    }

    /// Calls `read` with a buffer over the text, and forgets the errors of what it did not find.
    static func key(in pem: [UInt8], _ read: (OpaquePointer?) -> OpaquePointer?) -> OpaquePointer? {
        defer { ERR_clear_error() }
        return pem.withUnsafeBytes { bytes in
            // The buffer reads from the array's storage, which outlives it.
            let buffer = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { BIO_free(buffer) }
            return read(buffer)
        }
    }
}
