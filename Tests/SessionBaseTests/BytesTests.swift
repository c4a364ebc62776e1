import SessionBase
import Testing

@Suite struct BytesTests {
    @Test func `integers of every width are written in full`() {
        var bytes: [UInt8] = []
        bytes.appendDecimal(0)
        bytes.appendDecimal(-7)
        bytes.appendDecimal(Int64.min)
        bytes.appendDecimal(-1 as Int8)
        bytes.appendDecimal(UInt64.max)
        bytes.appendDecimal(Int8.min)
        bytes.appendDecimal(-1_000)
        #expect(String(decoding: bytes, as: UTF8.self) == "0-7-9223372036854775808-118446744073709551615-128-1000")
    }

    @Test(arguments: [(7, 3, "007"), (1_234, 3, "234"), (0, 1, "0"), (99, 2, "99"), (0, 4, "0000")])
    func `a fixed width pads with zeros and cuts higher places`(value: Int, digits: Int, text: String) {
        var bytes: [UInt8] = []
        bytes.appendDecimal(value, digits: digits)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test func `a word holds its first byte in the lowest place`() {
        let bytes: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
        let words = [bytes.span.word(at: 0), bytes.span.word(at: 1)]
        #expect(words == [0x0706_0504_0302_0100, 0x0807_0605_0403_0201])
    }

    @Test func `part of a word has zeros above it, and a whole one must be there`() {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        for count in 0..<8 {
            let part = bytes.span.partialWord(at: 8 - count, count: count)
            #expect(part == (count == 0 ? 0 : bytes.span.word(at: 0) >> UInt64(8 * (8 - count))))
        }
        let words = [bytes.span.word(ifAt: -1), bytes.span.word(ifAt: 0), bytes.span.word(ifAt: 1)]
        #expect(words == [nil, 0x0807_0605_0403_0201, nil])
    }

    @Test func `the characters of a literal fill one word and then the next`() {
        #expect(UInt64(characters: "ab") == 0x6261)
        #expect(UInt64.pair(characters: "abcdefghi") == (0x6867_6665_6463_6261, 0x69))
    }

    @Test func `bytes are equal or not at every length and place`() {
        func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.span.isEqual(to: right.span) }
        for count in 0..<20 {
            let bytes = (0..<UInt8(count)).map { $0 }
            let shifted = [0xFF, 0xFF, 0xFF] + bytes
            let isFound = shifted.span.isEqual(from: 3, count: count, to: bytes.span)
            #expect(isFound)
            #expect(areEqual(bytes, bytes.map { $0 }))
            #expect(!areEqual(bytes, bytes + [0]))
            for place in 0..<count {
                var other = bytes
                other[place] ^= 0x80
                #expect(!areEqual(bytes, other))
            }
        }
    }

    @Test func `a literal is found where it stands and nowhere beyond the end`() {
        let bytes = Array("say hello".utf8)
        func has(_ literal: StaticString, at start: Int) -> Bool { bytes.span.hasLiteral(literal, at: start) }
        #expect(has("hello", at: 4))
        #expect(!has("hello", at: 3))
        #expect(!has("hello!", at: 4))
        #expect(!has("say", at: -1))
        #expect(has("", at: 9))
        #expect(!has("", at: 10))
    }

    @Test func `spans and literals are appended whole`() {
        let source: [UInt8] = [1, 2, 3, 4]
        var bytes: [UInt8] = [0]
        bytes.append(copying: source.span.extracting(1..<3))
        bytes.append(copying: source.span.extracting(0..<0))
        bytes.append(literal: "é")
        #expect(bytes == [0, 2, 3, 0xC3, 0xA9])
    }

    @Test func `a connection id survives its 64 bits`() {
        let id = ConnectionID(slot: 0xFFFF_FFFE, generation: 7)
        #expect(ConnectionID(packed: id.packed) == id)
        #expect(id.packed == 0x0000_0007_FFFF_FFFE)
        #expect(id != ConnectionID(slot: 0xFFFF_FFFE, generation: 8))
    }
}
