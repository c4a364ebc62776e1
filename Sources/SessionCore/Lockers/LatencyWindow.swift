import SessionBase

/// The last latencies, as many as there is room for: what medians and percentiles are taken from (PROTOCOLS 4-18).
package struct LatencyWindow: Equatable, Sendable {
    /// How many a node remembers.
    package static let nodeCapacity = 1024

    private let capacity: Int
    /// Nanoseconds; a ring once it is full.
    private var samples: [Int64] = []
    private var next = 0

    /// Makes an empty window; there is room for one at least.
    package init(capacity: Int) { self.capacity = max(1, capacity) }

    /// How many there are.
    package var count: Int { samples.count }

    /// Adds a latency; the oldest gives way.
    package mutating func record(_ latency: Duration) {
        let nanoseconds = max(0, latency.nanoseconds)
        guard samples.count == capacity else { return samples.append(nanoseconds) }
        samples[next] = nanoseconds
        next = (next + 1) % capacity
    }

    /// Percentiles of the samples of several windows together, in whole milliseconds, rounded to the nearest.
    ///
    /// A percentile is the smallest sample that so many are not above (nearest rank).
    ///
    /// - Returns: Zeros where there are no samples.
    /// - Complexity: O(n log n).
    package static func percentiles(_ fractions: [Double], of windows: [LatencyWindow]) -> [Int64] {
        let sorted = windows.flatMap(\.samples).sorted()
        return fractions.map { fraction in
            guard !sorted.isEmpty else { return 0 }
            let rank = Int((fraction * Double(sorted.count)).rounded(.up))
            return (sorted[min(max(rank, 1), sorted.count) - 1] + 500_000) / 1_000_000
        }
    }
}
