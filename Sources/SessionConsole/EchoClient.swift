package import CommandKit
package import SessionClient
import SessionIO

/// A client that sends back what it receives, as conformance suites ask of one (PROTOCOLS §1.11, `connect --echo`).
package enum EchoClient {
    /// Bytes that may wait for the peer before its own are no longer read.
    package static let unsentBytesMax = 4 << 20

    /// Connects, echoes until the end, and returns what it found out: any close that the peer began is a success.
    package static func play(_ run: ClientRun) throws(CommandError) -> Verdict {
        run.loop.setInput(.ignored)
        run.loop.connect()
        while true {
            switch try run.next(until: nil) {
            case .client(.received(let kind, let payload)): try run.send(kind, payload)
            case .client(.ended(.failed(let failure), _)): throw ClientRun.error(failure)
            case .client(.ended(.closed(let close), _)):
                return close.origin == .peer ? .success : Verdict(close.code)
            case .signal(let signal):
                if let verdict = ClientRun.verdict(of: signal) { return try run.leave(verdict) }
            default: break
            }
        }
    }
}
