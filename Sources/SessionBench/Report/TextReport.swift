import SessionBase

/// A document for a terminal: the verdict first, plain text of at most 100 columns, every line ended.
package enum TextReport {
    /// The widest line, in columns.
    package static let columnsMax = 100
    /// Where the text behind a line's name begins.
    private static let indentation = 10

    /// Writes a document.
    package static func text(_ document: BenchDocument) -> String {
        var blocks: [[String]] = []
        if document.runs.count > 1 {
            blocks.append(headline(of: document))
            blocks.append(table(of: document))
        }
        for run in RunGroup.detailed(of: document) {
            blocks.append(heading(of: run, in: document) + details(of: run))
        }
        blocks += document.sections.map(lines(of:))
        if !document.assertions.isEmpty { blocks.append(document.assertions.flatMap(line(of:))) }
        return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// The verdict of several runs: the featured one's, or the worst, and which of them it is about.
    private static func headline(of document: BenchDocument) -> [String] {
        let kinds = document.runs.map(\.verdict.kind)
        let (kind, words): (RunVerdict.Kind, String)
        if let featured = document.featured {
            (kind, words) = (kinds[featured], "run \(featured + 1) of \(kinds.count)")
        } else {
            kind = RunVerdict.Kind.allCases.last { kinds.contains($0) } ?? .valid
            words = "\(kinds.count { $0 == kind }) of \(kinds.count) runs"
        }
        return [left(kind.rawValue, indentation - 2) + "  " + words]
    }

    private static func heading(of run: RunReport, in document: BenchDocument) -> [String] {
        guard document.runs.count > 1, let index = document.runs.firstIndex(of: run) else { return [] }
        let role = document.featured == nil ? "the median run" : "the run in question"
        let label = run.label.isEmpty ? "" : "\(SafeText.line(run.label)): "
        return ["\(label)\(role), begun \(document.runs[index].startedAt.text)"]
    }

    private static func details(of run: RunReport) -> [String] {
        var lines = verdict(of: run)
        lines += field("load", run.loadWords)
        lines += field("measured", [run.measuredWords])
        lines += field("rate", run.rateWords + run.errorWords, separator: "  ")
        lines += field(" wrong", run.faultWords)
        lines += latency(of: run)
        lines += run.cautions.flatMap { field("caution", [$0]) }
        let phases = run.phaseWords
        if !phases.isEmpty { lines += field("phases", [phases.joined(separator: " · ") + "  (p99 ms)"]) }
        lines += field("server", run.serverWords)
        lines += field("closes", run.closeWords)
        if run.serverCloseWords != run.closeWords { lines += field(" server's", run.serverCloseWords) }
        lines += run.findingWords.flatMap { field("found", ["\($0.value)  \($0.name)"]) }
        lines += field("machine", run.machineWords)
        return lines
    }

    /// The verdict with its figures, and the reasons each on a line of its own.
    private static func verdict(of run: RunReport) -> [String] {
        let kind = run.verdict.kind
        let words = run.verdictWords
        let first =
            kind == .valid
            ? field(kind.rawValue, words)
            : wrapped(words, separator: " · ", indentation: indentation, prefix: kind.rawValue + "  ")
        return first + run.verdict.reasons.flatMap { field("", [SafeText.line($0)]) }
    }

    private static func latency(of run: RunReport) -> [String] {
        let rows = run.latencyRows
        guard !rows.isEmpty else { return [] }
        let heads = ["p50", "p90", "p99", "p99.9", "max"].map { right($0, 9) }.joined()
        return [left("latency", indentation) + heads + "   ms"]
            + rows.map { row in
                let cells = [0.5, 0.9, 0.99, 0.999, 1].map { fraction in
                    right(Figures.milliseconds(row.histogram.percentile(fraction)), 9)
                }
                let name = row.name == "latency" ? " reply" : " " + row.name
                return left(name, indentation) + cells.joined() + "   \(row.explanation)"
            }
    }

    /// The runs as a table: names to the left, figures to the right.
    private static func table(of document: BenchDocument) -> [String] {
        let table = RunTable(document)
        return aligned([table.columns] + table.rows.map(\.cells), textColumns: 2)
    }

    private static func lines(of section: ReportSection) -> [String] {
        let rows = section.columns.isEmpty ? [] : [section.columns] + section.rows
        return [SafeText.line(section.title)]
            + (section.summary.isEmpty
                ? [] : wrapped([SafeText.line(section.summary)], separator: "", indentation: 2, prefix: "  "))
            + aligned(rows.map { $0.map(SafeText.line) }, textColumns: 1).map { "  " + $0 }
    }

    private static func line(of result: AssertionResult) -> [String] {
        let actual = result.actual.map { "it is \(Figures.value($0, unit: result.unit))" } ?? "nothing was measured"
        return field(result.isPassed ? "PASS" : "FAIL", ["\(SafeText.line(result.text))  \(actual)"])
    }

    // MARK: - Layout

    /// A name and what belongs to it; no line where there is nothing.
    private static func field(_ name: String, _ parts: [String], separator: String = " · ") -> [String] {
        guard !parts.isEmpty else { return [] }
        return wrapped(parts, separator: separator, indentation: indentation, prefix: left(name, indentation))
    }

    /// Parts in lines that are as long as they may be, broken between parts, and within one only where it is too long.
    private static func wrapped(
        _ parts: [String], separator: String, indentation: Int, prefix: String
    ) -> [String] {
        var lines: [String] = []
        var line = prefix
        var isEmpty = true
        func add(_ text: String, after separator: String) {
            if !isEmpty, line.count + separator.count + text.count > columnsMax {
                lines.append(line)
                line = String(repeating: " ", count: indentation)
                isEmpty = true
            }
            line += isEmpty ? text : separator + text
            isEmpty = false
        }
        for part in parts {
            if indentation + part.count <= columnsMax {
                add(part, after: separator)
            } else {
                for (place, word) in part.split(separator: " ").enumerated() {
                    add(String(word), after: place == 0 ? separator : " ")
                }
            }
        }
        return (lines + [line]).map(trimmed)
    }

    /// Rows in columns as wide as their widest cells, two spaces between them.
    private static func aligned(_ rows: [[String]], textColumns: Int) -> [String] {
        guard let columns = rows.first?.indices else { return [] }
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            trimmed(
                columns.map { $0 < textColumns ? left(row[$0], widths[$0]) : right(row[$0], widths[$0]) }
                    .joined(separator: "  "))
        }
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
