package import SessionBase
package import SessionCodec

/// `report watch` and `report cancel`: follows a report to its end, or ends it (PROTOCOLS 2-19 … 2-22).
///
/// *connecting* → *following* → over. The verdict is the report's: completed is true, error and cancelled are false; for
/// `cancel`, cancelled is true. Where something is expected, it is true once that was told, and false where the report
/// ends before.
package struct ReportScript: WatchScript {
    /// What somebody wants of a report.
    package enum Goal: Equatable, Sendable {
        /// To know how it ends; `nil` waits for ever.
        case watch(lasting: Duration?)
        /// That it ends now.
        case cancel(reason: String?)
    }

    private enum State {
        case connecting
        case following
        /// It has ended; what else the server says of it follows at once.
        case ending(until: Instant, Verdict, explanation: [String])
    }

    private var state = State.connecting
    private var rule: WatchRule
    private var givesUpAt: Instant?
    private var answersUntil: Instant?
    private var lastStatus: ReportStatus?
    private let report: String
    private let goal: Goal
    private let timeout: Duration

    /// How long the rest of an end is waited for: a `report_completed` behind its status, an `error` behind another.
    package static let silence = Duration.milliseconds(500)

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - report: Its id, for messages.
    ///   - conditions: What is expected; how long is the goal's.
    ///   - timeout: How long the server may take to answer.
    package init(
        _ report: String, _ goal: Goal, _ conditions: StopRule.Conditions = StopRule.Conditions(), timeout: Duration
    ) {
        self.report = report
        self.goal = goal
        rule = WatchRule(conditions)
        self.timeout = timeout
    }

    package var deadline: Instant? {
        let ending: Instant? = if case .ending(let until, _, _) = state { until } else { nil }
        return [ending, givesUpAt, answersUntil, rule.deadline].compactMap { $0 }.min()
    }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        state = .following
        answersUntil = now + timeout
        switch goal {
        case .watch(let lasting):
            if givesUpAt == nil { givesUpAt = lasting.map { now + $0 } }
            rule.began(at: now)
            return []
        case .cancel(let reason): return [.send(ChannelsClientMessage.cancelReport(reason: reason).encoded())]
        }
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let frame = try? ChannelsServerFrame.decode(text).message, let value = try? JSONValue.parse(text) else {
            return []
        }
        switch frame.message {
        case .reportStatus(let status, _): return follow(status, value, at: now)
        case .reportCompleted(_, let completion, _): return complete(completion, value, at: now)
        case .error(let error): return refuse(error, value, at: now)
        default: return []
        }
    }

    private mutating func follow(_ status: ReportStatus, _ value: JSONValue, at now: Instant) -> [WatchAction] {
        if case .watch = goal { answersUntil = nil }
        // Reports that were asked for twice are told once.
        let (isNew, isFirst) = (lastStatus != status, lastStatus == nil)
        lastStatus = status
        var actions: [WatchAction] = []
        switch goal {
        case .watch:
            let news = WatchNews(value, line: ReportLine.text(of: status))
            if isNew { actions = rule.tell(news, isInitial: isFirst, at: now) }
        case .cancel:
            if status.state == .cancelled {
                return rule.conclude(WatchNews(value, line: ReportLine.text(of: status)), .success, at: now)
            }
        }
        if case .leave? = actions.last { return actions }
        if status.state.isTerminal {
            state = .ending(until: now + Self.silence, verdict(of: status.state), explanation: explanation(of: status))
            answersUntil = nil
            if status.state == .cancelled { actions += leave() }
        }
        return actions
    }

    private func verdict(of state: ReportState) -> Verdict {
        if case .watch = goal, state == .completed { .success } else { .failed }
    }

    private func explanation(of status: ReportStatus) -> [String] {
        guard verdict(of: status.state) != .success else { return [] }
        let message = status.message.map { ": \($0)" } ?? ""
        return ["report \(report) ended as \(status.state.rawValue)\(message)"]
    }

    private mutating func complete(
        _ completion: ReportCompletion, _ value: JSONValue, at now: Instant
    ) -> [WatchAction] {
        guard case .watch = goal else { return [] }
        return rule.conclude(WatchNews(value, line: ReportLine.text(of: completion)), .success, at: now)
    }

    private mutating func refuse(_ error: ChannelsError, _ value: JSONValue, at now: Instant) -> [WatchAction] {
        if error.code == .reportFailed {
            guard case .watch = goal else { return [] }
            // The status with the state error came before, and says what failed.
            let (verdict, explanation) = end
            let news = WatchNews(value, line: "error \(error.message)")
            return rule.conclude(news, verdict, explanation: explanation, at: now)
        }
        return [.reject(ServiceRejection(error))]
    }

    /// What the report's end means.
    private var end: (verdict: Verdict, explanation: [String]) {
        guard case .ending(_, let verdict, let explanation) = state else {
            return (.failed, ["report \(report) failed"])
        }
        return (verdict, explanation)
    }

    private func leave() -> [WatchAction] {
        let (verdict, explanation) = end
        return rule.leave(verdict, explanation: explanation)
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        if case .ending = state { return leave() }
        state = .connecting
        answersUntil = nil
        if returns { return [] }
        let verdict: Verdict = end.verdict == .success ? .failed : end.verdict
        return [.leave(verdict, explanation: ["the connection ended before report \(report) did"])]
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        if case .ending(let until, _, _) = state, now >= until { return leave() }
        if let answersUntil, now >= answersUntil {
            return [
                .leave(
                    .tryAgain,
                    explanation: ["the server did not answer about report \(report) within \(timeout.spelled)"])
            ]
        }
        guard let givesUpAt, now >= givesUpAt else { return rule.tick(at: now) }
        let place = lastStatus.map { ": it is \(ReportLine.text(of: $0))" } ?? ""
        return [.leave(.tryAgain, explanation: ["report \(report) has not ended yet\(place)"])]
    }
}

/// A report's news as lines for people.
package enum ReportLine {
    /// `running 75% Generating charts`.
    package static func text(of status: ReportStatus) -> String {
        "\(status.state.rawValue) \(status.progress)%" + (status.message.map { " " + $0 } ?? "")
    }

    /// `download /api/v1/reports/download/r1 (pdf, 1024000 bytes)`.
    package static func text(of completion: ReportCompletion) -> String {
        "download \(completion.downloadURL) (\(completion.format), \(completion.fileBytes) bytes)"
    }
}
