package import CommandKit
package import SessionClient
import SessionCodec
import SessionIO

/// Plays a ``SyncWatchScript`` on a connection: `state watch` and `handoff watch`.
package struct SyncWatchClient {
    /// Reads the credential anew, so that a command that reconnects may do it with a newer one.
    package typealias Credential = () throws(CommandError) -> String?

    private let run: ClientRun
    private let printer: ResultPrinter
    private let credential: Credential
    private var script: SyncWatchScript
    private var hasOpened = false

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - run: Its reporter tells of the connection alone, never of frames: AUTH carries a credential.
    ///   - printer: Where the events go.
    ///   - credential: Asked before each connection but the first.
    package init(
        _ run: ClientRun, _ script: SyncWatchScript, _ printer: ResultPrinter, credential: @escaping Credential
    ) {
        self.run = run
        self.script = script
        self.printer = printer
        self.credential = credential
    }

    /// Connects, watches, and returns what it found out.
    package mutating func play() throws(CommandError) -> Verdict {
        run.loop.setInput(.ignored)
        run.loop.connect()
        while true {
            let event = try run.next(until: script.deadline)
            if case .signal(let signal) = event, let verdict = ClientRun.verdict(of: signal) {
                return try run.leave(verdict)
            }
            for action in try actions(after: event) {
                if let verdict = try obey(action) { return verdict }
            }
        }
    }

    private mutating func actions(after event: ClientLoop.Event) throws(CommandError) -> [SyncWatchScript.Action] {
        let now = SystemClock.now()
        switch event {
        case .client(.opened):
            if hasOpened { script.renew(token: try credential()) }
            hasOpened = true
            return script.opened(at: now)
        case .client(.received(.text, let payload)): return script.received(payload.span, at: now)
        case .client(.ended(.failed(let failure), nil)): throw ClientRun.error(failure)
        case .client(.ended(let end, let next)): return script.ended(end, returns: next != nil)
        case .deadline: return script.tick(at: now)
        default: return []
        }
    }

    private func obey(_ action: SyncWatchScript.Action) throws(CommandError) -> Verdict? {
        switch action {
        case .send(let frame): try run.send(.text, frame.encoded())
        case .tell(let news): try printer.event(news.value, news.line)
        case .remark(let text): try run.reporter.notice(text)
        case .reject(let rejection):
            _ = try run.leave(rejection.verdict)
            if printer.form.isJSON { try printer.show(rejection.value) { [] } }
            throw rejection.error(from: run)
        case .leave(let verdict, let explanation):
            let left = try run.leave(verdict)
            try run.reporter.explain(explanation)
            return left
        }
        return nil
    }
}

extension SyncRejection {
    /// The refusal as the error of a command.
    package func error(from run: ClientRun) -> CommandError {
        let endpoint = run.client.configuration.endpoint.publicDescription
        return CommandError(ExitStatus(verdict), "\(endpoint) answers \(description)")
    }
}
