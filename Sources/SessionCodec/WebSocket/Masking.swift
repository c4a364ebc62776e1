/// The exclusive-or that client frames are masked with (RFC 6455 §5.3).
package enum Masking {
    /// Masks or unmasks bytes in place, and tells whether all results are ASCII.
    ///
    /// Both in one pass because a text that is all ASCII needs no UTF-8 check: 7 ns for 108 bytes where a bounds-checked
    /// loop over bytes took 46.
    ///
    /// - Parameters:
    ///   - bytes: The bytes to change.
    ///   - key: The key with the byte that belongs to the first of them in its lowest place; 0 only scans.
    /// - Returns: Whether every byte is below 0x80 after masking.
    /// - Complexity: O(n), 32 bytes a step.
    @inline(__always)
    package static func apply(_ key: UInt32, to bytes: inout MutableSpan<UInt8>) -> Bool {
        let count = bytes.count
        // Safe: every offset below is smaller than `count` less the width that is loaded or stored there, and the
        // pointer does not leave the closure.
        return unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return true }
            return unsafe apply(key, to: base, count: count)
        }
    }

    /// The loops of ``apply(_:to:)``; `base` must have `count` bytes.
    @inline(__always)
    private static func apply(_ key: UInt32, to base: UnsafeMutableRawPointer, count: Int) -> Bool {
        guard count >= 8 else { return unsafe applyShort(key, to: base, count: count) }
        let pattern = UInt64(key.littleEndian) | UInt64(key.littleEndian) << 32
        // The last word is masked from what it was, so that it may overlap the one before it.
        let last = unsafe base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        let seen = unsafe applyWords(pattern, to: base, count: count)
        let turn = UInt64(truncatingIfNeeded: count & 3) &* 8
        let word = last ^ (pattern &>> turn | pattern &<< (64 &- turn))
        unsafe base.storeBytes(of: word, toByteOffset: count &- 8, as: UInt64.self)
        return (seen | word) & 0x8080_8080_8080_8080 == 0
    }

    /// Masks all whole words but, perhaps, the last, and returns the bits that the results have.
    @inline(__always)
    private static func applyWords(_ pattern: UInt64, to base: UnsafeMutableRawPointer, count: Int) -> UInt64 {
        let block = SIMD4<UInt64>(repeating: pattern)
        var seenBlock = SIMD4<UInt64>.zero
        var offset = 0
        while offset &+ 32 <= count {
            let words = unsafe base.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self) ^ block
            seenBlock |= words
            unsafe base.storeBytes(of: words, toByteOffset: offset, as: SIMD4<UInt64>.self)
            offset &+= 32
        }
        var seen = seenBlock[0] | seenBlock[1] | seenBlock[2] | seenBlock[3]
        while offset &+ 8 < count {
            let word = unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ pattern
            seen |= word
            unsafe base.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        return seen
    }

    /// Masks fewer than eight bytes.
    @inline(__always)
    private static func applyShort(_ key: UInt32, to base: UnsafeMutableRawPointer, count: Int) -> Bool {
        var pattern = UInt64(key) | UInt64(key) << 32
        var seen: UInt8 = 0
        for offset in 0..<count {
            let byte = unsafe base.load(fromByteOffset: offset, as: UInt8.self) ^ UInt8(truncatingIfNeeded: pattern)
            seen |= byte
            unsafe base.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            pattern >>= 8
        }
        return seen & 0x80 == 0
    }

    /// The key for the bytes that follow `count` bytes masked with `key`.
    @inline(__always)
    package static func advance(_ key: UInt32, by count: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: count & 3) &* 8
        return key &>> bits | key &<< (32 &- bits)
    }
}
