package import SessionBase
package import SessionCodec

/// Watches a session until enough was seen, across lost connections where the command may reconnect.
///
/// *connecting* → *entering* (AUTH) → *watching* → *connecting* after a loss. Each AUTH names the last push that was seen,
/// so that the server replays what was missed, or it is told that something is lost (PROTOCOLS §3.4, resume).
package struct SyncWatchScript: Sendable {
    /// What to do after an event.
    package enum Action: Equatable, Sendable {
        /// Send this.
        case send(SyncClientFrame)
        /// Tell this.
        case tell(SyncNews)
        /// Say this to a person.
        case remark(String)
        /// Close: the server refused.
        case reject(SyncRejection)
        /// Close, and leave with this verdict; the lines explain a failure.
        case leave(Verdict, explanation: [String])
    }

    private enum State {
        case connecting
        case entering(until: Instant)
        case watching(session: String)
    }

    private var state = State.connecting
    private var login: SyncLogin
    private var rule: StopRule
    private var hasEntered = false
    private let subject: SyncNews.Subject
    private let timeout: Duration

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - conditions: When enough was seen.
    ///   - timeout: How long the server may take to answer an AUTH.
    package init(
        _ identity: SyncLogin.Identity, _ subject: SyncNews.Subject, _ conditions: StopRule.Conditions,
        timeout: Duration
    ) {
        login = SyncLogin(identity)
        rule = StopRule(conditions)
        self.subject = subject
        self.timeout = timeout
    }

    /// When ``tick(at:)`` must be called; `nil` while only the peer can go on.
    package var deadline: Instant? {
        let entering: Instant? = if case .entering(let until) = state { until } else { nil }
        return [entering, rule.deadline].compactMap { $0 }.min()
    }

    /// Replaces the credential of the next AUTH, such as by a newer one from the same file.
    package mutating func renew(token: String?) { login.identity.token = token }

    /// Records that the handshake is done.
    package mutating func opened(at now: Instant) -> [Action] {
        state = .entering(until: now + timeout)
        return [.send(login.opened())]
    }

    /// Records a text message; one that is none of the protocol's means nothing here.
    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [Action] {
        guard let frame = try? SyncServerFrame.decode(text).message else { return [] }
        switch login.received(frame) {
        case .reject(let rejection)?: return [.reject(rejection)]
        case .enter(let welcome, let gap)?: return enter(welcome, gap, at: now)
        case nil: break
        }
        guard case .watching(let session) = state,
            let news = SyncNews(frame, about: subject, session: session)
        else { return [] }
        return tell(news, at: now)
    }

    private mutating func enter(_ welcome: SyncWelcome, _ gap: SyncGap?, at now: Instant) -> [Action] {
        state = .watching(session: welcome.sessionID)
        if !hasEntered {
            hasEntered = true
            rule.opened(at: now)
            return [.remark("watching session \(welcome.sessionID) of \(welcome.userID), version \(welcome.version)")]
        }
        if let gap { return tell(SyncNews(gap, session: welcome.sessionID), at: now) }
        let missed = welcome.replayed ?? 0
        return [.remark("watching again; \(missed == 0 ? "nothing was missed" : "what was missed follows: \(missed)")")]
    }

    private mutating func tell(_ news: SyncNews, at now: Instant) -> [Action] {
        [.tell(news)] + leave(rule.received(Array(news.value.text().utf8).span, at: now))
    }

    /// Records that the connection ended.
    ///
    /// - Parameter returns: Whether it is being made again.
    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [Action] {
        state = .connecting
        login.closed()
        return returns ? [] : leave(rule.ended(end))
    }

    /// Does what is due.
    package mutating func tick(at now: Instant) -> [Action] {
        if case .entering(let until) = state, now >= until {
            return [.leave(.tryAgain, explanation: ["the server did not answer AUTH within \(timeout.spelled)"])]
        }
        return leave(rule.tick(at: now))
    }

    private func leave(_ action: StopRule.Action) -> [Action] {
        guard case .leave(let verdict, let explanation) = action else { return [] }
        return [.leave(verdict, explanation: explanation)]
    }
}
