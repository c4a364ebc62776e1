import SessionBase

/// A document for a pull request: the verdict, a table of latencies and what stands beside it.
package enum MarkdownReport {
    /// Writes a document.
    package static func text(_ document: BenchDocument) -> String {
        var blocks: [String] = []
        if document.runs.count > 1 {
            let table = RunTable(document)
            blocks.append(Self.table(table.columns, table.rows.map { row in row.cells.map(SafeText.markdown) }))
        }
        blocks += RunGroup.detailed(of: document).flatMap(blocks(of:))
        blocks += document.sections.flatMap(blocks(of:))
        if !document.assertions.isEmpty { blocks.append(assertions(document.assertions)) }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private static func blocks(of run: RunReport) -> [String] {
        let label = run.label.isEmpty ? "" : "\(SafeText.markdown(run.label)): "
        let verdict =
            "\(label)**\(run.verdict.kind.rawValue)** – "
            + SafeText.markdown((run.verdictWords + run.verdict.reasons).joined(separator: " · "))
        let load = SafeText.markdown(run.loadWords.joined(separator: " · "))
        return [verdict, load, latency(of: run), figures(of: run)].filter { !$0.isEmpty }
            + run.cautions.map { "> \(SafeText.markdown($0))" }
    }

    private static func latency(of run: RunReport) -> String {
        let fractions = [0.5, 0.9, 0.99, 0.999, 1]
        let rows = run.latencyRows.map { row in
            ["\(row.name), ms (\(row.explanation))"]
                + fractions.map { Figures.milliseconds(row.histogram.percentile($0)) }
        }
        return rows.isEmpty ? "" : table(["", "p50", "p90", "p99", "p99.9", "max"], rows)
    }

    private static func figures(of run: RunReport) -> String {
        var rows = [
            ["rate", (run.rateWords + run.errorWords).joined(separator: ", ")], ["measured", run.measuredWords],
        ]
        let others = [
            ("wrong", run.faultWords),
            ("phases, p99 ms", run.phaseWords), ("server", run.serverWords), ("closes", run.closeWords),
            ("machine", run.machineWords),
        ]
        for (name, words) in others where !words.isEmpty { rows.append([name, words.joined(separator: ", ")]) }
        rows += run.findingWords.map { [$0.name, $0.value] }
        return table(["", ""], rows.map { $0.map(SafeText.markdown) }, textColumns: 2)
    }

    private static func blocks(of section: ReportSection) -> [String] {
        let table =
            section.columns.isEmpty
            ? ""
            : table(
                section.columns.map(SafeText.markdown), section.rows.map { $0.map(SafeText.markdown) })
        return ["#### \(SafeText.markdown(section.title))", SafeText.markdown(section.summary), table].filter {
            !$0.isEmpty
        }
    }

    private static func assertions(_ results: [AssertionResult]) -> String {
        table(
            ["assertion", "measured", ""],
            results.map { result in
                [
                    SafeText.markdown(result.text),
                    result.actual.map { Figures.value($0, unit: result.unit) } ?? Figures.none,
                    result.isPassed ? "pass" : "**FAIL**",
                ]
            })
    }

    /// A table whose first columns are texts, and all others figures; cells are escaped already.
    private static func table(_ columns: [String], _ rows: [[String]], textColumns: Int = 1) -> String {
        let rule = columns.indices.map { $0 < textColumns ? ":--" : "--:" }
        return ([columns, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }
}
