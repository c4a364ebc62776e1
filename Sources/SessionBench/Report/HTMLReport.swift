import SessionBase

/// A document as one page that opens anywhere: no script, no font, no picture from elsewhere, and nothing that is loaded.
package enum HTMLReport {
    /// Writes a document.
    package static func text(_ document: BenchDocument) -> String {
        let detailed = RunGroup.detailed(of: document)
        let articles = detailed.enumerated().map { place, run in
            HTMLArticle(run: run, others: document.runs.filter { $0.label == run.label && $0 != run }, number: place)
                .text
        }
        let results = assertions(document.assertions)
        // Where something was concluded from several runs, that comes first.
        let parts =
            document.sections.isEmpty
            ? articles + [runs(of: document), results]
            : [
                heading(of: document), HTML.grid([overlay(of: detailed)] + document.sections.map(section)), results,
                runs(of: document),
            ] + articles
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(SafeText.html(title(of: document)))</title>
            <style>
            \(HTMLStyle.css)
            </style>
            </head>
            <body>
            <main>
            \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
            \(footer(document))
            </main>
            </body>
            </html>

            """
    }

    private static func title(of document: BenchDocument) -> String {
        guard let run = RunGroup.detailed(of: document).first else { return "sessionctl bench" }
        return
            "\(run.verdict.kind.rawValue) · bench \(run.plan.workload.name) · \(run.plan.publicTargets.joined(separator: ", "))"
    }

    /// What the page is about, where that is more than one run.
    private static func heading(of document: BenchDocument) -> String {
        let titles = document.sections.map(\.title).joined(separator: ", ")
        return "<header><p class=\"kicker\">sessionctl bench</p><h1>\(SafeText.html(titles))</h1></header>"
    }

    /// The sides of a comparison in one plot.
    private static func overlay(of runs: [RunReport]) -> String {
        guard runs.count > 1 else { return "" }
        let styles = ["first", "second", "third", "bad"]
        let curves = runs.enumerated().map { place, run in
            PercentilePlot.Curve(
                name: run.label, style: place < styles.count ? styles[place] : "other", histogram: run.latency)
        }
        guard let plot = PercentilePlot.plot(title: "Latency by percentile of all sides", curves) else { return "" }
        return HTML.figure(plot, heading: "Latency by percentile", note: "ms, the median run of each side", id: "sides")
    }

    private static func runs(of document: BenchDocument) -> String {
        guard document.runs.count > 1 else { return "" }
        let table = RunTable(document)
        return HTML.card(
            heading: "Runs", note: "in the order in which they were made",
            HTML.table(
                columns: table.columns, rows: table.rows.map { ($0.cells, $0.isSummary ? "summary" : nil) }))
    }

    private static func section(_ section: ReportSection) -> String {
        let table =
            section.columns.isEmpty ? "" : HTML.table(columns: section.columns, rows: section.rows.map { ($0, nil) })
        return HTML.card(heading: section.title, note: section.summary, table)
    }

    private static func assertions(_ results: [AssertionResult]) -> String {
        guard !results.isEmpty else { return "" }
        let failed = results.count { !$0.isPassed }
        let rows = results.map { result in
            (
                [
                    result.text, result.actual.map { Figures.value($0, unit: result.unit) } ?? Figures.none,
                    result.isPassed ? "pass" : "FAIL",
                ], result.isPassed ? "pass" as String? : "fail"
            )
        }
        return HTML.card(
            heading: "Assertions", note: failed == 0 ? "all hold" : "\(failed) of \(results.count) failed",
            HTML.table(columns: ["assertion", "measured", ""], rows: rows))
    }

    private static func footer(_ document: BenchDocument) -> String {
        let hasOpenLoop = document.runs.contains { !$0.isClosedLoop }
        let explanation =
            hasOpenLoop
            ? "Response time counts from the moment at which a request was planned to leave, so that it holds what a "
                + "user would have waited while the server stalled. Service time counts from the moment at which it "
                + "really left; it is what tools print that do not correct for coordinated omission."
            : "Each request waited for a reply to the last one. A server that stalls is then asked less, so that its "
                + "stalls hardly show in the latency."
        return "<footer><p>\(SafeText.html(explanation))</p><p>Written by sessionctl "
            + "\(SafeText.html(document.version)).</p></footer>"
    }
}
