/// Counts durations in fixed buckets, as Prometheus wants them, and answers percentiles from them.
///
/// A bucket holds what is at most its bound and more than the bound before; the last one holds the rest. Percentiles are
/// as exact as the buckets are wide.
package struct Histogram: Equatable, Sendable {
    /// 1–2–5 steps from 1 µs to 10 s, in nanoseconds: for handling times, fan-out and round trips.
    package static let latencyBounds: [Int64] =
        (0..<7).flatMap { decade in
            let unit = (0..<decade).reduce(Int64(1000)) { product, _ in product * 10 }
            return [unit, 2 * unit, 5 * unit]
        } + [10_000_000_000]

    /// The buckets' upper bounds in nanoseconds, ascending.
    package let bounds: [Int64]
    /// How many durations fell into each bucket; one longer than ``bounds``.
    package private(set) var counts: [UInt64]
    /// The sum of all durations in nanoseconds; saturates.
    package private(set) var sumNanoseconds: Int64 = 0
    /// The longest duration in nanoseconds; 0 while there is none.
    package private(set) var maxNanoseconds: Int64 = 0

    /// Makes a histogram without counts.
    package init(bounds: [Int64] = Histogram.latencyBounds) {
        precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds ascend")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many durations were recorded.
    package var count: UInt64 { counts.reduce(0, &+) }

    /// Records one duration; a negative one counts as zero.
    ///
    /// - Complexity: O(log buckets), no allocation.
    package mutating func record(_ duration: Duration) { record(nanoseconds: duration.nanoseconds) }

    /// Records one duration in nanoseconds; a negative one counts as zero.
    package mutating func record(nanoseconds: Int64) {
        let value = Swift.max(0, nanoseconds)
        counts[bucket(of: value)] &+= 1
        let (sum, overflowed) = sumNanoseconds.addingReportingOverflow(value)
        sumNanoseconds = overflowed ? .max : sum
        maxNanoseconds = Swift.max(maxNanoseconds, value)
    }

    /// Adds the counts of another histogram with the same bounds, as of another loop.
    package mutating func merge(_ other: Histogram) {
        precondition(bounds == other.bounds, "histograms of different bounds do not add up")
        for index in counts.indices { counts[index] &+= other.counts[index] }
        let (sum, overflowed) = sumNanoseconds.addingReportingOverflow(other.sumNanoseconds)
        sumNanoseconds = overflowed ? .max : sum
        maxNanoseconds = Swift.max(maxNanoseconds, other.maxNanoseconds)
    }

    /// The bound that `fraction` of all durations do not exceed.
    ///
    /// - Parameter fraction: 0...1, such as 0.99.
    /// - Returns: The upper bound of the bucket in question, or the longest duration where that is smaller; `nil` while
    ///   nothing was recorded.
    package func percentile(_ fraction: Double) -> Duration? {
        let total = count
        guard total > 0 else { return nil }
        let exact = fraction * Double(total)
        // Rounded up by hand: `rounded(.up)` would make this pure layer need the C mathematics library.
        let rank = Swift.max(1, UInt64(exact) + (Double(UInt64(exact)) < exact ? 1 : 0))
        var seen: UInt64 = 0
        for (index, bound) in bounds.enumerated() {
            seen += counts[index]
            if seen >= rank { return .nanoseconds(Swift.min(bound, maxNanoseconds)) }
        }
        return .nanoseconds(maxNanoseconds)
    }

    /// The first bucket whose bound is at least `value`, by bisection.
    private func bucket(of value: Int64) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
