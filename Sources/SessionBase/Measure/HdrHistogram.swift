/// Counts durations with a fixed relative error over a wide range in constant memory: Gil Tene's HdrHistogram.
///
/// Counts stand in buckets of twice the width of the bucket before, each cut into as many equal parts as the digits need,
/// so that two values share a count only where they agree in ``significantDigits`` decimal digits. Recording is two shifts
/// and an addition; it never allocates.
package struct HdrHistogram: Equatable, Sendable {
    /// Values below this many nanoseconds are not told apart: 1 µs, rounded down to a power of two by the layout.
    package static let lowestDiscernible: Int64 = 1000
    /// The longest duration that is counted exactly, one minute; longer ones count as it and in ``saturated``.
    package static let highestTrackable: Int64 = 60_000_000_000
    /// How many decimal digits of a value are kept.
    package static let significantDigits = 3

    /// log2 of the unit: 512 ns.
    static let unitMagnitude = 9
    /// log2 of half the parts of a bucket: 2,048 parts keep three digits.
    static let halfCountMagnitude = 10
    static let subBucketCount = 2 << halfCountMagnitude
    static let subBucketMask = Int64(subBucketCount - 1) << Int64(unitMagnitude)
    static let bucketCount = Self.buckets(for: highestTrackable)
    /// How many counts there are.
    package static let slotCount = (bucketCount + 1) << halfCountMagnitude

    /// How often a value fell into each slot.
    package internal(set) var counts: [UInt64]
    /// How many values were recorded.
    package internal(set) var count: UInt64 = 0
    /// The smallest value in nanoseconds, exactly; `Int64.max` while there is none.
    package internal(set) var minimum: Int64 = .max
    /// The largest value in nanoseconds, exactly, also beyond ``highestTrackable``; 0 while there is none.
    package internal(set) var maximum: Int64 = 0
    /// How many values were longer than ``highestTrackable``.
    package internal(set) var saturated: UInt64 = 0

    /// Makes a histogram without counts.
    package init() { counts = Array(repeating: 0, count: Self.slotCount) }

    /// Records a value in nanoseconds; a negative one counts as zero.
    ///
    /// - Parameter times: How often it occurred; at least 1.
    package mutating func record(_ nanoseconds: Int64, times: UInt64 = 1) {
        let value = Swift.max(0, nanoseconds)
        let counted = Swift.min(value, Self.highestTrackable)
        if value > counted { saturated &+= times }
        counts[Self.slot(of: counted)] &+= times
        count &+= times
        minimum = Swift.min(minimum, value)
        maximum = Swift.max(maximum, value)
    }

    /// Records values of which only a range is known, as another histogram's slot tells it: they count as its middle, and
    /// its ends bound ``minimum`` and ``maximum``.
    ///
    /// - Parameter times: How many values; at least 1.
    package mutating func record(between lowest: Int64, and highest: Int64, times: UInt64) {
        let middle = lowest + (highest - lowest + 1) / 2
        counts[Self.slot(of: Swift.min(middle, Self.highestTrackable))] &+= times
        if lowest > Self.highestTrackable { saturated &+= times }
        count &+= times
        minimum = Swift.min(minimum, lowest)
        maximum = Swift.max(maximum, highest)
    }

    /// Forgets everything and keeps the storage.
    package mutating func reset() {
        for slot in counts.indices { counts[slot] = 0 }
        (count, saturated, minimum, maximum) = (0, 0, .max, 0)
    }

    /// Adds what another histogram counted.
    package mutating func merge(_ other: HdrHistogram) {
        for slot in counts.indices { counts[slot] &+= other.counts[slot] }
        count &+= other.count
        saturated &+= other.saturated
        minimum = Swift.min(minimum, other.minimum)
        maximum = Swift.max(maximum, other.maximum)
    }

    /// The value that `fraction` of all values do not exceed, in nanoseconds, to three digits; the exact maximum for 1.
    ///
    /// - Parameter fraction: 0...1, such as 0.99.
    /// - Returns: The highest value that shares a count with the one in question, at most the maximum; 0 while nothing was
    ///   recorded.
    package func percentile(_ fraction: Double) -> Int64 {
        guard count > 0 else { return 0 }
        let exact = fraction * Double(count)
        // Rounded up by hand: `rounded(.up)` would make this pure layer need the C mathematics library.
        let rank = Swift.min(count, Swift.max(1, UInt64(exact) + (Double(UInt64(exact)) < exact ? 1 : 0)))
        if rank == count { return maximum }
        var seen: UInt64 = 0
        for slot in counts.indices {
            seen &+= counts[slot]
            if seen >= rank { return Swift.min(Self.highestEquivalent(slot), maximum) }
        }
        return maximum
    }

    /// The slot that counts a value of 0...``highestTrackable``.
    static func slot(of value: Int64) -> Int {
        let bucket = Self.bucket(of: value)
        let part = Int(value >> Int64(bucket + unitMagnitude))
        return ((bucket + 1) << halfCountMagnitude) + part - (1 << halfCountMagnitude)
    }

    /// The smallest value that a slot counts, in nanoseconds.
    package static func lowestEquivalent(_ slot: Int) -> Int64 {
        let bucket = (slot >> halfCountMagnitude) - 1
        let part = slot & ((1 << halfCountMagnitude) - 1)
        return bucket < 0
            ? Int64(part) << Int64(unitMagnitude)
            : Int64(part + (1 << halfCountMagnitude)) << Int64(bucket + unitMagnitude)
    }

    /// The largest value that a slot counts, in nanoseconds.
    package static func highestEquivalent(_ slot: Int) -> Int64 {
        let bucket = Swift.max(0, (slot >> halfCountMagnitude) - 1)
        return lowestEquivalent(slot) + (1 << Int64(bucket + unitMagnitude)) - 1
    }

    private static func bucket(of value: Int64) -> Int {
        // The position of the highest bit, with small values lifted into bucket 0.
        Int.bitWidth - unitMagnitude - halfCountMagnitude - 1 - (value | subBucketMask).leadingZeroBitCount
    }

    private static func buckets(for highest: Int64) -> Int {
        var buckets = 1
        var untrackable = Int64(subBucketCount) << Int64(unitMagnitude)
        while untrackable <= highest {
            untrackable <<= 1
            buckets += 1
        }
        return buckets
    }
}
