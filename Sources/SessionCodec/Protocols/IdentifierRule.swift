import SessionBase

/// The rule for identifiers in every profile: 1 to 128 Unicode scalars, none of them white space, control or surrogate
/// (PROTOCOLS §1.8, §2.8).
package enum IdentifierRule {
    /// The most scalars an id may have.
    package static let scalarsMax = 128

    /// Tells whether a string of a JSON text, with its escapes replaced, is an id.
    ///
    /// - Complexity: O(n); allocates only where the text has escapes or leaves ASCII.
    package static func allows(_ text: JSONText, in bytes: Span<UInt8>) -> Bool {
        if text.hasEscapes || !text.isASCII { return allows(text.string(in: bytes)) }
        guard (1...scalarsMax).contains(text.count) else { return false }
        var index = text.start
        let end = text.start + text.count
        while index + 8 <= end {
            if bytes.word(at: index).hasSpaceOrDelete { return false }
            index += 8
        }
        while index < end {
            if !isPlainASCII(bytes[index]) { return false }
            index += 1
        }
        return true
    }

    /// Tells whether a string is an id.
    package static func allows(_ text: String) -> Bool {
        var scalars = 0
        for scalar in text.unicodeScalars {
            scalars += 1
            if scalars > scalarsMax || !allows(scalar) { return false }
        }
        return scalars > 0
    }

    /// Tells whether an id may contain `scalar`; surrogates are no scalars in Swift.
    private static func allows(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isPlainASCII(UInt8(scalar.value)) }
        return !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
    }

    /// Tells whether an ASCII byte is neither space nor control.
    @inline(__always)
    private static func isPlainASCII(_ byte: UInt8) -> Bool { byte &- 0x21 < 0x5E }
}

extension UInt64 {
    /// Whether one of eight bytes is 0x20 or 0x7F, all of them being in 0x20...0x7F, as a reader of JSON has seen to.
    @inline(__always)
    fileprivate var hasSpaceOrDelete: Bool {
        // A byte's bit 7 is set by the first sum unless it is a space, and by the second if it is a delete.
        let others = (self ^ 0x2020_2020_2020_2020) &+ 0x7F7F_7F7F_7F7F_7F7F
        let deletes = self &+ 0x0101_0101_0101_0101
        return (~others | deletes) & 0x8080_8080_8080_8080 != 0
    }
}
