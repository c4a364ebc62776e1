package import SessionBase
package import SessionCodec

/// One change of a session's state over a socket, until the server has acknowledged it: `state set` and its like.
///
/// *connecting* → *entering* (AUTH) → *changing* → over. The acknowledgement comes after the change is durable
/// (PROTOCOLS 1-13), so that a command that succeeds has changed what survives a crash of the server.
package struct SyncChangeScript: Sendable {
    /// What to do after an event.
    package enum Action: Equatable, Sendable {
        /// Send this.
        case send(SyncClientFrame)
        /// Close: the change was made in this session.
        case finish(SyncStateChange, session: String)
        /// Close: the server refused.
        case reject(SyncRejection)
        /// Leave: nobody answered, or the connection is gone.
        case leave(Verdict, explanation: String)
    }

    private enum State {
        case connecting
        case entering(until: Instant)
        case changing(session: String, until: Instant)
    }

    private var state = State.connecting
    private var login: SyncLogin
    private let update: SyncStateUpdate
    private let correlation: String
    private let timeout: Duration

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - correlation: What the acknowledgement is known by.
    ///   - timeout: How long the server may take after the handshake.
    package init(
        _ identity: SyncLogin.Identity, _ update: SyncStateUpdate, correlation: String, timeout: Duration
    ) {
        login = SyncLogin(identity)
        self.update = update
        self.correlation = correlation
        self.timeout = timeout
    }

    /// When ``tick(at:)`` must be called.
    package var deadline: Instant? {
        switch state {
        case .connecting: nil
        case .entering(let until), .changing(_, let until): until
        }
    }

    /// Records that the handshake is done.
    package mutating func opened(at now: Instant) -> Action {
        state = .entering(until: now + timeout)
        return .send(login.opened())
    }

    /// Records a text message; one that is none of the protocol's means nothing here.
    package mutating func received(_ text: Span<UInt8>) -> Action? {
        guard let frame = try? SyncServerFrame.decode(text).message else { return nil }
        switch (state, login.received(frame)) {
        case (_, .reject(let rejection)?): return .reject(rejection)
        case (.entering(let until), .enter(let welcome, _)?):
            state = .changing(session: welcome.sessionID, until: until)
            return .send(
                SyncClientFrame(.stateUpdate(update), envelope: SyncEnvelope(correlationID: correlation)))
        case (.changing(let session, _), _): return answer(frame, in: session)
        default: return nil
        }
    }

    /// What a message means to the change: its acknowledgement, its refusal, or nothing.
    private func answer(_ frame: SyncServerFrame, in session: String) -> Action? {
        switch frame.message {
        case .stateUpdate(let change) where change.isAcknowledgement && frame.envelope.correlationID == correlation:
            return .finish(change, session: session)
        case .error(let code, let message, let details)
        where frame.envelope.correlationID == correlation || frame.envelope.correlationID == nil:
            return .reject(SyncRejection(code, message: message, details: details))
        default: return nil
        }
    }

    /// Records that the connection ended, which is always too early.
    package func ended(_ end: ClientEnd) -> Action {
        let verdict = end.verdict == .success ? .failed : end.verdict
        let how = if case .closed(let close) = end { " with \(close.spelledCode)" } else { "" }
        return .leave(
            verdict, explanation: "the connection closed\(how) before the change was acknowledged\(advice(end))")
    }

    private func advice(_ end: ClientEnd) -> String {
        guard case .closed(let close) = end, close.code == .superseded else { return "" }
        return "; another command uses the same device, give each its own --device"
    }

    /// Does what is due.
    package func tick(at now: Instant) -> Action? {
        guard let deadline, now >= deadline else { return nil }
        let missing = if case .changing = state { "acknowledge the change" } else { "answer AUTH" }
        return .leave(.tryAgain, explanation: "the server did not \(missing) within \(timeout.spelled)")
    }
}
