import SessionBase
import Testing

@Suite struct HdrHistogramTests {
    /// Latencies as they are: most of them short, a few longer by orders of magnitude.
    private static func values(_ count: Int, seed: UInt64) -> [Int64] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let magnitude = Int64.random(in: 0...36, using: &random)
            return min(HdrHistogram.highestTrackable, Int64.random(in: 0...1 << magnitude, using: &random))
        }
    }

    private static func histogram(of values: [Int64]) -> HdrHistogram {
        var histogram = HdrHistogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test func `a slot holds its values to three digits`() {
        for slot in 0..<HdrHistogram.slotCount - 1 {
            let (low, high) = (HdrHistogram.lowestEquivalent(slot), HdrHistogram.highestEquivalent(slot))
            let isRight = HdrHistogram.lowestEquivalent(slot + 1) == high + 1 && high - low < max(512, low / 1000)
            if !isRight { Issue.record("slot \(slot) holds \(low)...\(high)") }
        }
    }

    @Test(arguments: [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1])
    func `a percentile is the sorted array's to one in a thousand, and never less`(fraction: Double) {
        for seed: UInt64 in 1...10 {
            let values = Self.values(1 + 337 * Int(seed), seed: seed).sorted()
            let histogram = Self.histogram(of: values)
            let rank = Int((fraction * Double(values.count)).rounded(.up))
            let exact = values[max(1, rank) - 1]
            let found = histogram.percentile(fraction)
            #expect(found >= exact && found - exact <= max(511, exact / 1000), "seed \(seed)")
        }
    }

    @Test func `extremes and counts are exact`() {
        let values = Self.values(5000, seed: 3)
        let histogram = Self.histogram(of: values)
        #expect(histogram.minimum == values.min())
        #expect(histogram.maximum == values.max())
        #expect(histogram.percentile(1) == values.max())
        #expect(histogram.count == 5000)
    }

    @Test func `mean and standard deviation are those of the values to one in a thousand`() {
        let values = Self.values(20_000, seed: 4).map { $0 + 10_000_000 }
        let histogram = Self.histogram(of: values)
        let mean = values.reduce(0.0) { $0 + Double($1) } / 20_000
        let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        #expect(abs(histogram.mean / mean - 1) < 0.001)
        #expect(abs(histogram.standardDeviation / (squares / 20_000).squareRoot() - 1) < 0.001)
    }

    @Test func `the mean lies between the extremes, however wide the slots are`() {
        #expect(Self.histogram(of: [1000, 1000]).mean == 1000)
        #expect(Self.histogram(of: [1000, 1000]).standardDeviation == 0)
        #expect(HdrHistogram().mean == 0)
        #expect(HdrHistogram().standardDeviation == 0)
    }

    @Test func `the sum of two histograms is the histogram of both`() {
        let values = Self.values(3000, seed: 5)
        var left = Self.histogram(of: Array(values[..<1000]))
        left.merge(Self.histogram(of: Array(values[1000...])))
        #expect(left == Self.histogram(of: values))
        left.merge(HdrHistogram())
        #expect(left == Self.histogram(of: values))
    }

    @Test func `what is reset is as new`() {
        var histogram = Self.histogram(of: Self.values(1000, seed: 6))
        histogram.reset()
        #expect(histogram == HdrHistogram())
    }

    @Test func `memory does not grow with values`() {
        #expect(HdrHistogram.slotCount == 18_432)
        #expect(Self.histogram(of: Self.values(100_000, seed: 7)).counts.count == 18_432)
    }

    @Test func `what is too long counts as the longest, is told, and keeps its maximum`() {
        let histogram = Self.histogram(of: [1_000_000, 61_000_000_000, .max])
        #expect(histogram.saturated == 2)
        #expect(histogram.maximum == .max)
        #expect(histogram.percentile(1) == .max)
        // The middle one of three: its slot ends a little beyond the longest value that is counted.
        #expect(histogram.percentile(0.6) - 60_000_000_000 < 60_000_000)
    }

    @Test func `values of a range count as its middle, and its ends as extremes`() {
        var histogram = HdrHistogram()
        histogram.record(between: 4_000_000, and: 6_000_000, times: 3)
        #expect(histogram.count == 3)
        #expect((histogram.minimum, histogram.maximum) == (4_000_000, 6_000_000))
        #expect(abs(histogram.percentile(0.5) - 5_000_000) < 5000)
        histogram.record(between: 60_000_000_001, and: 60_000_000_010, times: 2)
        #expect(histogram.saturated == 2)
    }

    @Test func `bounds are restored only to what the counts agree with`() {
        let exact = Self.histogram(of: [1_234_567, 5_000_000, 61_000_000_000])
        var rounded = HdrHistogram()
        for (slot, times) in exact.recordedSlots {
            rounded.record(
                between: HdrHistogram.lowestEquivalent(slot), and: HdrHistogram.highestEquivalent(slot), times: times)
        }
        #expect(rounded != exact)
        for (minimum, maximum, saturated): (Int64, Int64, UInt64) in [
            (1, 61_000_000_000, 1), (5_000_000, 61_000_000_000, 1), (1_234_567, 5_000_000, 0),
            (1_234_567, 61_000_000_000, 0), (1_234_567, 61_000_000_000, 2), (-1, 61_000_000_000, 1),
        ] {
            #expect(rounded.restoring(minimum: minimum, maximum: maximum, saturated: saturated) == nil)
        }
        #expect(rounded.restoring(minimum: 1_234_567, maximum: 61_000_000_000, saturated: 1) == exact)
        #expect(HdrHistogram().restoring(minimum: 0, maximum: 0, saturated: 0) == nil)
    }
}
