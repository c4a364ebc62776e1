/// Notices that a crowd has gone, so that the memory it needed can be given back to the system.
///
/// The allocator keeps what was freed, since a server mostly needs it again; after ten thousand rooms that would be their
/// memory for ever, in pieces between what stays.
package struct CrowdPeak: Sendable {
    /// Fewer need too little memory to be worth the effort.
    package static let countMin = 1_000
    /// The crowd is gone when one of so many is left.
    package static let share = 8

    private var peak = 0

    /// Nobody has been seen.
    package init() {}

    /// Notes how many there are.
    ///
    /// - Returns: Whether a crowd has gone since the last time that this was said.
    package mutating func isGone(at count: Int) -> Bool {
        peak = max(peak, count)
        guard peak >= Self.countMin, count <= peak / Self.share else { return false }
        peak = count
        return true
    }
}
