/// UUIDs as text (RFC 9562, formerly RFC 4122): 36 characters, of any version, written in lower case (PROTOCOLS 1-27).
package enum UUIDText {
    /// Reads a UUID in any case.
    ///
    /// - Returns: The same in lower case; `nil` where it is none.
    package static func normalized(_ text: Span<UInt8>) -> String? {
        guard text.count == 36 else { return nil }
        var lower: [UInt8] = []
        lower.reserveCapacity(36)
        for index in text.indices {
            let byte = text[index]
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                lower.append(byte)
            } else {
                guard let digit = byte.hexDigitValue else { return nil }
                lower.appendHexDigit(digit)
            }
        }
        return String(decoding: lower, as: UTF8.self)
    }

    /// Reads a UUID in any case.
    package static func normalized(_ text: String) -> String? { normalized(text.utf8.span) }

    /// Writes a UUID of version 4.
    ///
    /// - Parameter random: Sixteen bytes, of which 122 bits are used.
    package static func version4(_ random: [UInt8]) -> String {
        precondition(random.count == 16, "a UUID is made of sixteen bytes")
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (place, byte) in random.enumerated() {
            if place == 4 || place == 6 || place == 8 || place == 10 { text.append(UInt8(ascii: "-")) }
            let byte = place == 6 ? 0x40 | byte & 0x0F : place == 8 ? 0x80 | byte & 0x3F : byte
            text.appendHexDigit(byte >> 4)
            text.appendHexDigit(byte & 15)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
