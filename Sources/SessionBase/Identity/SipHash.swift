/// SipHash-2-4, a keyed hash whose output cannot be predicted without the key (Aumasson and Bernstein, 2012).
///
/// Chooses the loop that owns a user, and draws the masking keys of a client (RFC 6455 §10.3). Unlike `Hasher` it is a
/// fixed function of its arguments, so a simulation replays.
package struct SipHash: Sendable {
    /// The first half of the key.
    package let key0: UInt64
    /// The second half of the key.
    package let key1: UInt64

    /// Makes the hash function that belongs to a 128-bit key.
    package init(key0: UInt64, key1: UInt64) {
        self.key0 = key0
        self.key1 = key1
    }

    /// Hashes one 64-bit word, as its eight little-endian bytes.
    package func hash(_ word: UInt64) -> UInt64 {
        var state = State(key0, key1)
        state.compress(word)
        state.compress(8 << 56)
        return state.finish()
    }

    /// Hashes any number of bytes.
    ///
    /// - Complexity: O(n), no allocation.
    package func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var state = State(key0, key1)
        var word: UInt64 = 0
        for index in 0..<bytes.count {
            word |= UInt64(bytes[index]) << UInt64(8 * (index & 7))
            if index & 7 == 7 {
                state.compress(word)
                word = 0
            }
        }
        state.compress(word | UInt64(truncatingIfNeeded: bytes.count) << 56)
        return state.finish()
    }

    private struct State {
        var v0: UInt64, v1: UInt64, v2: UInt64, v3: UInt64

        init(_ key0: UInt64, _ key1: UInt64) {
            v0 = key0 ^ 0x736f_6d65_7073_6575
            v1 = key1 ^ 0x646f_7261_6e64_6f6d
            v2 = key0 ^ 0x6c79_6765_6e65_7261
            v3 = key1 ^ 0x7465_6462_7974_6573
        }

        mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xff
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 &+= v1
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 &+= v3
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 &+= v1
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
