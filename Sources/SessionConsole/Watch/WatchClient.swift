package import CommandKit
package import SessionClient
import SessionCodec
import SessionIO

/// Plays a ``WatchScript`` on a connection: what the commands of channels and lockers do over a WebSocket.
package struct WatchClient<Script: WatchScript> {
    /// Header fields that show who connects; read anew before each connection, so that a newer credential counts.
    package typealias Credentials = () throws(CommandError) -> [(name: String, value: String)]

    private let run: ClientRun
    private let printer: ResultPrinter
    private let presenter: any NewsPresenter
    private let credentials: Credentials
    private var script: Script

    /// What somebody can do whom the server does not know; a clause.
    package var remedy = "give a token with --token-file, or SESSIONCTL_TOKEN"
    /// Whether lines of standard input are the script's.
    package var readsInput = false

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - run: Its reporter tells of the connection alone: frames are the presenter's.
    ///   - printer: Where a refusal goes that programs read.
    package init(
        _ run: ClientRun, _ script: Script, _ printer: ResultPrinter, presenter: (any NewsPresenter)? = nil,
        credentials: @escaping Credentials
    ) {
        self.run = run
        self.script = script
        self.printer = printer
        self.presenter = presenter ?? LinePresenter(printer)
        self.credentials = credentials
    }

    /// Connects, plays the script, and returns what it found out.
    package mutating func play() throws(CommandError) -> Verdict {
        var isReading = readsInput
        run.loop.setInput(isReading ? .lines : .ignored)
        try prepare()
        run.loop.connect()
        while true {
            if readsInput, isReading == script.isSated {
                isReading.toggle()
                run.loop.setInput(isReading ? .lines : .ignored)
            }
            let event = try run.next(until: script.deadline)
            if case .signal(let signal) = event, let verdict = ClientRun.verdict(of: signal) {
                return try leave(verdict)
            }
            for action in try actions(after: event) {
                if let verdict = try obey(action) { return verdict }
            }
        }
    }

    /// Sets what the next handshake says.
    private func prepare() throws(CommandError) {
        run.client.configuration.headers = try credentials()
        if let target = script.target { run.client.configuration.endpoint.target = target }
    }

    private mutating func actions(after event: ClientLoop.Event) throws(CommandError) -> [WatchAction] {
        let now = SystemClock.now()
        switch event {
        case .client(.opened): return script.opened(at: now)
        case .client(.received(.text, let payload)): return script.received(payload.span, at: now)
        case .client(.ended(.failed(let failure), nil)): throw error(failure)
        case .client(.ended(let end, let next)):
            let actions = script.ended(end, returns: next != nil)
            if next != nil { try prepare() }
            return actions
        case .line(let line): return script.typed(line, at: now)
        case .endOfInput: return script.inputEnded(at: now)
        case .deadline: return script.tick(at: now)
        default: return []
        }
    }

    private func obey(_ action: WatchAction) throws(CommandError) -> Verdict? {
        switch action {
        case .send(let message): try run.send(.text, message)
        case .tell(let news): try presenter.show(news)
        case .remark(let text): try run.reporter.notice(text)
        case .reject(let rejection):
            _ = try leave(rejection.verdict)
            if printer.form.isJSON { try printer.show(rejection.value) { [] } }
            let endpoint = run.client.configuration.endpoint.publicDescription
            throw CommandError(ExitStatus(rejection.verdict), "\(endpoint) answers \(rejection.description)")
        case .leave(let verdict, let explanation):
            let left = try leave(verdict)
            try run.reporter.explain(explanation)
            return left
        }
        return nil
    }

    private func leave(_ verdict: Verdict) throws(CommandError) -> Verdict {
        try presenter.finish()
        let left = try run.leave(verdict)
        for line in script.farewell { try run.reporter.notice(line) }
        return left
    }

    /// The error of a connection that never opened.
    private func error(_ failure: ClientFailure) -> CommandError {
        guard case .refused(let refusal) = failure else { return ClientRun.error(failure) }
        return CommandError(ExitStatus(failure.verdict), refusal.description(forUnknownPeers: remedy))
    }
}
