/// A row of small bars for values over time.
package enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// Draws one bar a value.
    ///
    /// A bar grows by one step for each half doubling over the smallest value, so that steady values stay low, whatever
    /// they are, and what is ten times as long as usual stands out. A value of 0 or less is a gap.
    package static func text(_ values: some Collection<Int64>) -> String {
        guard let smallest = values.filter({ $0 > 0 }).min() else { return String(repeating: " ", count: values.count) }
        return String(values.map { bar($0, over: smallest) })
    }

    private static func bar(_ value: Int64, over smallest: Int64) -> Character {
        guard value > 0 else { return " " }
        // Compares squares, so that a step of √2 needs no root: (value / smallest)² ≥ 2^step.
        let ratio = Double(value) / Double(smallest)
        var step = 0
        while step < bars.count - 1, ratio * ratio >= Double(1 << (step + 1)) { step += 1 }
        return bars[step]
    }
}
