import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `subscribe` without a server: subscriptions, positions across losses, gaps, refusals and ends.
@Suite struct ChannelWatchScriptTests {
    private func watch(
        _ channels: [String] = ["a:b"], positions: Bool = false, since: [TopicPosition] = [],
        _ change: (inout StopRule.Conditions) -> Void = { _ in }
    ) -> WatchTranscript<ChannelWatchScript> {
        var subject = ChannelWatchScript.Subject(channels: channels)
        subject.wantsPositions = positions
        subject.since = since
        var conditions = StopRule.Conditions()
        conditions.wait = nil
        change(&conditions)
        return WatchTranscript(ChannelWatchScript(subject, conditions, timeout: .seconds(3)))
    }

    private let welcome =
        #"{"type":"welcome","data":{"connectionId":"ws_1","serverTime":"2026-11-21T10:00:00.000Z","availableChannels":[]}}"#

    @Test func `a subscription is sent as the seed writes it, and each message is one line`() {
        var watch = watch()
        #expect(watch.open() == [#"send {"type":"subscribe","channel":"a:b"}"#])
        #expect(watch.receive(welcome) == ["remark connection ws_1, anonymous"])
        #expect(watch.receive(#"{"type":"subscribed","channel":"a:b"}"#) == ["remark subscribed to a:b"])
        #expect(
            watch.receive(#"{"type":"vital","data":{"bpm":80},"channel":"a:b","timestamp":"t"}"#)
                == [#"tell a:b vital {"bpm":80}"#])
        #expect(
            watch.receive(#"{"type":"notice","message":"m","level":"info","channel":"a:b"}"#)
                == [#"tell a:b notice {"message":"m","level":"info"}"#])
        #expect(watch.receive(#"{"type":"pong"}"#) == [])
        #expect(watch.receive("no JSON") == [])
        #expect(watch.script.farewell == [])
    }

    @Test func `the command watches once every channel has answered`() {
        var watch = watch(["a", "b"])
        #expect(watch.open().count == 2)
        #expect(watch.receive(#"{"type":"subscribed","channel":"b"}"#) == [])
        #expect(watch.script.deadline == .zero + .seconds(3))
        #expect(watch.receive(#"{"type":"subscribed","channel":"a"}"#) == ["remark subscribed to a, b"])
        #expect(watch.script.deadline == nil)
    }

    @Test func `a subscription that is not answered is worth another try`() {
        var watch = watch(["a", "b"])
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a"}"#)
        #expect(watch.pass() == ["leave 75: the server did not answer the subscription to b within 3 s"])
    }

    @Test(
        arguments: [
            ("FORBIDDEN", 77), ("UNAUTHORIZED", 77), ("INVALID_CHANNEL", 65), ("LIMIT_EXCEEDED", 1),
            ("RATE_LIMITED", 75), ("INTERNAL", 69), ("UNKNOWN_TYPE", 65),
        ] as [(String, Int)])
    func `a refused subscription has the status that its code calls for`(code: String, status: Int) {
        var watch = watch()
        _ = watch.open()
        let error = #"{"type":"error","code":"\#(code)","message":"no","channel":"a:b"}"#
        #expect(watch.receive(error) == ["reject \(code) \(status)"])
    }

    @Test func `an error behind the subscription is a message like others`() {
        var watch = watch()
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b"}"#)
        let error = #"{"type":"error","code":"REPORT_FAILED","message":"no data","channel":"a:b"}"#
        #expect(watch.receive(error) == [#"tell a:b error {"code":"REPORT_FAILED","message":"no data"}"#])
    }

    @Test func `what the server says of the connection is no message`() {
        var watch = watch()
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b"}"#)
        let told = watch.receive(#"{"type":"error","code":"RATE_LIMITED","message":"Too many messages"}"#)
        #expect(told == ["remark the server says RATE_LIMITED: Too many messages; try again later"])
    }

    @Test(arguments: [
        #"{"type":"pong","channel":"a:b","offset":5}"#, #"{"type":"unsubscribed","channel":"a:b","offset":5}"#,
        #"{"type":"subscribed","channel":"a:b","offset":5}"#, #"{"type":"published","channel":"a:b","offset":5}"#,
        #"{"type":"published","channel":"a:b","delivered":1,"offset":5}"#,
        #"{"type":"welcome","channel":"a:b","offset":5}"#, #"{"type":"status","channel":"a:b","offset":5}"#,
        #"{"type":"error","code":"INTERNAL","message":"x","channel":"a:b","offset":5}"#,
        #"{"type":"error","code":"FORBIDDEN","message":"x","channel":"a:b","offset":5}"#,
        #"{"type":"error","channel":"a:b","offset":5}"#,
    ])
    func `a producer's message may have the type of a message of the server`(message: String) {
        var watch = watch(positions: true)
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b","epoch":"e","offset":4}"#)
        let told = watch.receive(message)
        #expect(told.count == 1 && told[0].hasPrefix("tell a:b "), "\(told)")
        #expect(watch.script.farewell == ["a:b is at e:5; --since goes on there"])
    }

    @Test func `a channel that is closed to its subscribers is a remark`() {
        var watch = watch()
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b"}"#)
        let told = watch.receive(
            #"{"type":"error","code":"FORBIDDEN","message":"No","channel":"a:b","#
                + #""timestamp":"2026-11-21T10:00:00.000Z"}"#)
        #expect(told.count == 1 && told[0].hasPrefix("remark the server says FORBIDDEN for a:b: No"), "\(told)")
    }

    // MARK: Positions

    @Test func `a subscription with positions goes on behind the last message that was heard`() {
        var watch = watch(positions: true)
        #expect(watch.open() == [#"send {"type":"subscribe","channel":"a:b","since":{}}"#])
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b","epoch":"e","offset":4}"#)
        _ = watch.receive(#"{"type":"m","channel":"a:b","offset":5}"#)
        #expect(watch.close(.abnormal, returns: true) == [])
        #expect(watch.open() == [#"send {"type":"subscribe","channel":"a:b","since":{"epoch":"e","offset":5}}"#])
        #expect(
            watch.receive(#"{"type":"subscribed","channel":"a:b","epoch":"e","offset":7,"recovered":true}"#)
                == ["remark subscribed again to a:b"])
        // Lost again before the second of the two that follow.
        #expect(watch.receive(#"{"type":"m","channel":"a:b","offset":6}"#) == ["tell a:b m"])
        _ = watch.close(.abnormal, returns: true)
        #expect(watch.open() == [#"send {"type":"subscribe","channel":"a:b","since":{"epoch":"e","offset":6}}"#])
        #expect(watch.script.farewell == ["a:b is at e:6; --since goes on there"])
    }

    @Test func `what is not recovered is told as a gap, and the new place counts`() {
        var watch = watch(positions: true)
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b","epoch":"e","offset":4}"#)
        _ = watch.close(.abnormal, returns: true)
        _ = watch.open()
        #expect(
            watch.receive(#"{"type":"subscribed","channel":"a:b","epoch":"f","offset":1,"recovered":false}"#) == [
                "tell gap a:b: the server no longer has all that was published meanwhile",
                "remark subscribed again to a:b",
            ])
        _ = watch.close(.abnormal, returns: true)
        #expect(watch.open() == [#"send {"type":"subscribe","channel":"a:b","since":{"epoch":"f","offset":1}}"#])
    }

    @Test func `a channel without a history says so after every loss`() {
        var watch = watch(positions: true)
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a:b","recovered":false}"#)
        _ = watch.close(.abnormal, returns: true)
        #expect(watch.open() == [#"send {"type":"subscribe","channel":"a:b","since":{}}"#])
        let told = watch.receive(#"{"type":"subscribed","channel":"a:b","recovered":false}"#)
        #expect(told.first?.hasPrefix("tell gap a:b: the server keeps no history") == true)
    }

    @Test func `a place that was named is asked for, and one that is gone is a gap`() {
        let place = TopicPosition(epoch: "e", offset: 9)
        var recovered = watch(since: [place])
        #expect(recovered.open() == [#"send {"type":"subscribe","channel":"a:b","since":{"epoch":"e","offset":9}}"#])
        let answer = #"{"type":"subscribed","channel":"a:b","epoch":"e","offset":9,"recovered":true}"#
        #expect(recovered.receive(answer) == ["remark subscribed to a:b"])
        #expect(recovered.script.farewell == ["a:b is at e:9; --since goes on there"])
        var lost = watch(since: [place])
        _ = lost.open()
        let other = #"{"type":"subscribed","channel":"a:b","epoch":"f","offset":2,"recovered":false}"#
        #expect(lost.receive(other).first?.hasPrefix("tell gap a:b: ") == true)
    }

    @Test func `messages of several channels keep a place each`() {
        var watch = watch(["a", "b"], positions: true)
        _ = watch.open()
        _ = watch.receive(#"{"type":"subscribed","channel":"a","epoch":"e","offset":1}"#)
        _ = watch.receive(#"{"type":"subscribed","channel":"b","epoch":"f","offset":1}"#)
        _ = watch.receive(#"{"type":"m","channel":"b","offset":2}"#)
        _ = watch.close(.abnormal, returns: true)
        #expect(
            watch.open() == [
                #"send {"type":"subscribe","channel":"a","since":{"epoch":"e","offset":1}}"#,
                #"send {"type":"subscribe","channel":"b","since":{"epoch":"f","offset":2}}"#,
            ])
    }

    // MARK: Ends

    @Test func `a count, an expectation, silence, a time and a close end it`() {
        let message = #"{"type":"m","data":1,"channel":"a:b"}"#
        func begin(_ change: (inout StopRule.Conditions) -> Void) -> WatchTranscript<ChannelWatchScript> {
            var watch = watch([("a:b")], change)
            _ = watch.open()
            _ = watch.receive(#"{"type":"subscribed","channel":"a:b"}"#)
            return watch
        }
        var counting = begin { $0.count = 1 }
        #expect(counting.receive(message) == ["tell a:b m 1", "leave 0"])
        var expecting = begin { $0.patterns = [["type": "m"]] }
        #expect(expecting.receive(#"{"type":"n","channel":"a:b"}"#) == ["tell a:b n"])
        #expect(expecting.receive(message) == ["tell a:b m 1", "leave 0"])
        var failing = begin { $0.patterns = [["type": "x"]] }
        #expect(failing.pass().first?.hasPrefix(#"leave 1: expected  {"type":"x"}"#) == true)
        var silent = begin { $0.silence = .seconds(1) }
        #expect(silent.pass() == ["leave 0"])
        var loud = begin { $0.silence = .seconds(1) }
        #expect(loud.receive(message).last?.hasPrefix("leave 1: expected  silence") == true)
        var timed = begin { $0.lasting = .seconds(2) }
        #expect(timed.pass() == ["leave 0"] && timed.now == .zero + .seconds(2))
        var closing = begin { $0.closeCode = .goingAway }
        #expect(closing.close(.goingAway) == ["leave 0"])
        var lost = begin { _ in }
        #expect(lost.close(.abnormal) == ["leave 69"])
    }
}
