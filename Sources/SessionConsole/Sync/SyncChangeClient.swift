package import CommandKit
package import SessionClient
package import SessionCodec
import SessionIO

/// Plays a ``SyncChangeScript`` on a connection: `state set`, `delete`, `merge` and `increment`.
///
/// Nothing of the connection is reported: AUTH carries a credential, and the result is one value.
package struct SyncChangeClient {
    /// What became of the change.
    package enum Outcome {
        /// It was made, and is durable.
        case made(SyncStateChange, session: String)
        /// The server refused it.
        case refused(SyncRejection)
        /// A signal came first.
        case interrupted(Verdict)
    }

    /// The connection; its reporter is silent.
    package let run: ClientRun
    private var script: SyncChangeScript

    /// Prepares a run.
    package init(_ run: ClientRun, _ script: SyncChangeScript) {
        self.run = run
        self.script = script
    }

    /// Connects, changes, leaves.
    ///
    /// - Throws: ``CommandError`` where there was no answer.
    package mutating func play() throws(CommandError) -> Outcome {
        run.loop.setInput(.ignored)
        run.loop.connect()
        while true {
            let event = try run.next(until: script.deadline)
            if let action = try action(after: event), let outcome = try obey(action) { return outcome }
            if case .signal(let signal) = event, let verdict = ClientRun.verdict(of: signal) {
                return .interrupted(try run.leave(verdict))
            }
        }
    }

    private mutating func action(after event: ClientLoop.Event) throws(CommandError) -> SyncChangeScript.Action? {
        let now = SystemClock.now()
        switch event {
        case .client(.opened): return script.opened(at: now)
        case .client(.received(.text, let payload)): return script.received(payload.span)
        case .client(.ended(.failed(let failure), _)): throw ClientRun.error(failure)
        case .client(.ended(let end, _)): return script.ended(end)
        case .deadline: return script.tick(at: now)
        default: return nil
        }
    }

    private func obey(_ action: SyncChangeScript.Action) throws(CommandError) -> Outcome? {
        switch action {
        case .send(let frame):
            try run.send(.text, frame.encoded())
            return nil
        case .finish(let change, let session):
            _ = try run.leave(.success)
            return .made(change, session: session)
        case .reject(let rejection):
            _ = try run.leave(rejection.verdict)
            return .refused(rejection)
        case .leave(let verdict, let explanation):
            _ = try run.leave(verdict)
            let endpoint = run.client.configuration.endpoint.publicDescription
            throw CommandError(ExitStatus(verdict), "\(endpoint): \(explanation)")
        }
    }
}
