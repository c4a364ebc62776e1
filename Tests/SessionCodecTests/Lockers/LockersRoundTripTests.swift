import SessionBase
import SessionCodec
import Testing

/// What is written of lockers is read as the same, however it is spelled.
@Suite struct LockersRoundTripTests {
    @Test func `random messages of clients come back, in any spelling`() throws {
        var random = RandomLockersMessages(seed: 31)
        for _ in 0..<800 {
            try expectReturn(of: random.clientMessage()) { random.base.base.base.respell($0, isMeta: true) }
        }
    }

    @Test func `random messages of the server come back`() throws {
        var random = RandomLockersMessages(seed: 32)
        for _ in 0..<800 { try expectReturn(of: random.serverFrame()) }
    }

    @Test func `random calls come back from their requests`() throws {
        var random = RandomLockersMessages(seed: 33)
        for _ in 0..<800 {
            let call = random.call()
            let request = call.request
            let read = try LockersCall.parse(
                method: request.method, path: HTTPTarget.segments(of: request.target),
                query: HTTPTarget(request.target).query, fields: request.fields, body: request.body)
            #expect(read == call)
        }
    }

    @Test func `damaged messages are refused or read, and never trap`() {
        var random = RandomLockersMessages(seed: 34)
        for _ in 0..<4000 {
            let message = random.clientMessage()
            var bytes = message.message.encoded(tag: message.tag)
            random.base.base.base.damage(&bytes)
            guard let read = try? LockersClientMessage.decode(bytes.span) else { continue }
            let written = read.message.encoded(tag: read.tag)
            #expect(throws: Never.self) { try LockersClientMessage.decode(written.span) }
        }
    }

    @Test func `damaged frames of a server are refused or read, and never trap`() {
        var random = RandomLockersMessages(seed: 35)
        for _ in 0..<4000 {
            let frame = random.serverFrame()
            var bytes = frame.message.encoded(tag: frame.tag)
            random.base.base.base.damage(&bytes)
            guard let read = try? LockersServerFrame.decode(bytes.span) else { continue }
            let written = read.message.encoded(tag: read.tag)
            #expect(throws: Never.self) { try LockersServerFrame.decode(written.span) }
        }
    }
}
