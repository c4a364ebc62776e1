import SessionBase

/// Draws the names of shapes: 12 characters of base62 (PROTOCOLS 3-7), 71 bits that nobody meets twice.
struct ShapeIDs: Sendable {
    /// Unguessable bytes that were drawn and not used: the operating system is asked for many at a time.
    private var bytes: [UInt8] = []

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let length = 12
    private static let drawnAtOnce = 192
    /// Bytes from here on would make the first characters likelier than the others.
    private static let fairEnd = UInt8(4 * 62)

    /// Draws a name.
    mutating func next(from entropy: Entropy) -> String {
        var name: [UInt8] = []
        while name.count < Self.length {
            if bytes.isEmpty { bytes = entropy.bytes(Self.drawnAtOnce) }
            let byte = bytes.removeLast()
            if byte < Self.fairEnd { name.append(Self.alphabet[Int(byte) % Self.alphabet.count]) }
        }
        return String(decoding: name, as: UTF8.self)
    }
}
