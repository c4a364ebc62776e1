import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// What a peer does wrong, the code it reads for it, and that nobody else notices (PROTOCOLS §1.3 and §1.8).
@Suite struct CloseCodeTests {
    /// Bytes that break a rule, and the code that answers them.
    struct Mistake: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: [UInt8]
        var code: CloseCode
    }

    /// A masked frame; the key is zero, so that the payload stays readable.
    private static func frame(_ firstByte: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        precondition(payload.count < 126, "a longer length needs more bytes")
        return [firstByte, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }

    @Test(arguments: [
        Mistake(testDescription: "binary", bytes: frame(0x82, [1, 2, 3]), code: .unsupportedData),
        Mistake(testDescription: "bad UTF-8", bytes: frame(0x81, [0xC0, 0xAF]), code: .invalidPayload),
        Mistake(
            testDescription: "bad UTF-8 in a frame that is not complete", bytes: [0x81, 0x8A, 0, 0, 0, 0, 0xFF],
            code: .invalidPayload),
        Mistake(testDescription: "unmasked", bytes: [0x81, 0x02, 0x7B, 0x7D], code: .protocolError),
        Mistake(testDescription: "reserved bit", bytes: frame(0xC1, [0x7B, 0x7D]), code: .protocolError),
        Mistake(testDescription: "unknown opcode", bytes: frame(0x83), code: .protocolError),
        Mistake(testDescription: "fragmented ping", bytes: frame(0x09), code: .protocolError),
        Mistake(testDescription: "continuation of nothing", bytes: frame(0x80, [0x7B]), code: .protocolError),
        Mistake(
            testDescription: "a text inside of a text", bytes: frame(0x01, [0x7B]) + frame(0x81, [0x7B]),
            code: .protocolError),
        Mistake(testDescription: "long ping", bytes: [0x89, 0xFE, 0, 200, 0, 0, 0, 0], code: .protocolError),
        Mistake(testDescription: "close code 1005", bytes: frame(0x88, [0x03, 0xED]), code: .protocolError),
        Mistake(testDescription: "close of one byte", bytes: frame(0x88, [0x03]), code: .protocolError),
        Mistake(
            testDescription: "too big", bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], code: .messageTooBig),
        Mistake(
            testDescription: "a length with the highest bit", bytes: [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1],
            code: .protocolError),
        Mistake(
            testDescription: "too big in pieces",
            bytes: [0x01, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0] + [UInt8](repeating: 0x20, count: 65_535)
                + frame(0x80, [0x20, 0x20]), code: .messageTooBig),
    ])
    func `a mistake closes its own connection and no other`(mistake: Mistake) throws {
        let server = try RunningServer()
        let neighbour = try server.window("u", "w1", case: "C")
        let client = try server.window("u", "w2", case: "C")
        try client.write(plain: mistake.bytes)
        #expect(try client.hearClose() == mistake.code)
        try client.waitForEnd()
        #expect(try neighbour.typesUntilPong() == [])
        #expect(try server.metric("closes_total{profile=\"awareness\",code=\"\(mistake.code.rawValue)\"}") == 1)
    }

    @Test func `a small message that inflates beyond the limit is 1009`() throws {
        let server = try RunningServer { $0.awarenessCompression = true }
        let client = try server.open(compression: .client)
        #expect(client.isCompressed)
        try client.say("{\"type\":\"" + String(repeating: "x", count: 1 << 20) + "\"}")
        #expect(try client.hearClose() == .messageTooBig)
    }

    @Test func `a message of exactly the limit is taken`() throws {
        let server = try RunningServer { $0.awarenessMessageBytesMax = 1000 }
        let client = try server.open()
        let ping = #"{"type":"ping"}"#
        try client.say(ping + String(repeating: " ", count: 1000 - ping.utf8.count))
        #expect(try client.hear()["type"] == "pong")
        try client.say(ping + String(repeating: " ", count: 1001 - ping.utf8.count))
        #expect(try client.hearClose() == .messageTooBig)
    }

    @Test func `a peer's close is echoed with its code`() throws {
        let server = try RunningServer([.awareness, .echo])
        for (code, answer) in [
            (CloseCode.normal, CloseCode.normal), (.goingAway, .goingAway),
            (CloseCode(rawValue: 4999), CloseCode(rawValue: 4999)),
        ] {
            let client = try server.open()
            try client.close(code)
            guard case .closed(answer, _) = try client.nextMessage() else {
                Issue.record("the close of \(code) is not echoed")
                continue
            }
            try client.waitForEnd()
        }
    }

    @Test(arguments: [1, 2])
    func `what was asked before a close, or before a mistake, is answered before it`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        for (end, code) in [
            ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8] as [UInt8], CloseCode.normal),
            ([0x81, 0x02, 0x7B, 0x7D], .protocolError),
            (Self.frame(0x82, [1]), .unsupportedData),
        ] {
            // Users enough for both loops; others each time, for the windows of an abnormal end stay for a while.
            for user in (1...4).map({ "u\($0)-\(code.rawValue)" }) {
                let client = try server.open()
                let ping = #"{"type":"ping"}"#
                let first = TestClient.registration(user, "w1", case: "C1")
                let second = TestClient.registration(user, "w2", case: "C2")
                try client.write(plain: client.frames([ping, first, second, ping]) + end)
                var types: [String] = []
                while case .text(let text) = try client.nextMessage() {
                    let message = try JSONValue.parse(text)
                    types.append((message["payload"]?["type"] ?? message["type"])?.string ?? "?")
                }
                #expect(
                    types == ["pong", "registered", "registered", "multi-case", "case-mismatch", "pong"], "\(code)")
                #expect(try server.metric("closes_total{profile=\"awareness\",code=\"\(code.rawValue)\"}") ?? 0 > 0)
            }
        }
    }

    @Test func `JSON mistakes keep the connection, the twentieth ends it with 4441`() throws {
        let server = try RunningServer()
        let client = try server.open()
        let wrong = ["{", "[]", #"{"type":"nothing"}"#, #"{"type":"register","payload":{}}"#, ""]
        for number in 0..<20 {
            try client.say(wrong[number % wrong.count])
            #expect(try client.hear()["type"] == "error")
        }
        #expect(try client.hearClose() == .tooManyErrors)
    }

    @Test func `too many messages are refused, and go on too long they end with 4529`() throws {
        let server = try RunningServer {
            $0.awareness.messageRate = TokenRate(tokens: 5, each: .seconds(1), burst: 5)
        }
        let neighbour = try server.window("v", "w", case: "C")
        let client = try server.window("u", "w", case: "C")
        let beat = #"{"type":"heartbeat","payload":{"userId":"u","windowId":"w"}}"#
        let flood = client.frames(Array(repeating: beat, count: 40))
        try client.write(plain: flood)
        let refused = try client.hear()
        #expect(refused["payload"]?["code"] == "RATE_LIMITED")
        eventually("the connection is closed") {
            (try? client.write(plain: flood)) == nil || client.isEnded || drained(client)
        }
        #expect(try neighbour.typesUntilPong() == [])
        #expect(try server.metric("closes_total{profile=\"awareness\",code=\"4529\"}") == 1)
        #expect(try server.metric("rate_limited_total{profile=\"awareness\"}") ?? 0 > 3)
    }

    /// Whether the close with 4529 has arrived, which stands behind all refusals.
    private func drained(_ client: TestClient) -> Bool {
        while let heard = try? client.poll() {
            if case .closed(.rateLimited, _) = heard { return true }
        }
        return false
    }

    @Test func `a connection that never registers is closed with 1000`() throws {
        let server = try RunningServer { $0.awareness.unregisteredTimeout = .milliseconds(200) }
        let client = try server.open()
        #expect(try client.hearClose() == .normal)
        try client.waitForEnd()
    }

    @Test(arguments: [1, 2])
    func `the newest socket of a window takes it over, the old one reads 4409`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let old = try server.window("u", "w", case: "C")
        let new = try server.window("u", "w", case: "C")
        #expect(try old.hearClose() == .superseded)
        #expect(try new.typesUntilPong() == [])
        #expect(try server.get("/stats").document["registrations"]?.integer == 1)
    }

    @Test(arguments: [1, 2])
    func `one window more than a user may have is refused and closed with 4429`(threads: Int) throws {
        let server = try RunningServer(threads: threads) { $0.awareness.windowsPerUserMax = 2 }
        let first = try server.window("u", "w1", case: "C")
        let second = try server.window("u", "w2", case: "C")
        let third = try server.open()
        try third.register("u", "w3", case: "C")
        #expect(try third.hear()["payload"]?["code"] == "CONNECTION_LIMIT")
        #expect(try third.hearClose() == .connectionLimit)
        #expect(try first.typesUntilPong() == [])
        #expect(try second.typesUntilPong() == [])
    }
}
