import SessionCodec
import Testing

/// The wire format, field by field, and what is no message.
@Suite struct ProtobufReaderTests {
    private func fields(_ bytes: [UInt8]) throws(ProtobufError) -> [ProtobufField] {
        var reader = ProtobufReader(0..<bytes.count)
        var fields: [ProtobufField] = []
        while let field = try reader.nextField(in: bytes.span) { fields.append(field) }
        return fields
    }

    @Test func `each wire type has its value`() throws {
        let bytes: [UInt8] = [
            0x08, 0x96, 0x01,  // 1: varint 150
            0x11, 1, 2, 3, 4, 5, 6, 7, 8,  // 2: eight bytes
            0x1A, 2, 0x68, 0x69,  // 3: "hi"
            0x25, 1, 0, 0, 0x80,  // 4: four bytes
        ]
        #expect(
            try fields(bytes) == [
                ProtobufField(number: 1, value: .varint(150)),
                ProtobufField(number: 2, value: .fixed64(0x0807_0605_0403_0201)),
                ProtobufField(number: 3, value: .bytes(14..<16)),
                ProtobufField(number: 4, value: .fixed32(0x8000_0001)),
            ])
    }

    @Test func `groups are skipped with all that is in them`() throws {
        let group: [UInt8] = [0x2B, 0x08, 0x01, 0x33, 0x1A, 0x01, 0x2C, 0x34, 0x2C]
        #expect(
            try fields(group + [0x08, 0x07])
                == [ProtobufField(number: 5, value: .group), ProtobufField(number: 1, value: .varint(7))])
    }

    private static let broken: [([UInt8], ProtobufError)] = [
        ([0x08], .truncated), ([0x08, 0x80], .truncated), ([0x11, 1, 2, 3, 4, 5, 6, 7], .truncated),
        ([0x1A, 2, 0x68], .truncated), ([0x25, 1, 2, 3], .truncated), ([0x2B], .truncated), ([0x2B, 0x08], .truncated),
        ([0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], .truncated), ([0x80], .truncated),
        ([0x08] + [UInt8](repeating: 0xFF, count: 10), .longVarint),
        ([0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], .longVarint),
        ([0x1A] + [0x80, 0x80, 0x80, 0x80, 0x80, 0], .longVarint),
        ([0x00, 0x01], .invalidTag), ([0x02, 0x00], .invalidTag), ([0x0E, 0x00], .invalidTag),
        ([0x0F, 0x00], .invalidTag),
        ([0x80, 0x80, 0x80, 0x80, 0x10, 0x00], .invalidTag),  // bit 32, which a tag does not have
        ([0x0C], .strayGroupEnd), ([0x2B, 0x34], .strayGroupEnd),
        ([UInt8](repeating: 0x2B, count: 40), .tooDeep),
    ]

    @Test(arguments: broken)
    func `what is no message is refused`(bytes: [UInt8], error: ProtobufError) {
        #expect(throws: error) { try fields(bytes) }
    }

    @Test func `numbers of every length come back`() throws {
        for shift in 0..<64 {
            for value in [UInt64(1) << UInt64(shift), UInt64.max >> UInt64(shift)] {
                var bytes: [UInt8] = []
                bytes.appendProtobuf(7, varint: value)
                #expect(try fields(bytes) == [ProtobufField(number: 7, value: .varint(value))])
            }
        }
    }

    @Test func `the largest field number is taken`() throws {
        var bytes: [UInt8] = []
        bytes.appendProtobuf(536_870_911, varint: 1)
        #expect(try fields(bytes) == [ProtobufField(number: 536_870_911, value: .varint(1))])
    }
}
