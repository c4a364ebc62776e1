import SessionBase
import SessionCodec
import Testing

/// Bodies under `Content-Encoding: gzip` (PROTOCOLS 1-30).
@Suite struct GzipTests {
    /// `gzip.compress(b"hello hello hello hello", 9, mtime=0)` of Python.
    private static let hello: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40,
        0x27, 0x01, 0xE3, 0x51, 0x3D, 0x8D, 0x17, 0x00, 0x00, 0x00,
    ]

    private static func response(_ count: Int) -> HTTPResponse {
        .json(.ok, [UInt8](repeating: UInt8(ascii: "7"), count: count))
    }

    @Test func `a text of another tool is read`() throws {
        #expect(
            try Zlib.decompress(Self.hello.span, as: .gzip, bytesMax: 100) == Array("hello hello hello hello".utf8))
        #expect(throws: Zlib.Failure.invalid) { try Zlib.decompress(Self.hello.span, bytesMax: 100) }
        #expect(throws: Zlib.Failure.truncated) {
            try Zlib.decompress(Self.hello.span.extracting(..<27), as: .gzip, bytesMax: 100)
        }
        #expect(throws: Zlib.Failure.tooLarge(bytesMax: 22)) {
            try Zlib.decompress(Self.hello.span, as: .gzip, bytesMax: 22)
        }
    }

    @Test func `what is compressed comes back in both formats, quickly or thoroughly made`() throws {
        var random = SeededRandom(seed: 5)
        for count in [0, 1, 1023, 70_000] {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() & 7) }
            for format in Zlib.Format.allCases {
                for level in [Zlib.Level.fastest, .best] {
                    let compressed = Zlib.compress(bytes.span, as: format, level: level)
                    #expect(try Zlib.decompress(compressed.span, as: format, bytesMax: count) == bytes)
                }
            }
        }
    }

    @Test func `a body of 1 KiB is compressed and a shorter one is not`() throws {
        let request: HTTPFields = ["Accept-Encoding": "gzip, deflate, br"]
        let short = Self.response(1023).gzipped(for: request)
        #expect(short == Self.response(1023))
        let long = Self.response(1024).gzipped(for: request)
        #expect(long.fields["Content-Encoding"] == "gzip" && long.fields["Vary"] == "Accept-Encoding")
        #expect(long.body.count < 100)
        let read = try long.gunzipped(bytesMax: 1024)
        #expect(read.body == Self.response(1024).body && read.fields["Content-Encoding"] == nil)
        #expect(throws: Zlib.Failure.tooLarge(bytesMax: 1023)) { try long.gunzipped(bytesMax: 1023) }
    }

    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("x-gzip;q=0.1", true), ("br, *", true), ("*;q=0.001", true),
        ("", false), ("br", false), ("gzip;q=0", false), ("gzip; q=0.000, *", false), ("*;q=0", false),
        ("identity", false), ("gzip;q=high", false), ("gzip;;", false),
    ])
    func `the client decides by Accept-Encoding`(value: String, isTaken: Bool) {
        let response = Self.response(5000).gzipped(for: ["Accept-Encoding": value])
        #expect(response.fields.contains("content-encoding") == isTaken)
        #expect(response.fields["Vary"] == "Accept-Encoding")
    }

    @Test func `what does not get smaller, or is encoded already, stays as it is`() {
        var random = SeededRandom(seed: 6)
        let noise = (0..<2000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let response = HTTPResponse(.ok, contentType: "application/octet-stream", body: noise)
        #expect(response.gzipped(for: ["Accept-Encoding": "gzip"]).body == noise)
        var encoded = Self.response(2000)
        encoded.fields.append("Content-Encoding", "br")
        #expect(encoded.gzipped(for: ["Accept-Encoding": "gzip"]) == encoded)
    }

    @Test func `a response to HEAD has no body to unpack`() throws {
        var response = Self.response(0)
        response.fields.append("Content-Encoding", "gzip")
        #expect(try response.gunzipped(bytesMax: 10).body.isEmpty)
    }
}
