import SessionBase
import SessionCodec
import Testing

@Suite struct ZlibTests {
    /// `zlib.compress(b"hello hello hello hello", 9)` of Python.
    private static let hello: [UInt8] = [
        0x78, 0xDA, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0x01, 0x68, 0x03, 0x08, 0xB1,
    ]

    private static func decompress(_ bytes: [UInt8], bytesMax: Int = 1 << 20) throws(Zlib.Failure) -> [UInt8] {
        try Zlib.decompress(bytes.span, bytesMax: bytesMax)
    }

    @Test func `a text of another tool is read`() throws {
        #expect(try Self.decompress(Self.hello) == Array("hello hello hello hello".utf8))
    }

    @Test func `what is compressed comes back, whatever its size`() throws {
        var random = SeededRandom(seed: 2)
        for count in [0, 1, 1023, 1024, 1025, 100_000] {
            let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(try Self.decompress(Zlib.compress(noise.span)) == noise)
            let zeros = [UInt8](repeating: 0, count: count)
            #expect(try Self.decompress(Zlib.compress(zeros.span)) == zeros)
        }
    }

    @Test func `a text may be as long as the limit, and not a byte longer`() throws {
        let compressed = Zlib.compress([UInt8](repeating: 7, count: 5000).span)
        #expect(try Self.decompress(compressed, bytesMax: 5000).count == 5000)
        for bytesMax in [0, 1, 1023, 1024, 4999] {
            #expect(throws: Zlib.Failure.tooLarge(bytesMax: bytesMax)) {
                try Self.decompress(compressed, bytesMax: bytesMax)
            }
        }
    }

    @Test func `a text that ends early is told apart from a damaged one`() {
        for count in 0..<Self.hello.count {
            #expect(throws: Zlib.Failure.truncated) { try Self.decompress(Array(Self.hello[..<count])) }
        }
        for place in [0, 2, 15] {
            var damaged = Self.hello
            damaged[place] ^= 0x55
            #expect(throws: Zlib.Failure.invalid) { try Self.decompress(damaged) }
        }
        #expect(throws: Zlib.Failure.trailing(2)) { try Self.decompress(Self.hello + [0, 0]) }
    }
}
