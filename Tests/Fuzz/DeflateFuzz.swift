import SessionCodec

/// permessage-deflate: what is compressed inflates to itself, and no input inflates beyond the limit.
enum DeflateFuzz {
    /// Choices: 0 inflates the payload instead of compressing it, 1 without context takeover, 2…3 the window less 8, 4 the
    /// largest window, 5…7 where a compressed message is cut.
    static let seeds: [[UInt8]] = [
        (0, Array("hello hello hello hello".utf8)), (2, Array(repeating: 0, count: 300)), (0x8C, Array(0...255)),
        (0x10, Array("a large window".utf8)),
        (1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]), (1, [0xF2, 0x00, 0x11, 0x00, 0x00]), (3, [0x00]),
        (1, [0x03, 0x00]), (1, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]),
    ].map { (choices: UInt8, payload: [UInt8]) in FuzzInput.bytes(choices: choices, chunks: [3, 11], payload) }

    static func check(_ input: FuzzInput) {
        if input.choice(0) { checkInflating(input) } else { checkRoundTrip(input) }
    }

    private static let bytesMax = 2_048

    /// Large windows are seldom chosen, since clearing one takes longer than all the rest.
    private static func windowBits(_ input: FuzzInput) -> UInt8 {
        input.choice(4) && !input.choice(3) ? 15 : 8 + (input.choices >> 2 & 3)
    }

    private static func compression(_ input: FuzzInput, isServer: Bool) -> MessageCompression {
        var parameters = DeflateParameters()
        parameters.serverMaxWindowBits = windowBits(input)
        parameters.clientMaxWindowBits = parameters.serverMaxWindowBits
        parameters.serverNoContextTakeover = input.choice(1)
        parameters.clientNoContextTakeover = input.choice(1)
        return MessageCompression(parameters, isServer: isServer, messageBytesMin: 0)
    }

    /// The chunks as messages, each inflated in two pieces.
    private static func checkRoundTrip(_ input: FuzzInput) {
        var server = compression(input, isServer: true)
        var client = compression(input, isServer: false)
        for chunk in input.chunks {
            let message = Array(input.payload[chunk])
            let compressed = server.compress(message.span)
            let cut = compressed.count * Int(input.choices >> 5) / 8
            let inflated = inflate(
                compressed, [0..<cut, cut..<compressed.count], with: &client, bytesMax: message.count)
            require(inflated.error == nil, "what was compressed is refused")
            require(inflated.output == message, "another message comes out")
        }
    }

    /// The payload as compressed bytes of one message.
    private static func checkInflating(_ input: FuzzInput) {
        let whole = inflate(input.whole, input)
        let chunked = inflate(input.chunks, input)
        // Within one call zlib lets a reference reach back beyond a small window, and a final block ends a call: either
        // may fail alone.
        let hasFullWindow = windowBits(input) == 15
        require(chunked.error == whole.error || !hasFullWindow, "chunks fail differently")
        let isAnyRefused = chunked.error != nil || whole.error != nil
        require(isAnyRefused || chunked.output == whole.output, "chunks inflate differently")
    }

    private static func inflate(_ chunks: [Range<Int>], _ input: FuzzInput) -> (output: [UInt8], error: WebSocketError?)
    {
        var client = compression(input, isServer: false)
        return inflate(input.payload, chunks, with: &client, bytesMax: bytesMax)
    }

    /// Inflates one message that comes in chunks.
    private static func inflate(
        _ bytes: [UInt8], _ chunks: [Range<Int>], with compression: inout MessageCompression, bytesMax: Int
    ) -> (output: [UInt8], error: WebSocketError?) {
        var output: [UInt8] = []
        for (place, chunk) in chunks.enumerated() {
            let isEnd = place == chunks.count - 1
            do {
                try compression.inflate(bytes.span.extracting(chunk), isEnd: isEnd, into: &output, bytesMax: bytesMax)
            } catch {
                require(output.count <= bytesMax + 1, "more was inflated than the limit and a byte")
                return (output, error)
            }
            require(output.count <= bytesMax, "a message beyond the limit was accepted")
        }
        return (output, nil)
    }
}
