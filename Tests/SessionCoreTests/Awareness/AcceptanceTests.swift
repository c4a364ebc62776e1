import SessionBase
import SessionCodec
import SessionCore
import Testing

/// The acceptance tests of PROTOCOLS §2.6, as far as they concern the machine.
@Suite struct AcceptanceTests {
    @Test func `two windows with two cases both get multi-case, and the first gets case-mismatch`() {
        var service = AwarenessFixture()
        let first = service.open()
        let second = service.open()
        #expect(
            service.register("window-abc", "CASE-001", on: first)
                == [.message(first, .registered(window: "window-abc", case: "CASE-001"))])
        let both = AwarenessServerMessage.multiCase(("CASE-001", "window-abc"), ("CASE-002", "window-xyz"))
        #expect(
            service.register("window-xyz", "CASE-002", on: second) == [
                .message(second, .registered(window: "window-xyz", case: "CASE-002")),
                .message(first, both), .message(second, both),
                .message(first, .mismatch(viewed: ("CASE-001", "window-abc"), opened: ("CASE-002", "window-xyz"))),
            ])
    }

    @Test func `the same case in two windows warns nobody`() {
        var service = AwarenessFixture()
        _ = service.openWindow("w1", "CASE-001")
        let second = service.open()
        #expect(
            service.register("w2", "CASE-001", on: second)
                == [.message(second, .registered(window: "w2", case: "CASE-001"))])
    }

    @Test func `the eleventh window is refused and its connection closed`() {
        var service = AwarenessFixture()
        for number in 1...10 { _ = service.openWindow("w\(number)", "CASE-001") }
        let eleventh = service.open()
        #expect(
            service.register("w11", "CASE-001", on: eleventh) == [
                .message(eleventh, .error(.connectionLimit, message: "Maximum connections per user exceeded")),
                .closed(eleventh, .connectionLimit),
            ])
        #expect(service.machine.statistics.registrations == 10)
    }

    @Test func `a client that was killed is gone ten seconds after its connection`() {
        var service = AwarenessFixture()
        let window = service.openWindow("w1", "CASE-001")
        service.close(window, cleanly: false)
        service.wait(.milliseconds(9_999))
        #expect(service.machine.statistics.registrations == 1)
        service.wait(.milliseconds(1))
        #expect(service.machine.statistics == AwarenessMachine.Statistics())
    }

    @Test func `a hidden tab that sends a heartbeat each minute and answers pings stays for ten minutes`() {
        var service = AwarenessFixture()
        let tab = service.openWindow("w1", "CASE-001")
        for second in 1...600 {
            service.wait(.seconds(1))
            if second % 25 == 0 { service.pong(on: tab) }
            if second % 60 == 0 { service.say(.heartbeat(user: "u1", window: "w1"), on: tab) }
        }
        #expect(service.machine.windows(of: tab).count == 1)
    }

    @Test func `after a restart the clients are told to register again, and are warned again`() {
        var service = AwarenessFixture()
        let first = service.open()
        #expect(
            service.say(.heartbeat(user: "u1", window: "w1"), on: first) == [.message(first, .refused(.notRegistered))])
        service.register("w1", "CASE-001", on: first)
        let second = service.open()
        #expect(service.register("w2", "CASE-002", on: second).count == 4)
    }

    @Test func `a ping is answered before any register`() {
        var service = AwarenessFixture()
        let connection = service.open()
        #expect(
            service.receive(#"{"type":"ping"}"#, on: connection)
                == [.message(connection, .pong(Timestamp(milliseconds: 1_705_314_600_000)))])
    }
}
