/// One field of a message: its number, and its value as its wire type has it.
package struct ProtobufField: Equatable, Sendable {
    /// A value as the wire types 0 to 5 carry it.
    package enum Value: Equatable, Sendable {
        /// Wire type 0.
        case varint(UInt64)
        /// Wire type 1, little-endian.
        case fixed64(UInt64)
        /// Wire type 2: where the bytes are.
        case bytes(Range<Int>)
        /// Wire types 3 and 4: a group, which nothing since 2008 sends; it was skipped.
        case group
        /// Wire type 5, little-endian.
        case fixed32(UInt32)
    }

    /// 1...536,870,911
    package var number: Int
    /// What stands there.
    package var value: Value

    /// Describes a field.
    package init(number: Int, value: Value) {
        self.number = number
        self.value = value
    }
}

/// A cursor over the fields of one message in the wire format of Protocol Buffers.
///
/// ```
/// tag   varint: field number << 3 | wire type
/// value varint | 8 bytes | length varint, bytes | fields up to the group's end | 4 bytes
/// ```
/// The bytes are an argument of every call, as with ``JSONReader``. Nothing is allocated.
package struct ProtobufReader: Sendable {
    /// Index of the next byte to be read.
    private var offset: Int
    /// Where the message ends.
    private let end: Int

    /// How many groups may lie in each other.
    package static let groupDepthMax = 32

    /// Starts at the first field of the message that fills `range`.
    package init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// Reads the next field; `nil` at the end of the message.
    package mutating func nextField(in bytes: Span<UInt8>) throws(ProtobufError) -> ProtobufField? {
        guard offset < end else { return nil }
        let (number, type) = try tag(in: bytes)
        guard type != 4 else { throw .strayGroupEnd }
        return ProtobufField(number: number, value: try value(type, of: number, depth: 0, in: bytes))
    }

    private mutating func tag(in bytes: Span<UInt8>) throws(ProtobufError) -> (number: Int, type: UInt64) {
        let tag = try varint(in: bytes, bytesMax: 5) & 0xFFFF_FFFF
        guard tag >> 3 != 0, tag & 7 <= 5 else { throw .invalidTag }
        return (Int(tag >> 3), tag & 7)
    }

    private mutating func value(
        _ type: UInt64, of number: Int, depth: Int, in bytes: Span<UInt8>
    ) throws(ProtobufError) -> ProtobufField.Value {
        switch type {
        case 0: return .varint(try varint(in: bytes))
        case 1: return .fixed64(try fixed(8, in: bytes))
        case 2:
            let count = try varint(in: bytes, bytesMax: 5)
            guard count <= UInt64(end - offset) else { throw .truncated }
            let start = offset
            offset += Int(count)
            return .bytes(start..<offset)
        case 3:
            try skipGroup(number, depth: depth + 1, in: bytes)
            return .group
        default: return .fixed32(UInt32(truncatingIfNeeded: try fixed(4, in: bytes)))
        }
    }

    /// Reads the fields of a group up to its end.
    private mutating func skipGroup(
        _ number: Int, depth: Int, in bytes: Span<UInt8>
    ) throws(ProtobufError) {
        guard depth <= Self.groupDepthMax else { throw .tooDeep }
        while true {
            guard offset < end else { throw .truncated }
            let (inner, type) = try tag(in: bytes)
            if type == 4 {
                guard inner == number else { throw .strayGroupEnd }
                return
            }
            _ = try value(type, of: inner, depth: depth, in: bytes)
        }
    }

    /// Reads seven bits a byte, the lowest first; bits that a tag or a number has no place for are dropped, as Google's
    /// reader in C++ does.
    ///
    /// - Parameter bytesMax: Ten, or five where the value is one of 32 bits.
    private mutating func varint(in bytes: Span<UInt8>, bytesMax: Int = 10) throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<bytesMax {
            guard offset < end else { throw .truncated }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << UInt64(7 * place)
            if byte < 0x80 { return value }
        }
        throw .longVarint
    }

    private mutating func fixed(_ count: Int, in bytes: Span<UInt8>) throws(ProtobufError) -> UInt64 {
        guard count <= end - offset else { throw .truncated }
        var value: UInt64 = 0
        for place in 0..<count { value |= UInt64(bytes[offset + place]) << UInt64(8 * place) }
        offset += count
        return value
    }
}
