import SessionBase
import SessionCodec
import SessionCore
import Testing

/// `register` and `deregister`: PROTOCOLS 0-4 to 0-10, 0-15, §2.8.
@Suite struct RegistrationTests {
    private let first = AwarenessServerMessage.registered(window: "w1", case: "C1")

    @Test func `one connection may carry 32 windows, and the 33rd is refused without closing it (0-4)`() {
        var service = AwarenessFixture {
            $0.windowsPerUserMax = 100
            $0.messageRate = nil
        }
        let connection = service.open()
        for number in 1...32 { service.register("w\(number)", "C1", on: connection) }
        #expect(
            service.register("w33", "C1", on: connection)
                == [.message(connection, .refused(.connectionLimit))])
        #expect(service.machine.windows(of: connection).count == 32)
    }

    @Test func `the first register pins the user, and another user is a mismatch (0-4)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1", user: "anna")
        #expect(
            service.register("w2", "C1", user: "bert", on: connection)
                == [.message(connection, .refused(.userMismatch))])
        #expect(service.machine.user(of: connection) == "anna")
    }

    @Test func `the user stays pinned after the last deregister (2-8)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1", user: "anna")
        #expect(service.say(.deregister(user: "anna", window: "w1"), on: connection) == [])
        #expect(
            service.register("w1", "C1", user: "bert", on: connection)
                == [.message(connection, .refused(.userMismatch))])
        #expect(service.register("w1", "C1", user: "anna", on: connection) == [.message(connection, first)])
    }

    @Test func `a refused register pins nobody`() {
        var service = AwarenessFixture { $0.windowsPerUserMax = 1 }
        let connection = service.openWindow("w1", "C1", user: "anna")
        let refused = service.open()
        service.register("w2", "C1", user: "anna", on: refused)
        #expect(service.machine.user(of: refused) == nil)
        #expect(service.machine.user(of: connection) == "anna")
    }

    @Test func `the limit counts live windows of one user, wherever they are (0-5)`() {
        var service = AwarenessFixture { $0.windowsPerUserMax = 2 }
        let both = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: both)
        #expect(service.register("w3", "C1", on: both) == [.message(both, .refused(.connectionLimit))])
        let other = service.open()
        #expect(
            service.register("w1", "C1", user: "u2", on: other) == [.message(other, first)],
            "another user has a limit of its own")
    }

    @Test func `a connection over the limit is closed only where it carries no window (0-5)`() {
        var service = AwarenessFixture { $0.windowsPerUserMax = 1 }
        let connection = service.openWindow("w1", "C1")
        #expect(
            service.register("w2", "C1", on: connection) == [.message(connection, .refused(.connectionLimit))])
        let late = service.open()
        #expect(
            service.register("w2", "C1", on: late)
                == [.message(late, .refused(.connectionLimit)), .closed(late, .connectionLimit)])
        #expect(service.receive(#"{"type":"ping"}"#, on: late) == [], "nobody listens to a connection being closed")
    }

    @Test func `windows in grace do not count against the limit (2-8)`() {
        var service = AwarenessFixture { $0.windowsPerUserMax = 1 }
        service.close(service.openWindow("w1", "C1"), cleanly: false)
        let connection = service.open()
        #expect(
            service.register("w2", "C1", on: connection)
                == [.message(connection, .registered(window: "w2", case: "C1"))])
        let back = service.open()
        #expect(
            service.register("w1", "C1", on: back)
                == [.message(back, .refused(.connectionLimit)), .closed(back, .connectionLimit)],
            "the place was taken meanwhile")
    }

    @Test func `registering again with the same case confirms and warns nobody (0-6)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C2")
        #expect(service.register("w1", "C1", on: connection) == [.message(connection, first)])
        #expect(
            service.register("w1", "C1", on: connection) == [.message(connection, first)],
            "a confirmation is never suppressed as a duplicate (2-8)")
    }

    @Test func `registering again with another case updates in place and keeps the place (0-6, 2-8)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        let other = service.openWindow("w2", "C1")
        let both = AwarenessServerMessage.multiCase(("C3", "w1"), ("C1", "w2"))
        #expect(
            service.register("w1", "C3", on: connection) == [
                .message(connection, .registered(window: "w1", case: "C3")),
                .message(connection, both), .message(other, both),
                .message(other, .mismatch(viewed: ("C1", "w2"), opened: ("C3", "w1"))),
            ])
    }

    @Test func `a window that registers elsewhere is taken over and its old connection closed (0-7)`() {
        var service = AwarenessFixture()
        let old = service.openWindow("w1", "C1")
        let new = service.open()
        #expect(service.register("w1", "C1", on: new) == [.closed(old, .superseded), .message(new, first)])
        #expect(service.close(old, cleanly: false) == [], "the late close does not touch the new binding (C3)")
        #expect(service.machine.windows(of: new).count == 1)
    }

    @Test func `a connection that loses one of two windows stays open (0-7)`() {
        var service = AwarenessFixture()
        let old = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: old)
        let new = service.open()
        #expect(service.register("w1", "C1", on: new) == [.message(new, first)])
        #expect(service.machine.windows(of: old).map(\.state.window) == ["w2"])
    }

    @Test func `a taken over window counts once against the limit (0-7)`() {
        var service = AwarenessFixture { $0.windowsPerUserMax = 1 }
        let old = service.openWindow("w1", "C1")
        let new = service.open()
        #expect(service.register("w1", "C1", on: new) == [.closed(old, .superseded), .message(new, first)])
    }

    @Test func `two users may use the same window id (0-8)`() {
        var service = AwarenessFixture()
        _ = service.openWindow("w1", "C1", user: "anna")
        let other = service.open()
        #expect(
            service.register("w1", "C2", user: "bert", on: other)
                == [.message(other, .registered(window: "w1", case: "C2"))])
    }

    @Test func `the slide, the client's time and what it attached are kept and replaced (0-9, 0-10)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        let time = Timestamp(milliseconds: 1_705_314_599_500)
        service.receive(
            #"{"type":"register","payload":{"userId":"u1","windowId":"w1","caseId":"C1","slideId":"S1","#
                + #""timestamp":"2024-01-15T11:29:59.5+01:00","meta":{"monitor": 2}}}"#, on: connection)
        let window = service.machine.windows(of: connection)[0]
        #expect(window.state.slide == "S1")
        #expect(window.clientTime == time)
        #expect(window.meta == #"{"monitor": 2}"#)
        #expect(window.state.since == service.moment.timestamp, "the server's time orders")
        service.register("w1", "C1", on: connection)
        let again = service.machine.windows(of: connection)[0]
        #expect(again.state.slide == nil && again.clientTime == nil && again.meta.isEmpty)
    }

    @Test func `ids are compared by what they mean, not by how they are written`() {
        var service = AwarenessFixture()
        let connection = service.open()
        service.register("wéb", "C\"1", user: "ünal", on: connection)
        #expect(
            service.receive(
                #"{"payload":{"windowId":"w\u00e9b","userId":"\u00fcnal","caseId":"C\u00221"},"type":"\u0072egister"}"#,
                on: connection) == [.message(connection, .registered(window: "wéb", case: "C\"1"))])
        #expect(service.machine.statistics.registrations == 1)
    }

    @Test func `a draining server takes no register but serves the rest`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        service.machine.stopping()
        #expect(service.register("w2", "C1", on: connection) == [.message(connection, .refused(.shuttingDown))])
        #expect(service.say(.heartbeat(user: "u1", window: "w1"), on: connection) == [])
        #expect(service.say(.deregister(user: "u1", window: "w1"), on: connection) == [])
    }
}
