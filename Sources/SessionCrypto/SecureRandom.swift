internal import COpenSSL

/// Bytes that nobody can predict, for keys, tokens and hash seeds.
package enum SecureRandom {
    /// Draws that many bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        // Fails only where the system has no randomness at all; nothing safe can be done then.
        precondition(RAND_bytes(&result, Int32(count)) == 1, "the system gives no random bytes")
        return result
    }

    /// Draws a whole word.
    package static func word() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
