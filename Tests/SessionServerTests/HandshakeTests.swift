import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// How handshakes are refused (PROTOCOLS §1.4, §1.5 and C18).
@Suite struct HandshakeTests {
    private static let fields = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    private static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    private static let version = "Sec-WebSocket-Version: 13\r\n"

    /// A request, and how the answer must begin.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var request: String
        var answer: String
        var field = ""
    }

    @Test(arguments: [
        Case(
            testDescription: "valid", request: "GET / HTTP/1.1\r\n" + fields + key + version + "\r\n",
            answer: "HTTP/1.1 101 ", field: "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        Case(
            testDescription: "no version", request: "GET / HTTP/1.1\r\n" + fields + key + "\r\n",
            answer: "HTTP/1.1 426 ", field: "Sec-WebSocket-Version: 13"),
        Case(
            testDescription: "version 12",
            request: "GET / HTTP/1.1\r\n" + fields + key + "Sec-WebSocket-Version: 12\r\n\r\n",
            answer: "HTTP/1.1 426 ", field: "Sec-WebSocket-Version: 13"),
        Case(
            testDescription: "short key",
            request: "GET / HTTP/1.1\r\n" + fields + version + "Sec-WebSocket-Key: c2hvcnQ=\r\n\r\n",
            answer: "HTTP/1.1 400 "),
        Case(
            testDescription: "no key", request: "GET / HTTP/1.1\r\n" + fields + version + "\r\n",
            answer: "HTTP/1.1 400 "),
        Case(
            testDescription: "no Connection: Upgrade",
            request: "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n" + key + version + "\r\n",
            answer: "HTTP/1.1 426 ", field: "Sec-WebSocket-Version: 13"),
        Case(
            testDescription: "HTTP/1.0", request: "GET / HTTP/1.0\r\n" + fields + key + version + "\r\n",
            answer: "HTTP/1.1 505 "),
        Case(
            testDescription: "HTTP/2.0", request: "GET / HTTP/2.0\r\n" + fields + key + version + "\r\n",
            answer: "HTTP/1.1 505 "),
        Case(
            testDescription: "POST",
            request: "POST / HTTP/1.1\r\nContent-Length: 0\r\n" + fields + key + version + "\r\n",
            answer: "HTTP/1.1 405 ", field: "Allow: GET"),
        Case(
            testDescription: "a head of more than 16 KiB",
            request: "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 17_000) + "\r\n\r\n",
            answer: "HTTP/1.1 431 "),
        Case(
            testDescription: "a target of more than 8 KiB",
            request: "GET /" + String(repeating: "x", count: 8_300) + " HTTP/1.1\r\n" + fields + "\r\n",
            answer: "HTTP/1.1 414 "),
        Case(
            testDescription: "two ways to delimit a body",
            request:
                "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            answer: "HTTP/1.1 400 "),
    ])
    func `a handshake that is wrong is answered with its status`(test: Case) throws {
        let server = try RunningServer()
        let other = try server.window("u", "w", case: "C")
        let client = try server.connect()
        try client.write(test.request)
        if test.answer == "HTTP/1.1 101 " { client.endOutput() }
        let answer = try client.readToEnd()
        #expect(answer.hasPrefix(test.answer), "\(answer)")
        #expect(answer.lowercased().contains(test.field.lowercased()), "\(answer)")
        #expect(try other.typesUntilPong() == [])
    }

    @Test func `a handshake that takes too long is 408, and silence is just cut`() throws {
        let server = try RunningServer { $0.timing.handshakeTimeout = .milliseconds(200) }
        let slow = try server.connect()
        let silent = try server.connect()
        try slow.write("GET / HTTP/1.1\r\nHost: loc")
        let answer = try slow.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        #expect(answer.contains("\r\nX-Request-Id: "))
        #expect(try silent.readToEnd() == "")
    }

    @Test func `bytes that trickle in do not postpone the end of the handshake`() throws {
        let server = try RunningServer { $0.timing.handshakeTimeout = .milliseconds(300) }
        let client = try server.connect()
        try client.write("GET / HTTP/1.1\r\n")
        eventually("the server gives up") {
            (try? client.write("X: y\r\n")) == nil
                || waitUntil(client.descriptor.rawValue, 1, until: SystemClock.now() + .milliseconds(20))
        }
        #expect(try client.readToEnd().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `pages of other origins get 403, the server's own and listed ones do not`() throws {
        let server = try RunningServer { $0.origins = OriginRule(patterns: ["https://*.clinic.example"])! }
        let refused = try server.connect().tryOpen(fields: ["Origin": "https://evil.example"])
        #expect(refused?.status == .forbidden)
        #expect(try refused?.document["error"] == "ORIGIN_FORBIDDEN")
        #expect(try server.connect().tryOpen(fields: ["Origin": "null"])?.status == .forbidden)
        #expect(try server.connect().tryOpen(fields: ["Origin": "https://clinic.example"])?.status == .forbidden)
        for origin in ["http://localhost:3000", "http://localhost", "https://app.clinic.example"] {
            #expect(try server.connect().tryOpen(fields: ["Origin": origin]) == nil, "\(origin)")
        }
    }

    @Test func `an unknown version is HTTP 400 to a program and 4405 to a browser`() throws {
        let server = try RunningServer()
        let refused = try server.connect().tryOpen("/?v=9")
        #expect(refused?.status == .badRequest)
        #expect(try refused?.document["error"] == "UNSUPPORTED_VERSION")
        let browser = try server.open("/?v=9", fields: ["Origin": "http://localhost"])
        #expect(try browser.hear()["type"] == "error")
        #expect(try browser.hearClose() == .unsupportedVersion)
        let offering = try server.connect()
        #expect(try offering.tryOpen(subprotocols: ["sessionctl.awareness.v7"])?.status == .badRequest)
    }

    @Test func `the style of a refusal can be forced`() throws {
        let http = try RunningServer { $0.rejectionStyle = .http }
        #expect(try http.connect().tryOpen("/?v=9", fields: ["Origin": "http://localhost"])?.status == .badRequest)
        let close = try RunningServer { $0.rejectionStyle = .close }
        #expect(try close.open("/?v=9").hearClose() == .unsupportedVersion)
        #expect(try close.connect().tryOpen(fields: ["Origin": "https://evil.example"])?.status == .forbidden)
    }

    @Test func `a refused handshake leaves no connection behind`() throws {
        let server = try RunningServer { $0.limits.node = 1 }
        for _ in 0..<3 { _ = try server.connect().tryOpen("/?v=9") }
        let browser = try server.open("/?v=9", fields: ["Origin": "http://localhost"])
        #expect(try browser.hearClose() == .unsupportedVersion)
        let window = try server.window("u", "w", case: "C")
        #expect(try window.typesUntilPong() == [])
        #expect(try server.get("/stats").document["connections"]?.integer == 1)
    }

    @Test func `one of our subprotocols is selected, others are passed over`() throws {
        let server = try RunningServer()
        let first = try server.open(subprotocols: ["chat", "sessionctl.awareness.v2"])
        #expect(first.subprotocol == "sessionctl.awareness.v2")
        #expect(try server.open(subprotocols: ["chat"]).subprotocol == nil)
        try first.register("u", "w", case: "C")
        #expect(try first.hear()["type"] == "registered")
        try first.say(#"{"type":"focus","payload":{"userId":"u","windowId":"w"}}"#)
        #expect(try first.hear()["type"] == "focused")
    }

    @Test func `messages sent along with the handshake are answered`() throws {
        let server = try RunningServer()
        let client = try server.connect()
        let request = "GET / HTTP/1.1\r\n" + Self.fields + Self.key + Self.version + "\r\n"
        try client.write(plain: Array(request.utf8) + Self.maskedText(#"{"type":"ping"}"#))
        client.endOutput()
        #expect(try client.readToEnd().contains(#"{"type":"pong","payload":{"timestamp":""#))
    }

    private static func maskedText(_ text: String) -> [UInt8] {
        var frame: [UInt8] = []
        let payload = Array(text.utf8)
        let header = FrameHeader(opcode: .text, payloadBytes: payload.count, maskKey: 0)
        FrameEncoder.append(header, payload.span, to: &frame)
        return frame
    }

    @Test func `the node's limit is 503 with Retry-After, an address's 429`() throws {
        let server = try RunningServer { $0.limits.node = 1 }
        let first = try server.open()
        let refused = try server.connect().tryOpen()
        #expect(refused?.status == .serviceUnavailable)
        #expect(refused?.fields["Retry-After"] != nil)
        try first.close()
        #expect(try first.hearClose() == .normal)
        try eventually("there is room again") { try server.connect().tryOpen() == nil }
        let addressed = try RunningServer { $0.limits.address = 1 }
        let held = try addressed.open()
        #expect(try addressed.connect().tryOpen()?.status == .tooManyRequests)
        try held.close()
        try eventually("there is room again") { try addressed.connect().tryOpen() == nil }
    }

    @Test func `protected mode does not trouble loopback`() throws {
        let server = try RunningServer {
            $0.listeners[0].address = .ipv4(0, port: 0)
            $0.listeners[0].isHostSpelledOut = false
        }
        let port = try #require(server.address.port)
        #expect(try server.connect(.loopback(port: port)).tryOpen() == nil)
    }
}
