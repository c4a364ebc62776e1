package import SessionBase

/// Counts the messages of one peer that could not be understood, exactly, over a window that slides with them.
///
/// 20 of them within 60 s close the connection with 4441 (PROTOCOLS §1.3, C6).
package struct InvalidMessageCounter: Sendable {
    /// How many within ``window`` are too many.
    package static let countMax = 20
    /// How far back it looks.
    package static let window = Duration.seconds(60)

    /// The last instants, as a ring; those never written lie before every window.
    private var instants = InlineArray<20, Instant>(repeating: Instant(nanoseconds: .min / 2))
    private var next = 0

    /// Starts at zero.
    package init() {}

    /// Counts one more.
    ///
    /// - Returns: Whether this one is too many.
    package mutating func count(at now: Instant) -> Bool {
        instants[next] = now
        next = (next + 1) % Self.countMax
        // What stands at `next` now is the oldest of the last 20.
        return now - instants[next] < Self.window
    }
}
