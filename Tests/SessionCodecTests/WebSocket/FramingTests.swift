import SessionBase
import SessionCodec
import TestSupport
import Testing

/// RFC 6455 §5, as a server hears it, each input in every chunking.
@Suite struct FramingTests {
    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20])
    func `a message of any length is delivered`(byteCount: Int) throws {
        let payload = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let transcript = try serverTranscript(of: frame(2, payload))
        #expect(transcript == Transcript(heard: [.message(.binary, payload)]))
    }

    @Test(arguments: [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8])
    func `an unknown opcode is a protocol error`(opcode: UInt8) throws {
        try expectFailure(frame(opcode), .unknownOpcode)
    }

    @Test(arguments: [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70] as [UInt8])
    func `a reserved bit that nobody negotiated is a protocol error`(bits: UInt8) throws {
        for opcode: UInt8 in [1, 2, 8, 9, 10] { try expectFailure(frame(opcode, reserved: bits), .reservedBits) }
    }

    @Test(arguments: [8, 9, 10] as [UInt8])
    func `a fragmented control frame is a protocol error`(opcode: UInt8) throws {
        try expectFailure(frame(opcode, final: false), .fragmentedControlFrame)
    }

    @Test(arguments: [8, 9, 10] as [UInt8])
    func `a control frame of more than 125 bytes is a protocol error`(opcode: UInt8) throws {
        try expectFailure(frame(opcode, Array(repeating: 0x41, count: 126)), .longControlFrame)
        try expectFailure([0x80 | opcode, 0xFF], .longControlFrame)
    }

    @Test func `a client must mask`() throws {
        try expectFailure(frame(1, [0x41], mask: nil), .unmaskedFrame)
    }

    @Test func `a server must not mask`() {
        var connection = Connection(
            establishedAs: .client(maskKeys: SipHash(key0: 1, key1: 2)), limits: ConnectionLimits())
        var transcript = Transcript()
        connection.feed(frame(1, [0x41]), to: &transcript)
        #expect(transcript.heard == [.failed(.protocolError, .webSocket(.maskedFrame))])
    }

    @Test func `a length takes no more bytes than it needs`() throws {
        try expectFailure([0x81, 0xFE, 0, 125], .lengthNotMinimal)
        try expectFailure([0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .lengthNotMinimal)
        try expectFailure([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], .lengthBeyond63Bits)
    }

    @Test func `a length beyond the limit is refused on the header alone`() throws {
        try expectFailure([0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0], .messageTooBig)
        try expectFailure([0x82, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0], .messageTooBig)
    }

    @Test func `fragments count together towards the limit`() throws {
        let half = Array(repeating: 0x41 as UInt8, count: 60)
        let transcript = try serverTranscript(
            of: frame(1, half, final: false) + frame(0, half).prefix(6), limit: 100)
        #expect(transcript.heard == [.failed(.messageTooBig, .webSocket(.messageTooBig))])
        let fits = try serverTranscript(of: frame(1, half, final: false) + frame(0, half), limit: 120)
        #expect(fits.heard == [.message(.text, half + half)])
    }

    @Test func `control frames stand between fragments`() throws {
        let input =
            frame(1, Array("Hel".utf8), final: false) + frame(9, Array("a".utf8)) + frame(0, final: false)
            + frame(10, Array("b".utf8)) + frame(0, Array("lo".utf8)) + frame(2, [1])
        let transcript = try serverTranscript(of: input)
        #expect(
            transcript.heard == [
                .ping(Array("a".utf8)), .pong(Array("b".utf8)), .message(.text, Array("Hello".utf8)),
                .message(.binary, [1]),
            ])
        #expect(transcript.output == frame(10, Array("a".utf8), mask: nil))
    }

    @Test func `a continuation needs a message`() throws {
        try expectFailure(frame(0, [1]), .unexpectedContinuation)
        try expectFailure(frame(0, [1], final: false), .unexpectedContinuation)
    }

    @Test(arguments: [1, 2] as [UInt8])
    func `a message must end before the next one begins`(opcode: UInt8) throws {
        try expectFailure(frame(1, final: false) + frame(opcode), .expectedContinuation)
        try expectFailure(frame(1, final: false) + frame(opcode, final: false), .expectedContinuation)
    }

    @Test func `a message has at most 65,536 frames and a final one`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.feed(frame(2, final: false), to: &transcript)
        let fragment = frame(0, final: false)
        for _ in 2...65_536 { connection.feed(fragment, to: &transcript) }
        var completed = connection
        var completedTranscript = Transcript()
        completed.feed(frame(0), to: &completedTranscript)
        #expect(completedTranscript.heard == [.message(.binary, [])])
        connection.feed(fragment, to: &transcript)
        #expect(transcript.heard == [.failed(.messageTooBig, .webSocket(.tooManyFragments))])
    }

    @Test func `nothing after a failure is read`() throws {
        let transcript = try serverTranscript(of: frame(3) + frame(9, [1]) + frame(1, [0x41]))
        #expect(transcript.heard == [.failed(.protocolError, .webSocket(.unknownOpcode))])
        #expect(transcript.output == frame(8, closeBody(1002, "protocol_error: unknown opcode"), mask: nil))
    }

    @Test func `every ping is answered with its payload`() throws {
        let payloads = [0, 1, 125].map { Array(repeating: 0xFE as UInt8, count: $0) }
        let transcript = try serverTranscript(of: payloads.flatMap { frame(9, $0) })
        #expect(transcript.heard == payloads.map { .ping($0) })
        #expect(transcript.output == payloads.flatMap { frame(10, $0, mask: nil) })
    }

    @Test func `a client can be told not to answer pings`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        connection.answersPings = false
        var transcript = Transcript()
        connection.feed(frame(9, [7]), to: &transcript)
        #expect(transcript == Transcript(heard: [.ping([7])]))
    }

    @Test func `an unfragmented message in the input stays there`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        var bytes = [0xAA] + frame(1, Array("Hello".utf8))
        var output: [UInt8] = []
        var cursor = 1
        var input = bytes.mutableSpan
        #expect(connection.receive(&input, from: &cursor, output: &output) == .message(.text, .input(7..<12)))
        #expect(bytes[7...] == ArraySlice("Hello".utf8))
        #expect(connection.assembled.isEmpty)
    }

    @Test func `an idle connection is small and holds nothing on the heap`() {
        #expect(MemoryLayout<Connection>.size <= 128)
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.feed(frame(1, [0x41], final: false), to: &transcript)
        connection.feed(frame(0, [0x42]), to: &transcript)
        #expect(transcript.heard == [.message(.text, [0x41, 0x42])])
        #expect(connection.assembled.capacity == 0)
    }

    @Test func `memory follows what was received, not what a header claims`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits(messageBytesMax: 1 << 30))
        var transcript = Transcript()
        connection.feed([0x82, 0xFF, 0, 0, 0, 0, 0x3F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 1, 2, 3], to: &transcript)
        #expect(transcript.heard == [])
        #expect(connection.assembled == [1, 2, 3])
        #expect(connection.assembled.capacity < 100)
    }

    @Test func `frames with random damage are judged alike in every chunking`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<150 {
            var input: [UInt8] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let opcode = ([0, 1, 1, 2, 8, 9, 10] as [UInt8]).randomElement(using: &random) ?? 1
                let text = Array("κόσμε 😀 plain".utf8.prefix(Int.random(in: 0...20, using: &random)))
                let reserved: UInt8 = opcode < 3 && random.chance(0.2) ? 0x40 : 0
                input += frame(opcode, text, final: random.chance(0.7), reserved: reserved)
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                input[Int.random(in: 0..<input.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            try serverTranscript(of: input, limit: 1 << 16, seed: seed)
            // Compressed data can be corrupt and not UTF-8 at once; the pieces decide which is seen first.
            try serverTranscript(
                of: input, limit: 1 << 16, deflate: DeflateParameters(), seed: seed, comparesReasons: false)
        }
    }

    private func expectFailure(
        _ input: [UInt8], _ error: WebSocketError, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let transcript = try serverTranscript(of: input)
        #expect(transcript.heard == [.failed(error.closeCode, .webSocket(error))], sourceLocation: sourceLocation)
    }
}
