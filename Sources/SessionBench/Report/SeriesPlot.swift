/// What happened second by second: one plot of rates and one of latencies.
enum SeriesPlot {
    /// Above this many seconds nobody points at a single one, and the page would grow.
    private static let hintsMax = 600

    /// Requests sent and right replies a second, and errors where there were any; `nil` without two seconds to join.
    static func rates(_ series: [SeriesPoint]) -> LinePlot? {
        let lines: [(String, String, (SeriesPoint) -> UInt64)] =
            [("sent", "second", \.sent), ("received", "first", \.received)]
            + (series.contains { $0.errors > 0 } ? [("errors", "bad", \.errors)] : [])
        let highest = series.map { max($0.sent, $0.received, $0.errors) }.max() ?? 0
        let scale = PlotScale(linearTo: Double(max(highest, 1)))
        let rates = series.map(\.received)
        return plot(
            series, title: "Requests and replies a second",
            summary: "Between \(Figures.grouped(rates.min() ?? 0)) and \(Figures.grouped(rates.max() ?? 0)) "
                + "right replies a second",
            scale: scale, spelled: short,
            lines: lines.map { name, style, value in (name, style, { Double(value($0)) }) },
            hint: { point in
                "second \(point.second): sent \(Figures.grouped(point.sent)), "
                    + "received \(Figures.grouped(point.received)), errors \(Figures.grouped(point.errors))"
            })
    }

    /// The percentiles of each second; `nil` without two seconds with replies.
    static func latencies(_ series: [SeriesPoint]) -> LinePlot? {
        let answered = series.filter { $0.p99 > 0 }
        guard answered.count > 1 else { return nil }
        let values = answered.flatMap { [$0.p50, $0.p99, $0.maximum] }.map { Double($0) / 1e6 }
        let worst = answered.max { $0.p99 < $1.p99 }
        return plot(
            series, title: "Latency of each second",
            summary: worst.map { "Worst p99: \(Figures.milliseconds($0.p99)) ms in second \($0.second)" } ?? "",
            scale: PlotScale(values: values), spelled: PercentilePlot.text,
            lines: [
                ("max", "third", { Double($0.maximum) / 1e6 }), ("p99", "second", { Double($0.p99) / 1e6 }),
                ("p50", "first", { Double($0.p50) / 1e6 }),
            ],
            hint: { point in
                let figures = [point.p50, point.p99, point.maximum].map(Figures.milliseconds)
                return "second \(point.second): p50 \(figures[0]), p99 \(figures[1]), max \(figures[2]) ms"
            }, isGap: { $0.p99 == 0 })
    }

    private static func plot(
        _ series: [SeriesPoint], title: String, summary: String, scale: PlotScale, spelled: (Double) -> String,
        lines: [(name: String, style: String, value: (SeriesPoint) -> Double)], hint: (SeriesPoint) -> String,
        isGap: (SeriesPoint) -> Bool = { _ in false }
    ) -> LinePlot? {
        guard series.count > 1, let last = series.last else { return nil }
        let seconds = PlotScale(secondsTo: Double(last.second))
        let half = 0.5 / seconds.high
        return LinePlot(
            title: title, summary: summary,
            horizontal: seconds.ticks.map { tick in
                LinePlot.Mark(position: seconds.position(of: tick), text: "\(Figures.fixed(tick, decimals: 0)) s")
            },
            vertical: scale.ticks.map { LinePlot.Mark(position: scale.position(of: $0), text: spelled($0)) },
            lines: lines.map { line in
                LinePlot.Line(
                    name: line.name, style: line.style,
                    points: series.map { point in
                        isGap(point)
                            ? nil
                            : (seconds.position(of: Double(point.second)), scale.position(of: line.value(point)))
                    })
            },
            hints: series.count > hintsMax
                ? []
                : series.map { point in
                    let place = seconds.position(of: Double(point.second))
                    return LinePlot.Hint(range: max(0, place - half)...min(1, place + half), text: hint(point))
                })
    }

    /// A mark of a rate: `50 k`, `1.5 M`.
    private static func short(_ value: Double) -> String {
        switch value {
        case ..<1000: PercentilePlot.text(of: value)
        case ..<1_000_000: PercentilePlot.text(of: value / 1000) + " k"
        default: PercentilePlot.text(of: value / 1_000_000) + " M"
        }
    }
}
