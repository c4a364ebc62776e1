import SessionBase
import SessionCodec
import Testing

/// Envelopes of sync in Protobuf (PROTOCOLS §3.5).
@Suite struct SyncProtobufTests {
    private func json(_ bytes: [UInt8]) throws(ProtobufError) -> String {
        var json: [UInt8] = []
        try SyncProtobuf.appendJSON(bytes.span, to: &json)
        return String(decoding: json, as: UTF8.self)
    }

    private func protobuf(_ text: String) throws(JSONError) -> [UInt8] {
        var bytes: [UInt8] = []
        try SyncProtobuf.append(json: Array(text.utf8).span, to: &bytes)
        return bytes
    }

    @Test func `the schema file holds the text that is printed`() throws {
        let file = try #require(FixtureFolder("Sources/SessionCodec/Protobuf").bytes(of: "sync.proto"))
        #expect(String(decoding: file, as: UTF8.self) == SyncProtobuf.schema)
    }

    @Test func `the schema names every type with its number`() {
        for kind in SyncKind.allCases {
            #expect(SyncProtobuf.schema.contains("  TYPE_\(kind.name) = \(kind.rawValue);"))
        }
    }

    @Test func `a heartbeat is these bytes`() throws {
        let bytes = try protobuf(#"{"type":1,"payload":{"client_time":1}}"#)
        #expect(
            bytes == [
                0x08, 0x01, 0x32, 0x1A, 0x0A, 0x18, 0x0A, 0x0B, 0x63, 0x6C, 0x69, 0x65, 0x6E, 0x74, 0x5F, 0x74, 0x69,
                0x6D, 0x65, 0x12, 0x09, 0x11, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F,
            ])
        #expect(try SyncClientFrame.read(protobuf: bytes.span) == SyncClientFrame(.heartbeat(clientTime: 1)))
    }

    @Test func `empty fields are absent, and a payload may be empty`() throws {
        #expect(try json([]) == #"{"type":0}"#)
        #expect(try json([0x08, 0x0C, 0x12, 0x00, 0x32, 0x00]) == #"{"type":12,"payload":{}}"#)
        #expect(
            try protobuf(#"{"type":12,"session_id":"","user_id":null,"x":[{}],"payload":{}}"#) == [0x08, 0x0C, 0x32, 0])
    }

    @Test func `whole numbers stay whole as far as a double has them`() throws {
        let numbers = "[0,-1,9007199254740992,1.5,1e+16,5e-324,-1.7976931348623157e+308]"
        let text = #"{"type":1,"payload":{"n":\#(numbers)}}"#
        #expect(try json(try protobuf(text)) == text)
        #expect(throws: JSONError.self) { try protobuf(#"{"type":1,"payload":{"n":1e309}}"#) }
    }

    @Test func `a type may be written by its name`() throws {
        #expect(try protobuf(#"{"type":"heartbeat"}"#) == [0x08, 0x01])
        #expect(throws: JSONError.self) { try protobuf(#"{"type":"PING"}"#) }
    }

    @Test func `messages that come in parts are merged`() throws {
        let both = try protobuf(#"{"type":1,"payload":{"a":1}}"#) + protobuf(#"{"type":3,"payload":{"b":2}}"#)
        #expect(try json(both) == #"{"type":3,"payload":{"a":1,"b":2}}"#)
    }

    private static let undecodable: [[UInt8]] = [
        [0xFF], [0x12, 0x01, 0xFF], [0x12, 0x05, 0x61], [0x32, 0x02, 0x0A, 0x05], [0x3A, 0x02, 0xC3, 0x28],
        // A payload with NaN, with an infinity, and with a key that is not UTF-8.
        [0x32, 0x10, 0x0A, 0x0E, 0x0A, 1, 0x61, 0x12, 9, 0x11, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F],
        [0x32, 0x10, 0x0A, 0x0E, 0x0A, 1, 0x61, 0x12, 9, 0x11, 0, 0, 0, 0, 0, 0, 0xF0, 0x7F],
        [0x32, 0x05, 0x0A, 0x03, 0x0A, 0x01, 0x80],
    ]

    @Test(arguments: undecodable)
    func `a frame that cannot be decoded is INVALID_MESSAGE`(bytes: [UInt8]) {
        #expect(throws: SyncRefusal(code: .invalidMessage)) { try SyncClientFrame.read(protobuf: bytes.span) }
    }

    @Test func `a payload that is nested too deep is INVALID_MESSAGE`() throws {
        func frame(_ depth: Int) throws -> [UInt8] {
            try protobuf(
                #"{"type":1,"payload":{"x":"# + String(repeating: "[", count: depth)
                    + String(repeating: "]", count: depth) + "}}")
        }
        let deepest = try frame(30)
        #expect(try SyncClientFrame.read(protobuf: deepest.span).message == .heartbeat(clientTime: nil))
        var deeper = [UInt8]()
        for _ in 0..<40 {
            var value: [UInt8] = []
            var list: [UInt8] = []
            if !deeper.isEmpty { list.appendProtobuf(1, bytes: deeper.span) }
            value.appendProtobuf(6, bytes: list.span)
            deeper = value
        }
        var entry: [UInt8] = []
        entry.appendProtobuf(2, bytes: deeper.span)
        var payload: [UInt8] = []
        payload.appendProtobuf(1, bytes: entry.span)
        var envelope: [UInt8] = [0x08, 0x01]
        envelope.appendProtobuf(6, bytes: payload.span)
        #expect(throws: ProtobufError.tooDeep) { try json(envelope) }
        #expect(throws: SyncRefusal(code: .invalidMessage)) { try SyncClientFrame.read(protobuf: envelope.span) }
    }

    @Test func `the judgement is the same as of JSON`() throws {
        let texts = [
            #"{"type":0}"#, #"{"type":2,"payload":{}}"#, #"{"type":5,"payload":{"key":"k"}}"#,
            #"{"type":5,"correlation_id":"c","payload":{"key":"k","operation":"PUSH"}}"#,
            #"{"type":1,"session_id":"x"}"#,
        ]
        for text in texts {
            let json = Array(text.utf8)
            let refusal = #expect(throws: SyncRefusal.self) { try SyncClientFrame.read(json.span) }
            let bytes = try protobuf(text)
            let other = #expect(throws: SyncRefusal.self) { try SyncClientFrame.read(protobuf: bytes.span) }
            #expect(refusal == other)
        }
    }
}
