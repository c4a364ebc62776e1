package import CommandKit
import SessionBase
package import SessionClient
import SessionCodec
import SessionIO

/// Plays a ``BoardWatchScript`` on a connection and shows its board on a terminal: `board watch` for a person.
package struct BoardViewClient {
    /// Header fields that show who connects; read anew before each connection, so that a newer credential counts.
    package typealias Credentials = () throws(CommandError) -> [(name: String, value: String)]

    private let run: ClientRun
    private let screen: BoardScreen
    private let credentials: Credentials
    private let remedy: String
    private var script: BoardWatchScript

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - run: Its loop reports SIGWINCH and SIGTSTP too; what its reporter writes is shown by the screen.
    ///   - remedy: What somebody can do whom the server does not know; a clause.
    package init(
        _ run: ClientRun, _ script: BoardWatchScript, _ screen: BoardScreen, remedy: String,
        credentials: @escaping Credentials
    ) {
        self.run = run
        self.script = script
        self.screen = screen
        self.remedy = remedy
        self.credentials = credentials
    }

    /// Connects, shows the board until somebody leaves or the connection ends for good, and returns the verdict.
    package mutating func play() throws(CommandError) -> Verdict {
        do throws(CommandError) {
            return try watch()
        } catch {
            try screen.leave()
            throw error
        }
    }

    private mutating func watch() throws(CommandError) -> Verdict {
        try prepare()
        run.loop.connect()
        while true {
            let event = try run.next(until: [script.deadline, screen.deadline].compactMap { $0 }.min())
            let now = SystemClock.now()
            if let verdict = try obey(event) { return try leave(verdict) }
            for action in try actions(after: event, at: now) {
                if let verdict = try obey(action, at: now) { return verdict }
            }
            // Everything that has come is in one picture.
            if screen.isEntered, !run.loop.hasQueuedEvents { try screen.tick(script.board, at: now) }
        }
    }

    /// Does what keys and signals ask for; the verdict is that of who wants to leave.
    private func obey(_ event: ClientLoop.Event) throws(CommandError) -> Verdict? {
        switch event {
        case .typed: return screen.wantsToLeave() ? .success : nil
        case .signal(.windowChanged): screen.resized()
        case .signal(.pause): if screen.isEntered { try screen.stop() }
        case .signal(let signal): return ClientRun.verdict(of: signal)
        default: break
        }
        return nil
    }

    private func prepare() throws(CommandError) {
        run.client.configuration.headers = try credentials()
        if let target = script.target { run.client.configuration.endpoint.target = target }
    }

    private mutating func actions(
        after event: ClientLoop.Event, at now: Instant
    ) throws(CommandError) -> [WatchAction] {
        switch event {
        case .client(.opened): return script.opened(at: now)
        case .client(.received(.text, let payload)):
            let actions = script.received(payload.span, at: now)
            try show()
            return actions
        case .client(.ended(.failed(let failure), nil)):
            guard case .refused(let refusal) = failure else { throw ClientRun.error(failure) }
            throw CommandError(ExitStatus(failure.verdict), refusal.description(forUnknownPeers: remedy))
        case .client(.ended(let end, let next)):
            let actions = script.ended(end, returns: next != nil)
            if next != nil { try prepare() }
            return actions
        case .deadline: return script.tick(at: now)
        default: return []
        }
    }

    /// Takes the terminal over with the first picture, so that a refusal before it stays on the screen.
    private func show() throws(CommandError) {
        if !screen.isEntered {
            try screen.enter()
            if screen.hasKeys { run.loop.setInput(.terminal) }
        }
        screen.changed()
    }

    private func obey(_ action: WatchAction, at now: Instant) throws(CommandError) -> Verdict? {
        switch action {
        case .send(let message): try run.send(.text, message)
        case .tell: break  // The picture shows it.
        case .remark(let text): if screen.isEntered { screen.say(text, at: now) }
        case .reject(let rejection):
            _ = try leave(rejection.verdict)
            let endpoint = run.client.configuration.endpoint.withTarget("/").publicDescription
            throw CommandError(ExitStatus(rejection.verdict), "\(endpoint) answers \(rejection.description)")
        case .leave(let verdict, let explanation):
            let left = try leave(verdict)
            try run.reporter.explain(explanation)
            return left
        }
        return nil
    }

    private func leave(_ verdict: Verdict) throws(CommandError) -> Verdict {
        try screen.leave()
        return try run.leave(verdict)
    }
}
