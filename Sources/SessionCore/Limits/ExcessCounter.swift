package import SessionBase

/// Notices a peer that goes on sending too much: three seconds with an excess within 10 s end in 4529 (PROTOCOLS C6).
package struct ExcessCounter: Sendable {
    /// How many different seconds with an excess are too many.
    package static let secondsMax = 3
    /// Within how many seconds.
    package static let windowSeconds: Int64 = 10

    /// The last seconds with an excess, oldest first.
    private var seconds = InlineArray<3, Int64>(repeating: .min / 2)

    /// Starts without an excess.
    package init() {}

    /// Records that a message was refused.
    ///
    /// - Returns: Whether this was the last straw.
    package mutating func record(at now: Instant) -> Bool {
        let second = now.nanoseconds / 1_000_000_000
        if second != seconds[2] { seconds = [seconds[1], seconds[2], second] }
        return second - seconds[0] < Self.windowSeconds
    }
}
