/// A point on the monotonic clock, in nanoseconds since an arbitrary start.
///
/// Time is an argument everywhere: only `SessionIO` reads a clock.
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the clock's own start.
    package var nanoseconds: Int64

    /// Makes the instant that lies this many nanoseconds after the clock's start.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The clock's own start; where simulations begin.
    package static let zero = Instant(nanoseconds: 0)

    /// Later than every instant that a clock can show.
    package static let distantFuture = Instant(nanoseconds: .max)

    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(nanoseconds: instant.nanoseconds &+ duration.nanoseconds)
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(nanoseconds: instant.nanoseconds &- duration.nanoseconds)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration {
        .nanoseconds(later.nanoseconds &- earlier.nanoseconds)
    }
}

extension Duration {
    /// The whole length in nanoseconds; saturates beyond ±292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }

    /// The whole length in milliseconds, rounded towards zero.
    package var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
