import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `locker watch`, `join` and `ack` without a server: greetings, rooms, places across losses, refusals.
@Suite struct LockerScriptTests {
    private func watch(
        rooms: [String] = [], since: TopicSince? = nil, _ change: (inout StopRule.Conditions) -> Void = { _ in }
    ) -> WatchTranscript<LockerWatchScript> {
        var subject = LockerWatchScript.Subject(namespace: "/ws/lockers")
        subject.rooms = rooms
        subject.since = since
        var conditions = StopRule.Conditions()
        conditions.wait = nil
        change(&conditions)
        return WatchTranscript(
            LockerWatchScript(subject, path: "/ws/lockers", conditions, timeout: .seconds(3)))
    }

    private func connection(_ more: String = "") -> String {
        #"{"type":"connection","data":{"connectionId":"c1","namespace":"/ws/lockers","userId":"u1","timestamp":"2026-11-21T10:00:00.000Z"\#(more)}}"#
    }

    private let event =
        #"{"type":"locker_state_changed","data":{"lockerId":"l1"},"timestamp":"2026-11-21T10:00:00.000Z"}"#

    @Test func `a namespace is watched behind its greeting`() {
        var watch = watch()
        #expect(watch.script.target == "/ws/lockers")
        #expect(watch.open() == [])
        #expect(watch.receive(connection()) == ["remark connection c1 of u1", "remark watching /ws/lockers"])
        #expect(watch.receive(event) == [#"tell locker_state_changed {"lockerId":"l1"}"#])
        #expect(watch.receive(#"{"type":"pong"}"#) == [])
        #expect(
            watch.receive(#"{"type":"error","data":{"code":"INVALID_SESSION","message":"ended"}}"#)
                == ["remark the server says INVALID_SESSION: ended"])
        #expect(watch.script.farewell == [])
    }

