import SessionBase
import SessionCodec
import Testing

/// What is written is read as the same, in JSON and in Protobuf, however it is spelled.
@Suite struct SyncRoundTripTests {
    @Test func `random messages of clients come back, in any spelling`() throws {
        var random = RandomSyncMessages(seed: 11)
        for _ in 0..<600 {
            let frame = random.clientFrame()
            let bytes = frame.encoded()
            #expect(try SyncClientFrame.read(bytes.span) == frame)
            let spelled = Array(random.respell(try JSONValue.parse(bytes.span)).utf8)
            #expect(try SyncClientFrame.read(spelled.span) == frame)
            #expect(try SyncProtocol.ClientMessage.decode(bytes.span).message.encoded() == bytes)
        }
    }

    @Test func `random messages of the server come back`() throws {
        var random = RandomSyncMessages(seed: 12)
        for _ in 0..<600 {
            let frame = random.serverFrame()
            let bytes = frame.encoded()
            #expect(try SyncServerFrame.decode(bytes.span).message == frame)
            #expect(try SyncServerFrame.decode(bytes.span).message.encoded() == bytes)
        }
    }

    @Test func `random messages come back from Protobuf`() throws {
        var random = RandomSyncMessages(seed: 13)
        for _ in 0..<600 {
            let client = random.clientFrame()
            var bytes: [UInt8] = []
            client.encodeProtobuf(to: &bytes)
            // Integers of 64 bits do not survive a double; the values of the tree are chosen to.
            if !client.hasLargeIntegers { #expect(try SyncClientFrame.read(protobuf: bytes.span) == client) }
            let server = random.serverFrame()
            bytes = []
            server.message.encodeProtobuf(server.envelope, to: &bytes)
            let json = try JSONValue.parse(server.encoded().span)
            var again: [UInt8] = []
            try SyncProtobuf.appendJSON(bytes.span, to: &again)
            #expect(try JSONValue.parse(again.span).isNearly(json))
        }
    }

    @Test func `damaged messages are refused or read, and never trap`() {
        var random = RandomSyncMessages(seed: 14)
        for _ in 0..<3000 {
            var bytes = random.clientFrame().encoded()
            random.base.damage(&bytes)
            do {
                let frame = try SyncClientFrame.read(bytes.span)
                #expect(throws: Never.self) { try SyncClientFrame.read(frame.encoded().span) }
            } catch {
                #expect(error.code.isAboutDecoding || error.code == .invalidOperation)
            }
        }
    }

    @Test func `damaged Protobuf is refused or read, and never traps`() {
        var random = RandomSyncMessages(seed: 15)
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            random.clientFrame().encodeProtobuf(to: &bytes)
            random.base.damage(&bytes)
            var json: [UInt8] = []
            do {
                try SyncProtobuf.appendJSON(bytes.span, to: &json)
                #expect(throws: Never.self) { try JSONValue.parse(json.span) }
            } catch {
                #expect(throws: SyncRefusal.self) { try SyncClientFrame.read(protobuf: bytes.span) }
            }
        }
    }
}

extension SyncClientFrame {
    /// Whether a number of it is no double's.
    fileprivate var hasLargeIntegers: Bool {
        let limit: UInt64 = 1 << 53
        return switch message {
        case .heartbeat(let time): (time?.magnitude ?? 0) > limit
        case .snapshotRequest(_, let version): (version ?? 0) > limit
        case .stateUpdate(let update): (update.baseVersion ?? 0) > limit
        case .auth(let authentication): (authentication.resume?.sequence ?? 0) > limit
        case .deviceList, .broadcast: false
        }
    }
}

extension JSONValue {
    /// The same, but for integers that a double cannot tell apart; what is missing there may be `null`, or `0` for `seq`.
    fileprivate func isNearly(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): Double(left) == Double(right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isNearly($1) }
        case (.object(let left), .object(let right)):
            right.members.allSatisfy { left[$0.key]?.isNearly($0.value) ?? ($0.value == .number("0")) }
                && left.members.allSatisfy { right[$0.key] != nil }
        default: self == other
        }
    }
}

extension RandomSyncMessages {
    /// Writes a message with its members in another order, white space and escapes.
    fileprivate mutating func respell(_ value: JSONValue) -> String { base.respell(value, isMeta: true) }
}
