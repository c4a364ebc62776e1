import SessionBase

/// Checks UTF-8 that arrives in pieces, cut anywhere (RFC 3629 §4; RFC 6455 §8.1).
///
/// It refuses at the first byte that no continuation could repair: overlong forms, surrogates and values beyond U+10FFFF
/// show in the second byte of a sequence, so a bad text is known before its frame has ended.
package struct UTF8Validator: Equatable, Sendable {
    /// How many more bytes the sequence that was begun needs.
    private var missing: UInt8 = 0
    /// The range its next byte must be in.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    /// Starts at a character boundary.
    package init() {}

    /// Whether no character was left unfinished.
    package var isComplete: Bool { missing == 0 }

    /// Checks the next bytes of the text.
    ///
    /// - Returns: Whether the text can still become valid; after `false` the value must not be used again.
    /// - Complexity: O(n), eight bytes a step over ASCII, a character a step otherwise.
    package mutating func absorb(_ bytes: Span<UInt8>) -> Bool {
        var offset = 0
        while offset < bytes.count {
            if missing == 0 {
                offset = Self.skipCharacters(bytes, from: offset)
                guard offset < bytes.count else { return true }
                guard begin(bytes[offset]) else { return false }
            } else {
                guard bytes[offset] >= low, bytes[offset] <= high else { return false }
                missing &-= 1
                low = 0x80
                high = 0xBF
            }
            offset &+= 1
        }
        return true
    }

    /// Starts the sequence that belongs to a leading byte (RFC 3629 §4, the table of well-formed sequences).
    @inline(__always)
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, high) = (3, 0x8F)
        default: return false
        }
        return true
    }

    /// Skips characters that are valid and wholly there, up to the last few bytes.
    @inline(__always)
    private static func skipCharacters(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= bytes.count {
            let word = bytes.word(at: offset)
            let marks = word & 0x8080_8080_8080_8080
            if marks == 0 {
                offset &+= 8
            } else if marks & 0x80 == 0 {
                offset &+= marks.trailingZeroBitCount / 8
            } else {
                let length = sequenceLength(UInt32(truncatingIfNeeded: word))
                if length == 0 { return offset }
                offset &+= length
            }
        }
        while offset < bytes.count, bytes[offset] < 0x80 { offset &+= 1 }
        return offset
    }

    /// Length of the valid sequence of two to four bytes at the low end of `word`, 0 where there is none.
    ///
    /// The masks pick the bits that mark leading and continuation bytes; what is then left to check are bits of the first
    /// two bytes: none set means overlong, 1101 and 1 a surrogate, beyond 100 and 00 a value that Unicode does not have.
    @inline(__always)
    private static func sequenceLength(_ word: UInt32) -> Int {
        if word & 0x0000_C0E0 == 0x0000_80C0 { return word & 0x1E != 0 ? 2 : 0 }
        if word & 0x00C0_C0F0 == 0x0080_80E0 {
            let bits = word & 0x200F
            return bits != 0 && bits != 0x200D ? 3 : 0
        }
        if word & 0xC0C0_C0F8 == 0x8080_80F0 {
            return word & 0x3007 != 0 && (word & 0x04 == 0 || word & 0x3003 == 0) ? 4 : 0
        }
        return 0
    }
}
