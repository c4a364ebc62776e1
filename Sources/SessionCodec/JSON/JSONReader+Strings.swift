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
        let text = try Self.scanRestOfString(from: start, at: index, in: bytes)
        offset = text.start &+ text.count &+ 1
        return text
    }

    /// Reads a string whose opening quote is the byte at `offset`, where it is graphic: all ASCII without space, control
    /// characters and escapes, as ids are.
    ///
    /// - Returns: `nil`, nothing being read, where it is another one, broken, or has an exclamation mark.
    @inline(__always)
    mutating func scanGraphicString(in bytes: Span<UInt8>) -> JSONText? {
        let start = offset &+ 1
        var index = start
        var word = bytes.word(orRestAt: index)
        var marks = word.marksOfNoGraphicBytes
        while marks == 0 {
            index &+= 8
            word = bytes.word(orRestAt: index)
            marks = word.marksOfNoGraphicBytes
        }
        guard word.isQuote(atLowestOf: marks) else { return nil }
        index &+= marks.trailingZeroBitCount / 8
        offset = index &+ 1
        return JSONText(start: start, count: index &- start)
    }

    /// Reads a string whose opening quote is the byte at `offset`, to be compared with what is known.
    @inline(__always)
    mutating func scanShortText(in bytes: Span<UInt8>) throws(JSONError) -> ShortText {
        let start = offset &+ 1
        let low = bytes.word(orRestAt: start)
        var marks = low.marksOfNoGraphicBytes
        if marks != 0 {
            if low.isQuote(atLowestOf: marks) {
                offset = start &+ marks.trailingZeroBitCount / 8 &+ 1
                return ShortText(low: low.keepingBytes(belowLowestOf: marks), high: 0)
            }
        } else {
            let high = bytes.word(orRestAt: start &+ 8)
            marks = high.marksOfNoGraphicBytes
            if high.isQuote(atLowestOf: marks) {
                offset = start &+ marks.trailingZeroBitCount / 8 &+ 9
                return ShortText(low: low, high: high.keepingBytes(belowLowestOf: marks))
            }
        }
        let text: ShortText
        (text, offset) = try Self.anyShortText(at: self, in: bytes)
        return text
    }

    /// Reads a value that should be a string, to be compared with what is known; `nil` where it is another.
    @inline(__always)
    mutating func shortText(in bytes: Span<UInt8>) throws(JSONError) -> ShortText? {
        if peek(in: bytes) == UInt8(ascii: "\"") { return try scanShortText(in: bytes) }
        offset = try Self.endOfValue(at: self, in: bytes)
        return nil
    }

    /// Skips any value; the reader is a copy, as one that a call can change lies in memory.
    @inline(never)
    private static func endOfValue(at reader: JSONReader, in bytes: Span<UInt8>) throws(JSONError) -> Int {
        var reader = reader
        return try reader.skipValue(in: bytes).upperBound
    }

    /// Reads any string; the reader is a copy here, too.
    @inline(never)
    private static func anyShortText(
        at reader: JSONReader, in bytes: Span<UInt8>
    ) throws(JSONError) -> (text: ShortText, end: Int) {
        var reader = reader
        let text = try reader.scanString(in: bytes)
        return (ShortText(text, in: bytes), reader.offset)
    }

    /// Index of the first byte from `start` on that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    static func endOfPlain(from start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while true {
            // What is missing of the last word are zeros, which are special as any control character is.
            let marks = bytes.word(orRestAt: index).marksOfSpecialBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
    }

    /// Reads on from the first byte at which a string is more than plain ASCII.
    @inline(never)
    private static func scanRestOfString(
        from start: Int, at firstSpecial: Int, in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONText {
        var text = JSONText(start: start, count: 0, hasEscapes: false, isASCII: true)
        var offset = firstSpecial
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                text.count = offset &- start
                return text
            } else if byte == UInt8(ascii: "\\") {
                let escape = try JSONEscape(at: offset, in: bytes)
                text.hasEscapes = true
                if escape.scalar >= 0x80 { text.isASCII = false }
                offset &+= escape.length
            } else if byte >= 0x80 {
                let length = UTF8Sequence.length(at: offset, in: bytes)
                guard length > 0 else { throw JSONError(offset: offset, expected: .validUTF8) }
                text.isASCII = false
                offset &+= length
            } else if byte < 0x20 {
                throw JSONError(offset: offset, expected: .escapedCharacter)
            } else {
                offset = endOfPlain(from: offset, in: bytes)
            }
        }
        throw JSONError(offset: offset, expected: .closingQuote)
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

    /// The same, with space, exclamation mark and DEL (0x20, 0x21 and 0x7F) marked too.
    ///
    /// One number then divides what is marked up to the quote from all else, which is a third of the work.
    @inline(__always)
    fileprivate var marksOfNoGraphicBytes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let upToQuote = self &- 0x2323_2323_2323_2323
        let backslashes = (self ^ 0x5C5C_5C5C_5C5C_5C5C) &- ones
        return (self | (self &+ ones) | upToQuote | backslashes) & 0x8080_8080_8080_8080
    }

    /// Whether the byte that the lowest mark is in is a quote; not, where there is no mark.
    @inline(__always)
    fileprivate func isQuote(atLowestOf marks: UInt64) -> Bool {
        // Without a mark the shift is 64, which counts as none, and the first byte is no quote either.
        let place = UInt64(truncatingIfNeeded: marks.trailingZeroBitCount) & 56
        return self &>> place & 0xFF == 0x22
    }

    /// The bytes below the one that the lowest mark is in, zeros above them.
    @inline(__always)
    fileprivate func keepingBytes(belowLowestOf marks: UInt64) -> UInt64 {
        self & (((marks & (0 &- marks)) >> 7) &- 1)
    }
}
