package import SessionBase
package import SessionCodec

/// `locker ack`: tells the namespace of events that a command was received (PROTOCOLS §6.3, EXT).
///
/// *connecting* → *greeting* → *acknowledging* → over.
package struct LockerAckScript: WatchScript {
    private let command: String
    private let timeout: Duration
    private var rule: WatchRule
    private var answersUntil: Instant?

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - patterns: What the answer must match.
    ///   - timeout: How long the server may take to answer.
    package init(command: String, patterns: [JSONValue] = [], timeout: Duration) {
        self.command = command
        var conditions = StopRule.Conditions()
        conditions.patterns = patterns
        rule = WatchRule(conditions)
        self.timeout = timeout
    }

    package var deadline: Instant? { answersUntil }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        answersUntil = now + timeout
        return []
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let frame = try? LockersServerFrame.decode(text).message, let value = try? JSONValue.parse(text) else {
            return []
        }
        switch frame.message {
        case .connection: return [.send(LockersClientMessage.ack(command: command).encoded())]
        case .error(let code, let message): return [.reject(ServiceRejection(code: code.name, message: message))]
        case .ackReceived(command):
            return rule.conclude(WatchNews(value, line: "acknowledged \(command)"), .success, at: now)
        default: return []
        }
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        let verdict: Verdict = end.verdict == .success ? .failed : end.verdict
        return [.leave(verdict, explanation: ["the connection ended before \(command) was acknowledged"])]
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        guard let answersUntil, now >= answersUntil else { return [] }
        return [
            .leave(.tryAgain, explanation: ["the server did not take the acknowledgement within \(timeout.spelled)"])
        ]
    }
}
