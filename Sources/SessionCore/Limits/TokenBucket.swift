package import SessionBase

/// A token bucket in one word: the instant at which it will be full again (the generic cell rate algorithm, ITU-T I.371).
///
/// A new bucket is full, so that a connection that never sends costs nothing.
package struct TokenBucket: Equatable, Sendable {
    /// When the bucket is full again; in the past while it is.
    private var fullAt = Instant.zero

    /// Makes a full bucket.
    package init() {}

    /// Takes one token.
    ///
    /// - Returns: Whether there was one; otherwise nothing is changed.
    package mutating func take(at now: Instant, _ rate: TokenRate) -> Bool {
        let fullAfter = max(fullAt, now).nanoseconds + rate.intervalNanoseconds
        guard fullAfter - now.nanoseconds <= rate.windowNanoseconds else { return false }
        fullAt = Instant(nanoseconds: fullAfter)
        return true
    }

    /// Takes one token.
    ///
    /// - Returns: How long to wait where there is none, and nothing is changed; otherwise `nil`.
    mutating func takeOrWait(at now: Instant, _ rate: TokenRate) -> Duration? {
        take(at: now, rate) ? nil : wait(at: now, rate)
    }

    /// How long it takes until the next token is there; zero where there is one.
    package func wait(at now: Instant, _ rate: TokenRate) -> Duration {
        let fullAfter = max(fullAt, now).nanoseconds + rate.intervalNanoseconds
        return .nanoseconds(max(0, fullAfter - now.nanoseconds - rate.windowNanoseconds))
    }
}

/// How fast a ``TokenBucket`` fills, and how much it holds.
package struct TokenRate: Equatable, Sendable {
    /// The time in which one token comes.
    package let intervalNanoseconds: Int64
    /// The time in which an empty bucket fills.
    package let windowNanoseconds: Int64

    /// The rate of `tokens` each `period`, of which up to `burst` are kept.
    package init(tokens: Int, each period: Duration, burst: Int) {
        precondition(tokens > 0 && burst > 0, "a token bucket needs a rate and a size above zero")
        intervalNanoseconds = max(1, period.nanoseconds / Int64(tokens))
        windowNanoseconds = intervalNanoseconds * Int64(burst)
    }

    /// The rate of `tokens` each `period`, all of which may come at once.
    package init(tokens: Int, each period: Duration) { self.init(tokens: tokens, each: period, burst: tokens) }
}
