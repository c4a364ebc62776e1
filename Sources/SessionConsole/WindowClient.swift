package import CommandKit
package import SessionClient
import SessionCodec
import SessionIO

/// Plays a ``WindowScript`` on a connection: `register`, `deregister`, `heartbeat` and `focus`.
package struct WindowClient {
    private let run: ClientRun
    private var script: WindowScript

    /// Prepares a run.
    package init(_ run: ClientRun, _ script: WindowScript) {
        self.run = run
        self.script = script
    }

    /// Connects, plays the script, and returns what it found out.
    package mutating func play() throws(CommandError) -> Verdict {
        run.loop.setInput(.ignored)
        run.loop.connect()
        while true {
            let event = try run.next(until: script.deadline)
            for action in try actions(after: event) {
                if let verdict = try obey(action) { return verdict }
            }
        }
    }

    private mutating func actions(after event: ClientLoop.Event) throws(CommandError) -> [WindowScript.Action] {
        let now = SystemClock.now()
        switch event {
        case .client(.opened): return script.opened(at: now)
        case .client(.received(.text, let payload)): return script.received(payload.span, at: now)
        case .client(.ended(.failed(let failure), _)): throw ClientRun.error(failure)
        case .client(.ended(let end, _)): return [script.ended(end)]
        case .signal(let signal):
            return ClientRun.verdict(of: signal).map { [.leave($0, explanation: [])] } ?? []
        case .deadline: return script.tick(at: now)
        default: return []
        }
    }

    private func obey(_ action: WindowScript.Action) throws(CommandError) -> Verdict? {
        switch action {
        case .send(let message):
            try run.send(.text, message.encoded())
            return nil
        case .leave(let verdict, let explanation):
            let left = try run.leave(verdict)
            try run.reporter.explain(explanation)
            return left
        }
    }
}
