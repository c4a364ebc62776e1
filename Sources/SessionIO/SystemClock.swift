internal import CLinux
internal import Glibc
package import SessionBase

/// The only place where time is read: the monotonic clock, and wall time derived from it.
///
/// Wall time is the monotonic instant plus an offset that is read again every second (PROTOCOLS C17's leeway and every
/// timestamp stand on it), so a moment costs one clock reading, and a step of the wall clock shows within a second.
/// Every loop has its own.
package struct SystemClock: Sendable {
    /// How long an offset between the two clocks is believed.
    private static let offsetLifetime = Duration.seconds(1)

    private var offsetNanoseconds: Int64
    private var offsetExpires: Instant

    /// Reads both clocks.
    package init() {
        let now = Self.now()
        offsetNanoseconds = Self.wallNanoseconds() - now.nanoseconds
        offsetExpires = now + Self.offsetLifetime
    }

    /// The present on the monotonic clock.
    package static func now() -> Instant { Instant(nanoseconds: read(CLOCK_MONOTONIC)) }

    /// CPU time that the calling thread has used, in user mode and in the kernel.
    package static func threadTime() -> Duration { .nanoseconds(read(CLOCK_THREAD_CPUTIME_ID)) }

    /// The present in nanoseconds since 1970-01-01T00:00:00Z, read from the wall clock itself.
    package static func wallNanoseconds() -> Int64 { read(CLOCK_REALTIME) }

    /// The present on both clocks.
    package mutating func moment() -> Moment { moment(at: Self.now()) }

    /// Pairs a reading of ``now()`` with its wall time.
    package mutating func moment(at instant: Instant) -> Moment {
        if instant >= offsetExpires { self = SystemClock() }
        let nanoseconds = instant.nanoseconds &+ offsetNanoseconds
        return Moment(instant: instant, timestamp: Timestamp(milliseconds: nanoseconds / 1_000_000))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
