import SessionCodec
import SessionConsole
import Testing

@Suite struct MessageCompletionTests {
    private var completion = MessageCompletion(ProtocolID.awareness.descriptor)

    private func words(_ typed: String) -> [String] {
        let breaks: Set<Character> = [" ", "\n", "{", "}", "[", "]", ",", ":"]
        let word = typed.reversed().prefix { !breaks.contains($0) }.reversed()
        return completion.words(for: String(word), after: String(typed.dropLast(word.count)))
            .filter { $0.hasPrefix(String(word)) }
    }

    @Test func `an empty line begins a message`() {
        #expect(words("") == [#"{"type":""#])
    }

    @Test func `slash commands complete at the start only`() {
        #expect(words("/cl") == ["/close"])
        #expect(words("x /cl") == [])
        #expect(words("/json ") == ["auto", "on", "off"])
        #expect(words("/types re") == ["register"])
    }

    @Test func `types come from the protocol's table`() {
        #expect(words(#"{"type":"re"#) == [#""register""#])
        #expect(words(#"{"type":"#).count == ProtocolID.awareness.descriptor.clientMessages.count)
    }

    @Test func `keys are those of the message that are not there yet`() {
        #expect(words("{") == [#""type":""#])
        #expect(words(#"{"type":"focus","#) == [#""payload":{"#])
        #expect(words(#"{"type":"focus","payload":{"#) == [#""userId":""#, #""windowId":""#])
        #expect(words(#"{"type":"focus","payload":{"userId":"u","#) == [#""windowId":""#])
        #expect(words(#"{"type":"register","payload":{"userId":"u","c"#) == [#""caseId":""#])
        #expect(words(#"{"type":"register","payload":{"userId":"u","x"#) == [])
    }

    @Test func `ids seen before are offered again, the newest first`() throws {
        var completion = completion
        completion.known.learn(
            try JSONValue.parse(#"{"type":"registered","payload":{"windowId":"w1","caseId":"C 1"}}"#))
        completion.known.learn(try JSONValue.parse(#"{"payload":{"cases":[{"windowId":"w2","caseId":"C2"}]}}"#))
        let before = #"{"type":"focus","payload":{"windowId":"#
        #expect(completion.words(for: "", after: before) == [#""w2""#, #""w1""#])
        #expect(completion.known.values(of: "type") == [])
    }

    @Test func `nothing is offered inside a string or for an unknown message`() {
        #expect(words(#"{"type":"focus","payload":{"userId":"a b"#) == [])
        #expect(words(#"{"type":"nonsense","payload":{"#) == [])
        #expect(words("plain text") == [])
    }

    @Test func `channels are offered as the server's welcome lists them, and as they were heard of`() throws {
        var completion = MessageCompletion(ProtocolID.channels.descriptor)
        let before = #"{"type":"subscribe","channel":"#
        #expect(completion.words(for: "", after: #"{"type":"#).contains(#""subscribe""#))
        #expect(completion.words(for: "", after: #"{"type":"subscribe","#).contains(#""channel":""#))
        completion.known.learn(
            try JSONValue.parse(#"{"type":"welcome","data":{"availableChannels":["reports:progress","user:alerts"]}}"#))
        #expect(completion.words(for: "", after: before) == [#""reports:progress""#, #""user:alerts""#])
        completion.known.learn(try JSONValue.parse(#"{"type":"m","channel":"test:a"}"#))
        #expect(completion.words(for: "", after: before).first == #""test:a""#)
        #expect(completion.words(for: "pro", after: before + #""reports:"#) == [#"progress""#])
        #expect(completion.words(for: "", after: before + #""none:"#) == [])
    }

    @Test func `rooms and commands of lockers are offered again`() throws {
        var completion = MessageCompletion(ProtocolID.lockers.descriptor)
        completion.known.learn(try JSONValue.parse(#"{"type":"room_joined","data":{"room":"kiosk-1"}}"#))
        #expect(completion.words(for: "", after: #"{"type":"leave_room","room":"#) == [#""kiosk-1""#])
        #expect(completion.words(for: "", after: #"{"type":"ack","#).contains(#""commandId":""#))
        #expect(completion.words(for: "", after: #"{"type":"#).contains(#""join_room""#))
    }

    @Test func `the lines of one message are read together`() {
        #expect(words("{\"type\":\"focus\",\n\"payload\":{\n") == [#""userId":""#, #""windowId":""#])
    }
}

/// A protocol whose types are numbers.
@Suite struct NumberedCompletionTests {
    private var completion = MessageCompletion(ProtocolID.sync.descriptor)

    private func words(for word: String = "", after before: String) -> [String] {
        completion.words(for: word, after: before).filter { $0.hasPrefix(word) }
    }

    @Test func `types are offered as numbers, and as names behind a quote`() {
        #expect(words(after: "") == [#"{"type":"#])
        #expect(words(after: "{") == [#""type":"#])
        #expect(words(after: #"{"type":"#) == ["1", "3", "5", "7", "12", "13"])
        #expect(words(for: "1", after: #"{"type":"#) == ["1", "12", "13"])
        #expect(words(for: #""STATE"#, after: #"{"type":"#) == [#""STATE_UPDATE""#])
        #expect(words(for: "STATE", after: "/types ") == ["STATE_UPDATE"])
    }

    @Test(arguments: ["5", #""STATE_UPDATE""#])
    func `fields are those of the type`(type: String) {
        let start = #"{"type":\#(type),"payload":{"#
        #expect(words(after: #"{"type":\#(type),"#) == [#""payload":{"#])
        #expect(words(after: start) == [#""key":""#, #""value":"#, #""operation":""#, #""base_version":"#])
        #expect(words(after: start + #""operation":"#) == ["SET", "DELETE", "MERGE", "INCREMENT"].map { "\"\($0)\"" })
    }

    @Test func `sessions seen before are offered`() throws {
        var completion = completion
        completion.known.learn(try JSONValue.parse(#"{"type":8,"payload":{"session_id":"s-1","device_id":"d"}}"#))
        let before = #"{"type":3,"payload":{"session_id":"#
        #expect(completion.words(for: "", after: before) == [#""s-1""#])
    }

    @Test func `templates have the number that goes on the wire`() {
        let templates = ProtocolID.sync.descriptor.clientMessages.map(\.template)
        #expect(templates.contains(#"{"type":5,"payload":{"key":"","operation":"SET"}}"#))
        #expect(templates.contains(#"{"type":12}"#))
    }

    @Test func `shapes of a board are offered by the ids that a snapshot names`() throws {
        var board = MessageCompletion(ProtocolID.board.descriptor)
        let snapshot =
            #"{"connectedUsers":["u"],"cursors":[],"shapes":[{"id":"a","type":"text"},{"id":"b","type":"text"}]}"#
        board.known.learn(try JSONValue.parse(snapshot))
        #expect(board.words(for: "", after: #"{"type":"shape_delete","shapeId":"#) == [#""a""#, #""b""#])
        #expect(board.words(for: "", after: #"{"type":"#).contains(#""shape_create""#))
    }
}
