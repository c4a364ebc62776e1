import SessionBase
import SessionCodec
import TestSupport
import Testing

/// The HTTP phase of a client, every response in every chunking (RFC 6455 §4.1).
@Suite struct ClientHandshakeTests {
    private static let handshake = ClientHandshake(
        target: "/ws?v=2", authority: "example.org:8765", nonce: (0x7468_6520_7361_6D70, 0x6C65_206E_6F6E_6365),
        subprotocols: ["one", "two"], compression: .client, fields: ["Origin": "https://example.org"])
    private static let accepted = [
        "Upgrade: WebSocket", "Connection: upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    ]

    @Test func `the request is complete`() {
        var output: [UInt8] = []
        var connection = client()
        connection.request(Self.handshake, output: &output)
        #expect(
            String(decoding: output, as: UTF8.self) == """
                GET /ws?v=2 HTTP/1.1\r
                Host: example.org:8765\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: one, two\r
                Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
                Origin: https://example.org\r
                \r

                """)
    }

    @Test func `a field of the user replaces the handshake's own`() {
        var handshake = Self.handshake
        handshake.fields = ["host": "other", "Sec-WebSocket-Version": "12"]
        var output: [UInt8] = []
        var connection = client()
        connection.request(handshake, output: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.contains("\r\nhost: other\r\n") && !text.contains("Host: "))
        #expect(text.contains("Sec-WebSocket-Version: 12\r\n") && !text.contains("Version: 13"))
    }

    @Test func `a 101 opens the connection, and frames behind it are read`() throws {
        let transcript = try hear(response(Self.accepted) + frame(1, [0x41], mask: nil))
        #expect(transcript.heard == [.opened, .message(.text, [0x41])])
    }

    @Test func `what was agreed can be read`() {
        var connection = client()
        var transcript = Transcript()
        connection.request(Self.handshake, output: &transcript.output)
        let fields = [
            "Sec-WebSocket-Protocol: two",
            "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10; client_max_window_bits=9",
        ]
        connection.feed(response(Self.accepted + fields), to: &transcript)
        #expect(transcript.heard == [.opened])
        #expect(connection.subprotocol == "two")
        #expect(connection.compresses(bytes: 512) && !connection.compresses(bytes: 511))
        #expect(connection.takeResponse().fields["upgrade"] == "WebSocket")
    }

    private static let mistakes: [([String], HandshakeFailure)] = [
        (["Upgrade: h2c", accepted[1], accepted[2]], .upgradeNotWebSocket),
        ([accepted[0], "Connection: close", accepted[2]], .connectionNotUpgrade),
        ([accepted[0], accepted[1]], .wrongAccept),
        ([accepted[0], accepted[1], "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA="], .wrongAccept),
        (accepted + [accepted[2]], .wrongAccept),
        (accepted + ["Sec-WebSocket-Protocol: three"], .unofferedSubprotocol),
        (accepted + ["Sec-WebSocket-Protocol: one", "Sec-WebSocket-Protocol: two"], .unofferedSubprotocol),
        (accepted + ["Sec-WebSocket-Extensions: x-other"], .unofferedExtension),
        (accepted + ["Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate"], .unofferedExtension),
        (accepted + ["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7"], .invalidCompression),
        (accepted + ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"], .invalidCompression),
        (accepted + ["Sec-WebSocket-Extensions: ;"], .invalidCompression),
    ]

    @Test(arguments: mistakes)
    func `a 101 that is no answer to the handshake is a failure`(fields: [String], failure: HandshakeFailure) throws {
        let transcript = try hear(response(fields) + frame(1, mask: nil))
        #expect(transcript.heard == [.failed(.protocolError, .handshake(failure))])
    }

    @Test func `an extension that was not offered is a failure`() {
        var handshake = Self.handshake
        handshake.compression = nil
        var connection = client()
        var transcript = Transcript()
        connection.request(handshake, output: &transcript.output)
        connection.feed(response(Self.accepted + ["Sec-WebSocket-Extensions: permessage-deflate"]), to: &transcript)
        #expect(transcript.heard == [.failed(.protocolError, .handshake(.unofferedExtension))])
    }

    @Test func `a refusal is a response`() {
        var connection = client()
        var transcript = Transcript()
        connection.request(Self.handshake, output: &transcript.output)
        connection.feed(
            Array("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope".utf8), to: &transcript)
        #expect(transcript.heard == [.response])
        let response = connection.takeResponse()
        #expect(response.status == .unauthorized && response.body == Array("nope".utf8))
    }

    @Test func `an end of input completes a response or fails the handshake`() {
        var connection = client()
        var transcript = Transcript()
        connection.request(Self.handshake, output: &transcript.output)
        connection.feed(Array("HTTP/1.1 503 Busy\r\n\r\nlater".utf8), to: &transcript)
        #expect(transcript.heard == [])
        #expect(connection.receiveEOF() == .response)
        #expect(connection.takeResponse().body == Array("later".utf8))
        connection = client()
        connection.request(Self.handshake, output: &transcript.output)
        #expect(connection.receiveEOF() == .failed(.abnormal))
    }

    @Test func `an interim response is passed over`() throws {
        let input = Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8) + response(Self.accepted)
        #expect(try hear(input).heard == [.opened])
    }

    @Test func `plain requests share the connection`() {
        var connection = client()
        var transcript = Transcript()
        for status in [503, 200] {
            let head = HTTPRequestHead(target: "/readyz", fields: ["Host": "h"])
            connection.request(HTTPRequest(head: head), output: &transcript.output)
            connection.feed(Array("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n".utf8), to: &transcript)
            #expect(connection.takeResponse().status.rawValue == status)
        }
        #expect(transcript.heard == [.response, .response])
    }

    @Test func `a 101 that nobody asked for is a failure`() {
        var connection = client()
        var transcript = Transcript()
        let head = HTTPRequestHead(target: "/", fields: ["Host": "h"])
        connection.request(HTTPRequest(head: head), output: &transcript.output)
        connection.feed(response(Self.accepted), to: &transcript)
        #expect(transcript.heard == [.failed(.protocolError, .handshake(.notAsked))])
    }

    private func client() -> Connection {
        Connection(role: .client(maskKeys: SipHash(key0: 1, key1: 2)), limits: ConnectionLimits())
    }

    private func response(_ fields: [String]) -> [UInt8] {
        Array((["HTTP/1.1 101 Switching Protocols"] + fields).joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8)
    }

    private func hear(_ input: [UInt8]) throws -> Transcript {
        try DecoderVerifier(seed: 11).verify(input) { pieces in
            var connection = client()
            var transcript = Transcript()
            connection.request(Self.handshake, output: &transcript.output)
            for piece in pieces { connection.feed(piece, to: &transcript) }
            return transcript
        }
    }
}
