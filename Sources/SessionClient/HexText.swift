/// Reads and writes bytes as hexadecimal text.
package enum HexText {
    /// Parses pairs of hexadecimal digits; white space, `:` and a leading `0x` may stand between and before them.
    ///
    /// - Returns: `nil` where anything else stands there or a digit is left over.
    package static func parse(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
        for character in digits.utf8 {
            if character == UInt8(ascii: " ") || character == UInt8(ascii: ":") { continue }
            guard let digit = digit(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }

    /// Spells bytes as pairs of lower-case digits separated by spaces.
    package static func spell(_ bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 3)
        let digits = Array("0123456789abcdef".utf8)
        for index in 0..<bytes.count {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            text.append(digits[Int(bytes[index] >> 4)])
            text.append(digits[Int(bytes[index] & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
