import SessionBase
import SessionCodec
import SessionIO

/// The waits of one HTTP client: for one descriptor at a time, up to the deadline of the exchange, or an interruption.
final class HTTPWait {
    private enum Token {
        static let target: UInt64 = 0
        static let interruption: UInt64 = 1
    }

    private var poller: Poller
    private let name: String
    private let timeout: Duration
    private var deadline = Instant.zero

    /// Makes the waits of a client.
    init(_ configuration: HTTPConfiguration) throws(HTTPFailure) {
        name = configuration.endpoint.httpDescription
        timeout = configuration.timeout
        do throws(SystemError) {
            poller = try Poller()
            if let interruption = configuration.interruption {
                try poller.add(interruption, token: Token.interruption, .readable)
            }
        } catch {
            throw .unreachable(endpoint: name, [error])
        }
    }

    /// Begins an exchange: its time runs from now.
    func begin() { deadline = SystemClock.now() + timeout }

    /// The time that is left, for a share of it.
    var remaining: Duration { deadline - SystemClock.now() }

    /// Waits until a descriptor is ready.
    ///
    /// - Throws: ``HTTPFailure/timedOut(endpoint:after:)`` or ``HTTPFailure/interrupted``.
    func until(_ interest: Poller.Interest, on descriptor: Int32) throws(HTTPFailure) {
        guard try waits(for: interest, on: descriptor, until: deadline) else {
            throw .timedOut(endpoint: name, after: timeout)
        }
    }

    /// Waits until a descriptor is ready or an instant has come.
    ///
    /// - Returns: Whether the descriptor is ready.
    func waits(
        for interest: Poller.Interest, on descriptor: Int32, until instant: Instant?
    ) throws(HTTPFailure) -> Bool {
        do throws(SystemError) {
            try poller.add(descriptor, token: Token.target, interest)
        } catch {
            throw .lost(endpoint: name, reason: error.description)
        }
        // Fails only for a descriptor that is not watched, which it was a moment ago.
        defer { try? poller.remove(descriptor) }
        while true {
            let now = SystemClock.now()
            let count: Int
            do throws(SystemError) { count = try poller.wait(until: instant, now: now) } catch {
                throw .lost(endpoint: name, reason: error.description)
            }
            for index in 0..<count where poller.token(at: index) == Token.interruption { throw .interrupted }
            if count > 0 { return true }
            if let instant, SystemClock.now() >= instant { return false }
        }
    }
}
