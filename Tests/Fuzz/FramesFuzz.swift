import SessionBase
import SessionCodec

/// A connection in either role: chunked input must give what whole input gives, and what one end sends the other hears.
enum FramesFuzz {
    /// Choices: 0 client, 1 permessage-deflate, 2 without context takeover, 3 begins with HTTP, 4 sends the payload instead
    /// of receiving it, 5 in fragments.
    static let seeds: [[UInt8]] = [
        (0, [0x81, 0x83, 0, 0, 0, 0, 0x61, 0x62, 0x63]),
        (0, [0x89, 0x80, 1, 2, 3, 4, 0x88, 0x82, 0, 0, 0, 0, 3, 0xE8]),
        (0, [0x01, 0x82, 0, 0, 0, 0, 0xC3, 0xA9, 0x8A, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0]),
        (2, [0xC1, 0x87, 0, 0, 0, 0, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]),
        (1, [0x82, 0x7E, 0x00, 0x80] + Array(repeating: 7, count: 128)), (7, [0xC1, 0x03, 0xCA, 0x00, 0x00]),
        (
            8,
            Array(
                ("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n").utf8)
        ),
        (16, Array("hello hello hello".utf8)), (0x32, Array("fragments of a compressed message".utf8)),
    ].map { (choices: UInt8, payload: [UInt8]) in FuzzInput.bytes(choices: choices, chunks: [1, 5], payload) }

    static func check(_ input: FuzzInput) {
        if input.choice(4) { return checkSending(input) }
        let whole = Hearing(input.whole, input)
        let chunked = Hearing(input.chunks, input)
        // zlib lets a reference reach beyond a small window within one call, so corrupt data may fail in pieces alone.
        if input.choice(1), case .failed? = chunked.events.last, whole.events.starts(with: chunked.events.dropLast()) {
            return
        }
        require(chunked == whole, "in chunks: \(chunked), whole: \(whole)")
    }

    private static let messageBytesMax = 4_096

    private static func connection(_ input: FuzzInput, isClient: Bool) -> Connection {
        let limits = ConnectionLimits(messageBytesMax: messageBytesMax, http: HTTPLimits(bodyBytesMax: 1_000))
        let role: Connection.Role = isClient ? .client(maskKeys: SipHash(key0: 1, key1: 2)) : .server
        if input.choice(3) { return Connection(role: .server, limits: limits) }
        return Connection(establishedAs: role, limits: limits, deflate: input.choice(1) ? deflate(input) : nil)
    }

    /// Small windows, since zlib's large ones take longer to clear than all the rest.
    private static func deflate(_ input: FuzzInput) -> DeflateParameters {
        var parameters = DeflateParameters()
        parameters.serverMaxWindowBits = 9
        parameters.clientMaxWindowBits = 9
        parameters.serverNoContextTakeover = input.choice(2)
        parameters.clientNoContextTakeover = input.choice(2)
        return parameters
    }

    /// What came of some input: the events with their payloads, and what was answered.
    private struct Hearing: Equatable {
        enum Event: Equatable {
            case message(MessageKind, [UInt8]), ping([UInt8]), pong([UInt8]), closed(CloseCode, String)
            case failed(CloseCode, ConnectionFailure?), request(HTTPRequest), upgrade(HTTPRequest)
        }

        var events: [Event] = []
        var output: [UInt8] = []

        init() {}

        init(_ chunks: [Range<Int>], _ input: FuzzInput) {
            var connection = FramesFuzz.connection(input, isClient: input.choice(0))
            receive(input.payload, chunks, &connection)
            // A peer that waits with its body is told so only where the body has not come with the head.
            if input.choice(3) { output = [] }
            // Compressed data can be corrupt, too long and not UTF-8 at once; the pieces decide which is seen first.
            if input.choice(1), case .failed? = events.last {
                events[events.count - 1] = .failed(.invalidPayload, nil)
                output = []
            }
        }

        mutating func receive(_ bytes: [UInt8], _ chunks: [Range<Int>], _ connection: inout Connection) {
            var buffer = bytes
            var span = buffer.mutableSpan
            for chunk in chunks {
                var piece = span._mutatingExtracting(chunk)
                var cursor = 0
                while true {
                    let event = connection.receive(&piece, from: &cursor, output: &output)
                    require(cursor <= piece.count, "the cursor left the input")
                    if event == .needsInput { break }
                    note(event, &connection, piece.span)
                }
                require(cursor == piece.count, "input was left behind")
            }
        }

        private mutating func note(_ event: ConnectionEvent, _ connection: inout Connection, _ bytes: Span<UInt8>) {
            switch event {
            case .message(let kind, let place):
                let message = copy(place, connection, bytes)
                require(message.count <= messageBytesMax, "a message beyond the limit")
                require(
                    kind != .text || String(validating: message, as: UTF8.self) != nil, "text that is not UTF-8")
                events.append(.message(kind, message))
            case .ping(let place): events.append(.ping(copy(place, connection, bytes)))
            case .pong(let place): events.append(.pong(copy(place, connection, bytes)))
            case .closeReceived(let code): events.append(.closed(code, connection.closeReason))
            case .failed(let code): events.append(.failed(code, connection.failure))
            case .request:
                events.append(.request(connection.takeRequest()))
                connection.respond(HTTPResponse(status: .noContent), output: &output)
            case .upgrade:
                events.append(.upgrade(connection.takeRequest()))
                connection.accept(Acceptance(messageBytesMax: messageBytesMax), output: &output)
            case .response, .opened: fatalError("a server hears a response")
            case .needsInput: break
            }
        }

        private func copy(_ place: PayloadPlace, _ connection: Connection, _ bytes: Span<UInt8>) -> [UInt8] {
            switch place {
            case .input(let range): range.map { bytes[$0] }
            case .assembled: connection.assembled
            case .control: connection.control
            }
        }
    }

    /// One end sends the chunks as messages; the other, fed in chunks too, hears exactly these.
    private static func checkSending(_ input: FuzzInput) {
        guard !input.choice(3), input.payload.count <= messageBytesMax else { return }
        var sender = connection(input, isClient: !input.choice(0))
        var receiver = connection(input, isClient: input.choice(0))
        sender.fragmentBytes = input.choice(5) ? 3 : 0
        var wire: [UInt8] = []
        var expected: [Hearing.Event] = []
        for chunk in input.chunks {
            let message = Array(input.payload[chunk])
            let isText = String(validating: message, as: UTF8.self) != nil
            expected.append(.message(isText ? .text : .binary, message))
            sender.send(isText ? .text : .binary, message.span, output: &wire)
        }
        sender.ping([1, 2].span, output: &wire)
        sender.close(.normal, reason: "done", output: &wire)
        expected += [.ping([1, 2]), .closed(.normal, "done")]
        var hearing = Hearing()
        hearing.receive(wire, [0..<wire.count], &receiver)
        require(hearing.events == expected, "another thing was heard than said")
    }
}
