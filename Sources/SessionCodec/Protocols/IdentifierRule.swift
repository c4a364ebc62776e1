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
        if text.count < 8 {
            let filling: UInt64 = 0x3030_3030_3030_3030 &<< UInt64(truncatingIfNeeded: 8 &* text.count)
            return !(bytes.partialWord(at: text.start, count: text.count) | filling).hasSpaceOrDelete
        }
        let last = text.start &+ text.count &- 8
        var index = text.start
        while index < last {
            if bytes.word(at: index).hasSpaceOrDelete { return false }
            index &+= 8
        }
        return !bytes.word(at: last).hasSpaceOrDelete
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
    private static func isPlainASCII(_ byte: UInt8) -> Bool { byte &- 0x21 < 0x5E }
}

extension UInt64 {
    /// Whether one of eight bytes is 0x20 or 0x7F, where all are ASCII and none of them a control character of JSON.
    @inline(__always)
    fileprivate var hasSpaceOrDelete: Bool {
        ((self &- 0x2121_2121_2121_2121) | (self &+ 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 != 0
    }
}
