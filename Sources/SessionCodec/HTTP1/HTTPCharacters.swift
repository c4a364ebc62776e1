import SessionBase

/// The character classes of HTTP/1.1 (RFC 9110 §5.6, RFC 9112 §3).
extension UInt8 {
    /// Whether this may stand in a token: a method, a field name, a list element.
    @inline(__always)
    var isTokenCharacter: Bool {
        // One bit a character: ! # $ % & ' * + - . 0-9 in the lower word, A-Z ^ _ ` a-z | ~ in the upper one.
        let word: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return self < 128 && word >> UInt64(self & 63) & 1 == 1
    }

    /// Whether this may stand in a field's value: visible ASCII, space, tab, and bytes of unknown meaning above 0x7F.
    var isFieldValueCharacter: Bool { self >= 0x20 ? self != 0x7F : self == 0x09 }

    /// Whether this may stand in a request target; what no sender of ours or of a browser leaves unescaped is refused.
    var isTargetCharacter: Bool {
        switch self {
        case UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): false
        default: self > 0x20 && self < 0x7F
        }
    }

    /// Whether this may stand in a host with a port (RFC 3986 §3.2.2).
    var isAuthorityCharacter: Bool {
        switch self {
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ","):
            true
        case UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "#"): false
        default: isTokenCharacter
        }
    }

    /// Whether this is a space or a tab.
    @inline(__always)
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// The byte with an ASCII letter in lower case.
    @inline(__always)
    var lowercasedASCII: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }
}

extension UInt64 {
    /// Bit 7 of each of the eight bytes that is a control character; only the lowest mark counts.
    @inline(__always)
    var marksOfControls: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Bytes above 0x7F are no controls: their own bit 7 takes the mark away.
        let below = (self &- 0x2020_2020_2020_2020) & ~self
        let delete = ((self ^ 0x7F7F_7F7F_7F7F_7F7F) &- ones) & ~self
        return (below | delete) & 0x8080_8080_8080_8080
    }
}

extension Span where Element == UInt8 {
    /// Index of the first control character (0x00...0x1F or 0x7F) in `range`, or its end.
    ///
    /// - Complexity: O(n), eight bytes a step.
    @inline(__always)
    func firstControl(in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index &+ 8 <= range.upperBound {
            let marks = word(at: index).marksOfControls
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < range.upperBound, self[index] >= 0x20, self[index] != 0x7F { index &+= 1 }
        return index
    }

    /// Tells whether `range` holds the letters of `literal`, which is in lower case, in any case.
    @inline(__always)
    func hasLiteralIgnoringCase(_ literal: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == literal.utf8CodeUnitCount else { return false }
        for place in 0..<range.count {
            // Safe: a literal's bytes are constant data of the binary, and `place` is below their count.
            let expected = unsafe literal.utf8Start[place]
            if self[range.lowerBound &+ place].lowercasedASCII != expected { return false }
        }
        return true
    }

    /// `range` without the spaces and tabs at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}
