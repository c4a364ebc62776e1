/// One escape of a string, from its backslash on; two of them where a surrogate pair makes one character (RFC 8259 §7).
struct JSONEscape {
    /// The character that is meant; never a surrogate.
    let scalar: UInt32
    /// Bytes of the text it takes: 2, 6 or 12.
    let length: Int

    /// Reads the escape whose backslash is at `start`; a surrogate that is not in a pair is refused.
    init(at start: Int, in bytes: Span<UInt8>) throws(JSONError) {
        let letter = start + 1 < bytes.count ? bytes[start + 1] : 0
        guard letter == UInt8(ascii: "u") else {
            guard let scalar = Self.scalar(escapedBy: letter) else {
                throw JSONError(offset: start + 1, expected: .escape)
            }
            (self.scalar, length) = (scalar, 2)
            return
        }
        let first = try Self.hexDigits(at: start + 2, in: bytes)
        guard first & 0xF800 == 0xD800 else {
            (scalar, length) = (first, 6)
            return
        }
        guard first < 0xDC00, start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
            bytes[start + 7] == UInt8(ascii: "u")
        else { throw JSONError(offset: start, expected: .surrogatePair) }
        let second = try Self.hexDigits(at: start + 8, in: bytes)
        guard second & 0xFC00 == 0xDC00 else { throw JSONError(offset: start + 6, expected: .surrogatePair) }
        scalar = 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
        length = 12
    }

    private static func scalar(escapedBy letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt32(letter)
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    private static func hexDigits(at start: Int, in bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<start + 4 {
            guard index < bytes.count, let digit = bytes[index].hexDigitValue else {
                throw JSONError(offset: min(index, bytes.count), expected: .hexDigits)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

extension UInt8 {
    /// The value 0...15 of an ASCII hexadecimal digit in either case.
    var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
