import SessionBase

/// Latency by percentile, with an axis that stretches the tail: its length to p is log(1 ∕ (1 − p)), as HdrHistogram's
/// own plots have it.
enum PercentilePlot {
    /// A curve to draw.
    struct Curve {
        var name: String
        var style: String
        var histogram: HdrHistogram
    }

    /// How many points a halving of what remains gets.
    private static let pointsPerHalf = 10

    /// Draws curves that have values; `nil` where none has.
    static func plot(title: String, _ curves: [Curve]) -> LinePlot? {
        let filled = curves.filter { $0.histogram.count > 0 }
        guard let longest = filled.map(\.histogram.count).max() else { return nil }
        let end = max(PlotScale.log2(Double(longest)), 1)
        let points = filled.map { Self.points(of: $0.histogram) }
        let scale = PlotScale(values: points.flatMap { $0.map(\.value) })
        return LinePlot(
            title: title, summary: filled.map(summary).joined(separator: "; "), horizontal: marks(to: end),
            vertical: scale.ticks.map { LinePlot.Mark(position: scale.position(of: $0), text: text(of: $0)) },
            lines: zip(filled, points).map { curve, points in
                LinePlot.Line(
                    name: curve.name, style: curve.style,
                    points: points.map { ($0.halvings / end, scale.position(of: $0.value)) })
            })
    }

    private static func marks(to end: Double) -> [LinePlot.Mark] {
        let named: [(String, remaining: Double)] = [
            ("0 %", 1), ("50", 2), ("90", 10), ("99", 100), ("99.9", 1e3), ("99.99", 1e4), ("99.999", 1e5),
            ("99.9999", 1e6), ("99.99999", 1e7),
        ]
        let marks = named.map { LinePlot.Mark(position: PlotScale.log2($0.remaining) / end, text: $0.0) }
        return marks.filter { $0.position <= 1 }
    }

    /// Walks once over the counts; the last point is the maximum.
    private static func points(of histogram: HdrHistogram) -> [(halvings: Double, value: Double)] {
        var points = [(halvings: 0.0, value: Double(histogram.minimum) / 1e6)]
        var seen: UInt64 = 0
        let count = Double(histogram.count)
        for slot in histogram.counts.indices where histogram.counts[slot] > 0 {
            seen &+= histogram.counts[slot]
            guard seen < histogram.count else { break }
            let halvings = PlotScale.log2(count / (count - Double(seen)))
            let value = Double(min(HdrHistogram.highestEquivalent(slot), histogram.maximum)) / 1e6
            if halvings - points[points.count - 1].halvings >= 1 / Double(pointsPerHalf) {
                points.append((halvings, value))
            }
        }
        points.append((PlotScale.log2(count), Double(histogram.maximum) / 1e6))
        return points
    }

    private static func summary(of curve: Curve) -> String {
        let figures = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("maximum", 1)].map { name, fraction in
            "\(name) \(Figures.milliseconds(curve.histogram.percentile(fraction)))"
        }
        return "\(curve.name): \(figures.joined(separator: ", ")) ms"
    }

    /// A mark of the vertical axis in milliseconds.
    static func text(of milliseconds: Double) -> String {
        milliseconds == milliseconds.rounded() ? Figures.fixed(milliseconds, decimals: 0) : trimmed(milliseconds)
    }

    private static func trimmed(_ value: Double) -> String {
        var text = Figures.fixed(value, decimals: 4)
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}
