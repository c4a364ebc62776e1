import SessionBase
import SessionCodec
import Testing

/// What the server reads of a client's message, every refusal that needs no state, and how frames are spelled (PROTOCOLS
/// §6.2, §6.3).
@Suite struct LockersRequestTests {
    private let time = Timestamp(milliseconds: 1_705_314_600_000)

    private func refusal(_ text: String) -> LockersRefusal? {
        do {
            _ = try LockersRequest.decode(Array(text.utf8).span)
            return nil
        } catch {
            return error
        }
    }

    private func spelled(_ message: LockersServerMessage, tag: MessageTag? = nil) -> String {
        var bytes: [UInt8] = []
        message.encode(at: time, tag: tag, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: What is read

    @Test(arguments: [
        (#""now""#, TopicSince.now), ("{}", .now), (#""e:41""#, .position(TopicPosition(epoch: "e", offset: 41))),
        (#"{"epoch":"e","offset":41}"#, .position(TopicPosition(epoch: "e", offset: 41))),
        (#""2024-01-15T10:30:00Z""#, .time(Timestamp(milliseconds: 1_705_314_600_000))),
    ])
    func `a room is joined from a place, a time or now on`(spelling: String, since: TopicSince) throws {
        let text = Array(#"{"since":\#(spelling),"room":"kiosk\u002d1","type":"join_room","id":"q"}"#.utf8)
        let request = try LockersRequest.decode(text.span)
        #expect(request.kind == .joinRoom && request.room(in: text.span) == "kiosk-1")
        #expect(request.since(in: text.span) == since)
        #expect(request.tag(in: text.span) == .text("q"))
    }

    @Test func `a room is joined without a place as the seed does it`() throws {
        let text = Array(#"{"type":"join_room","room":"kiosk-1"}"#.utf8)
        let request = try LockersRequest.decode(text.span)
        #expect(request.since(in: text.span) == nil && request.tag(in: text.span) == nil)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("", LockersErrorCode.invalidJSON), ("{", .invalidJSON), ("hello", .invalidJSON), ("[]", .invalidMessage),
        ("{}", .invalidMessage), (#"{"type":1}"#, .invalidMessage), (#"{"type":"Ping"}"#, .unknownType),
        (#"{"type":"subscribe","channel":"a"}"#, .unknownType), (#"{"type":"connection"}"#, .unknownType),
        (#"{"type":"ping","id":{}}"#, .invalidMessage), (#"{"type":"join_room"}"#, .invalidMessage),
        (#"{"type":"leave_room","room":1}"#, .invalidMessage), (#"{"type":"join_room","room":null}"#, .invalidMessage),
        (#"{"type":"join_room","room":"a","since":1}"#, .invalidMessage),
        (#"{"type":"join_room","room":"a","since":"later"}"#, .invalidMessage), (#"{"type":"ack"}"#, .invalidMessage),
        (#"{"type":"ack","commandId":""}"#, .invalidMessage), (#"{"type":"ack","commandId":"a b"}"#, .invalidMessage),
    ])
    func `what is no message is refused (4-14)`(text: String, code: LockersErrorCode) {
        #expect(refusal(text)?.code == code)
        #expect(code.isAboutDecoding)
    }

    @Test(arguments: ["", " ", "a b", "a/b", "ä", "a@b", "*", "a\\n", String(repeating: "a", count: 101)])
    func `a room that breaks the syntax is INVALID_ROOM (4-8)`(room: String) {
        #expect(!RoomName.allows(room))
        for type in ["join_room", "leave_room"] {
            let refusal = refusal(#"{"type":"\#(type)","room":"\#(room)"}"#)
            #expect(refusal?.code == .invalidRoom && refusal?.code.isAboutDecoding == false)
        }
    }

    @Test(arguments: ["a", "kiosk-1", "A_z.0:9-", ":", String(repeating: "a", count: 100)])
    func `a room of the syntax is read (4-8)`(room: String) {
        #expect(RoomName.allows(room))
        #expect(refusal(#"{"type":"join_room","room":"\#(room)"}"#) == nil)
    }

    @Test(arguments: [
        ("/ws/lockers", "/ws/lockers"), ("help", "/ws/help"), ("/ws/kiosk_2-b", "/ws/kiosk_2-b"), ("", nil),
        ("/ws/", nil),
        ("/lockers", nil), ("/ws/a/b", nil), ("/ws/ä", nil), ("a b", nil), ("/WS/lockers", nil),
        (String(repeating: "a", count: 65), nil),
    ])
    func `a namespace is named by its path or by its last part`(text: String, path: String?) {
        #expect(NamespacePath.normalized(text) == path)
        #expect(NamespacePath.allows(text) == (path == text))
    }

    @Test func `a refusal repeats the id and says what is wrong`() {
        #expect(refusal(#"{"type":"join_room","id":4}"#)?.tag == .number("4"))
        #expect(
            refusal(#"{"type":"join_room","id":4}"#)?.reply
                == .error(.invalidMessage, message: "Field room is missing or invalid"))
    }

    @Test func `tools are told the same in their own words`() {
        func error(_ text: String) -> WireError? {
            do {
                _ = try LockersClientMessage.decode(Array(text.utf8).span)
                return nil
            } catch {
                return error
            }
        }
        #expect(error("{}") == .notAMessage)
        #expect(error(#"{"type":"x"}"#) == .unknownType("x"))
        #expect(error(#"{"type":"join_room","room":" "}"#) == .invalidField("room"))
        #expect(error(#"{"type":"ack"}"#) == .invalidField("commandId"))
    }

    // MARK: Spelling

    @Test func `errors have their code in data, and every frame its time at top level`() {
        #expect(
            spelled(.error(.authRequired, message: "A session is needed"))
                == #"{"type":"error","data":{"code":"AUTH_REQUIRED","message":"A session is needed"},"#
                + #""timestamp":"2024-01-15T10:30:00.000Z"}"#)
        #expect(spelled(.pong, tag: .text("q")) == #"{"type":"pong","timestamp":"2024-01-15T10:30:00.000Z","id":"q"}"#)
        #expect(
            spelled(.broadcast(event: "test_event", data: JSONFragment { $0.field("message", "Hello world") }))
                == #"{"type":"test_event","data":{"message":"Hello world"},"timestamp":"2024-01-15T10:30:00.000Z"}"#)
    }

    @Test func `an anonymous peer has no userId in its welcome (4-6, 4-22)`() {
        let welcome = LockersWelcome(connection: "c", namespace: "/ws/help", user: nil, timestamp: time)
        #expect(
            spelled(.connection(welcome))
                == #"{"type":"connection","data":{"connectionId":"c","namespace":"/ws/help","#
                + #""timestamp":"2024-01-15T10:30:00.000Z"},"timestamp":"2024-01-15T10:30:00.000Z"}"#)
    }

    @Test func `the server dates an event where its producer did not (4-11)`() {
        let change = LockerStateChange(locker: "l", oldState: "closed", newState: "open", kiosk: "k")
        #expect(
            spelled(.event(LockersEvent.lockerState(change).dated(time))).hasPrefix(
                #"{"type":"locker_state_changed","data":{"lockerId":"l","oldState":"closed","newState":"open","kioskId":"k","#
                    + #""timestamp":"2024-01-15T10:30:00.000Z"}"#))
        var earlier = change
        earlier.timestamp = Timestamp(milliseconds: 0)
        #expect(LockersEvent.lockerState(earlier).dated(time) == .lockerState(earlier))
        let command = AppliedCommand(type: "open", result: AppliedCommand.Result(isSuccess: true))
        guard case .commandApplied(let dated) = LockersEvent.commandApplied(command).dated(time) else {
            Issue.record("another event")
            return
        }
        #expect(dated.timestamp == time && dated.result.timestamp == time)
    }

    @Test func `a broadcast under the name of an event may have any data`() throws {
        let frame = try LockersServerFrame.decode(Array(#"{"type":"help_requested","data":[1]}"#.utf8).span).message
        #expect(frame.message == .broadcast(event: "help_requested", data: try .parse("[1]")))
        #expect(frame.kind == .helpRequested)
        #expect(throws: WireError.invalidField("room")) {
            try LockersServerFrame.decode(Array(#"{"type":"room_joined","data":[1]}"#.utf8).span)
        }
    }
}
