package import SessionBase

/// When the next of many messages may leave: evenly, as many a second as was asked for, and slower once the server has said
/// that it was too fast (PROTOCOLS §5.3, C6).
///
/// A client that is refused for its rate in three seconds out of ten is closed, so that each refusal is taken seriously:
/// nothing leaves for a second, and from then on half as many.
package struct BoardPace: Equatable, Sendable {
    private var interval: Duration
    private var next = Instant.zero

    /// How long nothing leaves after a refusal.
    package static let pause = Duration.seconds(1)
    /// The slowest that refusals make it: five a second.
    private static let intervalMax = Duration.milliseconds(200)

    /// Lets so many a second leave; `nil` lets all.
    package init(perSecond: Double?) {
        interval = perSecond.map { .nanoseconds(Int64(1_000_000_000 / $0)) } ?? .zero
    }

    /// The earliest instant at which the next message may leave.
    package var opensAt: Instant { next }

    /// Whether a message may leave now.
    package func isOpen(at now: Instant) -> Bool { now >= next }

    /// Records that a message left; one that left late may be made up for by the next one.
    package mutating func sent(at now: Instant) { next = max(next, now - interval) + interval }

    /// Records that the server refused one for the rate.
    package mutating func refused(at now: Instant) {
        interval = max(interval, min(max(interval, .milliseconds(5)) * 2, Self.intervalMax))
        next = max(next, now + Self.pause)
    }
}
