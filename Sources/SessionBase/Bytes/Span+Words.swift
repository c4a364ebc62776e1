/// Bytes looked at eight at a time, the first of them in the lowest place of a word.
///
/// Whatever has eight bytes or more is covered by whole words, the last of which may overlap the one before it; what is
/// shorter fits into one word. So there is no loop over single bytes.
extension Span where Element == UInt8 {
    /// Loads the eight bytes at `offset`; traps where fewer are left.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        // Safe: the load checks its bounds, and every bit pattern is a UInt64.
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Loads the eight bytes at `offset`; `nil` where fewer are left.
    @inlinable @inline(__always)
    package func word(ifAt offset: Int) -> UInt64? {
        guard offset >= 0, offset <= count &- 8 else { return nil }
        // Safe: the bounds were just checked.
        return unsafe uncheckedWord(at: offset)
    }

    /// Loads the eight bytes at `offset`, which must be there.
    @unsafe @inlinable @inline(__always)
    func uncheckedWord(at offset: Int) -> UInt64 {
        // Safe: the caller vouches for the bounds, and every bit pattern is a UInt64.
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// Loads the byte at `offset`; 0 where none is left.
    @inlinable @inline(__always)
    package func byte(orZeroAt offset: Int) -> UInt8 {
        guard UInt(bitPattern: offset) < UInt(bitPattern: count) else { return 0 }
        // Safe: without its sign a negative offset is above every count, so that the bounds were just checked.
        return unsafe self[unchecked: offset]
    }

    /// Loads the eight bytes at `offset`, or those that are left there, zeros above them.
    @inlinable @inline(__always)
    package func word(orRestAt offset: Int) -> UInt64 {
        if let word = word(ifAt: offset) { return word }
        return rest(at: offset)
    }

    /// Loads the bytes that are left at `offset`, fewer than eight, zeros above them.
    @usableFromInline @inline(never)
    func rest(at offset: Int) -> UInt64 {
        guard offset >= 0, offset < count else { return 0 }
        let missing = UInt64(truncatingIfNeeded: 8 &* (offset &+ 8 &- count))
        // The last word of all, without what stands before `offset`.
        if let word = word(ifAt: count &- 8) { return word &>> missing }
        return partialWord(at: offset, count: count &- offset)
    }

    /// Loads fewer than eight bytes, zeros above them; traps where `count` bytes are not left at `offset`.
    @inlinable @inline(__always)
    package func partialWord(at offset: Int, count: Int) -> UInt64 {
        // The two ends overlap where `count` is odd; the bits that both bring are the same.
        if count >= 4 {
            let end = UInt64(half(at: offset &+ count &- 4))
            return UInt64(half(at: offset)) | end &<< UInt64(truncatingIfNeeded: 8 &* (count &- 4))
        }
        if count >= 2 {
            let end = UInt64(self[offset &+ count &- 1])
            return UInt64(self[offset]) | UInt64(self[offset &+ 1]) << 8
                | end &<< UInt64(truncatingIfNeeded: 8 &* (count &- 1))
        }
        return count == 1 ? UInt64(self[offset]) : 0
    }

    /// Loads the four bytes at `offset`; traps where fewer are left.
    @inlinable @inline(__always)
    func half(at offset: Int) -> UInt32 {
        // Safe: the load checks its bounds, and every bit pattern is a UInt32.
        unsafe UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Tells whether `count` bytes from `start` are those of `other` from `otherStart`; both ranges must lie inside.
    ///
    /// - Complexity: O(`count`), eight bytes a step; without a loop where the count is a known one up to 16.
    @inlinable @inline(__always)
    package func isEqual(from start: Int, count: Int, to other: Span<UInt8>, from otherStart: Int = 0) -> Bool {
        if count < 8 {
            return partialWord(at: start, count: count) == other.partialWord(at: otherStart, count: count)
        }
        precondition(
            start >= 0 && start <= self.count &- count && otherStart >= 0 && otherStart <= other.count &- count,
            "comparing bytes that are not there")
        let last = count &- 8
        var done = 0
        while done < last {
            // Safe: `done` is below `last`, so that the word ends inside of the ranges that were just checked.
            if unsafe uncheckedWord(at: start &+ done) != other.uncheckedWord(at: otherStart &+ done) { return false }
            done &+= 8
        }
        // Safe: the word ends where those ranges end.
        return unsafe uncheckedWord(at: start &+ last) == other.uncheckedWord(at: otherStart &+ last)
    }

    /// Tells whether both hold the same bytes.
    @inlinable @inline(__always)
    package func isEqual(to other: Span<UInt8>) -> Bool {
        count == other.count && isEqual(from: 0, count: count, to: other)
    }

    /// Tells whether the characters of `literal` stand at `start`.
    ///
    /// - Complexity: O(length of the literal); a known one up to 16 characters is a constant or two to compare with.
    @inlinable @inline(__always)
    package func hasLiteral(_ literal: StaticString, at start: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard start >= 0, start <= count &- length else { return false }
        // Safe: a literal's bytes are constant data of the binary, of exactly this count.
        let characters = unsafe Span(_unsafeStart: literal.utf8Start, count: length)
        return isEqual(from: start, count: length, to: characters)
    }
}

extension UInt64 {
    /// The characters of a literal of at most eight, the first in the lowest place, zeros above the last.
    @inlinable @inline(__always)
    package init(characters literal: StaticString) { self = Self.pair(characters: literal).low }

    /// The characters of a literal of at most sixteen in two words, zeros above the last.
    @inlinable @inline(__always)
    package static func pair(characters literal: StaticString) -> (low: UInt64, high: UInt64) {
        precondition(literal.utf8CodeUnitCount <= 16, "two words hold sixteen characters")
        var (low, high) = (UInt64(0), UInt64(0))
        for place in 0..<literal.utf8CodeUnitCount {
            // Safe: a literal's bytes are constant data of the binary, and `place` is below their count.
            let character = UInt64(unsafe literal.utf8Start[place]) &<< UInt64(truncatingIfNeeded: 8 &* (place & 7))
            if place < 8 { low |= character } else { high |= character }
        }
        return (low, high)
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
