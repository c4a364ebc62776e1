/// Well-formed UTF-8 (RFC 3629 §4, Unicode table 3-7), one character at a time.
enum UTF8Sequence {
    /// Length of the sequence of two to four bytes that begins at `start`, which is a byte above 0x7F.
    ///
    /// - Returns: 2...4, or 0 where it is overlong, a surrogate, beyond U+10FFFF, or cut off.
    static func length(at start: Int, in bytes: Span<UInt8>) -> Int {
        func isTail(_ place: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            start + place < bytes.count && range.contains(bytes[start + place])
        }
        switch bytes[start] {
        case 0xC2...0xDF: return isTail(1) ? 2 : 0
        case 0xE0: return isTail(1, 0xA0...0xBF) && isTail(2) ? 3 : 0
        case 0xED: return isTail(1, 0x80...0x9F) && isTail(2) ? 3 : 0
        case 0xE1...0xEF: return isTail(1) && isTail(2) ? 3 : 0
        case 0xF0: return isTail(1, 0x90...0xBF) && isTail(2) && isTail(3) ? 4 : 0
        case 0xF1...0xF3: return isTail(1) && isTail(2) && isTail(3) ? 4 : 0
        case 0xF4: return isTail(1, 0x80...0x8F) && isTail(2) && isTail(3) ? 4 : 0
        default: return 0
        }
    }
}

extension [UInt8] {
    /// Appends the UTF-8 of a scalar value, which must not be a surrogate.
    mutating func append(utf8 scalar: UInt32) {
        var packed = PackedUTF8(scalar)
        while let byte = packed.next() { append(byte) }
    }
}

/// The one to four bytes of a character's UTF-8, in a register.
struct PackedUTF8: Sendable {
    private var bytes: UInt32
    private var count: UInt8

    /// No bytes.
    init() { (bytes, count) = (0, 0) }

    /// The bytes of a scalar value, which must not be a surrogate.
    init(_ scalar: UInt32) {
        switch scalar {
        case ..<0x80: (bytes, count) = (scalar, 1)
        case ..<0x800: (bytes, count) = (0xC0 | scalar >> 6 | Self.tail(scalar) << 8, 2)
        case ..<0x10000:
            (bytes, count) = (0xE0 | scalar >> 12 | Self.tail(scalar >> 6) << 8 | Self.tail(scalar) << 16, 3)
        default:
            bytes =
                0xF0 | scalar >> 18 | Self.tail(scalar >> 12) << 8 | Self.tail(scalar >> 6) << 16
                | Self.tail(scalar) << 24
            count = 4
        }
    }

    private static func tail(_ bits: UInt32) -> UInt32 { 0x80 | bits & 0x3F }

    /// Takes the first byte that is left.
    mutating func next() -> UInt8? {
        guard count > 0 else { return nil }
        let byte = UInt8(truncatingIfNeeded: bytes)
        bytes >>= 8
        count -= 1
        return byte
    }
}
