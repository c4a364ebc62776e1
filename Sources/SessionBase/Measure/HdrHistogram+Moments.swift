/// What is computed from all counts of a histogram at once.
extension HdrHistogram {
    /// The mean in nanoseconds, to three digits; 0 while nothing was recorded.
    ///
    /// Each value counts as the middle of its slot, as HdrHistogram defines it, but never beyond the extremes, which are
    /// known exactly. Values longer than ``highestTrackable`` count as that.
    package var mean: Double {
        guard count > 0 else { return 0 }
        var sum = 0.0
        for (slot, times) in recordedSlots { sum += Double(times) * middle(of: slot) }
        return sum / Double(count)
    }

    /// How far values lie from the mean, as the square root of the mean square, in nanoseconds; 0 while nothing was
    /// recorded.
    package var standardDeviation: Double {
        guard count > 0 else { return 0 }
        let mean = mean
        var sum = 0.0
        for (slot, times) in recordedSlots {
            let distance = middle(of: slot) - mean
            sum += Double(times) * distance * distance
        }
        return (sum / Double(count)).squareRoot()
    }

    /// The slots with counts in ascending order, and how often a value fell into each.
    package var recordedSlots: some Sequence<(slot: Int, times: UInt64)> {
        counts.enumerated().lazy.filter { $0.element > 0 }.map { (slot: $0.offset, times: $0.element) }
    }

    private func middle(of slot: Int) -> Double {
        let (low, high) = (Self.lowestEquivalent(slot), Self.highestEquivalent(slot))
        let middle = low + (high - low + 1) / 2
        return Double(Swift.max(minimum, Swift.min(maximum, middle)))
    }
}
