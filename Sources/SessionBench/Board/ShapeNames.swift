import SessionBase
import SessionCodec

/// The ids that a server gave to the shapes of a room, and which shape each one is.
struct ShapeNames {
    /// The ids by the shapes' numbers; empty while a shape has none.
    private(set) var ids: [[UInt8]]
    private var shapes: [UInt64: Int] = [:]
    /// How many have an id.
    private(set) var count = 0

    /// Begins without ids.
    init(count: Int) { ids = Array(repeating: [], count: count) }

    /// Whether all shapes have an id.
    var isComplete: Bool { count == ids.count }

    /// The shape with an id; `nil` for one of somebody else's.
    @inline(__always)
    func shape(_ id: JSONText, in bytes: Span<UInt8>) -> Int? {
        guard let shape = shapes[Self.hash(id, bytes)], id.equals(ids[shape], in: bytes) else { return nil }
        return shape
    }

    /// Whether a shape's id stands at a place, between quotes.
    @inline(__always)
    func stands(_ shape: Int, at start: Int, in bytes: Span<UInt8>) -> Bool {
        let id = ids[shape]
        let count = id.count
        guard count > 0, start > 0, start + count < bytes.count, bytes[start - 1] == UInt8(ascii: "\""),
            bytes[start + count] == UInt8(ascii: "\"")
        else { return false }
        return bytes.isEqual(from: start, count: count, to: id.span)
    }

    /// Gives a shape that has none its id; two ids with one hash are not told apart, which the second one's reader finds.
    mutating func learn(_ id: JSONText, of shape: Int, in bytes: Span<UInt8>) {
        precondition(ids[shape].isEmpty, "a shape with two ids")
        id.append(to: &ids[shape], in: bytes)
        shapes[Self.hash(id, bytes)] = shape
        count += 1
    }

    /// FNV-1a, over ids of a dozen bytes.
    @inline(__always)
    private static func hash(_ id: JSONText, _ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in id.range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}
