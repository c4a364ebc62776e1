/// Makes text that came from a peer harmless to a terminal.
///
/// A terminal obeys control characters: a peer that sends some could rename the window, recolour the screen, answer for
/// the person who types, or reorder what is read. So nothing that steers a terminal passes unchanged:
///
/// | Bytes | Shown as |
/// |---|---|
/// | line feed, carriage return, tab | `\n` `\r` `\t` |
/// | the other C0 controls and DEL | `\x1b` |
/// | C1 controls, bidirectional controls, line and paragraph separators | `\u{9b}` |
/// | bytes that are not UTF-8 (Unicode §3.9, table 3-7) | `\xff` |
///
/// A backslash is left alone: the result is for eyes, and it is not meant to be turned back. Pipes get exact bytes.
package enum Escaping {
    /// What happens to the line feeds of a text.
    package enum LineFeeds: Sendable {
        /// Shown as `\n`: the text came from a peer as it is.
        case escaped
        /// Kept: the text was laid out by us, such as indented JSON.
        case kept
    }

    /// Appends `text` with everything replaced that a terminal would obey.
    ///
    /// - Complexity: O(n); a run of harmless ASCII is copied byte by byte without decoding.
    package static func append(_ text: Span<UInt8>, lineFeeds: LineFeeds = .escaped, to output: inout [UInt8]) {
        output.reserveCapacity(output.count + text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20 && byte < 0x7F {
                output.append(byte)
                index += 1
            } else if byte < 0x80 {
                appendControl(byte, lineFeeds: lineFeeds, to: &output)
                index += 1
            } else {
                index = appendScalar(text, at: index, to: &output)
            }
        }
    }

    /// Returns `text` as it may be shown on a terminal.
    package static func escaped(_ text: String, lineFeeds: LineFeeds = .escaped) -> String {
        var output: [UInt8] = []
        append(Array(text.utf8).span, lineFeeds: lineFeeds, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendControl(_ byte: UInt8, lineFeeds: LineFeeds, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\n"): output.append(contentsOf: lineFeeds == .kept ? "\n".utf8 : "\\n".utf8)
        case UInt8(ascii: "\r"): output.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): output.append(contentsOf: "\\t".utf8)
        default: appendByte(byte, to: &output)
        }
    }

    /// Appends the scalar that starts at `index`, escaped where it steers the direction of text, and returns its end.
    private static func appendScalar(_ text: Span<UInt8>, at index: Int, to output: inout [UInt8]) -> Int {
        guard let (scalar, end) = decode(text, at: index) else {
            appendByte(text[index], to: &output)
            return index + 1
        }
        if steersTerminal(scalar) {
            output.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
        } else {
            for place in index..<end { output.append(text[place]) }
        }
        return end
    }

    /// Decodes one multi-byte scalar; `nil` where the bytes are no shortest-form UTF-8.
    private static func decode(_ text: Span<UInt8>, at index: Int) -> (Unicode.Scalar, end: Int)? {
        let lead = text[index]
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        guard index + length <= text.count else { return nil }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for place in index + 1..<index + length {
            let byte = text[place]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value >= [0x80, 0x800, 0x10000][length - 2], let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, index + length)
    }

    private static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func appendByte(_ byte: UInt8, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(contentsOf: "\\x".utf8)
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
    }
}
