import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Who is warned, when, and of what: PROTOCOLS §2.4, 0-13, §2.8.
@Suite struct WarningTests {
    @Test func `multi-case goes once to each connection, however many windows it carries (step 2)`() {
        var service = AwarenessFixture()
        let two = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: two)
        let third = service.open()
        let warning = AwarenessServerMessage.multiCase(("C1", "w1"), ("C1", "w2"), ("C2", "w3"))
        #expect(
            service.register("w3", "C2", on: third) == [
                .message(third, .registered(window: "w3", case: "C2")),
                .message(two, warning), .message(third, warning),
                .message(two, .mismatch(viewed: ("C1", "w2"), opened: ("C2", "w3"))),
            ])
    }

    @Test func `a new window with a known case warns of all cases and of no new set (step 2)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        let third = service.open()
        let warning = AwarenessServerMessage.multiCase(("C1", "w1"), ("C2", "w2"), ("C1", "w3"))
        #expect(
            service.register("w3", "C1", on: third) == [
                .message(third, .registered(window: "w3", case: "C1")),
                .message(first, warning), .message(second, warning), .message(third, warning),
                .message(second, .mismatch(viewed: ("C2", "w2"), opened: ("C1", "w3"))),
            ])
    }

    @Test func `a change that leaves the set of cases as it was warns of the mismatch only (step 2)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C2")
        _ = service.openWindow("w3", "C1")
        let third = service.openWindow("w4", "C2")
        service.wait(.seconds(2))
        #expect(
            service.register("w1", "C2", on: first) == [
                .message(first, .registered(window: "w1", case: "C2")),
                .message(ConnectionID(slot: 2, generation: 7), .mismatch(viewed: ("C1", "w3"), opened: ("C2", "w1"))),
            ])
        #expect(service.machine.windows(of: third).count == 1)
    }

    @Test func `the mismatch names the window that was active last (step 3)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        service.say(.focus(user: "u1", window: "w1"), on: first)
        let third = service.open()
        let heard = service.register("w3", "C3", on: third)
        let mismatch = AwarenessServerMessage.mismatch(viewed: ("C1", "w1"), opened: ("C3", "w3"))
        #expect(heard.suffix(2) == [.message(first, mismatch), .message(second, mismatch)])
    }

    @Test func `registering again with the same case is no activity (0-6)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        service.register("w1", "C1", on: first)
        let third = service.open()
        #expect(
            service.register("w3", "C3", on: third).suffix(1)
                == [.message(second, .mismatch(viewed: ("C2", "w2"), opened: ("C3", "w3")))])
    }

    @Test func `a connection hears of the mismatch with its own window only for another case it shows (step 3)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        #expect(
            service.register("w2", "C2", on: connection) == [
                .message(connection, .registered(window: "w2", case: "C2")),
                .message(connection, .multiCase(("C1", "w1"), ("C2", "w2"))),
                .message(connection, .mismatch(viewed: ("C1", "w1"), opened: ("C2", "w2"))),
            ])
    }

    @Test func `focus warns nobody (step 4)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C2")
        service.wait(.seconds(2))
        #expect(service.say(.focus(user: "u1", window: "w1"), on: first) == [])
    }

    @Test func `focus repeats the mismatch where the operator wants it (step 4)`() {
        var service = AwarenessFixture { $0.mismatchOnFocus = true }
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        service.wait(.seconds(2))
        #expect(
            service.say(.focus(user: "u1", window: "w1"), on: first)
                == [.message(second, .mismatch(viewed: ("C2", "w2"), opened: ("C1", "w1")))])
    }

    @Test func `removing a window tells clients of the seed nothing (step 5)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        #expect(service.say(.deregister(user: "u1", window: "w2"), on: second) == [])
        #expect(service.close(first) == [])
    }

    @Test func `who comes back within the grace with the same case is told what is open (step 6)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C2")
        service.close(first, cleanly: false)
        service.wait(.seconds(5))
        let back = service.open()
        #expect(
            service.register("w1", "C1", on: back) == [
                .message(back, .registered(window: "w1", case: "C1")),
                .message(back, .multiCase(("C1", "w1"), ("C2", "w2"))),
            ])
    }

    @Test func `who comes back with another case is new on its connection (step 6)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        service.close(first, cleanly: false)
        let back = service.open()
        let warning = AwarenessServerMessage.multiCase(("C3", "w1"), ("C2", "w2"))
        #expect(
            service.register("w1", "C3", on: back) == [
                .message(back, .registered(window: "w1", case: "C3")),
                .message(back, warning), .message(second, warning),
                .message(second, .mismatch(viewed: ("C2", "w2"), opened: ("C3", "w1"))),
            ])
    }

    @Test func `a takeover with the same case replays to the new connection only (2-8)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C2")
        let new = service.open()
        #expect(
            service.register("w1", "C1", on: new) == [
                .closed(first, .superseded), .message(new, .registered(window: "w1", case: "C1")),
                .message(new, .multiCase(("C1", "w1"), ("C2", "w2"))),
            ])
    }

    @Test func `a window in grace still counts for warnings (0-18)`() {
        var service = AwarenessFixture()
        service.close(service.openWindow("w1", "C1"), cleanly: false)
        let second = service.open()
        #expect(
            service.register("w2", "C2", on: second) == [
                .message(second, .registered(window: "w2", case: "C2")),
                .message(second, .multiCase(("C1", "w1"), ("C2", "w2"))),
            ], "it has no connection that could hear of the mismatch")
    }

    @Test func `the same warning is not sent twice to a connection within a second`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C2")
        service.register("w2", "C1", on: second)
        service.wait(.milliseconds(999))
        #expect(
            service.register("w2", "C2", on: second) == [.message(second, .registered(window: "w2", case: "C2"))])
        service.register("w2", "C1", on: second)
        service.wait(.milliseconds(1))
        #expect(
            service.register("w2", "C2", on: second).dropFirst() == [
                .message(first, .multiCase(("C1", "w1"), ("C2", "w2"))),
                .message(second, .multiCase(("C1", "w1"), ("C2", "w2"))),
                .message(first, .mismatch(viewed: ("C1", "w1"), opened: ("C2", "w2"))),
            ])
    }

    @Test func `case ids are escaped in the sentence too`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", #"C"1\"#)
        let second = service.open()
        #expect(
            service.register("w2", "Çé€𝄞", on: second).last
                == .message(first, .mismatch(viewed: (#"C"1\"#, "w1"), opened: ("Çé€𝄞", "w2"))))
    }

    // MARK: warning_cleared

    @Test func `a client of version 2 is told when one case is left (0-13)`() {
        var service = AwarenessFixture()
        let first = service.openVersion2()
        service.register("w1", "C1", on: first)
        let second = service.openWindow("w2", "C2")
        #expect(
            service.say(.deregister(user: "u1", window: "w2"), on: second)
                == [.message(first, .warningCleared(.multiCase))])
    }

    @Test func `a change back to one case clears the warning too (0-13)`() {
        var service = AwarenessFixture()
        let first = service.openVersion2()
        service.register("w1", "C1", on: first)
        let second = service.openWindow("w2", "C2")
        #expect(
            service.register("w2", "C1", on: second) == [
                .message(second, .registered(window: "w2", case: "C1")),
                .message(first, .warningCleared(.multiCase)),
            ])
    }

    @Test func `two cases left of three clear nothing (0-13)`() {
        var service = AwarenessFixture()
        let first = service.openVersion2()
        service.register("w1", "C1", on: first)
        _ = service.openWindow("w2", "C2")
        let third = service.openWindow("w3", "C3")
        #expect(service.close(third) == [])
    }

    @Test func `the end of a grace clears the warning (0-13, 0-18)`() {
        var service = AwarenessFixture()
        let first = service.openVersion2()
        service.register("w1", "C1", on: first)
        service.close(service.openWindow("w2", "C2"), cleanly: false)
        #expect(service.wait(.seconds(9)) == [])
        #expect(service.wait(.seconds(1)) == [.message(first, .warningCleared(.multiCase))])
    }

    @Test func `a connection hears nothing of the end of its own windows (simulate --seed 0x4)`() {
        var service = AwarenessFixture()
        let connection = service.openVersion2()
        service.register("w1", "C1", on: connection)
        service.register("w2", "C2", on: connection)
        #expect(service.wait(.seconds(90)) == [.closed(connection, .heartbeatTimeout)])
        let other = service.openVersion2()
        service.register("w1", "C1", on: other)
        service.register("w2", "C2", on: other)
        #expect(service.close(other) == [])
    }

    @Test func `a warning after a cleared one is no duplicate (0-13)`() {
        var service = AwarenessFixture()
        let first = service.openVersion2()
        service.register("w1", "C1", on: first)
        let second = service.openWindow("w2", "C2")
        service.register("w2", "C1", on: second)
        #expect(
            service.register("w2", "C2", on: second).contains(
                .message(first, .multiCase(("C1", "w1"), ("C2", "w2")))))
    }
}
