import SessionBase

extension JSONReader {
    /// Reads a number in the grammar of RFC 8259 §6; its value is computed only when asked for.
    package mutating func number(in bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let first = peek(in: bytes)
        let start = offset
        if first == UInt8(ascii: "-") {
            offset &+= 1
        } else if !first.isDigit {
            throw failure(.number)
        }
        if byte(in: bytes) == UInt8(ascii: "0") { offset &+= 1 } else { try readDigits(in: bytes) }
        var isInteger = true
        if byte(in: bytes) == UInt8(ascii: ".") {
            isInteger = false
            offset &+= 1
            try readDigits(in: bytes)
        }
        if byte(in: bytes) | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset &+= 1
            let sign = byte(in: bytes)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset &+= 1 }
            try readDigits(in: bytes)
        }
        return JSONNumber(start: start, count: offset &- start, isInteger: isInteger)
    }

    /// Reads `true` or `false`.
    package mutating func boolean(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        let isTrue = peek(in: bytes) == UInt8(ascii: "t")
        try readWord(isTrue ? "true" : "false", else: .boolean, in: bytes)
        return isTrue
    }

    /// Reads `null`.
    package mutating func null(in bytes: Span<UInt8>) throws(JSONError) {
        _ = peek(in: bytes)
        try readWord("null", else: .null, in: bytes)
    }

    /// Reads at least one digit.
    private mutating func readDigits(in bytes: Span<UInt8>) throws(JSONError) {
        guard byte(in: bytes).isDigit else { throw failure(.digit) }
        repeat { offset &+= 1 } while byte(in: bytes).isDigit
    }

    private mutating func readWord(
        _ word: StaticString, else expectation: JSONError.Expectation, in bytes: Span<UInt8>
    ) throws(JSONError) {
        guard bytes.hasLiteral(word, at: offset) else { throw failure(expectation) }
        offset &+= word.utf8CodeUnitCount
    }

    /// The byte at `offset`, or 0 at the end.
    @inline(__always)
    private func byte(in bytes: Span<UInt8>) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }
}

extension UInt8 {
    /// Whether this is an ASCII digit.
    @inline(__always)
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
