import SessionBase
import SessionCodec
import Testing

/// What is written of channels is read as the same, however it is spelled.
@Suite struct ChannelsRoundTripTests {
    @Test func `random messages of clients come back, in any spelling`() throws {
        var random = RandomChannelsMessages(seed: 21)
        for _ in 0..<800 {
            try expectReturn(of: random.clientMessage()) { random.base.base.respell($0, isMeta: true) }
        }
    }

    @Test func `random messages of the server come back`() throws {
        var random = RandomChannelsMessages(seed: 22)
        for _ in 0..<800 { try expectReturn(of: random.serverFrame()) }
    }

    @Test func `random calls come back from their requests`() throws {
        var random = RandomChannelsMessages(seed: 23)
        for _ in 0..<800 {
            let call = random.call()
            let request = call.request
            let read = try ChannelsCall.parse(
                method: request.method, path: HTTPTarget.segments(of: request.target),
                query: HTTPTarget(request.target).query, fields: request.fields, body: request.body)
            #expect(read == call)
        }
    }

    @Test func `damaged messages are refused or read, and never trap`() {
        var random = RandomChannelsMessages(seed: 24)
        for _ in 0..<4000 {
            let message = random.clientMessage()
            var bytes = message.message.encoded(tag: message.tag)
            random.base.base.damage(&bytes)
            guard let read = try? ChannelsClientMessage.decode(bytes.span) else { continue }
            let written = read.message.encoded(tag: read.tag)
            #expect(throws: Never.self) { try ChannelsClientMessage.decode(written.span) }
        }
    }

    @Test func `damaged frames of a server are refused or read, and never trap`() {
        var random = RandomChannelsMessages(seed: 25)
        for _ in 0..<4000 {
            let frame = random.serverFrame()
            var bytes = frame.message.encoded(tag: frame.tag)
            random.base.base.damage(&bytes)
            guard let read = try? ChannelsServerFrame.decode(bytes.span) else { continue }
            let written = read.message.encoded(tag: read.tag)
            #expect(throws: Never.self) { try ChannelsServerFrame.decode(written.span) }
        }
    }
}