    @Test func `rooms are joined behind the greeting, and all must answer`() {
        var watch = watch(rooms: ["k1", "k2"])
        _ = watch.open()
        #expect(
            watch.receive(connection()) == [
                "remark connection c1 of u1", #"send {"type":"join_room","room":"k1"}"#,
                #"send {"type":"join_room","room":"k2"}"#,
            ])
        #expect(watch.receive(#"{"type":"room_joined","data":{"room":"k2"}}"#) == [])
        #expect(
            watch.receive(#"{"type":"room_joined","data":{"room":"k1"}}"#)
                == ["remark watching /ws/lockers, room k1, room k2"])
        #expect(watch.receive(#"{"type":"e","data":1,"room":"k1"}"#) == ["tell k1 e 1"])
    }

    @Test func `a refused session or room, and a silent server, end it`() {
        var session = watch()
        _ = session.open()
        #expect(
            session.receive(#"{"type":"error","data":{"code":"INVALID_SESSION","message":"no"}}"#)
                == ["reject INVALID_SESSION 77"])
        var room = watch(rooms: ["k1"])
        _ = room.open()
        _ = room.receive(connection())
        #expect(
            room.receive(#"{"type":"error","data":{"code":"FORBIDDEN","message":"no"}}"#) == ["reject FORBIDDEN 77"])
        var silent = watch()
        _ = silent.open()
        #expect(silent.pass() == ["leave 75: the server did not greet within 3 s"])
        var half = watch(rooms: ["k1"])
        _ = half.open()
        _ = half.receive(connection())
        #expect(half.pass() == ["leave 75: the server did not let into room k1 within 3 s"])
    }

    // MARK: Places

    @Test func `namespace and rooms go on behind what was heard of each`() {
        var watch = watch(rooms: ["k1"], since: .now)
        #expect(watch.script.target == "/ws/lockers?since=now")
        _ = watch.open()
        #expect(
            watch.receive(connection(#","epoch":"e","offset":4"#)).last
                == #"send {"type":"join_room","room":"k1","since":{}}"#)
        _ = watch.receive(#"{"type":"room_joined","data":{"room":"k1","epoch":"f","offset":1}}"#)
        _ = watch.receive(#"{"type":"e","data":1,"offset":5}"#)
        _ = watch.receive(#"{"type":"e","data":1,"offset":2,"room":"k1"}"#)
        _ = watch.close(.abnormal, returns: true)
        #expect(watch.script.target == "/ws/lockers?since=e%3A5")
        _ = watch.open()
        let greeted = watch.receive(connection(#","epoch":"e","offset":6,"recovered":true"#))
        #expect(greeted.last == #"send {"type":"join_room","room":"k1","since":{"epoch":"f","offset":2}}"#)
        #expect(
            watch.receive(#"{"type":"room_joined","data":{"room":"k1","epoch":"f","offset":2,"recovered":true}}"#)
                == ["remark watching again /ws/lockers, room k1"])
        #expect(
            watch.script.farewell == [
                "/ws/lockers is at e:5; --since goes on there", "room k1 is at f:2; --since goes on there",
            ])
    }

    @Test func `what is not recovered is told as a gap of its room`() {
        var watch = watch(rooms: ["k1"], since: .now)
        _ = watch.open()
        _ = watch.receive(connection(#","epoch":"e","offset":4"#))
        _ = watch.receive(#"{"type":"room_joined","data":{"room":"k1","epoch":"f","offset":1}}"#)
        _ = watch.close(.abnormal, returns: true)
        _ = watch.open()
        _ = watch.receive(connection(#","epoch":"e","offset":4,"recovered":true"#))
        let told = watch.receive(
            #"{"type":"room_joined","data":{"room":"k1","epoch":"g","offset":0,"recovered":false}}"#)
        #expect(told.first == "tell gap k1: the server no longer has all that happened meanwhile")
    }

    @Test func `a query of the URL is kept beside the place`() {
        var subject = LockerWatchScript.Subject(namespace: "/ws/lockers")
        subject.since = .now
        let script = LockerWatchScript(
            subject, path: "/ws/lockers?sessionId=s", StopRule.Conditions(), timeout: .seconds(3))
        #expect(script.target == "/ws/lockers?sessionId=s&since=now")
    }

    @Test func `a time is asked of the namespace and of its rooms`() throws {
        let since = try #require(TopicSince("2026-11-21T10:00:00.000Z"))
        var watch = watch(rooms: ["k1"], since: since)
        #expect(watch.script.target == "/ws/lockers?since=2026-11-21T10%3A00%3A00.000Z")
        _ = watch.open()
        let greeted = watch.receive(connection(#","epoch":"e","offset":4,"recovered":false"#))
        #expect(greeted.contains { $0.hasPrefix("tell gap /ws/lockers: ") })
    }

    @Test func `expectations end a watch as they do elsewhere`() {
        var watch = watch { $0.patterns = [["type": "locker_state_changed"]] }
        _ = watch.open()
        _ = watch.receive(connection())
        #expect(watch.receive(event).last == "leave 0")
    }

    // MARK: Acknowledging

    @Test func `a command is acknowledged once, behind the greeting`() {
        var script = WatchTranscript(LockerAckScript(command: "c7", timeout: .seconds(3)))
        #expect(script.open() == [])
        #expect(script.receive(connection()) == [#"send {"type":"ack","commandId":"c7"}"#])
        #expect(script.receive(event) == [])
        #expect(
            script.receive(#"{"type":"ack_received","data":{"commandId":"c7"}}"#) == [
                "tell acknowledged c7", "leave 0",
            ])
        var silent = WatchTranscript(LockerAckScript(command: "c7", timeout: .seconds(3)))
        _ = silent.open()
        #expect(silent.pass().first?.hasPrefix("leave 75") == true)
        #expect(silent.close(.forbidden) == ["leave 77: the connection ended before c7 was acknowledged"])
    }
}
