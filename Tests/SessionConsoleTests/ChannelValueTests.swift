import CommandKit
import SessionCodec
import SessionConsole
import Testing

/// What the verbs of channels and lockers make of their command lines, and where they send it.
@Suite struct ChannelValueTests {
    @Test(
        arguments: [
            (Duration.zero, "PT0S"), (.seconds(1800), "PT30M"), (.seconds(5400), "PT1H30M"), (.seconds(86_400), "P1D"),
            (.seconds(93_600), "P1DT2H"), (.milliseconds(1500), "PT1.5S"), (.milliseconds(61_050), "PT1M1.05S"),
        ])
    func `durations are written as ISO 8601 does`(duration: Duration, text: String) {
        #expect(ISODuration.text(of: duration) == text)
    }

    @Test func `a message is an object with a type, or the data of one`() throws {
        let whole = ChannelMessage()
        #expect(try whole.read(#"{"type":"m","a":1}"#, of: "MESSAGE") == ["type": "m", "a": 1])
        for text in ["5", "{}", #"{"type":1}"#, "no"] {
            #expect(throws: CommandError.self) { try whole.read(text, of: "MESSAGE") }
        }
        #expect(try ChannelMessage(type: "t").read("[1]", of: "MESSAGE") == ["type": "t", "data": [1]])
        #expect(try ChannelMessage(type: "t", isText: true).read("[1]", of: "MESSAGE") == ["type": "t", "data": "[1]"])
    }

    @Test func `a line is named by its number, and an empty one is passed over`() throws {
        let whole = ChannelMessage()
        #expect(try whole.read(line: Array(" \r".utf8), number: 1) == nil)
        let failure = #expect(throws: CommandError.self) { try whole.read(line: [0xFF], number: 7) }
        #expect(failure?.status == .badData && failure?.message.contains("line 7") == true)
        let mistake = #expect(throws: CommandError.self) { try whole.read(line: Array("x".utf8), number: 8) }
        #expect(mistake?.message.hasPrefix("line 8 ") == true)
    }

    @Test func `messages to a channel go in batches of a hundred, others one by one`() {
        let messages = (0..<250).map { JSONValue.number(String($0)) }
        let batches = PublishTarget.channel("a", exclude: nil).requests(messages)
        #expect(batches.map { $0.body?["items"]?.elements?.count } == [100, 100, 50])
        #expect(batches.allSatisfy { $0.path == ["api", "v1", "ws", "batch"] })
        #expect(PublishTarget.channel("a", exclude: nil).requests([1]).map(\.path.last) == ["broadcast"])
        #expect(PublishTarget.channel("a", exclude: nil).requests([]).isEmpty)
        let long = JSONValue.string(String(repeating: "x", count: 100_000))
        let parts = PublishTarget.channel("a", exclude: nil).requests([1, long, 2, long, long, 3])
        #expect(parts.map { $0.body?["items"]?.elements?.count } == [3, 1, 2])
        #expect(PublishTarget.user("u").requests([1, 2]).map(\.path.last) == ["u", "u"])
    }

    @Test(
        arguments: [
            ("5", 5), ("true", true), ("null", nil), (#""5""#, "5"), ("active", "active"), ("[1]", "[1]"), ("", ""),
            ("a=b", "a=b"),
        ] as [(String, JSONValue)])
    func `the value of a filter is JSON where that is plain, and else text`(text: String, value: JSONValue) {
        #expect(StreamFilterValue.read(text) == value)
    }

    // MARK: Places

    @Test(
        arguments: [
            ("http://h:3000", "/"), ("ws://h:3000/ws", "/"), ("ws://h/channels/ws", "/"), ("http://h/base/", "/base/"),
            ("ws://h/base/channels/ws?x=1", "/base"), ("http://h/api/v1/reports/progress/r", "/"),
        ])
    func `the API of channels is beside its socket`(url: String, root: String) throws {
        #expect(try Endpoint(parsing: url).rootOfChannels.target == root)
    }

    @Test(
        arguments: [
            ("http://h:3000", "/ws/help", "/"), ("ws://h/ws/lockers", "/ws/help", "/"),
            ("ws://h/lockers/events", "/lockers/help", "/"),
            ("ws://h/base/ws/lockers?since=now", "/base/ws/help?since=now", "/base"),
            ("http://h/base/lockers", "/base/lockers/help", "/base"),
            ("ws://h/ws/lockers?sessionId=s", "/ws/help?sessionId=s", "/"),
        ])
    func `a namespace is where the URL leads`(url: String, socket: String, root: String) throws {
        let endpoint = try Endpoint(parsing: url)
        #expect(endpoint.socket(ofNamespace: "/ws/help").target == socket)
        #expect(endpoint.rootOfLockers.target == root)
    }

    @Test func `an id cannot become a path`() throws {
        let endpoint = try Endpoint(parsing: "http://h/base")
        #expect(endpoint.socket(ofReport: "a/../b").target == "/base/api/v1/reports/progress/a%2F..%2Fb")
        #expect(endpoint.socket(ofStream: "t 1").target == "/base/api/v1/reports/stream/t%201")
        #expect(try Endpoint(parsing: "http://h").socketOfChannels.target == "/ws")
        #expect(try Endpoint(parsing: "http://h/?token=t").socketOfChannels.target == "/ws?token=t")
        #expect(try Endpoint(parsing: "http://h/channels/ws").socketOfChannels.target == "/channels/ws")
    }
}
