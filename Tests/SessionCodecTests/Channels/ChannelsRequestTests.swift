import SessionBase
import SessionCodec
import Testing

/// What the server reads of a client's message, and every refusal that needs no state (PROTOCOLS §4.2, §4.3).
@Suite struct ChannelsRequestTests {
    private func read(_ text: String) throws(ChannelsRefusal) -> ChannelsRequest {
        try ChannelsRequest.decode(Array(text.utf8).span)
    }

    private func refusal(_ text: String) -> ChannelsRefusal? {
        do {
            let request = try read(text)
            if request.kind == .publish { _ = try request.message(in: Array(text.utf8).span) }
            return nil
        } catch {
            return error
        }
    }

    // MARK: What is read

    @Test func `the fields of a subscribe are places in its text`() throws {
        let text = Array(
            #"{"id":7,"channel":"user:u\u0031@host:alerts","since":{"offset":3,"epoch":"e"},"type":"subscribe"}"#.utf8)
        let request = try ChannelsRequest.decode(text.span)
        #expect(request.kind == .subscribe)
        #expect(request.channel(in: text.span) == "user:u1@host:alerts")
        #expect(request.tag(in: text.span) == .number("7"))
        #expect(request.since(in: text.span) == .position(TopicPosition(epoch: "e", offset: 3)))
    }

    @Test func `a subscribe is positioned only where it says since`() throws {
        let plain = Array(#"{"type":"subscribe","channel":"a"}"#.utf8)
        #expect(try ChannelsRequest.decode(plain.span).since(in: plain.span) == nil)
        let null = Array(#"{"type":"subscribe","channel":"a","since":null}"#.utf8)
        #expect(try ChannelsRequest.decode(null.span).since(in: null.span) == nil)
        let now = Array(#"{"type":"subscribe","channel":"a","since":{}}"#.utf8)
        #expect(try ChannelsRequest.decode(now.span).since(in: now.span) == .now)
    }

    @Test func `a publish carries its message as it came, without white space`() throws {
        let text = Array(#"{"type":"publish","channel":"a","message":{ "type" : "x", "n" : 1.50 }}"#.utf8)
        let message = try ChannelsRequest.decode(text.span).message(in: text.span)
        #expect(message.fragment.text == #"{"type":"x","n":1.50}"#)
        #expect(message.type == "x")
    }

    @Test func `the last of a repeated key counts`() throws {
        let text = Array(#"{"type":"ping","channel":"!","type":"subscribe","channel":"a"}"#.utf8)
        let request = try ChannelsRequest.decode(text.span)
        #expect(request.kind == .subscribe && request.channel(in: text.span) == "a")
    }

    @Test func `an interval of 0 stands for every update, and a mode may be named (2-25)`() throws {
        for (spelling, interval, mode) in [
            (#""interval":0"#, Int64(0), StreamMode?.none), (#""interval":250"#, 250, nil),
            (#""interval":3600000,"mode":"batch""#, 3_600_000, .batch),
            (#""mode":"latest","interval":5000"#, 5000, .latest),
        ] {
            let text = Array(#"{"type":"update_interval",\#(spelling)}"#.utf8)
            let request = try ChannelsRequest.decode(text.span)
            #expect(request.interval(in: text.span) == interval)
            #expect(request.mode(in: text.span) == mode)
        }
    }

    // MARK: What is refused

    @Test(arguments: [
        ("", ChannelsErrorCode.invalidJSON), ("{", .invalidJSON), (#"{"type":"ping"}x"#, .invalidJSON),
        ("[]", .invalidMessage), ("1", .invalidMessage), ("{}", .invalidMessage), (#"{"type":1}"#, .invalidMessage),
        (#"{"type":null}"#, .invalidMessage), (#"{"type":""}"#, .unknownType), (#"{"type":"Ping"}"#, .unknownType),
        (#"{"type":"welcome"}"#, .unknownType), (#"{"type":"join_room","room":"a"}"#, .unknownType),
        (#"{"type":"ping","id":""}"#, .invalidMessage), (#"{"type":"ping","id":[1]}"#, .invalidMessage),
    ])
    func `what is no message is refused`(text: String, code: ChannelsErrorCode) {
        #expect(refusal(text)?.code == code)
        #expect(code.isAboutDecoding)
    }

    @Test(arguments: [
        (#"{"type":"subscribe"}"#, "channel"), (#"{"type":"subscribe","channel":1}"#, "channel"),
        (#"{"type":"unsubscribe","channel":null}"#, "channel"), (#"{"type":"publish","channel":["a"]}"#, "channel"),
        (#"{"type":"subscribe","channel":"a","since":"e:1"}"#, "since"),
        (#"{"type":"subscribe","channel":"a","since":{"epoch":"e"}}"#, "since"),
        (#"{"type":"subscribe","channel":"a","since":{"offset":1}}"#, "since"),
        (#"{"type":"subscribe","channel":"a","since":{"epoch":"","offset":1}}"#, "since"),
        (#"{"type":"subscribe","channel":"a","since":{"epoch":"e","offset":-1}}"#, "since"),
        (#"{"type":"subscribe","channel":"a","since":{"epoch":"e","offset":1.5}}"#, "since"),
        (#"{"type":"publish","channel":"a"}"#, "message"),
        (#"{"type":"publish","channel":"a","message":"x"}"#, "message"),
        (#"{"type":"publish","channel":"a","message":{}}"#, "message"),
        (#"{"type":"publish","channel":"a","message":{"type":1}}"#, "message"),
        (#"{"type":"publish","channel":"a","message":{"type":""}}"#, "message"),
        (#"{"type":"publish","channel":"a","message":{"type":"x","n":1e999}}"#, "message"),
        (#"{"type":"subscribe_template"}"#, "templateId"),
        (#"{"type":"subscribe_template","templateId":""}"#, "templateId"),
        (#"{"type":"subscribe_template","templateId":"a b"}"#, "templateId"),
        (#"{"type":"cancel_report","reason":1}"#, "reason"),
        (#"{"type":"update_interval","interval":0,"mode":"all"}"#, "mode"),
    ])
    func `a field that is missing or wrong is named`(text: String, field: String) {
        let refusal = refusal(text)
        #expect(refusal?.code == .invalidMessage && refusal?.field == field)
    }

    @Test(arguments: [
        "", ":", "a:", ":a", "a::b", "a b", "a/b", "ä", "a@b", "a:b:c:d:e:f:g:h:i", "*", "a:*", "a\\n",
        String(repeating: "a", count: 201),
    ])
    func `a channel that breaks the syntax is INVALID_CHANNEL (2-12)`(channel: String) {
        for type in ["subscribe", "unsubscribe", "publish"] {
            let text = #"{"type":"\#(type)","channel":"\#(channel)","message":{"type":"x"}}"#
            #expect(refusal(text)?.code == .invalidChannel)
        }
        #expect(!ChannelName.allows(channel))
    }

    @Test(arguments: [
        "a", "test:channel", "reports:progress:report-uuid", "patients:vitals:room-101", "user:a@b.c:alerts",
        "a:b:c:d:e:f:g:h", "A-Z_0.9:@", String(repeating: "a", count: 200),
    ])
    func `a channel of the syntax is read (2-12)`(channel: String) throws {
        #expect(ChannelName.allows(channel))
        let text = Array(#"{"type":"subscribe","channel":"\#(channel)"}"#.utf8)
        #expect(try ChannelsRequest.decode(text.span).channel(in: text.span) == channel)
    }

    @Test(arguments: ["-1", "1", "249", "3600001", "0.5", "1e3", #""5000""#, "null", "99999999999999999999"])
    func `an interval out of range is INVALID_INTERVAL (2-25)`(interval: String) {
        let refusal = refusal(#"{"type":"update_interval","interval":\#(interval)}"#)
        #expect(refusal?.code == .invalidInterval)
        #expect(refusal?.code.isAboutDecoding == false)
    }

    @Test(arguments: ["null", "[]", "1", #""a""#, #"{"a":[]}"#, #"{"a":{}}"#])
    func `a filter that is no object of scalars is INVALID_FILTER (2-26)`(filter: String) {
        #expect(refusal(#"{"type":"apply_filter","filter":\#(filter)}"#)?.code == .invalidFilter)
    }

    @Test func `a filter has at most 16 fields and 4 KiB (2-26)`() {
        func filter(fields: Int, text: Int = 0) -> String {
            let members = (0..<fields).map { #""f\#($0)":"\#(String(repeating: "x", count: text))""# }
            return #"{"type":"apply_filter","filter":{\#(members.joined(separator: ","))}}"#
        }
        #expect(refusal(filter(fields: 16)) == nil)
        #expect(refusal(filter(fields: 17))?.code == .invalidFilter)
        // {"f0":"…"} has nine bytes around its text.
        #expect(refusal(filter(fields: 1, text: 4087)) == nil)
        #expect(refusal(filter(fields: 1, text: 4088))?.code == .invalidFilter)
    }

    @Test func `a reason has at most 256 characters`() {
        #expect(refusal(#"{"type":"cancel_report","reason":"\#(String(repeating: "é", count: 256))"}"#) == nil)
        #expect(
            refusal(#"{"type":"cancel_report","reason":"\#(String(repeating: "é", count: 257))"}"#)?.field == "reason")
    }

    @Test func `a published message leaves room for what stands around it`() {
        func publish(depth: Int) -> String {
            let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #"{"type":"publish","channel":"a","message":{"type":"x","data":\#(nested)}}"#
        }
        #expect(refusal(publish(depth: 29)) == nil)
        #expect(refusal(publish(depth: 30))?.field == "message")
        #expect(refusal(publish(depth: 31))?.code == .invalidJSON)
    }

    @Test func `a refusal repeats the id and says what is wrong`() {
        let refusal = refusal(#"{"type":"subscribe","id":"q1"}"#)
        #expect(refusal?.tag == .text("q1"))
        #expect(
            refusal?.reply == .error(ChannelsError(.invalidMessage, message: "Field channel is missing or invalid")))
        #expect(self.refusal(#"{"type":"x","id":2}"#)?.tag == .number("2"))
        #expect(self.refusal(#"{"type":"x"}"#)?.type == "x")
    }

    @Test func `tools are told the same in their own words`() {
        func error(_ text: String) -> WireError? {
            do {
                _ = try ChannelsClientMessage.decode(Array(text.utf8).span)
                return nil
            } catch {
                return error
            }
        }
        #expect(error("[]") == .notAMessage)
        #expect(error("{}") == .notAMessage)
        #expect(error(#"{"type":"x"}"#) == .unknownType("x"))
        #expect(error(#"{"type":"subscribe","channel":" "}"#) == .invalidField("channel"))
        #expect(error(#"{"type":"update_interval"}"#) == .invalidField("interval"))
        #expect(error(#"{"type":"apply_filter"}"#) == .invalidField("filter"))
    }
}
