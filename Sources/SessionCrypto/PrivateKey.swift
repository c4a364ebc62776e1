internal import COpenSSL

/// The half of a key pair that makes signatures. Immutable, and usable on all threads at once.
package final class PrivateKey: Sendable {
    /// What kind of key it is, which decides the one algorithm it signs by.
    package let kind: KeyKind
    /// Never changed after `init`; OpenSSL's functions only read it, and count references with atomics.
    private nonisolated(unsafe) let pointer: OpaquePointer

    /// Takes over one reference to a key of OpenSSL's, which is released where it will not do.
    private init(adopting key: OpaquePointer) throws(KeyError) {
        do throws(KeyError) { kind = try KeyKind(of: key) } catch {
            EVP_PKEY_free(key)
            throw error
        }
        pointer = key
    }

    /// Reads the first private key of a PEM text (PKCS #8, or OpenSSL's own forms), not encrypted.
    package convenience init(pem: [UInt8]) throws(KeyError) {
        guard let key = PublicKey.key(in: pem, { copenssl_private_key($0) }) else {
            throw KeyError("it holds no PEM key without pass phrase")
        }
        try self.init(adopting: key)
    }

    deinit { EVP_PKEY_free(pointer) }

    /// One more reference to the key, for somebody who releases it.
    func retained() -> OpaquePointer {
        precondition(EVP_PKEY_up_ref(pointer) == 1, "a key that lives can be kept")
        return pointer
    }

    /// The other half.
    package var publicKey: PublicKey {
        do throws(KeyError) { return try PublicKey(adopting: retained()) } catch {
            preconditionFailure("a private key of a supported kind has a public half of it")
        }
    }

    /// Signs `message`, as JOSE writes signatures (RFC 7518 §3): for P-256 the numbers r and s, 32 bytes each.
    package func signature(of message: Span<UInt8>) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory to sign") }
        defer { EVP_MD_CTX_free(context) }
        var count = Int(EVP_PKEY_get_size(pointer))
        var signature = [UInt8](repeating: 0, count: count)
        // Both buffers outlive the calls, and the result's has the length that is told.
        let isDone = message.withUnsafeBytes { message in
            EVP_DigestSignInit(context, nil, kind.digest, nil, pointer) == 1
                && EVP_DigestSign(
                    context, &signature, &count, message.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    message.count) == 1
        }
        precondition(isDone, "signing bytes in memory with a complete key cannot fail")
        signature.removeSubrange(count...)
        guard kind == .p256 else { return signature }
        guard let numbers = DER.twoNumbers(signature, width: 32) else {
            preconditionFailure("OpenSSL writes an ECDSA signature as a sequence of two numbers")
        }
        return numbers
    }
}
