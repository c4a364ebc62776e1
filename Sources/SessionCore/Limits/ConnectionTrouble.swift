import SessionBase

/// The counters of a connection that misbehaved at least once.
struct ConnectionTrouble: TableRecord {
    static let vacant = ConnectionTrouble()
    fileprivate var invalid = InvalidMessageCounter()
    fileprivate var excess = ExcessCounter()
}

extension Table<ConnectionTrouble> {
    /// Counts a message that could not be understood.
    ///
    /// - Parameter slot: Where its connection's counters are; ``noIndex`` the first time, when they are made.
    /// - Returns: Whether this one is too many.
    mutating func countInvalid(_ slot: inout UInt32, at now: Instant) -> Bool {
        if slot == noIndex { slot = insert(.vacant) }
        return self[slot: slot].invalid.count(at: now)
    }

    /// Counts a message that was refused because there were too many.
    ///
    /// - Parameter slot: Where its connection's counters are; ``noIndex`` the first time, when they are made.
    /// - Returns: Whether this was the last straw.
    mutating func countExcess(_ slot: inout UInt32, at now: Instant) -> Bool {
        if slot == noIndex { slot = insert(.vacant) }
        return self[slot: slot].excess.record(at: now)
    }
}
