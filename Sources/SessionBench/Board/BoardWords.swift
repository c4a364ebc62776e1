import SessionCodec

/// What members of whiteboard rooms say in a load, and how what they wrote is known again.
///
/// A shape's `y` is its number in the room and never changes. Its `x` is ``origin`` when it is made, and grows by one with
/// each change; so does that of a cursor with each move. All have seven digits, below the limit of PROTOCOLS 3-15.
enum BoardWords {
    /// The `x` of a new shape.
    static let origin: UInt64 = 1_000_000
    /// The most changes of a shape, or moves of a cursor.
    static let numberMax: UInt32 = 8_999_999
    /// The longest message of a load in its frame, but for new shapes.
    static let bytesMax = 512

    /// The keys of a shape that never change, and their values as they are written.
    static let constants: [(key: String, value: String)] = [
        ("type", #""rectangle""#), ("width", "150"), ("height", "100"), ("text", #""Hello World""#),
        ("fill", ##""#3b82f6""##), ("stroke", ##""#1d4ed8""##), ("rotation", "0"),
    ]

    /// Makes a shape, as seed 003's *Shape Creation* does.
    static func create(_ shape: Int) -> [UInt8] {
        Array(
            (##"{"type":"shape_create","shapeType":"rectangle","x":\##(origin),"y":\##(shape),"width":150,"height":100,"##
                + ##""text":"Hello World","fill":"#3b82f6","stroke":"#1d4ed8"}"##).utf8)
    }

    /// Changes a shape for the n-th time.
    ///
    /// - Parameter tag: What the acknowledgement is to carry; `nil` for none.
    static func change(_ id: [UInt8], _ number: UInt32, tag: UInt64?) -> [UInt8] {
        let shape = String(decoding: id, as: UTF8.self)
        let tail = tag.map { #","id":"\#($0)"}"# } ?? "}"
        return Array(#"{"type":"shape_update","shapeId":"\#(shape)","x":\#(origin + UInt64(number))\#(tail)"#.utf8)
    }

    /// Moves a member's cursor for the n-th time.
    static func move(_ number: UInt32, by member: Int) -> [UInt8] {
        Array(#"{"type":"cursor_move","x":\#(origin + UInt64(number)),"y":\#(member)}"#.utf8)
    }

    /// Asks for the whole board.
    static let resync = Array(#"{"type":"resync"}"#.utf8)

    /// The number that an `x` stands for; `nil` for one that nobody wrote.
    @inline(__always)
    static func number(ofX x: UInt64?) -> UInt32? {
        guard let x, x >= origin, x - origin <= UInt64(numberMax) else { return nil }
        return UInt32(truncatingIfNeeded: x - origin)
    }

    // MARK: Tags

    private static let tagBase: UInt64 = 10_000_000

    /// What the acknowledgement of a change carries.
    static func tag(_ number: UInt32, of shape: Int) -> UInt64 { UInt64(shape) * tagBase + UInt64(number) }

    /// The change that an acknowledgement is about.
    static func change(ofTag tag: UInt64) -> (shape: Int, number: UInt32) {
        (Int(tag / tagBase), UInt32(truncatingIfNeeded: tag % tagBase))
    }
}
