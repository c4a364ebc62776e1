import SessionBase
import SessionCodec
import TestSupport
import Testing

/// The HTTP phase of a server, every request in every chunking (RFC 6455 §4.2, PROTOCOLS §1.4).
@Suite struct ServerHandshakeTests {
    private static let handshake = [
        "Host: h", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
    ]

    @Test func `a valid handshake is answered with 101, and frames behind it are read`() throws {
        let input = request(Self.handshake) + frame(1, Array("Hello".utf8))
        let transcript = try serve(input)
        #expect(transcript.heard == [.upgrade, .message(.text, Array("Hello".utf8))])
        #expect(
            String(decoding: transcript.output, as: UTF8.self) == """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                Sec-WebSocket-Protocol: two\r
                X-Extra: yes\r
                \r

                """)
    }

    /// A handshake with one thing wrong, and the status that it is answered with.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var status: Int
        var line = "GET /ws HTTP/1.1"
        /// The field that is changed, and its value; without one it is left out.
        var field = ""
        var value: String?

        var testDescription: String { "\(line) \(field) \(value ?? "")" }
    }

    private static let mistakes = [
        Mistake(status: 405, line: "POST /ws HTTP/1.1"),
        Mistake(status: 505, line: "GET /ws HTTP/1.0"),
        Mistake(status: 505, line: "GET /ws HTTP/2.0"),
        Mistake(status: 426, field: "Connection"),
        Mistake(status: 426, field: "Connection", value: "keep-alive"),
        Mistake(status: 426, field: "Sec-WebSocket-Version"),
        Mistake(status: 426, field: "Sec-WebSocket-Version", value: "8"),
        Mistake(status: 426, field: "Sec-WebSocket-Version", value: "13, 8"),
        Mistake(status: 400, field: "Sec-WebSocket-Key"),
        Mistake(status: 400, field: "Sec-WebSocket-Key", value: "c2hvcnQ="),
        Mistake(status: 400, field: "Sec-WebSocket-Extensions", value: "a;;b"),
        Mistake(status: 400, field: "Host"),
    ]

    @Test(arguments: mistakes)
    func `an invalid handshake is refused with its status`(mistake: Mistake) throws {
        let status = mistake.status
        let kept = Self.handshake.filter { !$0.hasPrefix(mistake.field + ":") }
        let added = mistake.value.map { ["\(mistake.field): \($0)"] } ?? []
        let transcript = try serve(request(kept + added, line: mistake.line) + frame(1))
        let answer = String(decoding: transcript.output, as: UTF8.self)
        #expect(transcript.heard.count == 1)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("Connection: close\r\n"))
        #expect(answer.contains("Content-Type: application/json\r\n"))
        #expect(answer.contains("Sec-WebSocket-Version: 13\r\n") == (status == 426))
        #expect(answer.contains("Allow: GET\r\n") == (status == 405))
    }

    @Test func `a key or version that is there twice is refused`() throws {
        for field in ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"] {
            let transcript = try serve(request(Self.handshake + [field]))
            #expect(transcript.heard.count == 1 && transcript.heard != [.upgrade])
        }
    }

    @Test func `permessage-deflate is negotiated and used`() throws {
        let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
        let input =
            request(Self.handshake + [offer])
            + frame(1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], reserved: 0x40)
        let transcript = try serve(input)
        #expect(transcript.heard == [.upgrade, .message(.text, Array("Hello".utf8))])
        #expect(
            String(decoding: transcript.output, as: UTF8.self).contains(
                "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                    + "client_no_context_takeover\r\n"))
        let declined = try serve(input, compression: nil)
        #expect(declined.heard == [.upgrade, .failed(.protocolError, .webSocket(.reservedBits))])
        #expect(!String(decoding: declined.output, as: UTF8.self).contains("Extensions"))
    }

    @Test func `requests are answered one after the other, then the connection becomes a WebSocket`() throws {
        let get = request(["Host: h"], line: "GET /healthz HTTP/1.1")
        let transcript = try serve(get + get + request(Self.handshake) + frame(9))
        #expect(transcript.heard == [.request, .request, .upgrade, .ping([])])
        let answers = String(decoding: transcript.output, as: UTF8.self).split(separator: "HTTP/1.1 ")
        #expect(answers.map { $0.prefix(3) } == ["200", "200", "101"])
    }

    @Test func `nothing is parsed while a request waits for its answer`() {
        var connection = Connection(role: .server, limits: ConnectionLimits())
        let get = request(["Host: h"], line: "GET / HTTP/1.1")
        var bytes = get + get
        var output: [UInt8] = []
        var cursor = 0
        var input = bytes.mutableSpan
        #expect(connection.receive(&input, from: &cursor, output: &output) == .request)
        #expect(cursor == get.count)
        #expect(connection.receive(&input, from: &cursor, output: &output) == .needsInput)
        #expect(cursor == get.count && output.isEmpty)
        #expect(connection.respond(HTTPResponse(status: .ok), output: &output) == true)
        #expect(connection.receive(&input, from: &cursor, output: &output) == .request)
    }

    @Test(arguments: ["GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"])
    func `a client that will not go on is answered and closed`(text: String) throws {
        let transcript = try serve(Array(text.utf8) + Array(text.utf8))
        #expect(transcript.heard == [.request])
        #expect(String(decoding: transcript.output, as: UTF8.self).contains("Connection: close\r\n"))
    }

    @Test func `the answer to HEAD has no body`() throws {
        let transcript = try serve(request(["Host: h"], line: "HEAD / HTTP/1.1"))
        #expect(String(decoding: transcript.output, as: UTF8.self).hasSuffix("Content-Length: 2\r\n\r\n"))
    }

    @Test func `what is no HTTP is answered with its status and closed`() throws {
        let transcript = try serve(Array("GET /\u{1} HTTP/1.1\r\n\r\n".utf8) + request(Self.handshake))
        #expect(transcript.heard.count == 1)
        #expect(String(decoding: transcript.output, as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
    }

    @Test func `a body that is waited for is asked for`() {
        var connection = Connection(role: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.feed(
            request(["Host: h", "Content-Length: 2", "Expect: 100-continue"], line: "POST / HTTP/1.1"), to: &transcript)
        #expect(transcript.output == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        #expect(connection.isInsideRequest)
    }

    @Test func `an end of input between requests is no failure, inside of one it is`() {
        var connection = Connection(role: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        #expect(connection.receiveEOF() == .needsInput)
        connection = Connection(role: .server, limits: ConnectionLimits())
        connection.feed(Array("GET /".utf8), to: &transcript)
        #expect(connection.receiveEOF() == .failed(.abnormal))
    }

    @Test func `a client that ended its half still gets its answer`() {
        var connection = Connection(role: .server, limits: ConnectionLimits())
        var bytes = request(["Host: h"], line: "GET / HTTP/1.1")
        var output: [UInt8] = []
        var cursor = 0
        var input = bytes.mutableSpan
        #expect(connection.receive(&input, from: &cursor, output: &output) == .request)
        #expect(connection.receiveEOF() == .needsInput)
        #expect(connection.respond(HTTPResponse(status: .ok), output: &output) == false)
        #expect(String(decoding: output, as: UTF8.self).contains("Connection: close\r\n"))
        #expect(connection.isFinished)
    }

    @Test func `a request that never ends can be refused`() {
        var connection = Connection(role: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.feed(Array("GET /".utf8), to: &transcript)
        let goesOn = connection.respond(HTTPResponse(status: .requestTimeout), output: &transcript.output)
        #expect(!goesOn && connection.isFinished)
    }

    @Test func `the message limit of the terms holds`() {
        var connection = Connection(role: .server, limits: ConnectionLimits(messageBytesMax: 10))
        var transcript = Transcript()
        var bytes = request(Self.handshake)
        var cursor = 0
        var input = bytes.mutableSpan
        #expect(connection.receive(&input, from: &cursor, output: &transcript.output) == .upgrade)
        connection.accept(Acceptance(messageBytesMax: 3), output: &transcript.output)
        connection.feed(frame(1, [1, 2, 3]) + frame(1, [1, 2, 3, 4]), to: &transcript)
        #expect(
            transcript.heard == [.message(.text, [1, 2, 3]), .failed(.messageTooBig, .webSocket(.messageTooBig))])
    }

    private func request(_ fields: [String], line: String = "GET /ws HTTP/1.1") -> [UInt8] {
        Array((([line] + fields).joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// A server that answers every request with 200 and accepts every handshake.
    private func serve(_ input: [UInt8], compression: CompressionPolicy? = .server) throws -> Transcript {
        try DecoderVerifier(seed: 7).verify(input) { pieces in
            var transcript = Transcript()
            var connection = Connection(role: .server, limits: ConnectionLimits())
            for piece in pieces {
                connection.feed(piece, to: &transcript) { connection, event, output in
                    switch event {
                    case .request:
                        connection.respond(HTTPResponse(status: .ok, body: Array("ok".utf8)), output: &output)
                    case .upgrade:
                        connection.accept(
                            Acceptance(messageBytesMax: 1 << 16, compression: compression), subprotocol: "two",
                            fields: ["X-Extra": "yes"], output: &output)
                    default: break
                    }
                }
            }
            return transcript
        }
    }
}
