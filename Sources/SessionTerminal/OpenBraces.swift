/// Tells whether a typed JSON text goes on in the next line.
package enum OpenBraces {
    /// Whether `text` is an object or array with braces or brackets that are still open.
    ///
    /// Text that does not start with one is complete. So is text that ends inside a string: JSON strings hold no line
    /// feeds (RFC 8259 §7), so another line could not make it right, and the peer's error says more than a stuck prompt.
    package static func areLeft(in text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first(where: { !isSpace($0) }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return false }
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return depth > 0 && !isInString
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
}
