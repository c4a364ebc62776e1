package import SessionBase

/// A histogram as the table that HdrHistogram's tools and wrk2 print, and plotters of latency read.
///
///            Value     Percentile TotalCount 1/(1-Percentile)
///
///            0.250 0.000000000000          1           1.00
///            0.453 0.100000000000        204           1.11
///
/// Percentiles come closer the nearer they are to one: between a distance to it and half of that there are five rows.
package enum PercentileSpectrum {
    /// Rows between a distance to 100 % and half of it.
    private static let rowsPerHalving = 5.0

    /// Writes the table, with values in milliseconds; every line is ended.
    package static func text(_ histogram: HdrHistogram) -> String {
        var text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
        for row in rows(of: histogram) { text += line(row) }
        text += "#[Mean    = \(number(histogram.mean / 1e6, 12, 3)), "
        text += "StdDeviation   = \(number(histogram.standardDeviation / 1e6, 12, 3))]\n"
        text += "#[Max     = \(number(Double(histogram.maximum) / 1e6, 12, 3)), "
        text += "Total count    = \(padded(String(histogram.count), 12))]\n"
        return text
    }

    private struct Row {
        var nanoseconds: Int64
        var percent: Double
        /// How many values are not longer.
        var count: UInt64
    }

    /// The rows up to the one that has all values, and that again as 100 %.
    private static func rows(of histogram: HdrHistogram) -> [Row] {
        var rows: [Row] = []
        // In percent, whose first steps are whole: tenths would not add up to the percentiles that are meant.
        var percent = 0.0
        var seen: UInt64 = 0
        for (slot, times) in histogram.recordedSlots {
            seen &+= times
            let value = min(HdrHistogram.highestEquivalent(slot), histogram.maximum)
            while 100 * Double(seen) / Double(histogram.count) >= percent {
                rows.append(Row(nanoseconds: value, percent: percent, count: seen))
                if seen == histogram.count { return rows + [Row(nanoseconds: value, percent: 100, count: seen)] }
                percent += step(behind: percent)
            }
        }
        return rows
    }

    /// The distance between two rows: a fifth of the largest part of 100 % that is halved until it is below the distance
    /// to that; not so small that the rows' twelve decimals would be the same.
    private static func step(behind percent: Double) -> Double {
        var half = 50.0
        while half >= 100 - percent, half > 1e-9 { half /= 2 }
        return half / rowsPerHalving
    }

    private static func line(_ row: Row) -> String {
        let value = number(Double(row.nanoseconds) / 1e6, 12, 3)
        let fraction = row.percent / 100
        let start = "\(value) \(number(fraction, 14, 12)) \(padded(String(row.count), 10))"
        return fraction < 1 ? "\(start) \(number(1 / (1 - fraction), 14, 2))\n" : "\(start)\n"
    }

    /// A number that is not negative with some decimals, filled up with blanks from the left.
    private static func number(_ value: Double, _ width: Int, _ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
        let scaled = UInt64(min(value * scale + 0.5, 1e18))
        let rest = String(scaled % UInt64(scale))
        let zeros = String(repeating: "0", count: decimals - rest.count)
        return padded("\(scaled / UInt64(scale)).\(zeros)\(rest)", width)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
