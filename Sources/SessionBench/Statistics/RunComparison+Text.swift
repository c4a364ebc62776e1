/// A comparison for people.
extension RunComparison {
    /// The comparison as lines of text, each with its line break: warnings first, because nothing else counts without them.
    package var text: String {
        let table = [Self.columns] + rows
        let widths = Self.columns.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { Self.line($0, widths) }
        return (warnings.map { "warning: \(SafeText.line($0))" } + [summary] + lines + [Self.note]).map { $0 + "\n" }
            .joined()
    }

    /// The comparison as a section of a report.
    package var section: ReportSection {
        ReportSection(
            name: "comparison", title: "\(SafeText.line(right.name)) against \(SafeText.line(left.name))",
            summary: ([summary, Self.note] + warnings.map(SafeText.line)).joined(separator: "; "),
            columns: Self.columns,
            rows: rows, figures: figures)
    }

    private static let columns = ["metric", "median A", "median B", "change", "95 % interval", "conclusion"]

    /// What the change is of: that it need not be that of the medians beside it surprises people.
    private static let note = "change: of the runs' geometric means, from A to B"

    /// What stands in the table.
    private var summary: String {
        let counts =
            isPaired
            ? "\(left.runs.count) rounds of both" : "\(left.runs.count) and \(right.runs.count) runs"
        return "A \(SafeText.line(left.name)), B \(SafeText.line(right.name)): medians of \(counts)"
    }

    private var rows: [[String]] {
        changes.map { change in
            let medians = change.medians
            return [
                change.name, Figures.value(medians.left, unit: change.kind.rawValue),
                Figures.value(medians.right, unit: change.kind.rawValue), Self.percent(change.ratio),
                change.interval.map { "\(Self.percent($0.lowerBound)) … \(Self.percent($0.upperBound))" }
                    ?? Figures.none,
                change.words,
            ]
        }
    }

    /// The ratios for programs.
    private var figures: [Finding] {
        changes.flatMap { change in
            let bounds = change.interval.map { [("_low", $0.lowerBound), ("_high", $0.upperBound)] } ?? []
            return ([("", change.ratio)] + bounds).filter(\.1.isFinite).map { suffix, value in
                Finding("\(change.name)_ratio\(suffix)", "\(change.name), B to A", value, unit: "ratio")
            }
        }
    }

    /// A ratio as a change: `+9.5 %`, `-0.31 %`.
    private static func percent(_ ratio: Double) -> String {
        guard ratio.isFinite else { return Figures.none }
        return (ratio >= 1 ? "+" : "-") + Figures.percent(abs(ratio - 1))
    }

    /// Figures end in one column, words begin in one.
    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (column, cell) in cells.enumerated() {
            let blanks = String(repeating: " ", count: widths[column] - cell.count)
            let isWords = column == 0 || column == cells.count - 1
            text += isWords ? cell + blanks : blanks + cell
            text += "  "
        }
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
