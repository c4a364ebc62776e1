package import SessionBase

/// Holds a client to a number of bytes a second: it reads like a peer behind a slow line, for tests of a server's queues.
///
/// A bucket of at most a tenth of a second's bytes (at least one byte), so that the rate is held on short terms too.
package struct ReadRate: Sendable {
    /// Bytes a second.
    package let bytesPerSecond: Int
    /// Credit in bytes times nanoseconds per second: an integer, so that nothing is lost to rounding.
    private var credit: Int128 = 0
    private var filled: Instant

    /// Starts with an empty bucket.
    ///
    /// - Parameter bytesPerSecond: At least 1.
    package init(bytesPerSecond: Int, at now: Instant) {
        precondition(bytesPerSecond > 0, "a rate that never lets anything through")
        self.bytesPerSecond = bytesPerSecond
        filled = now
    }

    /// How many bytes may be read now.
    package mutating func allowance(at now: Instant) -> Int {
        let elapsed = max((now - filled).nanoseconds, 0)
        filled = max(filled, now)
        credit = min(credit + Int128(elapsed) * Int128(bytesPerSecond), Self.second * capacity)
        return Int(credit / Self.second)
    }

    /// Records that bytes were read; at most the allowance.
    package mutating func spend(_ count: Int) {
        credit -= Self.second * Int128(count)
        precondition(credit >= 0, "more was read than was allowed")
    }

    /// When the next read may happen: once the bucket is full, so that a slow reader does not wake for single bytes.
    package var refilled: Instant {
        let missing = Self.second * capacity - credit
        return filled + .nanoseconds(Int64((missing + Int128(bytesPerSecond) - 1) / Int128(bytesPerSecond)))
    }

    private var capacity: Int128 { Int128(max(bytesPerSecond / 10, 1)) }
    private static let second: Int128 = 1_000_000_000
}
