package import CommandKit
import SessionBase
package import SessionClient
import SessionCodec
import SessionIO

/// Asks a server again and again until it is ready, or the time is up: `wait`.
package struct WaitClient {
    private let run: ClientRun
    private let timeout: Duration
    private var pause = Duration.milliseconds(50)
    /// Why the last attempt failed.
    private var lastReason = "no answer yet"

    /// The longest pause between two attempts.
    private static let pauseMax = Duration.seconds(1)

    /// Prepares a run; its client asks for what shall succeed: a plain request that must be answered with 200, or a
    /// handshake.
    package init(_ run: ClientRun, timeout: Duration) {
        self.run = run
        self.timeout = timeout
    }

    /// Waits, and returns whether it was worth it.
    package mutating func play() throws(CommandError) -> Verdict {
        run.loop.setInput(.ignored)
        let deadline = SystemClock.now() + timeout
        var attemptAt: Instant? = SystemClock.now()
        while true {
            let event = try run.next(until: min(attemptAt ?? deadline, deadline))
            let now = SystemClock.now()
            switch event {
            case .client(.opened): return try run.leave(.success)
            case .client(.answered(let response)):
                if response.status.rawValue == 200 { return .success }
                lastReason = "HTTP \(response.status.rawValue) \(response.status.phrase)"
                attemptAt = now + nextPause()
            case .client(.ended(.failed(let failure), _)):
                // A file that cannot be read will not be there at the next attempt either.
                if case .unreadable = failure { throw ClientRun.error(failure) }
                lastReason = failure.description
                attemptAt = now + nextPause()
            case .signal(let signal): if let verdict = ClientRun.verdict(of: signal) { return verdict }
            case .deadline where now >= deadline: return try giveUp()
            case .deadline:
                attemptAt = nil
                run.loop.connect()
            default: break
            }
        }
    }

    private mutating func nextPause() -> Duration {
        defer { pause = min(pause * 2, Self.pauseMax) }
        return pause
    }

    private func giveUp() throws(CommandError) -> Verdict {
        let endpoint = run.client.configuration.endpoint.publicDescription
        throw CommandError(.tryAgain, "\(endpoint) was not ready within \(timeout.spelled): \(lastReason)")
    }
}
