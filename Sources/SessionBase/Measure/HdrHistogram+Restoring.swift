extension HdrHistogram {
    /// Restores what an encoding of counts loses: the exact extremes, and how many values were too long.
    ///
    /// - Returns: The histogram with all of it; `nil` where it does not fit the counts.
    package func restoring(minimum: Int64, maximum: Int64, saturated: UInt64) -> HdrHistogram? {
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }),
            minimum >= 0, minimum <= maximum, saturated <= counts[last],
            Self.slot(of: Swift.min(minimum, Self.highestTrackable)) == first,
            Self.slot(of: Swift.min(maximum, Self.highestTrackable)) == last,
            (saturated > 0) == (maximum > Self.highestTrackable)
        else { return nil }
        var histogram = self
        histogram.minimum = minimum
        histogram.maximum = maximum
        histogram.saturated = saturated
        return histogram
    }
}
