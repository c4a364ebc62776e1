import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Silence, loss and the end of things: PROTOCOLS 0-16 to 0-18, 0-23.
@Suite struct LivenessTests {
    @Test func `a silent window is removed between 60 and 90 s, and its connection closed 4508 (0-16, 0-17)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        #expect(service.wait(.milliseconds(59_999)) == [])
        #expect(service.wait(.milliseconds(30_001)) == [.closed(connection, .heartbeatTimeout)])
        #expect(service.machine.statistics.registrations == 0)
    }

    @Test(arguments: [0, 10, 29])
    func `wherever the sweep falls, nothing silent is older than timeout and interval (0-16)`(offset: Int) {
        var service = AwarenessFixture()
        let early = service.openWindow("w1", "C1")
        service.wait(.seconds(offset))
        let late = service.openWindow("w2", "C1")
        for _ in 1...10 {
            service.wait(.seconds(9))
            service.pong(on: early)
        }
        #expect(service.machine.windows(ofUser: "u1").map(\.state.window) == ["w1"])
        #expect(service.machine.windows(of: late) == [])
    }

    @Test func `a pong of its connection keeps a window (0-16)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        for _ in 1...20 {
            #expect(service.wait(.seconds(25)) == [])
            service.pong(on: connection)
        }
    }

    @Test func `with liveness heartbeat a pong keeps nothing (0-16)`() {
        var service = AwarenessFixture { $0.liveness = .heartbeat }
        let connection = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: connection)
        for _ in 1...9 {
            service.wait(.seconds(10))
            service.pong(on: connection)
            service.say(.heartbeat(user: "u1", window: "w2"), on: connection)
        }
        #expect(service.machine.windows(of: connection).map(\.state.window) == ["w2"], "and w1's connection stays open")
        #expect(service.wait(.seconds(90)) == [.closed(connection, .heartbeatTimeout)])
    }

    @Test func `with liveness heartbeat a focus and a register keep their window (0-16)`() {
        var service = AwarenessFixture { $0.liveness = .heartbeat }
        let connection = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: connection)
        for _ in 1...9 {
            service.wait(.seconds(20))
            service.say(.focus(user: "u1", window: "w1"), on: connection)
            service.register("w2", "C1", on: connection)
        }
        #expect(service.machine.windows(of: connection).count == 2)
    }

    @Test func `a clean close removes the windows at once (0-18)`() {
        var service = AwarenessFixture()
        service.close(service.openWindow("w1", "C1"), cleanly: true)
        #expect(service.machine.statistics == AwarenessMachine.Statistics())
    }

    @Test func `a lost connection leaves its windows disconnected for ten seconds (0-18)`() {
        var service = AwarenessFixture()
        let lost = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: lost)
        service.close(lost, cleanly: false)
        service.wait(.milliseconds(9_999))
        #expect(service.machine.windows(ofUser: "u1").map(\.state.isConnected) == [false, false])
        service.wait(.milliseconds(1))
        #expect(service.machine.windows(ofUser: "u1") == [])
    }

    @Test func `without grace a lost connection removes its windows at once (0-18)`() {
        var service = AwarenessFixture { $0.disconnectGrace = .zero }
        service.close(service.openWindow("w1", "C1"), cleanly: false)
        #expect(service.machine.statistics == AwarenessMachine.Statistics())
    }

    @Test func `a grace that ended elsewhere does not end a later one`() {
        var service = AwarenessFixture()
        service.close(service.openWindow("w1", "C1"), cleanly: false)
        service.wait(.seconds(6))
        service.close(service.openWindow("w1", "C1"), cleanly: false)
        service.wait(.seconds(6))
        #expect(service.machine.windows(ofUser: "u1").count == 1)
        service.wait(.seconds(4))
        #expect(service.machine.windows(ofUser: "u1").isEmpty)
    }

    @Test func `a user may have 64 windows in grace, and the oldest goes first`() {
        var service = AwarenessFixture { $0.messageRate = nil }
        for number in 1...66 { service.close(service.openWindow("w\(number)", "C1"), cleanly: false) }
        let windows = service.machine.windows(ofUser: "u1").map(\.state.window)
        #expect(windows == (3...66).map { "w\($0)" })
    }

    @Test func `a connection that never registers is closed 1000 after a minute without a message (0-23)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        service.wait(.seconds(40))
        service.receive(#"{"type":"ping"}"#, on: connection)
        service.wait(.seconds(40))
        service.pong(on: connection)
        #expect(service.wait(.milliseconds(19_999)) == [], "the ping counts")
        #expect(service.wait(.milliseconds(1)) == [.closed(connection, .normal)], "the pong does not")
    }

    @Test func `a text that is no message is a message all the same (0-23)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        service.wait(.seconds(59))
        service.receive("?", on: connection)
        #expect(service.wait(.seconds(59)) == [])
    }

    @Test func `a connection with a window is not idle, and one that gave up its last window is`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        for _ in 1...10 {
            service.wait(.seconds(30))
            service.pong(on: connection)
        }
        service.say(.deregister(user: "u1", window: "w1"), on: connection)
        #expect(service.wait(.seconds(59)) == [])
        #expect(service.wait(.seconds(1)) == [.closed(connection, .normal)])
    }

    @Test func `new settings hold for what is open already`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C1")
        service.machine.configuration.windowsPerUserMax = 1
        service.machine.configuration.heartbeatTimeout = .seconds(5)
        let third = service.open()
        #expect(
            service.register("w3", "C1", on: third)
                == [.message(third, .refused(.connectionLimit)), .closed(third, .connectionLimit)])
        #expect(service.machine.statistics.registrations == 2, "nobody is thrown out")
        #expect(service.wait(.seconds(30)).first == .closed(first, .heartbeatTimeout))
    }

    @Test func `connections that come and go leave nothing behind`() {
        var service = AwarenessFixture { $0.messageRate = nil }
        for number in 0..<2_000 {
            let connection = service.open()
            if number % 2 == 0 { service.register("w1", "C1", user: "u\(number)", on: connection) }
            service.close(connection)
        }
        #expect(service.machine.statistics == AwarenessMachine.Statistics())
        service.wait(.seconds(120))
        #expect(service.machine.deadline == nil)
    }

    @Test func `the transport is pinged three times within the timeout (2-8)`() {
        var configuration = AwarenessConfiguration()
        #expect(configuration.transportPingInterval == .seconds(20))
        configuration.heartbeatTimeout = .seconds(600)
        #expect(configuration.transportPingInterval == .seconds(25))
    }
}
