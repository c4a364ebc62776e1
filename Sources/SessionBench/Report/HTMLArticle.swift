import SessionBase
import SessionCodec

/// The part of a page that shows one run.
struct HTMLArticle {
    var run: RunReport
    /// Runs of the same kind, whose curves stand behind this one's.
    var others: [RunReport]
    /// Makes the ids of this article unique on its page.
    var number: Int

    /// The article as HTML.
    var text: String {
        ["<article>", header, tiles, figures, latencies, facts, "</article>"].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    private var header: String {
        let label = run.label.isEmpty ? "" : "\(run.label) · "
        let began = run.startedAt.text.prefix(19).split(separator: "T").joined(separator: " ")
        let reasons = (run.verdict.reasons + run.cautions).map { "<li>\(SafeText.html($0))</li>" }
        return """
            <header>
            <p class="kicker">\(SafeText.html(label))sessionctl bench \(run.plan.workload.name)</p>
            <h1>\(SafeText.html(run.plan.publicTargets.joined(separator: ", ")))</h1>
            <p class="soft">\(began) UTC · \(SafeText.html(run.measuredWords))</p>
            <div class="verdict\(run.verdict.kind == .valid ? " valid" : "")">
            <p><strong>\(run.verdict.kind.rawValue)</strong>\(SafeText.html(run.verdictWords.joined(separator: " · ")))</p>
            \(reasons.isEmpty ? "" : "<ul>\(reasons.joined())</ul>")
            </div>
            </header>
            """
    }

    private var tiles: String {
        let errors = run.total.counts.errors
        var tiles: [(name: String, value: String, unit: String, isBad: Bool)] = [
            ("received", Figures.significant(run.receivedPerSecond, decimals: 1), "/s", false)
        ]
        if run.latency.count > 0 {
            for (name, fraction) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)] {
                tiles.append((name, Figures.milliseconds(run.latency.percentile(fraction)), "ms", false))
            }
        }
        tiles.append((run.plan.isChecking ? "errors" : "errors, unchecked", Figures.grouped(errors), "", errors > 0))
        return HTML.tiles(tiles)
    }

    private var figures: String {
        let latency = run.latencyRows.map {
            PercentilePlot.Curve(name: $0.name, style: style(of: $0), histogram: $0.histogram)
        }
        let behind = others.map { PercentilePlot.Curve(name: "other runs", style: "other", histogram: $0.latency) }
        let plots = [
            PercentilePlot.plot(title: "Latency by percentile", behind + latency).map { plot in
                HTML.figure(
                    plot, heading: "Latency by percentile",
                    note: "ms; the tail is stretched, so that 99.9 % has as "
                        + "much room as 90 %", id: "percentiles-\(number)")
            },
            SeriesPlot.latencies(run.series).map { plot in
                HTML.figure(plot, heading: "Latency over time", note: "ms, of each second", id: "latency-\(number)")
            },
            SeriesPlot.rates(run.series).map { plot in
                HTML.figure(
                    plot, heading: "Rate over time", note: "requests and replies a second", id: "rate-\(number)")
            },
        ].compactMap(\.self)
        return HTML.grid(plots + [load])
    }

    /// The style of a row's curve: parts of requests take turns with two styles that whole requests do not have.
    private func style(of row: RunReport.LatencyRow) -> String {
        if let place = run.total.operations.firstIndex(where: { $0.name == row.name }) {
            return place % 2 == 0 ? "third" : "fourth"
        }
        return row.name == "service" ? "second" : "first"
    }

    private var load: String {
        HTML.card(
            heading: "Load",
            HTML.words([
                ("plan", run.loadWords), ("rate", run.rateWords), ("replies", run.errorWords),
                ("wrong", run.faultWords),
                ("closes", run.closeWords), ("phases", run.phaseWords.isEmpty ? [] : ["p99 in ms"] + run.phaseWords),
                ("machine", run.machineWords),
            ]))
    }

    private var latencies: String {
        guard !run.latencyRows.isEmpty else { return "" }
        let fractions = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1]
        let columns = ["ms", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max", "mean"]
        let rows = run.latencyRows.map { row in
            let cells = fractions.map { Figures.milliseconds(row.histogram.percentile($0)) }
            return (
                ["\(row.name), \(row.explanation)"] + cells + [Figures.significant(row.histogram.mean / 1e6)],
                String?.none
            )
        }
        return HTML.card(heading: "Latency", HTML.table(columns: columns, rows: rows))
    }

    private var facts: String {
        let cards = [
            run.findings.isEmpty
                ? nil
                : HTML.card(heading: "Found", HTML.words(run.findingWords.map { ($0.name, [$0.value]) })),
            run.server == nil
                ? nil
                : HTML.card(
                    heading: "Server", HTML.words([("used", run.serverWords), ("closes", run.serverCloseWords)])),
        ].compactMap(\.self)
        return HTML.grid(cards)
    }
}
