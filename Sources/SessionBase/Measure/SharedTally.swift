import Synchronization

/// A number of things that threads have together, and that has a limit: exact, whoever adds one at the same time.
package final class SharedTally: Sendable {
    private let number = Atomic<Int>(0)

    /// Counts nothing yet.
    package init() {}

    /// How many there are.
    package var count: Int { number.load(ordering: .relaxed) }

    /// Counts one more, unless there are `limit` of them.
    ///
    /// - Returns: Whether it is counted.
    package func add(upTo limit: Int = .max) -> Bool {
        var known = count
        while known < limit {
            let (isExchanged, current) = number.weakCompareExchange(
                expected: known, desired: known + 1, ordering: .relaxed)
            if isExchanged { return true }
            known = current
        }
        return false
    }

    /// Counts one less.
    package func remove() {
        number.subtract(1, ordering: .relaxed)
    }
}
