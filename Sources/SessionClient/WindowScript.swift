package import SessionBase
package import SessionCodec

/// One window of the awareness service, as a shell script plays it: registers, acts, leaves (PROTOCOLS §1.11).
///
/// *connecting* → *registering* → *acting* → *refused*? → over. Each command opens its own connection, so registering
/// takes the window over where it is live elsewhere (PROTOCOLS 0-7).
package struct WindowScript: Sendable {
    /// What is done with the window.
    package enum Goal: Equatable, Sendable {
        /// Listens until the time is up; `isOnce` leaves with the first answer.
        case register(isOnce: Bool, lasting: Duration?)
        /// Takes the window out.
        case deregister
        /// Sends a heartbeat at once and after each interval.
        case heartbeat(every: Duration, lasting: Duration?)
        /// Gives the window the focus.
        case focus
    }

    /// What to do after an event.
    package enum Action: Equatable, Sendable {
        /// Send this.
        case send(AwarenessClientMessage)
        /// Close, and leave with this verdict; the lines explain a failure.
        case leave(Verdict, explanation: [String])
    }

    private enum State {
        case connecting
        case registering(until: Instant)
        /// Registered; `until` is when to leave, `beat` when to send the next heartbeat.
        case acting(until: Instant?, beat: Instant?)
        /// The server said no; it may close with a code that says more.
        case refused(until: Instant, explanation: [String])
    }

    private var state = State.connecting
    private let goal: Goal
    private let registration: AwarenessRegistration

    /// How long the server may take to confirm a registration.
    package static let answerTimeout = Duration.seconds(10)
    /// How long an error is waited for where success is silent (PROTOCOLS 0-11), and a close after an error.
    package static let silence = Duration.milliseconds(200)

    /// Prepares a script that has not begun.
    package init(_ registration: AwarenessRegistration, _ goal: Goal) {
        self.registration = registration
        self.goal = goal
    }

    /// Records that the handshake is done.
    package mutating func opened(at now: Instant) -> [Action] {
        state = .registering(until: now + Self.answerTimeout)
        return [.send(.register(registration))]
    }

    /// Records a text message; what is none of the protocol's is left to whoever prints it.
    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [Action] {
        // A message that does not decode is printed like any other and means nothing here.
        guard let message = try? AwarenessServerMessage.decode(text).message else { return [] }
        switch (state, message) {
        case (.registering, .registered(let window, _)) where window == registration.window: return act(at: now)
        case (.registering, .error(let code, let text, _)), (.acting, .error(let code, let text, _)):
            state = .refused(until: now + Self.silence, explanation: ["\(code.name): \(text)"])
            return []
        case (.acting, .deregistered) where goal == .deregister, (.acting, .focused) where goal == .focus:
            return [.leave(.success, explanation: [])]
        default: return []
        }
    }

    /// Records that the connection ended.
    package func ended(_ end: ClientEnd) -> Action {
        switch state {
        case .refused(_, let explanation):
            return .leave(end.verdict == .success ? .failed : end.verdict, explanation: explanation)
        case .connecting, .registering:
            let explanation = ["the server closed before it confirmed the registration"]
            return .leave(end.verdict == .success ? .failed : end.verdict, explanation: explanation)
        case .acting: return .leave(end.verdict, explanation: [])
        }
    }

    /// When ``tick(at:)`` must be called; `nil` while only the peer can go on.
    package var deadline: Instant? {
        switch state {
        case .connecting: nil
        case .registering(let until), .refused(let until, _): until
        case .acting(let until, let beat): [until, beat].compactMap { $0 }.min()
        }
    }

    /// Does what is due.
    package mutating func tick(at now: Instant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        switch state {
        case .connecting: return []
        case .registering:
            return [.leave(.tryAgain, explanation: ["the server did not confirm the registration within 10 s"])]
        case .refused(_, let explanation): return [.leave(.failed, explanation: explanation)]
        case .acting(let until?, _) where now >= until: return [.leave(.success, explanation: [])]
        case .acting(let until, _): return beat(until: until, at: now)
        }
    }

    private mutating func act(at now: Instant) -> [Action] {
        let (user, window) = (registration.user, registration.window)
        switch goal {
        case .register(isOnce: true, _): return [.leave(.success, explanation: [])]
        case .register(_, let lasting):
            state = .acting(until: lasting.map { now + $0 }, beat: nil)
            return []
        case .heartbeat(_, let lasting): return beat(until: lasting.map { now + $0 }, at: now)
        case .deregister:
            state = .acting(until: now + Self.silence, beat: nil)
            return [.send(.deregister(user: user, window: window))]
        case .focus:
            state = .acting(until: now + Self.silence, beat: nil)
            return [.send(.focus(user: user, window: window))]
        }
    }

    private mutating func beat(until: Instant?, at now: Instant) -> [Action] {
        guard case .heartbeat(let interval, _) = goal else { return [] }
        state = .acting(until: until, beat: now + interval)
        return [.send(.heartbeat(user: registration.user, window: registration.window))]
    }
}
