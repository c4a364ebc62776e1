import SessionBase
import SessionCodec
import Testing

/// The spelling of the server's messages: byte for byte that of PROTOCOLS §2.5.
@Suite struct AwarenessSpellingTests {
    private static let time = Timestamp(milliseconds: 1_705_314_600_000)

    @Test(arguments: [
        (
            AwarenessServerMessage.registered(window: "window-abc", case: "CASE-001"),
            #"{"type":"registered","payload":{"windowId":"window-abc","caseId":"CASE-001"}}"#
        ),
        (
            .warning(
                .multiCase([
                    .init(case: "CASE-001", window: "window-abc"), .init(case: "CASE-002", window: "window-xyz"),
                ])),
            #"{"type":"warning","payload":{"type":"multi-case","cases":[{"caseId":"CASE-001","windowId":"window-abc"},"#
                + #"{"caseId":"CASE-002","windowId":"window-xyz"}],"message":"Multiple cases are open in this session"}}"#
        ),
        (
            .warning(
                .caseMismatch(
                    viewed: .init(case: "CASE-001", window: "window-abc"),
                    opened: .init(case: "CASE-002", window: "window-xyz"))),
            #"{"type":"warning","payload":{"type":"case-mismatch","cases":[{"caseId":"CASE-001","windowId":"window-abc"},"#
                + #"{"caseId":"CASE-002","windowId":"window-xyz"}],"message":"Case CASE-002 was opened in another window "#
                + #"while CASE-001 was being viewed"}}"#
        ),
        (
            .error(.connectionLimit, message: "Maximum connections per user exceeded"),
            #"{"type":"error","payload":{"code":"CONNECTION_LIMIT","message":"Maximum connections per user exceeded"}}"#
        ),
        (.pong(time), #"{"type":"pong","payload":{"timestamp":"2024-01-15T10:30:00.000Z"}}"#),
        (.warningCleared(.multiCase), #"{"type":"warning_cleared","payload":{"type":"multi-case"}}"#),
        (
            .heartbeatAck(serverTime: time, nextHeartbeatMilliseconds: 20_000),
            #"{"type":"heartbeat_ack","payload":{"serverTime":"2024-01-15T10:30:00.000Z","nextHeartbeatMs":20000}}"#
        ),
        (
            .state([AwarenessWindowState(window: "w", case: "c", isFocused: true, isConnected: false, since: time)]),
            #"{"type":"state","payload":{"windows":[{"windowId":"w","caseId":"c","slideId":null,"focused":true,"#
                + #""connected":false,"since":"2024-01-15T10:30:00.000Z"}]}}"#
        ),
    ])
    func `server messages are spelled as the catalogue has them`(message: AwarenessServerMessage, text: String) throws {
        #expect(String(decoding: message.encoded(), as: UTF8.self) == text)
        let bytes = [UInt8](text.utf8)
        #expect(try AwarenessServerMessage.decode(bytes.span) == Tagged(message))
    }

    @Test func `the id of a reply stands at top level (0-21)`() {
        let reply = AwarenessServerMessage.focused(window: "w").encoded(tag: .number("7"))
        #expect(String(decoding: reply, as: UTF8.self) == #"{"type":"focused","payload":{"windowId":"w"},"id":7}"#)
    }

    @Test func `an error names the field or the time to wait`() {
        let field = AwarenessServerMessage.error(.invalidMessage, message: "m", details: .field(.caseID)).encoded()
        #expect(
            String(decoding: field, as: UTF8.self)
                == #"{"type":"error","payload":{"code":"INVALID_MESSAGE","message":"m","details":{"field":"caseId"}}}"#)
        let wait = AwarenessServerMessage.error(.rateLimited, message: "m", details: .retryAfter(milliseconds: 5))
            .encoded()
        #expect(
            String(decoding: wait, as: UTF8.self)
                == #"{"type":"error","payload":{"code":"RATE_LIMITED","message":"m","details":{"retry_after_ms":5}}}"#)
    }

    @Test func `a pong that is patched is spelled like one that is written`() {
        var cached = AwarenessPong()
        var random = SeededRandom(seed: 5)
        var time = Timestamp(milliseconds: 1_705_314_599_990)
        for _ in 1...2_000 {
            time.milliseconds += Int64.random(in: -3...700, using: &random)
            var patched: [UInt8] = [1]
            cached.append(time, to: &patched)
            #expect(Array(patched.dropFirst()) == AwarenessServerMessage.pong(time).encoded())
        }
    }

    @Test(arguments: [
        ("{", WireError.notJSON(JSONError(offset: 1, expected: .key))), ("[]", .notAMessage), ("{}", .notAMessage),
        (#"{"type":"x"}"#, .unknownType("x")), (#"{"type":"registered"}"#, .invalidField("windowId")),
        (#"{"type":"registered","payload":{"windowId":"w","caseId":""}}"#, .invalidField("caseId")),
        (#"{"type":"pong","payload":{"timestamp":"?"}}"#, .invalidField("timestamp")),
        (#"{"type":"error","payload":{"code":"?","message":""}}"#, .invalidField("code")),
        (#"{"type":"warning","payload":{"type":"multi-case","cases":[1],"message":""}}"#, .invalidField("caseId")),
    ])
    func `a client is told what is wrong with a server's message`(text: String, error: WireError) {
        #expect(throws: error) { try AwarenessServerMessage.decode([UInt8](text.utf8).span) }
    }

    @Test(arguments: [
        ("{", WireError.notJSON(JSONError(offset: 1, expected: .key))), ("[]", .notAMessage), ("{}", .notAMessage),
        (#"{"type":"x"}"#, .unknownType("x")), (#"{"type":"focus","payload":{}}"#, .invalidField("userId")),
    ])
    func `a tool is told what is wrong with a client's message`(text: String, error: WireError) {
        #expect(throws: error) { try AwarenessClientMessage.decode([UInt8](text.utf8).span) }
    }
}
