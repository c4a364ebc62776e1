import SessionBase
import SessionCodec
import Testing

/// The fast reader of server messages is held to the careful one, ``AwarenessServerMessage/decode(_:)``.
@Suite struct AwarenessAnswerTests {
    /// Two seeds for ever, and a fresh one that is printed where it fails.
    private static let seeds: [UInt64] = [1, 0xC0FFEE, UInt64.random(in: .min ... .max)]

    /// What both readers say of a text, in the words of the fast one.
    private enum Outcome: Equatable {
        case refused(WireError)
        case read(
            AwarenessServerKind, tag: String, number: UInt64?, error: AwarenessErrorCode?,
            warning: AwarenessWarning.Kind?, time: Timestamp?, entries: Int)
    }

    private func fast(_ bytes: [UInt8]) -> Outcome {
        do {
            let answer = try AwarenessAnswer.decode(bytes.span)
            return .read(
                answer.kind, tag: Self.unescaped(bytes[answer.tag]), number: answer.number, error: answer.errorCode,
                warning: answer.warning, time: answer.timestamp, entries: answer.entries)
        } catch {
            return .refused(error)
        }
    }

    private func careful(_ bytes: [UInt8]) -> Outcome {
        do {
            let message = try AwarenessServerMessage.decode(bytes.span)
            var (error, warning, time, entries) = (
                AwarenessErrorCode?.none, AwarenessWarning.Kind?.none, Timestamp?.none, 0
            )
            switch message.message {
            case .registered, .deregistered, .focused: break
            case .warning(let content): (warning, entries) = (content.kind, content.cases.count)
            case .error(let code, _, _): error = code
            case .pong(let timestamp), .heartbeatAck(let timestamp, _): time = timestamp
            case .warningCleared(let kind): warning = kind
            case .state(let windows): entries = windows.count
            }
            var number: UInt64?
            if case .number(let digits) = message.tag, !digits.hasPrefix("-") { number = UInt64(digits) }
            var tag: [UInt8] = []
            message.tag?.encode(to: &tag)
            return .read(
                message.message.kind, tag: String(decoding: tag, as: UTF8.self), number: number, error: error,
                warning: warning, time: time, entries: entries)
        } catch {
            return .refused(error)
        }
    }

    /// The JSON of an id in the one spelling that the writer gives it.
    private static func unescaped(_ json: ArraySlice<UInt8>) -> String {
        guard !json.isEmpty else { return "" }
        return (try? JSONValue.parse(String(decoding: json, as: UTF8.self)).text()) ?? "broken"
    }

    @Test func `both readers say the same of every fixture`() throws {
        let folder = FixtureFolder("Tests/Fixtures/awareness/server")
        #expect(!folder.names.isEmpty)
        for name in folder.names {
            let bytes = try #require(folder.bytes(of: name))
            #expect(fast(bytes) == careful(bytes), "\(name)")
        }
    }

    @Test(arguments: seeds)
    func `both readers say the same of random messages, however they are spelled`(seed: UInt64) throws {
        var messages = RandomMessages(seed: seed)
        for _ in 0..<400 {
            let message = messages.serverMessage()
            let bytes = message.message.encoded(tag: message.tag)
            let respelled = [UInt8](messages.respell(try JSONValue.parse(bytes.span)).utf8)
            for text in [bytes, respelled] {
                let outcome = fast(text)
                #expect(outcome == careful(text), "seed \(seed): \(String(decoding: text, as: UTF8.self))")
                if case .refused = outcome { Issue.record("seed \(seed): refused a right message") }
            }
        }
    }

