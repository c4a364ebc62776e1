import SessionBase
import SessionCodec
import Testing

/// What the server reads of a client's message, and every refusal that needs no state (PROTOCOLS §3.4).
@Suite struct SyncMessageTests {
    private static let session = "550e8400-e29b-41d4-a716-446655440000"

    private func read(_ text: String) throws(SyncRefusal) -> SyncClientFrame {
        try SyncClientFrame.read(Array(text.utf8).span)
    }

    private func refusal(_ text: String) -> SyncRefusal? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return error
        }
    }

    // MARK: What is read

    @Test func `the envelope is read, the session in lower case`() throws {
        let frame = try read(
            """
            {"type": 1, "session_id": "550E8400-E29B-41D4-A716-446655440000", "user_id": "user-123",
             "device_id": "device-456", "timestamp": 1699999999, "payload": {}, "correlation_id": "uuid"}
            """)
        #expect(
            frame.envelope
                == SyncEnvelope(
                    sessionID: Self.session, userID: "user-123", deviceID: "device-456", timestamp: 1_699_999_999,
                    correlationID: "uuid"))
        #expect(frame.message == .heartbeat(clientTime: nil))
    }

    @Test func `empty and null fields of the envelope are absent ones`() throws {
        let frame = try read(
            #"{"type":12,"session_id":"","user_id":null,"device_id":"","timestamp":null,"correlation_id":""}"#)
        #expect(frame == SyncClientFrame(.deviceList))
    }

    @Test(arguments: [
        ("1", SyncKind.heartbeat), ("12", .deviceList), (#""HEARTBEAT""#, .heartbeat), (#""heartbeat""#, .heartbeat),
        (#""Snapshot_Request""#, .snapshotRequest), (#""DEVICE\u005fLIST""#, .deviceList),
    ])
    func `a type is a number or a name`(spelling: String, kind: SyncKind) throws {
        #expect(try read(#"{"type":\#(spelling)}"#).kind == kind)
    }

    @Test func `the last of a repeated key counts, a payload with all that it held`() throws {
        let text = #"{"payload":{"client_time":1},"type":3,"type":1,"payload":{}}"#
        #expect(try read(text).message == .heartbeat(clientTime: nil))
    }

    @Test func `an operation has its value as it was sent, without white space`() throws {
        let frame = try read(
            #"{"type":5,"payload":{"key":"a b","operation":"SET","value":{ "x" : [ 1.50 , "\u0041 " ] },"base_version":3}}"#
        )
        guard case .stateUpdate(let update) = frame.message else { return #expect(Bool(false)) }
        #expect(update.value?.text == #"{"x":[1.50,"\u0041 "]}"#)
        #expect(update.key == "a b" && update.operation == .set && update.baseVersion == 3)
    }

    @Test func `null is a value, and a deletion has none`() throws {
        let set = try read(#"{"type":5,"payload":{"key":"k","operation":"SET","value":null}}"#)
        #expect(set.message == .stateUpdate(SyncStateUpdate(key: "k", operation: .set, value: .null)))
        let delete = try read(#"{"type":5,"payload":{"key":"k","operation":"DELETE","value":7}}"#)
        #expect(delete.message == .stateUpdate(SyncStateUpdate(key: "k", operation: .delete)))
    }

    @Test func `an AUTH may lack anything; what it needs depends on the token`() throws {
        #expect(try read(#"{"type":7,"payload":{}}"#).message == .auth(SyncAuthentication(token: nil, deviceID: nil)))
        #expect(
            try read(#"{"type":7,"payload":{"token":"","device_id":"d","resume":{"epoch":"e","seq":0}}}"#).message
                == .auth(
                    SyncAuthentication(token: "", deviceID: "d", resume: .init(epoch: "e", sequence: 0))))
    }

    // MARK: Refusals

    @Test(arguments: [
        "", "{", #"{"type":1,}"#, #"{"type":01}"#, "{\"type\":1,\"x\":\"\u{1}\"}", "nul", #"{"type":1}{}"#,
    ])
    func `broken JSON is INVALID_JSON`(text: String) {
        #expect(refusal(text)?.code == .invalidJSON)
        #expect(refusal(text)?.problem != nil)
    }

    @Test func `nesting beyond 32 is INVALID_JSON`() {
        let deep = String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
        #expect(refusal(#"{"type":1,"x":\#(deep)}"#) == nil)
        #expect(refusal(#"{"type":1,"x":[\#(deep)]}"#)?.code == .invalidJSON)
    }

    @Test(arguments: ["[]", "1", "null", #""HEARTBEAT""#])
    func `what is no object is INVALID_MESSAGE without a field`(text: String) {
        #expect(refusal(text) == SyncRefusal(code: .invalidMessage))
    }

    @Test(arguments: [
        "0", "2", "4", "6", "8", "9", "10", "11", "14", "15", "-1", "99999999999", #""UNKNOWN""#, #""PING""#,
    ])
    func `a type that no client sends is UNKNOWN_TYPE`(spelling: String) {
        let refusal = refusal(#"{"correlation_id":"c","type":\#(spelling)}"#)
        #expect(refusal?.code == .unknownType)
        #expect(refusal?.correlationID == "c")
    }

    private static let wrongFields: [(String, String)] = [
        ("type", #"{}"#), ("type", #"{"type":1.0}"#), ("type", #"{"type":true}"#), ("type", #"{"type":null}"#),
        ("correlation_id", #"{"type":1,"correlation_id":7}"#),
        ("correlation_id", #"{"type":1,"correlation_id":"a b"}"#),
        ("session_id", #"{"type":1,"session_id":"550e8400"}"#), ("session_id", #"{"type":1,"session_id":{}}"#),
        ("user_id", #"{"type":1,"user_id":"a\u0000"}"#), ("device_id", #"{"type":1,"device_id":[]}"#),
        ("timestamp", #"{"type":1,"timestamp":"now"}"#), ("timestamp", #"{"type":1,"timestamp":1.5}"#),
        ("payload", #"{"type":1,"payload":[]}"#), ("payload", #"{"type":5}"#),
        ("payload", #"{"type":7,"payload":null}"#),
        ("payload", #"{"type":13,"payload":"x"}"#), ("client_time", #"{"type":1,"payload":{"client_time":"1"}}"#),
        ("client_time", #"{"type":1,"payload":{"client_time":9223372036854775808}}"#),
        ("session_id", #"{"type":3,"payload":{"session_id":"x"}}"#),
        ("known_version", #"{"type":3,"payload":{"known_version":-1}}"#),
        ("key", #"{"type":5,"payload":{"operation":"SET","value":1}}"#),
        ("key", #"{"type":5,"payload":{"key":"","operation":"SET","value":1}}"#),
        ("key", #"{"type":5,"payload":{"key":7,"operation":"SET","value":1}}"#),
        ("key", #"{"type":5,"payload":{"key":"\#(String(repeating: "k", count: 257))","operation":"SET","value":1}}"#),
        ("value", #"{"type":5,"payload":{"key":"k","operation":"SET"}}"#),
        ("value", #"{"type":5,"payload":{"key":"k","operation":"MERGE"}}"#),
        ("value", #"{"type":5,"payload":{"key":"k","operation":"SET","value":1e400}}"#),
        ("value", #"{"type":5,"payload":{"key":"k","operation":"INCREMENT","value":-1e400}}"#),
        ("operation", #"{"type":5,"payload":{"key":"k","value":1}}"#),
        ("operation", #"{"type":5,"payload":{"key":"k","operation":1,"value":1}}"#),
        ("base_version", #"{"type":5,"payload":{"key":"k","operation":"DELETE","base_version":1.5}}"#),
        ("token", #"{"type":7,"payload":{"token":7}}"#), ("device_id", #"{"type":7,"payload":{"device_id":""}}"#),
        ("device_type", #"{"type":7,"payload":{"device_type":"phone"}}"#),
        ("device_name", #"{"type":7,"payload":{"device_name":"\#(String(repeating: "é", count: 129))"}}"#),
        ("os_version", #"{"type":7,"payload":{"os_version":17}}"#),
        ("app_version", #"{"type":7,"payload":{"app_version":"\#(String(repeating: "1", count: 65))"}}"#),
        ("resume", #"{"type":7,"payload":{"resume":{"epoch":"e"}}}"#),
        ("resume", #"{"type":7,"payload":{"resume":{"epoch":"e","seq":-1}}}"#),
        ("event", #"{"type":13,"payload":{"data":1}}"#), ("event", #"{"type":13,"payload":{"event":"a b"}}"#),
        ("event", #"{"type":13,"payload":{"event":"\#(String(repeating: "e", count: 65))"}}"#),
    ]

    @Test(arguments: wrongFields)
    func `a field that is missing or wrong is INVALID_MESSAGE, and named`(field: String, text: String) {
        let refusal = refusal(text)
        #expect(refusal?.code == .invalidMessage)
        #expect(refusal?.field == field)
    }

    @Test(arguments: [
        #""operation":"set","value":1"#, #""operation":"APPEND","value":1"#, #""operation":"MERGE","value":[]"#,
        #""operation":"INCREMENT","value":"1""#, #""operation":"INCREMENT","value":null"#,
    ])
    func `an operation that is none, or does not fit its value, is INVALID_OPERATION`(fields: String) {
        let refusal = refusal(#"{"type":5,"correlation_id":"c","payload":{"key":"k",\#(fields)}}"#)
        #expect(refusal == SyncRefusal(code: .invalidOperation, correlationID: "c"))
    }

    @Test func `a broadcast carries 32 KiB and not a byte more`() {
        let text = String(repeating: "x", count: SyncLimits.broadcastBytesMax - 2)
        #expect(refusal(#"{"type":13,"payload":{"event":"e","data":"\#(text)"}}"#) == nil)
        #expect(refusal(#"{"type":13,"payload":{"event":"e","data":"\#(text)x"}}"#)?.field == "data")
    }

    @Test func `a value is at most as deep as a SNAPSHOT_RESPONSE can carry`() {
        func update(_ depth: Int) -> String {
            let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #"{"type":5,"payload":{"key":"k","operation":"SET","value":\#(value)}}"#
        }
        #expect(refusal(update(SyncLimits.valueDepthMax)) == nil)
        #expect(refusal(update(SyncLimits.valueDepthMax + 1))?.field == "value")
    }

    @Test func `only what could not be decoded counts towards 4441`() {
        #expect(
            SyncErrorCode.allCases.filter(\.isAboutDecoding) == [.invalidJSON, .invalidMessage, .unknownType])
    }

    @Test func `a refusal is answered with its field`() {
        var bytes: [UInt8] = []
        let envelope = SyncEnvelope(timestamp: 7, correlationID: "c")
        refusal(#"{"type":5,"payload":{"key":"k"},"correlation_id":"c"}"#)?.reply.encode(envelope, to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"type":6,"timestamp":7,"payload":{"code":"INVALID_MESSAGE","message":"Field operation is missing "#
                + #"or invalid","details":{"field":"operation"}},"correlation_id":"c"}"#)
    }
}
