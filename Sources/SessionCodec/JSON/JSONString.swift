import SessionBase

extension [UInt8] {
    /// Appends a JSON string: quoted, with quotes, backslashes and control characters escaped.
    ///
    /// - Parameter utf8: Valid UTF-8; it is copied as it is.
    /// - Complexity: O(n); plain ASCII is found eight bytes at a time and copied in one piece.
    package mutating func appendJSONString(_ utf8: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        var start = 0
        while start < utf8.count {
            let end = JSONEscaping.endOfUnescaped(from: start, in: utf8)
            append(copying: utf8.extracting(start..<end))
            if end < utf8.count { JSONEscaping.append(utf8[end], to: &self) }
            start = end + 1
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string: quoted, with quotes, backslashes and control characters escaped.
    package mutating func appendJSON(_ string: String) {
        appendJSONString(string.utf8.span)
    }

    /// Appends a JSON string with the characters of another JSON text, whatever escapes that one used.
    ///
    /// - Complexity: O(n); allocates only where the text has escapes.
    package mutating func appendJSON(_ text: JSONText, in bytes: Span<UInt8>) {
        if !text.hasEscapes {
            append(UInt8(ascii: "\""))
            append(copying: bytes.extracting(text.range))
            append(UInt8(ascii: "\""))
        } else {
            var unescaped: [UInt8] = []
            text.append(to: &unescaped, in: bytes)
            appendJSONString(unescaped.span)
        }
    }
}

/// Which bytes of a string must be escaped, and how (RFC 8259 §7).
private enum JSONEscaping {
    /// Index of the first byte from `start` on that must be escaped, or the end.
    static func endOfUnescaped(from start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while index < bytes.count {
            index = JSONReader.endOfPlain(from: index, in: bytes)
            if index == bytes.count || bytes[index] < 0x80 { return index }
            index += 1
        }
        return index
    }

    /// Appends the escape for a quote, a backslash or a control character.
    static func append(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        default:
            output.append(literal: "u00")
            output.appendHexDigit(byte >> 4)
            output.appendHexDigit(byte & 15)
        }
    }
}

extension [UInt8] {
    /// Appends the lower-case hexadecimal digit of a value 0...15.
    mutating func appendHexDigit(_ value: UInt8) {
        append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value)
    }
}