    @Test(arguments: seeds)
    func `both readers say the same of damaged messages, the reason included`(seed: UInt64) throws {
        var messages = RandomMessages(seed: seed)
        for _ in 0..<3_000 {
            let message = messages.serverMessage()
            var bytes = message.message.encoded(tag: message.tag)
            messages.damage(&bytes)
            #expect(fast(bytes) == careful(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        #"[]"#, #""pong""#, #"{}"#, #"{"type":null}"#, #"{"type":"pongs"}"#, #"{"type":"p\u006fng"}"#,
        #"{"type":"pong","payload":[]}"#, #"{"type":"pong","payload":{"timestamp":1}}"#,
        #"{"type":"pong","payload":{"timestamp":"2024-01-15T10:30:00.000Z"},"payload":{}}"#,
        #"{"type":"pong","payload":{"timestamp":"2024-01-15T10:30:00\u002e000Z"}}"#,
        #"{"type":"pong","payload":{"timestamp":"2024-01-15T10:30:00.000Z"},"id":null}"#,
        #"{"type":"focused","payload":{"windowId":"a b"}}"#,
        #"{"type":"focused","payload":{"windowId":"w"},"id":"a b"}"#,
        #"{"type":"heartbeat_ack","payload":{"serverTime":"2024-01-15T10:30:00Z","nextHeartbeatMs":1.0}}"#,
        #"{"type":"heartbeat_ack","payload":{"serverTime":"2024-01-15T10:30:00Z","nextHeartbeatMs":-9223372036854775808}}"#,
        #"{"type":"heartbeat_ack","payload":{"serverTime":"2024-01-15T10:30:00Z","nextHeartbeatMs":9223372036854775808}}"#,
        #"{"type":"error","payload":{"code":"INTERNA","message":"m"}}"#,
        #"{"type":"error","payload":{"code":"INTERNAL"}}"#,
        #"{"type":"warning","payload":{"type":"multi-case","cases":true,"message":""}}"#,
        #"{"type":"warning","payload":{"type":"multi-case","cases":[],"message":""}}"#,
        #"{"type":"warning","payload":{"type":"multi-case","cases":[[]],"message":""}}"#,
        #"{"type":"warning","payload":{"type":"multi-case","cases":[{"caseId":"c","windowId":"w"},{"caseId":"c"}]}}"#,
        #"{"type":"warning","payload":{"type":"multi-case","cases":[{"caseId":"c","windowId":"w"}]}}"#,
        #"{"type":"warning_cleared","payload":{"type":"multi"}}"#,
        #"{"type":"state","payload":{"windows":[{"windowId":"w","caseId":"c","focused":true,"connected":true,"since":"x"}]}}"#,
        #"{"type":"state","payload":{"windows":[{"windowId":"w","caseId":"c","slideId":null,"focused":[]}]}}"#,
        #"{"type":"state","payload":{"windows":[{"windowId":"w","caseId":"c","slideId":"s","focused":false,"connected":1}]}}"#,
        #"{"type":"state","payload":{"windows":{}}}"#,
    ])
    func `both readers say the same of what is nearly a message`(text: String) {
        #expect(fast([UInt8](text.utf8)) == careful([UInt8](text.utf8)))
    }

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("18446744073709551615", .max), ("18446744073709551616", nil), ("-1", nil),
            ("1.0", nil),
            ("1e3", nil), (#""7""#, nil),
        ] as [(String, UInt64?)])
    func `an id counts as a number where it is a whole one of 64 bits`(json: String, number: UInt64?) throws {
        let bytes = [UInt8](#"{"type":"focused","id":\#(json),"payload":{"windowId":"w"}}"#.utf8)
        let answer = try AwarenessAnswer.decode(bytes.span)
        #expect(answer.number == number)
        #expect(String(decoding: bytes[answer.tag], as: UTF8.self) == json)
    }

    @Test func `ids are compared where they stand, escapes as what they mean`() throws {
        let bytes = [UInt8](#"{"type":"registered","payload":{"windowId":"w\u002d1","caseId":"CASE-001"}}"#.utf8)
        let answer = try AwarenessAnswer.decode(bytes.span)
        let isWindow = ["w-1", "w-2"].map { answer.names(window: [UInt8]($0.utf8).span, in: bytes.span) }
        let isCase = ["CASE-001", "CASE-0011"].map { answer.names(case: [UInt8]($0.utf8).span, in: bytes.span) }
        #expect(isWindow == [true, false])
        #expect(isCase == [true, false])
    }
}
