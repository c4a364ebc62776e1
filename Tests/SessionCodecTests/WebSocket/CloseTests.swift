import SessionBase
import SessionCodec
import TestSupport
import Testing

/// The closing handshake (RFC 6455 §5.5.1 and §7).
@Suite struct CloseTests {
    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])
    func `a close with a code that may be sent is echoed`(code: Int) throws {
        let transcript = try serverTranscript(of: frame(8, closeBody(code, "bye, κόσμε")) + frame(1, [0x41]))
        let closeCode = CloseCode(rawValue: UInt16(code))
        #expect(transcript.heard == [.closeReceived(closeCode, "bye, κόσμε")])
        #expect(transcript.output == frame(8, closeBody(code, closeCode.name ?? ""), mask: nil))
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
    func `a close with a code that may not be sent is a protocol error`(code: Int) throws {
        let transcript = try serverTranscript(of: frame(8, closeBody(code)))
        #expect(transcript.heard == [.failed(.protocolError, .webSocket(.invalidCloseCode))])
        #expect(
            transcript.output
                == frame(8, closeBody(1002, "protocol_error: close code may not be sent"), mask: nil))
    }

    @Test func `a close without a code is answered with 1000`() throws {
        let transcript = try serverTranscript(of: frame(8))
        #expect(transcript.heard == [.closeReceived(.noStatus, "")])
        #expect(transcript.output == frame(8, closeBody(1000, "normal"), mask: nil))
    }

    @Test func `a close body of one byte is a protocol error`() throws {
        let transcript = try serverTranscript(of: frame(8, [3]))
        #expect(transcript.heard == [.failed(.protocolError, .webSocket(.closeBodyOfOneByte))])
    }

    @Test func `a close reason must be UTF-8`() throws {
        let transcript = try serverTranscript(of: frame(8, closeBody(1000) + [0xCE, 0xBA, 0xED, 0xA0, 0x80]))
        #expect(transcript.heard == [.failed(.invalidPayload, .webSocket(.invalidCloseReason))])
    }

    @Test func `a reason is cut at a character boundary`() {
        for padding in 0...3 {
            let reason = String(repeating: "a", count: 118 + padding) + "😀😀"
            let body = CloseBody.make(.normal, reason: reason)
            let kept = String(decoding: body.dropFirst(2), as: UTF8.self)
            #expect(body.count <= 125)
            #expect(reason.hasPrefix(kept))
            #expect(kept.utf8.count == (padding <= 1 ? 122 + padding : 118 + padding))
        }
    }

    @Test func `we close, the peer answers, and nothing is sent any more`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.close(.goingAway, output: &transcript.output)
        #expect(transcript.output == frame(8, closeBody(1001, "going_away"), mask: nil))
        #expect(connection.isClosing && !connection.isFinished)
        transcript.output = []
        connection.send(.text, [0x41].span, output: &transcript.output)
        connection.close(.normal, output: &transcript.output)
        connection.feed(frame(9, [1]) + frame(1, [0x41]) + frame(8, closeBody(1001)) + frame(1), to: &transcript)
        #expect(transcript.heard == [.ping([1]), .message(.text, [0x41]), .closeReceived(.goingAway, "")])
        #expect(transcript.output == [])
        #expect(connection.isFinished && !connection.isClosing)
    }

    @Test func `a peer that breaks a rule after our close gets no second one`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.close(.noStatus, output: &transcript.output)
        connection.feed(frame(3), to: &transcript)
        #expect(transcript.output == frame(8, mask: nil))
        #expect(transcript.heard == [.failed(.protocolError, .webSocket(.unknownOpcode))])
    }

    @Test func `an end of input without a close is abnormal`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        #expect(connection.receiveEOF() == .failed(.abnormal))
        #expect(connection.isFinished)
        #expect(connection.receiveEOF() == .needsInput)
    }

    @Test func `an end of input after the closing handshake is nothing`() {
        var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
        var transcript = Transcript()
        connection.feed(frame(8), to: &transcript)
        #expect(connection.receiveEOF() == .needsInput)
    }

    @Test func `every error has a detail that fits a close frame`() {
        for error in WebSocketError.allCases {
            let reason = CloseBody.reason(error.closeCode, detail: "\(error.detail)")
            #expect(reason.utf8.count <= CloseBody.reasonBytesMax)
            #expect(error.closeCode.isSendable)
        }
    }
}
