import SessionBase
package import SessionCodec

/// How an attempt to connect, or a connection, came to its end.
package enum Loss: Equatable, Sendable {
    /// The connection was open and closed with this code; `.abnormal` where it was lost.
    case closed(CloseCode)
    /// The handshake was answered with an HTTP status other than 101.
    case refused(status: Int, retryAfter: Duration?)
    /// Nobody answered in time, or the network said no.
    case unreachable
    /// Nothing that another attempt could change: no such host, a bad certificate, no WebSocket server.
    case hopeless
}

/// Decides whether and when a client that lost its connection comes back (PROTOCOLS §1.3).
///
/// The n-th attempt in a row waits between nothing and `min(30 s, 1 s · 2ⁿ)` (*full jitter*), so that the clients of a
/// server that restarts do not return in step. A connection that was up for 60 s starts the count again.
package struct ReconnectPolicy: Sendable {
    /// Attempts in a row after which the client gives up; `nil` never does.
    package let maxAttempts: Int?
    private var attempts = 0

    /// The shortest and longest upper bound of a wait.
    private static let ceilings = (first: Duration.seconds(1), last: Duration.seconds(30))
    /// A connection that lived this long proves that the server is well.
    private static let provenUptime = Duration.seconds(60)
    /// What a server that drains asks for: its clients spread over 5 s (PROTOCOLS §1.3, 1001).
    private static let drainSpread = Duration.seconds(5)
    /// The least wait for a backend that is away (PROTOCOLS §1.3, 4503).
    private static let backendPause = Duration.seconds(2)

    /// Makes a policy that has not lost anything yet.
    package init(maxAttempts: Int? = nil) { self.maxAttempts = maxAttempts }

    /// What to do after a loss.
    package enum Action: Equatable, Sendable {
        /// Connect again after this wait; attempts in a row count from 1.
        case wait(Duration, attempt: Int)
        /// Give up.
        case stop
    }

    /// Records a loss.
    ///
    /// - Parameters:
    ///   - loss: How it ended.
    ///   - uptime: How long the connection had been open; `nil` where it never was.
    ///   - random: Draws the jitter.
    package mutating func lost(
        _ loss: Loss, uptime: Duration?, random: inout some RandomNumberGenerator
    ) -> Action {
        if let uptime, uptime >= Self.provenUptime { attempts = 0 }
        guard Self.isWorthAnotherAttempt(loss), attempts < maxAttempts ?? .max else { return .stop }
        let bounds = Self.bounds(of: loss, attempts: attempts)
        attempts += 1
        let span = bounds.upperBound.nanoseconds - bounds.lowerBound.nanoseconds
        let jitter = Int64.random(in: 0...span, using: &random)
        return .wait(bounds.lowerBound + .nanoseconds(jitter), attempt: attempts)
    }

    /// Whether the rule of PROTOCOLS §1.3 lets a client come back: 1001, 1006, 1011 and 45xx, not 1000, 1002…1010, 44xx.
    ///
    /// 1012 and 1013 say "restart" and "try again later" (IANA registry), and are taken by their word.
    package static func isWorthAnotherAttempt(_ loss: Loss) -> Bool {
        switch loss {
        case .closed(let code):
            switch code.rawValue {
            case 1001, 1006, 1011, 1012, 1013, 4500...4599: true
            default: false
            }
        case .refused(let status, _): status == 408 || status == 429 || (500...599).contains(status)
        case .unreachable: true
        case .hopeless: false
        }
    }

    private static func bounds(of loss: Loss, attempts: Int) -> ClosedRange<Duration> {
        let grown = ceilings.first * (1 << min(attempts, 10))
        let ceiling = min(ceilings.last, grown)
        switch loss {
        case .closed(.goingAway): return .zero...max(ceiling, drainSpread)
        case .closed(.backendUnavailable): return backendPause...max(ceiling, backendPause + ceilings.first)
        case .refused(_, let retryAfter?): return retryAfter...retryAfter + ceiling
        default: return .zero...ceiling
        }
    }
}
