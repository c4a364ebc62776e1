import Glibc
import SessionBase
import SessionCodec
import TestSupport
import Testing

/// Google's implementation of Protocol Buffers (Debian's `protobuf-compiler` and `python3-protobuf`) as the other end.
@Suite struct GoogleProtobufTests {
    @Test(arguments: [1, 2, .random(in: 3...1_000_000)] as [UInt64])
    func `Google reads what we write, and we read what Google writes and reads`(seed: UInt64) throws {
        let folder = TemporaryFolder()
        try Self.write(Self.envelopes(seed: seed), to: folder.path + "/ours")
        let script = Self.path("Tests/SessionCodecTests/Scripts/protobuf_peer.py")
        let schema = Self.path("Sources/SessionCodec/Protobuf")
        // Debian's own Python: the package is not visible to another one.
        let status = system("timeout 60 /usr/bin/python3 '\(script)' '\(schema)' '\(folder.path)' \(seed)")
        try #require(status == 0, "seed \(seed); .ci/setup installs what this test needs")
        let lines = String(
            decoding: try #require(FixtureFolder(absolute: folder.path).bytes(of: "theirs")), as: UTF8.self)
        var accepted = 0
        var refused = 0
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            let bytes = Self.bytes(hex: parts[0])
            let found = Result { () throws(ProtobufError) in try Self.json(bytes) }
            if parts[1] == "refused" {
                refused += 1
                #expect(throws: ProtobufError.self, "seed \(seed): \(parts[0])") { try found.get() }
            } else {
                accepted += 1
                let wanted = try JSONValue.parse(String(parts[1]))
                // Nothing in place of an error: then it is no JSON that was wanted.
                let json = try? found.get()
                #expect(try json.map { try JSONValue.parse($0.span) } == wanted, "seed \(seed): \(parts[0])")
            }
        }
        #expect(accepted > 250 && refused > 100)
    }

    /// Lines of an envelope's hex and its JSON.
    private static func envelopes(seed: UInt64) -> String {
        var random = RandomSyncMessages(seed: seed)
        var lines = ""
        for _ in 0..<200 {
            let frame = random.serverFrame()
            var bytes: [UInt8] = []
            frame.message.encodeProtobuf(frame.envelope, to: &bytes)
            lines += hex(bytes) + "\t" + String(decoding: frame.encoded(), as: UTF8.self) + "\n"
        }
        return lines
    }

    private static func json(_ bytes: [UInt8]) throws(ProtobufError) -> [UInt8] {
        var json: [UInt8] = []
        try SyncProtobuf.appendJSON(bytes.span, to: &json)
        return json
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(hex: Substring) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).map { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)!
        }
    }

    /// A place below the folder that holds `Package.swift`.
    private static func path(_ path: String) -> String { FixtureFolder(path).path }

    private static func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }
}
