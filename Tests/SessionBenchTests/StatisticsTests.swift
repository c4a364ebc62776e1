import Glibc
import SessionBase
import Testing

@testable import SessionBench

@Suite struct StatisticsTests {
    /// Figures spread as times of runs are: unevenly, with a tail to the long side.
    private static func sample(_ count: Int, around middle: Double, spread: Double, _ random: inout SeededRandom)
        -> [Double]
    {
        (0..<count).map { _ in
            let even = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
            return middle * NaturalLogarithm.exp(even * spread)
        }
    }

    @Test func `logarithms are the C library's, to the last digits`() {
        var random = SeededRandom(seed: 41)
        for value in [1, 2, 0.5, 1.414, 1.415, 1e-300, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
            #expect(abs(NaturalLogarithm.of(value) - log(value)) <= 4e-16 * max(1, abs(log(value))))
        }
        for _ in 0..<2000 {
            let value = exp(Double.random(in: -50...50, using: &random))
            #expect(abs(NaturalLogarithm.of(value) - log(value)) <= 4e-16 * max(1, abs(log(value))))
            let power = Double.random(in: -50...50, using: &random)
            #expect(abs(NaturalLogarithm.exp(power) / exp(power) - 1) < 1e-14)
        }
        #expect(NaturalLogarithm.exp(0) == 1)
        #expect(NaturalLogarithm.exp(-1e9) == 0)
        #expect(NaturalLogarithm.exp(1e9) == .infinity)
    }

    @Test(arguments: [
        (1.0, 12.706), (4, 2.776), (8, 2.306), (30, 2.042), (35, 2.030), (50, 2.009), (80, 1.990), (1e9, 1.960),
        (.infinity, 1.960), (4.5, 2.660), (8.5, 2.282),
    ])
    func `the width of an interval is the printed tables'`(freedom: Double, t: Double) {
        #expect(abs(StudentT.halfWidth(freedom: freedom) - t) < 0.003)
    }

    @Test func `the ratio of independent runs is that computed by hand`() throws {
        let estimate = RatioEstimate.independent([10, 11, 9, 10.5, 9.5], [12, 15, 11, 13, 12.5, 14])
        // Logarithms' means differ by 0.25336, the standard error is 0.057380, 8.86 degrees of freedom: t = 2.2675.
        #expect(abs(estimate.ratio - 1.288343) < 1e-6)
        let interval = try #require(estimate.interval)
        #expect(abs(interval.lowerBound - 1.131163) < 1e-5)
        #expect(abs(interval.upperBound - 1.467364) < 1e-5)
    }

    @Test func `the ratio within rounds is that computed by hand, and surer`() throws {
        let (left, right): ([Double], [Double]) = ([10, 12, 20, 9, 15], [11, 13, 23, 10, 16])
        let estimate = RatioEstimate.paired(left, right)
        #expect(abs(estimate.ratio - 1.101863) < 1e-6)
        let interval = try #require(estimate.interval)
        #expect(abs(interval.lowerBound - 1.063596) < 1e-5)
        #expect(abs(interval.upperBound - 1.141508) < 1e-5)
        #expect(try #require(RatioEstimate.independent(left, right).interval).contains(0.9))
    }

    @Test(arguments: [(5, 0.02, 0.02), (5, 0.1, 0.3), (5, 0.3, 0.05), (8, 0.2, 0.2), (20, 0.1, 0.1)])
    func `95 % intervals hold the truth in 90 to 99 of 100 comparisons`(runs: Int, spreadA: Double, spreadB: Double) {
        var random = SeededRandom(seed: 42)
        var (held, heldPaired) = (0, 0)
        for _ in 0..<1000 {
            let left = Self.sample(runs, around: 5, spread: spreadA, &random)
            let right = Self.sample(runs, around: 6, spread: spreadB, &random)
            if RatioEstimate.independent(left, right).interval?.contains(1.2) == true { held += 1 }
            // What disturbs a round disturbs both.
            let rounds = Self.sample(runs, around: 1, spread: 0.5, &random)
            let (roundsA, roundsB) = (zip(left, rounds).map(*), zip(right, rounds).map(*))
            if RatioEstimate.paired(roundsA, roundsB).interval?.contains(1.2) == true { heldPaired += 1 }
        }
        #expect((900...990).contains(held))
        #expect((900...990).contains(heldPaired))
    }

    @Test func `figures that are all the same have an interval without width`() {
        let same = [7.0, 7, 7, 7, 7]
        #expect(RatioEstimate.independent(same, same).interval == 1...1)
        #expect(RatioEstimate.paired(same, same).interval == 1...1)
        #expect(RatioEstimate.independent(same, same).ratio == 1)
    }

    @Test func `fewer than five runs have a ratio and no interval`() {
        let estimate = RatioEstimate.independent([1, 2, 3, 4], [2, 4, 6, 8, 10])
        #expect(estimate.interval == nil)
        #expect(estimate.ratio > 2)
        #expect(RatioEstimate.paired([1], [3]) == RatioEstimate.independent([1], [3]))
        #expect(abs(RatioEstimate.paired([1], [3]).ratio - 3) < 1e-12)
    }

    @Test func `zeros have the ratio of the medians, or none`() {
        #expect(RatioEstimate.independent([0, 2, 4], [0, 4, 8]).ratio == 2)
        #expect(RatioEstimate.independent([0, 0, 0], [0, 4, 8]).ratio == .infinity)
        #expect(RatioEstimate.independent([0, 0], [0, 0]).ratio == 1)
        #expect(RatioEstimate.independent([0, 0, 0, 0, 0], [1, 2, 3, 4, 5]).interval == nil)
    }

    @Test func `the median is the middle, or lies between the two in the middle`() {
        #expect(RatioEstimate.median([3, 1, 2]) == 2)
        #expect(RatioEstimate.median([4, 1, 3, 2]) == 2.5)
        #expect(RatioEstimate.median([9]) == 9)
    }
}
