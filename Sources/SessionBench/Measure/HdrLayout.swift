import SessionBase

/// Which values share a count in a histogram of any tool: what the three parameters of an HdrHistogram decide.
///
/// ``HdrHistogram`` has one such layout, known when it is compiled. This one serves to read those of others.
struct HdrLayout: Equatable, Sendable {
    /// log2 of the unit, in which the smallest values are told apart.
    private let unitMagnitude: Int
    /// log2 of half the parts of a bucket.
    private let halfCountMagnitude: Int
    /// How many counts there are.
    let slotCount: Int

    /// Derives a layout.
    ///
    /// - Parameters:
    ///   - lowest: Values below it are not told apart; at least 1.
    ///   - highest: The largest value that is counted; at least twice `lowest`.
    ///   - digits: How many decimal digits of a value are kept, 0...5.
    /// - Returns: `nil` where such a histogram cannot exist.
    init?(lowest: Int64, highest: Int64, digits: Int) {
        guard lowest >= 1, highest / 2 >= lowest, (0...5).contains(digits) else { return nil }
        unitMagnitude = Int64.bitWidth - 1 - lowest.leadingZeroBitCount
        // As many parts as keep steps of one up to twice the first number with more digits.
        let stepsOfOne = (0..<digits).reduce(Int64(2)) { product, _ in product * 10 }
        halfCountMagnitude = Int64.bitWidth - (stepsOfOne - 1).leadingZeroBitCount - 1
        guard unitMagnitude + halfCountMagnitude <= 61 else { return nil }
        var buckets = 1
        var bits = unitMagnitude + halfCountMagnitude + 1
        while bits < 63, highest >> Int64(bits) > 0 {
            bits += 1
            buckets += 1
        }
        slotCount = (buckets + 1) << halfCountMagnitude
    }

    /// The smallest and the largest value that a slot counts.
    ///
    /// - Parameter slot: 0..<``slotCount``.
    func values(in slot: Int) -> (lowest: Int64, highest: Int64) {
        let half = 1 << halfCountMagnitude
        let bucket = max(0, slot >> halfCountMagnitude - 1)
        let part = slot < half ? slot : slot & (half - 1) + half
        let shift = Int64(bucket + unitMagnitude)
        let lowest = Int64(part) << shift
        return (lowest, lowest + ((1 << shift) - 1))
    }
}
