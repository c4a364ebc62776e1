/// The little of DER (X.690) that public keys made of numbers and ECDSA signatures need.
enum DER {
    /// Wraps contents in a sequence.
    static func sequence(_ contents: [UInt8]) -> [UInt8] { element(0x30, contents) }

    /// Writes a whole number, given as big-endian bytes of any length; leading zeros do not count.
    static func unsigned(_ number: some Collection<UInt8>) -> [UInt8] {
        let digits = number.drop { $0 == 0 }
        // A first bit of one would mean a negative number, and zero has one byte.
        let needsZero = digits.first.map { $0 >= 0x80 } ?? true
        return element(0x02, (needsZero ? [0] : []) + digits)
    }

    /// Wraps whole bytes in a bit string.
    static func bitString(_ contents: [UInt8]) -> [UInt8] { element(0x03, [0] + contents) }

    /// Writes an element: its tag, the length in the fewest bytes, the contents.
    static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        if contents.count < 0x80 { return [tag, UInt8(contents.count)] + contents }
        var length: [UInt8] = []
        var rest = contents.count
        while rest > 0 {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(length.count)] + length + contents
    }

    /// Reads the two numbers of an ECDSA signature that OpenSSL made, each padded to `width` bytes.
    ///
    /// - Returns: `nil` where it is not a sequence of two such numbers.
    static func twoNumbers(_ signature: [UInt8], width: Int) -> [UInt8]? {
        guard signature.count >= 2, signature[0] == 0x30, Int(signature[1]) == signature.count - 2 else { return nil }
        var result: [UInt8] = []
        var start = 2
        while start + 2 <= signature.count, signature[start] == 0x02 {
            let end = start + 2 + Int(signature[start + 1])
            guard end <= signature.count else { return nil }
            let digits = signature[(start + 2)..<end].drop { $0 == 0 }
            guard digits.count <= width else { return nil }
            result += [UInt8](repeating: 0, count: width - digits.count) + digits
            start = end
        }
        return start == signature.count && result.count == 2 * width ? result : nil
    }
}
