/// Maps values onto one side of a plot.
struct PlotScale: Equatable {
    /// The values at both ends; `low` is less than `high`, and above 0 where the scale is logarithmic.
    let low: Double
    let high: Double
    /// Whether equal ratios, not equal differences, have equal lengths.
    let isLogarithmic: Bool
    /// The values with a mark, ascending, both inside.
    let ticks: [Double]

    /// Where values differ by more than this factor, a linear scale would show the largest alone.
    private static let linearRatioMax = 20.0

    /// A scale for latencies: it begins at 0, or is logarithmic where they differ much.
    init(values: [Double]) {
        let positive = values.filter { $0 > 0 }
        let (smallest, largest) = (positive.min() ?? 1, positive.max() ?? 1)
        if largest / smallest > Self.linearRatioMax {
            self.init(logarithmicFrom: smallest, to: largest)
        } else {
            self.init(linearTo: largest)
        }
    }

    /// A scale from 0 to at least `largest`, which ends with a mark.
    init(linearTo largest: Double) {
        let step = Self.roundStep(max(largest, .leastNormalMagnitude) / 4)
        var ticks = [0.0]
        // The tolerance keeps 0.3 from needing one more mark than 3 × 0.1.
        while let last = ticks.last, last < largest * (1 - 1e-9) || ticks.count < 2 {
            ticks.append(Double(ticks.count) * step)
        }
        (low, high, isLogarithmic, self.ticks) = (0, ticks[ticks.count - 1], false, ticks)
    }

    /// A scale from 0 to exactly `last`, for seconds.
    init(secondsTo last: Double) {
        let step = max(1, Self.roundStep(last / 5))
        let end = max(last, 1)
        (low, high, isLogarithmic) = (0, end, false)
        ticks = (0...8).map { Double($0) * step }.filter { $0 <= end }
    }

    /// A scale over the marks 1, 2 and 5 of each decade, or 1 alone where there are many decades.
    init(logarithmicFrom smallest: Double, to largest: Double) {
        let decades = Self.log2(largest / smallest) / Self.log2(10)
        let steps = decades > 2.5 ? [1.0] : [1, 2, 5]
        var unit = 1.0
        while unit > smallest { unit /= 10 }
        while unit * 10 <= smallest { unit *= 10 }
        var marks: [Double] = []
        while (marks.last ?? 0) < largest {
            for step in steps where (marks.last ?? 0) < largest { marks.append(unit * step) }
            unit *= 10
        }
        if let first = marks.lastIndex(where: { $0 <= smallest }) { marks.removeFirst(first) }
        (low, high, isLogarithmic, ticks) = (marks[0], marks[marks.count - 1], true, marks)
    }

    /// A scale whose marks are given.
    init(from low: Double, to high: Double, ticks: [Double]) {
        (self.low, self.high, isLogarithmic, self.ticks) = (low, high, false, ticks)
    }

    /// Where a value stands: 0 at ``low``, 1 at ``high``; values beyond stand at the end.
    func position(of value: Double) -> Double {
        let inside = min(max(value, low), high)
        return isLogarithmic
            ? Self.log2(inside / low) / Self.log2(high / low)
            : (inside - low) / (high - low)
    }

    /// The smallest of 1, 2 and 5 times a power of ten that is at least `step`.
    private static func roundStep(_ step: Double) -> Double {
        var unit = 1.0
        while unit > step { unit /= 10 }
        while unit * 10 <= step { unit *= 10 }
        return [1.0, 2, 5, 10].map { $0 * unit }.first { $0 >= step * (1 - 1e-9) } ?? unit * 10
    }

    /// The binary logarithm of a positive number to 40 bits; the C mathematics library is not for this layer.
    static func log2(_ value: Double) -> Double {
        var result = Double(value.exponent)
        var rest = value.significand
        var bit = 0.5
        // Squaring doubles the logarithm, so that each step shows its next bit.
        for _ in 0..<40 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                result += bit
            }
            bit /= 2
        }
        return result
    }
}
