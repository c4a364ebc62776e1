import SessionBase
import SessionClient
import SessionCodec
import Testing

@Suite struct WindowScriptTests {
    private let registration = AwarenessRegistration(user: "u", window: "w", case: "C")
    private let registered = AwarenessServerMessage.registered(window: "w", case: "C")

    private func receive(
        _ message: AwarenessServerMessage, _ script: inout WindowScript, at milliseconds: Int = 0
    ) -> [WindowScript.Action] {
        script.received(message.encoded().span, at: .zero + .milliseconds(milliseconds))
    }

    private func open(_ goal: WindowScript.Goal) -> WindowScript {
        var script = WindowScript(registration, goal)
        #expect(script.deadline == nil)
        #expect(script.opened(at: .zero) == [.send(.register(registration))])
        return script
    }

    private func close(_ code: CloseCode) -> ClientEnd { .closed(ClientClose(code: code, reason: "", origin: .peer)) }

    @Test func `once leaves with the confirmation`() {
        var script = open(.register(isOnce: true, lasting: nil))
        #expect(receive(.warningCleared(.multiCase), &script) == [])
        #expect(receive(registered, &script) == [.leave(.success, explanation: [])])
    }

    @Test func `register listens until the time is up or the peer closes`() {
        var script = open(.register(isOnce: false, lasting: .seconds(2)))
        #expect(receive(registered, &script, at: 500) == [])
        #expect(script.deadline == .zero + .milliseconds(2500))
        #expect(script.tick(at: .zero + .milliseconds(2500)) == [.leave(.success, explanation: [])])
        #expect(script.ended(close(.superseded)) == .leave(.failed, explanation: []))
        var endless = open(.register(isOnce: false, lasting: nil))
        _ = receive(registered, &endless)
        #expect(endless.deadline == nil)
    }

    @Test func `heartbeats go out at once and after each interval`() {
        var script = open(.heartbeat(every: .seconds(1), lasting: .milliseconds(1500)))
        let beat = WindowScript.Action.send(.heartbeat(user: "u", window: "w"))
        #expect(receive(registered, &script) == [beat])
        #expect(script.tick(at: .zero + .milliseconds(999)) == [])
        #expect(script.tick(at: .zero + .seconds(1)) == [beat])
        #expect(script.tick(at: .zero + .milliseconds(1500)) == [.leave(.success, explanation: [])])
    }

    @Test func `deregister and focus leave after 200 ms of silence or with the confirmation`() {
        var script = open(.deregister)
        #expect(receive(registered, &script) == [.send(.deregister(user: "u", window: "w"))])
        #expect(script.tick(at: .zero + .milliseconds(199)) == [])
        #expect(script.tick(at: .zero + .milliseconds(200)) == [.leave(.success, explanation: [])])
        var focus = open(.focus)
        #expect(receive(registered, &focus) == [.send(.focus(user: "u", window: "w"))])
        #expect(receive(.focused(window: "w"), &focus) == [.leave(.success, explanation: [])])
    }

    @Test func `an error fails it, and a close behind the error says more`() {
        var script = open(.focus)
        #expect(receive(.error(.connectionLimit, message: "full"), &script) == [])
        var other = script
        #expect(
            other.tick(at: .zero + .milliseconds(200)) == [.leave(.failed, explanation: ["CONNECTION_LIMIT: full"])])
        #expect(script.ended(close(.connectionLimit)) == .leave(.tryAgain, explanation: ["CONNECTION_LIMIT: full"]))
    }

    @Test func `a server that never confirms is worth another try`() {
        var script = open(.focus)
        guard case .leave(.tryAgain, _)? = script.tick(at: .zero + WindowScript.answerTimeout).first else {
            return #expect(Bool(false))
        }
        guard case .leave(.failed, _) = script.ended(close(.normal)) else { return #expect(Bool(false)) }
    }
}

@Suite struct RoundTripsTests {
    private func payload(_ actions: [RoundTrips.Action]) -> [UInt8] {
        for case .send(let payload) in actions { return payload }
        return []
    }

    @Test func `Pings follow each other at the interval and are told one by one`() {
        var trips = RoundTrips(count: 2, interval: .seconds(1), nonce: 7)
        let first = payload(trips.opened(at: .zero))
        #expect(trips.ponged(first, at: .zero + .milliseconds(3)) == [.tell(number: 1, took: .milliseconds(3))])
        #expect(trips.deadline == .zero + .seconds(1))
        let second = payload(trips.tick(at: .zero + .seconds(1)))
        #expect(second != first)
        #expect(
            trips.ponged(second, at: .zero + .milliseconds(1005))
                == [.tell(number: 2, took: .milliseconds(5)), .finish])
        #expect(trips.verdict == .success)
        #expect(trips.summary == "2 sent, 2 received, min 3 ms, median 3 ms, max 5 ms")
    }

    @Test func `a Pong that belongs to nothing is ignored`() {
        var trips = RoundTrips(count: 1, interval: .zero, nonce: 7)
        _ = trips.opened(at: .zero)
        #expect(trips.ponged([1, 2, 3], at: .zero) == [])
        #expect(trips.ponged([], at: .zero) == [])
    }

    @Test func `a missing Pong is told, and the verdict knows`() {
        var trips = RoundTrips(count: 2, interval: .zero, timeout: .seconds(1), nonce: 7)
        _ = trips.opened(at: .zero)
        let next = trips.tick(at: .zero + .seconds(1))
        #expect(next.first == .miss(number: 1))
        #expect(trips.verdict == .tryAgain)
        _ = trips.ponged(payload(next), at: .zero + .seconds(1))
        #expect(trips.verdict == .failed)
        var silent = RoundTrips(count: 1, interval: .zero, timeout: .seconds(1), nonce: 7)
        _ = silent.opened(at: .zero)
        #expect(silent.tick(at: .zero + .seconds(1)) == [.miss(number: 1), .finish])
        #expect(silent.summary == "1 sent, 0 received")
    }
}
