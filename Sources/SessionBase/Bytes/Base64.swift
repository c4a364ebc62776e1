/// Bytes as text in base64 with padding (RFC 4648 §4).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Spells bytes: four characters for each three of them, begun ones included.
    package static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(bytes.count - start, 3)
            var group: UInt32 = 0
            for place in 0..<3 { group = group << 8 | (place < count ? UInt32(bytes[start + place]) : 0) }
            for place in 0...3 {
                let isPadding = place > count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(group >> UInt32(18 - 6 * place) & 63)])
            }
        }
        return text
    }

    /// Reads what ``encode(_:)`` spells.
    ///
    /// - Returns: The bytes, or `nil` where a character, the length or the padding is wrong.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        guard text.count > 0 else { return [] }
        var padding = 0
        while padding < 2, text[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            let isLast = start + 4 == text.count
            let characters = isLast ? 4 - padding : 4
            var group: UInt32 = 0
            for place in 0..<4 {
                guard let sextet = place < characters ? value(text[start + place]) : 0 else { return nil }
                group = group << 6 | UInt32(sextet)
            }
            for place in 0..<characters - 1 { bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))) }
            // Bits that belong to no byte must be zero, so that each text of bytes is the only one.
            if isLast, group << UInt32(8 + 8 * (characters - 1)) != 0 { return nil }
        }
        return bytes
    }

    /// The six bits that a character stands for; `nil` where it is none of the alphabet's.
    package static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
