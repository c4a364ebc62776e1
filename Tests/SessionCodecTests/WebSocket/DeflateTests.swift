import SessionBase
import SessionCodec
import TestSupport
import Testing

/// permessage-deflate over frames (RFC 7692 §6 and §7.2).
@Suite struct DeflateTests {
    private let hello = Array("Hello".utf8)

    @Test(
        arguments: [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],  // §7.2.3.1, one block
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],  // §7.2.3.3, stored
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],  // §7.2.3.4, final block
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],  // §7.2.3.5, two blocks
        ] as [[UInt8]])
    func `the examples of RFC 7692 say Hello`(payload: [UInt8]) throws {
        let expected = [Heard.message(.text, hello)]
        #expect(try inflated(frame(1, payload, reserved: 0x40)) == expected)
        for split in 0...payload.count {
            let input =
                frame(1, Array(payload[..<split]), final: false, reserved: 0x40) + frame(0, Array(payload[split...]))
            #expect(try inflated(input) == expected)
        }
        #expect(
            try inflated(frame(1, payload, reserved: 0x40) + frame(1, payload, reserved: 0x40)) == expected + expected)
    }

    @Test func `a window may be shared by messages`() throws {
        let first = frame(1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], reserved: 0x40)
        let second = frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], reserved: 0x40)
        #expect(try inflated(first + second) == [.message(.text, hello), .message(.text, hello)])
        var forgetting = DeflateParameters()
        forgetting.clientNoContextTakeover = true
        #expect(
            try serverTranscript(of: first + second, deflate: forgetting).heard
                == [.message(.text, hello), corrupt])
    }

    @Test func `a message may be empty, or not compressed at all`() throws {
        #expect(try inflated(frame(2, [0x00], reserved: 0x40)) == [.message(.binary, [])])
        #expect(try inflated(frame(2, reserved: 0x40)) == [.message(.binary, [])])
        #expect(try inflated(frame(1, hello)) == [.message(.text, hello)])
    }

    @Test func `only the first frame of a message may carry RSV1`() throws {
        let bad = [Heard.failed(.protocolError, .webSocket(.reservedBits))]
        #expect(try inflated(frame(1, final: false, reserved: 0x40) + frame(0, reserved: 0x40)) == bad)
        for opcode: UInt8 in [8, 9, 10] { #expect(try inflated(frame(opcode, reserved: 0x40)) == bad) }
        #expect(try inflated(frame(1, reserved: 0x60)) == bad)
    }

    @Test func `corrupt data is an invalid payload`() throws {
        #expect(try inflated(frame(2, [0xFF, 0xFF, 0xFF], reserved: 0x40)) == [corrupt])
    }

    @Test func `inflated text is checked while it comes`() throws {
        var output: [UInt8] = []
        var deflater = MessageCompression(DeflateParameters(), isServer: false, messageBytesMin: 0)
        let text = Array(String(repeating: "κόσμε ", count: 200).utf8) + [0xED, 0xA0, 0x80]
        output = frame(1, deflater.compress(text.span), final: false, reserved: 0x40)
        #expect(try inflated(output + frame(0)) == [.failed(.invalidPayload, .webSocket(.invalidUTF8))])
    }

    @Test(arguments: [1 << 12, 1 << 16])
    func `a bomb ends at the limit, and a message of just the limit passes`(limit: Int) throws {
        var compression = MessageCompression(DeflateParameters(), isServer: false, messageBytesMin: 0)
        let fits = Array(repeating: 0x20 as UInt8, count: limit)
        let payload = compression.compress(fits.span)
        #expect(
            try serverTranscript(of: frame(1, payload, reserved: 0x40), limit: limit, deflate: DeflateParameters())
                .heard
                == [.message(.text, fits)])
        var output: [UInt8] = []
        let bomb = Deflater(windowBits: 15).compress(Array(repeating: 0x20, count: 1 << 24).span)
        let inflater = Inflater(windowBits: 15)
        #expect(throws: WebSocketError.messageTooBig) {
            try inflater.inflate(bomb.span, into: &output, bytesMax: limit)
        }
        #expect(output.count == limit + 1)
        #expect(output.capacity <= limit + 65_536)
    }

    @Test func `compressed bytes that hold nothing are limited too`() throws {
        let nothing = (0..<1000).flatMap { _ in [0x00, 0x00, 0x00, 0xFF, 0xFF] as [UInt8] }
        var connection = Connection(
            establishedAs: .server, limits: ConnectionLimits(messageBytesMax: 4096), deflate: DeflateParameters())
        var transcript = Transcript()
        connection.feed(frame(1, nothing, final: false, reserved: 0x40), to: &transcript)
        #expect(transcript.heard == [])
        connection.feed(frame(0, nothing), to: &transcript)
        #expect(transcript.heard == [.failed(.messageTooBig, .webSocket(.messageTooBig))])
    }

    @Test(arguments: 8...15)
    func `a deflater keeps to the window that was agreed`(windowBits: Int) throws {
        // A window one step larger than the smallest that zlib inflates with would hide a reference that is too long.
        var random = SeededRandom(seed: UInt64(windowBits))
        let period = (1 << windowBits) + 1
        let block = (0..<period).map { _ in UInt8.random(in: 0...255, using: &random) }
        let message = block + block + block
        let compressed = Deflater(windowBits: windowBits).compress(message.span)
        #expect(compressed.count > 2 * period, "a reference reached beyond the window")
        var output: [UInt8] = []
        let inflater = Inflater(windowBits: windowBits)
        try inflater.inflate(compressed.span, into: &output, bytesMax: message.count)
        try inflater.finishMessage(into: &output, bytesMax: message.count)
        #expect(output == message)
    }

    @Test func `random messages survive every combination of parameters`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<60 {
            var parameters = DeflateParameters()
            parameters.serverNoContextTakeover = random.chance(0.5)
            parameters.clientNoContextTakeover = random.chance(0.5)
            parameters.serverMaxWindowBits = UInt8.random(in: 8...15, using: &random)
            parameters.clientMaxWindowBits = UInt8.random(in: 8...15, using: &random)
            var client = MessageCompression(parameters, isServer: false, messageBytesMin: 0)
            var server = MessageCompression(parameters, isServer: true, messageBytesMin: 0)
            for _ in 0..<8 {
                let message = Self.compressible(&random)
                #expect(try Self.pass(message, from: &client, to: &server) == message, "seed \(seed), \(parameters)")
                #expect(try Self.pass(message, from: &server, to: &client) == message, "seed \(seed), \(parameters)")
            }
        }
    }

    private static func pass(
        _ message: [UInt8], from sender: inout MessageCompression, to receiver: inout MessageCompression
    ) throws -> [UInt8] {
        var output: [UInt8] = []
        let payload = sender.compress(message.span)
        try receiver.inflate(payload.span, isEnd: true, into: &output, bytesMax: 1 << 20)
        return output
    }

    private static func compressible(_ random: inout SeededRandom) -> [UInt8] {
        let word = (0..<Int.random(in: 1...700, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        return Array(repeatElement(word, count: Int.random(in: 0...90, using: &random)).joined())
    }

    private var corrupt: Heard { .failed(.invalidPayload, .webSocket(.invalidCompression)) }

    private func inflated(_ input: [UInt8]) throws -> [Heard] {
        try serverTranscript(of: input, deflate: DeflateParameters()).heard
    }
}
