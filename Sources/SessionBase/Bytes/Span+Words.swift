extension Span where Element == UInt8 {
    /// Loads the eight bytes at `offset`, the first of them in the lowest place; traps where fewer are left.
    ///
    /// Scanners that look at eight bytes at once are built on it.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        // Safe: the load checks its bounds, and every bit pattern is a UInt64.
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Tells whether `count` bytes from `start` are those of `other` from `otherStart`; both ranges must lie inside.
    ///
    /// - Complexity: O(`count`), eight bytes a step.
    @inlinable
    package func isEqual(from start: Int, count: Int, to other: Span<UInt8>, from otherStart: Int = 0) -> Bool {
        var done = 0
        while done &+ 8 <= count {
            if word(at: start &+ done) != other.word(at: otherStart &+ done) { return false }
            done &+= 8
        }
        while done < count {
            if self[start &+ done] != other[otherStart &+ done] { return false }
            done &+= 1
        }
        return true
    }

    /// Tells whether both hold the same bytes.
    @inlinable @inline(__always)
    package func isEqual(to other: Span<UInt8>) -> Bool {
        count == other.count && isEqual(from: 0, count: count, to: other)
    }

    /// Tells whether the characters of `literal` stand at `start`.
    ///
    /// - Complexity: O(length of the literal); a known literal is compared without a loop.
    @inlinable @inline(__always)
    package func hasLiteral(_ literal: StaticString, at start: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard start >= 0, start <= count &- length else { return false }
        for index in 0..<length {
            // Safe: a literal's bytes are constant data of the binary, and `index` is below their count.
            if unsafe self[start &+ index] != literal.utf8Start[index] { return false }
        }
        return true
    }
}

extension [UInt8] {
    /// Appends a copy of `span`, in one piece.
    @inlinable
    package mutating func append(copying span: Span<UInt8>) {
        // Safe: the pointer does not leave the closure, and `span` keeps its bytes alive until then.
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends the characters of a literal, such as a constant part of a message.
    @inlinable
    package mutating func append(literal: StaticString) {
        // Safe: a literal's bytes are constant data of the binary, and the buffer has exactly their count.
        literal.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
