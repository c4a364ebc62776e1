internal import COpenSSL

/// Codes that only holders of a secret can make and check: HMAC (RFC 2104).
package enum MessageAuthentication {
    /// Computes the code of `message`, as long as the hash is.
    ///
    /// - Parameters:
    ///   - key: The secret; not empty.
    ///   - algorithm: The hash function below the HMAC.
    package static func code(of message: Span<UInt8>, key: Span<UInt8>, with algorithm: Digest.Algorithm) -> [UInt8] {
        precondition(!key.isEmpty, "an HMAC without a key proves nothing")
        var code = [UInt8](repeating: 0, count: algorithm.byteCount)
        // All three buffers outlive the call, and the result's has the length that is told.
        let isDone = key.withUnsafeBytes { key in
            message.withUnsafeBytes { message in
                EVP_Q_mac(
                    nil, "HMAC", nil, algorithm.name, nil, key.baseAddress, key.count,
                    message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count, &code, code.count, nil)
            }
        }
        precondition(isDone != nil, "an HMAC of bytes in memory cannot fail")
        return code
    }

    /// Whether `code` is the one of `message`; takes the same time wherever the two differ.
    package static func isValid(
        _ code: Span<UInt8>, of message: Span<UInt8>, key: Span<UInt8>, with algorithm: Digest.Algorithm
    ) -> Bool {
        let expected = self.code(of: message, key: key, with: algorithm)
        return ConstantTime.isEqual(expected.span, code)
    }
}
