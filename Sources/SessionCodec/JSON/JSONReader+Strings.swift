import SessionBase

extension JSONReader {
    /// Reads a string: escapes checked, surrogates in pairs, UTF-8 valid, no bare control character.
    package mutating func string(in bytes: Span<UInt8>) throws(JSONError) -> JSONText {
        guard peek(in: bytes) == UInt8(ascii: "\"") else { throw failure(.string) }
        return try scanString(in: bytes)
    }

    /// Reads a string whose opening quote is the byte at `offset`.
    ///
    /// Eight bytes at a time up to the first that is not plain; in nearly all strings that is the closing quote.
    @inline(__always)
    mutating func scanString(in bytes: Span<UInt8>) throws(JSONError) -> JSONText {
        let start = offset &+ 1
        let index = Self.endOfPlain(from: start, in: bytes)
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
            offset = index &+ 1
            return JSONText(start: start, count: index &- start, hasEscapes: false, isASCII: true)
        }
        return try scanRestOfString(from: start, at: index, in: bytes)
    }

    /// Index of the first byte from `start` on that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    static func endOfPlain(from start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while let word = bytes.word(ifAt: index) {
            let marks = word.marksOfSpecialBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        return endOfPlainRest(from: index, in: bytes)
    }

    /// The same for what is shorter than a word.
    @inline(never)
    private static func endOfPlainRest(from index: Int, in bytes: Span<UInt8>) -> Int {
        // What is missing of the last word are zeros, which are special as any control character is.
        let rest = bytes.partialWord(at: index, count: bytes.count &- index)
        return index &+ rest.marksOfSpecialBytes.trailingZeroBitCount / 8
    }

    /// Reads on from the first byte at which a string is more than plain ASCII.
    @inline(never)
    private mutating func scanRestOfString(
        from start: Int, at firstSpecial: Int, in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONText {
        var text = JSONText(start: start, count: 0, hasEscapes: false, isASCII: true)
        offset = firstSpecial
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                text.count = offset &- start
                offset &+= 1
                return text
            } else if byte == UInt8(ascii: "\\") {
                let escape = try JSONEscape(at: offset, in: bytes)
                text.hasEscapes = true
                if escape.scalar >= 0x80 { text.isASCII = false }
                offset &+= escape.length
            } else if byte >= 0x80 {
                let length = UTF8Sequence.length(at: offset, in: bytes)
                guard length > 0 else { throw failure(.validUTF8) }
                text.isASCII = false
                offset &+= length
            } else if byte < 0x20 {
                throw failure(.escapedCharacter)
            } else {
                offset = Self.endOfPlain(from: offset, in: bytes)
            }
        }
        throw failure(.closingQuote)
    }
}

extension UInt64 {
    /// Bit 7 of each of the eight bytes that is a quote, a backslash, below 0x20 or above 0x7F.
    ///
    /// A borrow can mark bytes above a marked one too, so that only the lowest mark counts.
    @inline(__always)
    fileprivate var marksOfSpecialBytes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let controls = self &- 0x2020_2020_2020_2020
        let quotes = (self ^ 0x2222_2222_2222_2222) &- ones
        let backslashes = (self ^ 0x5C5C_5C5C_5C5C_5C5C) &- ones
        return (self | controls | quotes | backslashes) & 0x8080_8080_8080_8080
    }
}
