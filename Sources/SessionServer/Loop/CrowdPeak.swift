package import SessionBase

/// Notices that a crowd has gone, so that the memory it needed can be given back to the system.
///
/// The allocator keeps what was freed, since a server mostly needs it again; after ten thousand rooms that would be their
/// memory for ever, in pieces between what stays.
package struct CrowdPeak: Sendable {
    /// Fewer need too little memory to be worth the effort.
    package static let countMin = 1_000
    /// The crowd is gone when one of so many is left.
    package static let share = 8
    /// How long nobody more may leave before the memory is given back: while some do, it is less and in smaller pieces.
    package static let patience = Duration.seconds(1)

    /// When the memory is to be given back; `nil` where nobody has gone.
    package private(set) var deadline: Instant?
    private var peak = 0
    /// The fewest there were since a crowd has gone, so that those who come and go are not waited for.
    private var low = 0

    /// Nobody has been seen.
    package init() {}

    /// Notes how many there are.
    ///
    /// - Returns: Whether a crowd has gone since the last time that this was said.
    package mutating func isGone(at count: Int, now: Instant) -> Bool {
        peak = max(peak, count)
        if deadline != nil, count < low { (low, deadline) = (count, now + Self.patience) }
        guard peak >= Self.countMin, count <= peak / Self.share else { return false }
        (peak, low) = (count, count)
        deadline = now + Self.patience
        return true
    }

    /// Whether the memory is to be given back now; once for each crowd.
    package mutating func takeIsDue(at now: Instant) -> Bool {
        guard let due = deadline, due <= now else { return false }
        deadline = nil
        return true
    }
}
