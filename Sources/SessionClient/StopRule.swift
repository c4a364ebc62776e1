package import SessionBase
package import SessionCodec

/// Decides when a scripted client has seen enough, and what it found out (PROTOCOLS §1.11).
///
/// What was asked for is looked for in this order: the patterns, then a close with the code asked for, then silence. The
/// time for it counts from the last message sent, so that a slow producer on standard input does not use it up. Without
/// any of these a client leaves after `wait` of silence once its input has ended. A count ends everything.
package struct StopRule: Sendable {
    /// What is asked for.
    package struct Conditions: Sendable {
        /// Leave after so many messages received.
        package var count: Int?
        /// Messages that must come.
        package var patterns: [JSONValue] = []
        /// How long nothing must come.
        package var silence: Duration?
        /// The code with which the peer must close.
        package var closeCode: CloseCode?
        /// How the arrays of messages are compared with those of the patterns.
        package var elements = JSONValue.ElementRule.all
        /// The time for the patterns and the close.
        package var within = Duration.seconds(5)
        /// Silence after which to leave where nothing else decides; `nil` stays for ever.
        package var wait: Duration? = .seconds(2)
        /// How long to stay at most, from the first handshake; leaving is then no failure by itself.
        package var lasting: Duration?

        /// Asks for nothing.
        package init() {}

        /// Whether something must come true.
        package var areExpectations: Bool { !patterns.isEmpty || silence != nil || closeCode != nil }
    }

    /// What to do after an event.
    package enum Action: Equatable, Sendable {
        /// Go on.
        case stay
        /// Close, and leave with this verdict; the lines explain a failure.
        case leave(Verdict, explanation: [String])
    }

    private let conditions: Conditions
    private var expectation: MessageExpectation
    private var received = 0
    private var hasInputEnded = false
    private var firstOpened: Instant?
    private var lastSent: Instant?
    private var lastFrame: Instant?
    private var inputEndedAt: Instant?

    /// Starts with nothing sent and nothing received.
    package init(_ conditions: Conditions) {
        self.conditions = conditions
        expectation = MessageExpectation(conditions.patterns, elements: conditions.elements)
    }

    /// Records that the handshake is done.
    package mutating func opened(at now: Instant) {
        firstOpened = firstOpened ?? now
        lastSent = max(lastSent ?? now, now)
        lastFrame = now
    }

    /// Records that a message was sent.
    package mutating func sent(at now: Instant) { lastSent = now }

    /// Records that nothing more will be sent.
    package mutating func inputEnded(at now: Instant) {
        hasInputEnded = true
        inputEndedAt = now
        lastSent = now
    }

    /// Records a Ping or Pong, which is a sign of life but no message.
    package mutating func heard(at now: Instant) { lastFrame = now }

    /// Records a message.
    ///
    /// - Parameter isInitial: Whether it says how things were to begin with, which breaks no silence.
    package mutating func received(
        _ message: Span<UInt8>, isInitial: Bool = false, at now: Instant
    ) -> Action {
        lastFrame = now
        received += 1
        let isSilenceDue = isSilenceDue && !isInitial
        expectation.receive(message)
        if isSilenceDue {
            let text = String(decoding: (0..<message.count).map { message[$0] }, as: UTF8.self)
            return .leave(.failed, explanation: ["expected  silence", "received  \(text)"])
        }
        if let count = conditions.count, received >= count { return leave() }
        if !conditions.patterns.isEmpty, expectation.isMet, conditions.silence == nil, conditions.closeCode == nil,
            conditions.count == nil
        {
            return .leave(.success, explanation: [])
        }
        return .stay
    }

    /// Records that the connection ended.
    package mutating func ended(_ end: ClientEnd) -> Action {
        if let wanted = conditions.closeCode, case .closed(let close) = end {
            guard close.code == wanted else {
                return .leave(.failed, explanation: ["expected  close \(wanted.rawValue), got \(close.spelledCode)"])
            }
            return expectation.isMet ? .leave(.success, explanation: []) : leave()
        }
        let verdict = end.verdict
        return verdict == .success ? leave() : .leave(verdict, explanation: unmet)
    }

    /// Turns success into failure where something that was asked for has not come.
    package func judged(_ verdict: Verdict, explanation: [String]) -> Action {
        verdict == .success && !unmet.isEmpty
            ? .leave(.failed, explanation: unmet) : .leave(verdict, explanation: explanation)
    }

    /// When ``tick(at:)`` must be called; `nil` while only the peer can end it.
    package var deadline: Instant? {
        let end = conditions.lasting.flatMap { lasting in firstOpened.map { $0 + lasting } }
        return [end, decisionDeadline].compactMap { $0 }.min()
    }

    /// When what was asked for must have come, or has come by being silent.
    private var decisionDeadline: Instant? {
        guard let lastSent else { return nil }
        if !expectation.isMet || (conditions.closeCode != nil && !isSilenceDue) { return lastSent + conditions.within }
        if let silence = conditions.silence { return max(lastSent, lastFrame ?? lastSent) + silence }
        guard hasInputEnded, let wait = conditions.wait else { return nil }
        return max(lastFrame ?? lastSent, inputEndedAt ?? lastSent) + wait
    }

    /// Does what is due.
    package mutating func tick(at now: Instant) -> Action {
        guard let deadline, now >= deadline else { return .stay }
        return leave()
    }

    /// Whether everything but the silence has come, so that from now on nothing may.
    private var isSilenceDue: Bool { conditions.silence != nil && expectation.isMet && conditions.closeCode == nil }

    /// Leaves with what is known by now.
    private func leave() -> Action {
        let explanation = unmet
        return .leave(explanation.isEmpty ? .success : .failed, explanation: explanation)
    }

    /// What was asked for and has not come.
    private var unmet: [String] {
        var lines = expectation.failure
        if let wanted = conditions.closeCode {
            lines.append("expected  close \(wanted.rawValue), but the peer did not close")
        }
        if let count = conditions.count, received < count {
            lines.append("expected  \(count) message\(count == 1 ? "" : "s"), got \(received)")
        }
        return lines
    }
}
