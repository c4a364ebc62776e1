import SessionBase
import SessionCodec
import Testing

/// Messages of producers, rows and filters, positions, and how the server spells its frames.
@Suite struct ChannelsValueTests {
    private let time = Timestamp(milliseconds: 1_704_623_400_000)

    private func producerMessage(_ text: String) throws -> ProducerMessage {
        try #require(ProducerMessage(try JSONFragment.parse(text)))
    }

    private func delivered(_ text: String, channel: String? = "reports:system") throws -> String {
        var bytes: [UInt8] = []
        try producerMessage(text).append(channel: channel, at: time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Messages of producers (2-15)

    @Test func `channel and timestamp are put in where they are missing`() throws {
        #expect(
            try delivered(#"{"type":"maintenance_notice","message":"System maintenance in 30 minutes","level":"info"}"#)
                == #"{"type":"maintenance_notice","message":"System maintenance in 30 minutes","level":"info","#
                + #""channel":"reports:system","timestamp":"2024-01-07T10:30:00.000Z"}"#)
    }

    @Test func `what a producer says itself stays`() throws {
        let whole = #"{"timestamp":"yesterday","type":"x","channel":"other"}"#
        #expect(try delivered(whole) == whole)
        #expect(
            try delivered(#"{"type":"x","channel":1}"#)
                == #"{"type":"x","channel":1,"timestamp":"2024-01-07T10:30:00.000Z"}"#)
        #expect(
            try delivered(#"{"type":"x","timestamp":0}"#) == #"{"type":"x","timestamp":0,"channel":"reports:system"}"#)
        #expect(
            try delivered(#"{"data":{"channel":"a","timestamp":1},"type":"x"}"#).hasSuffix(
                #""timestamp":"2024-01-07T10:30:00.000Z"}"#))
    }

    @Test func `a message to a user has no channel`() throws {
        #expect(
            try delivered(#"{"type":"user_notification"}"#, channel: nil)
                == #"{"type":"user_notification","timestamp":"2024-01-07T10:30:00.000Z"}"#)
    }

    @Test(arguments: [
        "{}", "[]", "1", #""x""#, #"{"type":1}"#, #"{"type":null}"#, #"{"type":""}"#, #"{"type":"a","type":2}"#,
    ])
    func `what has no string type is no message`(text: String) throws {
        #expect(ProducerMessage(try JSONFragment.parse(text)) == nil)
    }

    @Test func `a position is one field more at the end`() {
        var bytes: [UInt8] = []
        PositionedFrame.append(Array(#"{"type":"x","offset":"mine"}"#.utf8).span, offset: 41, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"type":"x","offset":"mine","offset":41}"#)
    }

    // MARK: Rows and filters (2-26)

    @Test(arguments: [
        ("{}", true), (#"{"status":"active"}"#, true), (#"{"status":"active","department":"sales"}"#, true),
        (#"{"status":"idle"}"#, false), (#"{"status":"active","department":"it"}"#, false),
        (#"{"missing":null}"#, false),
        (#"{"n":1}"#, true), (#"{"n":1.0}"#, true), (#"{"n":10e-1}"#, true), (#"{"n":2}"#, false),
        (#"{"n":"1"}"#, false),
        (#"{"b":true}"#, true), (#"{"b":false}"#, false), (#"{"z":null}"#, true), (#"{"status":null}"#, false),
        (#"{"o":1}"#, false), (#"{"st\u0061tus":"acti\u0076e"}"#, true), (#"{"twice":2}"#, true),
        (#"{"twice":1}"#, false),
        (#"{"":"empty"}"#, true),
    ])
    func `a row passes where all its fields are as the filter says`(filter: String, passes: Bool) throws {
        let row = try #require(
            StreamRow(
                try JSONFragment.parse(
                    #"{"status":"active","department":"sales","n":1,"b":true,"z":null,"o":{"n":1},"twice":1,"twice":2,"":"empty"}"#
                )))
        let filter = try #require(StreamFilter(try JSONFragment.parse(filter)))
        #expect(filter.allows(row) == passes)
        #expect(StreamFilter.everything.allows(row) && StreamFilter.everything.isEmpty)
    }

    @Test func `large integers are compared exactly`() throws {
        let row = try #require(StreamRow(try JSONFragment.parse(#"{"id":9007199254740993}"#)))
        let other = try #require(StreamFilter(try JSONFragment.parse(#"{"id":9007199254740992}"#)))
        #expect(!other.allows(row))
    }

    @Test func `a row is an object`() throws {
        for text in ["[]", "1", "null", #""a""#] { #expect(StreamRow(try JSONFragment.parse(text)) == nil) }
    }

    // MARK: Positions

    @Test(arguments: [
        ("now", TopicSince.now), ("e:41", .position(TopicPosition(epoch: "e", offset: 41))),
        ("a:b:0", .position(TopicPosition(epoch: "a:b", offset: 0))),
        ("2024-01-07T10:30:00.000Z", .time(Timestamp(milliseconds: 1_704_623_400_000))),
    ])
    func `since is a word, a time or a position`(text: String, since: TopicSince) {
        #expect(TopicSince(text) == since)
        #expect(since.text == text)
    }

    @Test(arguments: ["", "later", ":1", "e:", "e:x", "e:-1", "e:01", "e:1 ", "e e:1", "e:99999999999999999999"])
    func `what is none of them is refused`(text: String) {
        #expect(TopicSince(text) == nil)
    }

    // MARK: Spelling

    private func spelled(_ message: ChannelsServerMessage, tag: MessageTag? = nil) -> String {
        var bytes: [UInt8] = []
        message.encode(at: time, tag: tag, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `every frame carries its time at top level (2-2), an anonymous peer no userId`() {
        #expect(spelled(.pong) == #"{"type":"pong","timestamp":"2024-01-07T10:30:00.000Z"}"#)
        #expect(
            spelled(.health(.draining))
                == #"{"type":"health","status":"draining","timestamp":"2024-01-07T10:30:00.000Z"}"#)
        let welcome = ChannelsWelcome(
            connection: "ws_1_a", user: nil, serverTime: time, availableChannels: ["system:x"])
        #expect(
            spelled(.welcome(welcome))
                == #"{"type":"welcome","data":{"connectionId":"ws_1_a","serverTime":"2024-01-07T10:30:00.000Z","#
                + #""availableChannels":["system:x"]},"timestamp":"2024-01-07T10:30:00.000Z"}"#)
    }

    @Test func `the tag comes back as it was`() {
        #expect(spelled(.pong, tag: .number("1.50")).hasSuffix(#","id":1.50}"#))
        #expect(spelled(.pong, tag: .text("é\"")).hasSuffix(#","id":"é\""}"#))
    }

    @Test func `the seed's texts stand as it has them (2-3, 2-7, 2-8)`() {
        #expect(ChannelsError.userChannelNeedsIdentity("user:x").message == "Authentication required for user channels")
        #expect(ChannelsError.userChannelNeedsIdentity("user:x").code == .unauthorized)
        let anonymous = ChannelsError.adminChannelNeedsRole("admin:x", isAnonymous: true)
        #expect(anonymous.message == "Insufficient permissions for admin channels" && anonymous.code == .unauthorized)
        #expect(ChannelsError.adminChannelNeedsRole("admin:x", isAnonymous: false).code == .forbidden)
        #expect(
            ChannelsError.otherUsersChannel("user:y")
                == ChannelsError(.forbidden, message: "Cannot subscribe to another user's channel", channel: "user:y"))
    }

    @Test func `a report that nobody has spoken of waits (2-19)`() {
        #expect(
            spelled(.reportStatus(.unknown("r1")))
                == #"{"type":"report_status","data":{"reportId":"r1","status":"pending","progress":0,"#
                + #""message":"Waiting for report"},"timestamp":"2024-01-07T10:30:00.000Z"}"#)
    }

    @Test func `only completed, error and cancelled are ends (2-21)`() {
        #expect(ReportState.allCases.filter(\.isTerminal) == [.completed, .error, .cancelled])
    }

    @Test func `what a producer sends under a name of the server's is an event`() throws {
        let text = #"{"type":"report_status","message":"no data here"}"#
        let frame = try ChannelsServerFrame.decode(Array(text.utf8).span).message
        #expect(frame.message == .event(try producerMessage(text)) && frame.kind == .reportStatus)
        #expect(throws: WireError.notAMessage) { try ChannelsServerFrame.decode(Array(#"{"data":1}"#.utf8).span) }
    }

    @Test func `the server's own channels have names that may be subscribed to`() {
        let names =
            [ChannelName.progress, ChannelName.dataUpdates, ChannelName.systemNotifications, ChannelName.ownAlerts]
            + ChannelName.notifications
            + [
                ChannelName.progress(of: "r1"), ChannelName.data(of: "t1"), ChannelName.control(of: "r1"),
                ChannelName.alerts(of: "u1"), ChannelName.reports(of: "u1"),
            ]
        #expect(names.allSatisfy { ChannelName.allows($0) })
        #expect(names.contains("reports:data-updates") && names.contains("user:u1:reports"))
    }
}
