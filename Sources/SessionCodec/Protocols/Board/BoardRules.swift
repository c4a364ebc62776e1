import SessionBase

/// What a shape may be made of (PROTOCOLS 3-8, 3-9, 3-15).
///
/// Texts have no limit of their own: a message of 64 KiB bounds them, and what is written of one is never longer than
/// what was read.
package enum BoardRules {
    /// How far from the origin a shape or a cursor may lie, in the client's units.
    package static let coordinateMax = 1e7
    /// The widest and the highest shape, in the client's units.
    package static let sizeMax = 1e6
    /// The longest type of shape, in bytes.
    package static let typeBytesMax = 32
    /// The longest name of a colour, in bytes.
    package static let colourNameBytesMax = 32

    /// Tells whether a finite number is a coordinate.
    package static func allows(coordinate: Double) -> Bool { coordinate.magnitude <= coordinateMax }

    /// Tells whether a finite number is a width or a height.
    package static func allows(size: Double) -> Bool { size >= 0 && size <= sizeMax }

    /// A rotation as it is stored: degrees in 0..<360.
    ///
    /// - Parameter rotation: Any finite number of degrees.
    package static func normalized(rotation: Double) -> Double {
        let rest = rotation.truncatingRemainder(dividingBy: 360)
        let positive = rest < 0 ? rest + 360 : rest
        // A tiny negative number plus 360 rounds to 360 itself; and zero has one spelling.
        return positive >= 360 || positive == 0 ? 0 : positive
    }

    /// Tells whether a text is a type of shape: `^[a-z][a-z0-9_-]{0,31}$`. What it means is the clients' matter.
    ///
    /// - Complexity: O(n), no allocation.
    package static func allows(type: Span<UInt8>) -> Bool {
        guard 1...typeBytesMax ~= type.count, isSmallLetter(type[0]) else { return false }
        for index in type.indices where !isSmallLetter(type[index]) && !isDigitOrJoiner(type[index]) { return false }
        return true
    }

    /// Tells whether a text is a colour: `^#[0-9a-fA-F]{3,8}$`, or a name `^[A-Za-z][A-Za-z0-9_-]{0,31}$`.
    ///
    /// - Complexity: O(n), no allocation.
    package static func allows(colour: Span<UInt8>) -> Bool {
        guard colour.count > 0 else { return false }
        if colour[0] == UInt8(ascii: "#") {
            guard 4...9 ~= colour.count else { return false }
            for index in 1..<colour.count where colour[index].hexDigitValue == nil { return false }
            return true
        }
        guard colour.count <= colourNameBytesMax, isLetter(colour[0]) else { return false }
        for index in colour.indices where !isLetter(colour[index]) && !isDigitOrJoiner(colour[index]) { return false }
        return true
    }

    /// Tells whether a text is a type of shape.
    package static func allows(type: String) -> Bool { allows(type: type.utf8.span) }

    /// Tells whether a text is a colour.
    package static func allows(colour: String) -> Bool { allows(colour: colour.utf8.span) }

    private static func isSmallLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }

    private static func isLetter(_ byte: UInt8) -> Bool { isSmallLetter(byte | 0x20) }

    private static func isDigitOrJoiner(_ byte: UInt8) -> Bool {
        byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
