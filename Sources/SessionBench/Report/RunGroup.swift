import SessionBase

/// The runs of a document that belong together: those with one label.
struct RunGroup: Equatable {
    /// The runs' common label; may be empty.
    var label: String
    /// The runs, in the order in which they were made.
    var runs: [RunReport]
    /// Which of ``runs`` speaks for the group: the one whose main figure is the median.
    var medianIndex: Int

    /// Sorts a document's runs into groups, in the order of their first runs.
    static func groups(of document: BenchDocument) -> [RunGroup] {
        var labels: [String] = []
        for run in document.runs where !labels.contains(run.label) { labels.append(run.label) }
        return labels.map { label in RunGroup(label: label, runs: document.runs.filter { $0.label == label }) }
    }

    /// The runs whose details are worth showing: the featured one, or the median one of each group.
    static func detailed(of document: BenchDocument) -> [RunReport] {
        if let featured = document.featured { return [document.runs[featured]] }
        return groups(of: document).map { $0.runs[$0.medianIndex] }
    }

    private init(label: String, runs: [RunReport]) {
        self.label = label
        self.runs = runs
        medianIndex = 0
        let order = runs.indices.sorted { Self.mainFigure(of: runs[$0]) < Self.mainFigure(of: runs[$1]) }
        medianIndex = isRepeated ? order[(order.count - 1) / 2] : runs.count - 1
    }

    /// Whether all runs did the same, so that a median says something; seeds may differ.
    var isRepeated: Bool {
        var plans = runs.map(\.plan)
        for index in plans.indices { plans[index].seed = 0 }
        return plans.allSatisfy { $0 == plans[0] }
    }

    /// What runs are put in order by: the rate where the server sets it, else the 99th percentile.
    private static func mainFigure(of run: RunReport) -> Double {
        run.isClosedLoop ? run.receivedPerSecond : Double(run.latency.percentile(0.99))
    }
}

/// A table of runs: one row each, and for runs that repeat each other their median and their range.
struct RunTable: Equatable {
    var columns: [String]
    var rows: [Row]

    /// One row: the cells, and whether it sums up those above.
    struct Row: Equatable {
        var cells: [String]
        var isSummary = false
    }

    private struct Column {
        var name: String
        var value: (RunReport) -> Double
        var spelled: (Double) -> String
    }

    /// Makes the table of all runs of a document.
    init(_ document: BenchDocument) {
        let columns = Self.columns(of: document)
        self.columns = ["run", "verdict"] + columns.map(\.name)
        rows = []
        var number = 0
        for group in RunGroup.groups(of: document) {
            for run in group.runs {
                number += 1
                let name = [run.label, "\(number)"].filter { !$0.isEmpty }.joined(separator: " ")
                rows.append(
                    Row(cells: [name, run.verdict.kind.rawValue] + columns.map { $0.spelled($0.value(run)) }))
            }
            if group.runs.count > 1, group.isRepeated { rows += Self.summaries(of: group, columns) }
        }
    }

    private static func columns(of document: BenchDocument) -> [Column] {
        let whole = { (value: Double) in value.isNaN ? Figures.none : Figures.fixed(value, decimals: 0) }
        let milliseconds = { (value: Double) in Figures.milliseconds(Int64(value)) }
        func percentile(_ fraction: Double) -> (RunReport) -> Double {
            { run in Double(run.latency.percentile(fraction)) }
        }
        let asked = document.runs.map(\.askedPerSecond)
        let differ = asked.contains { $0 != asked[0] }
        return (differ ? [Column(name: "asked/s", value: { $0.askedPerSecond ?? .nan }, spelled: whole)] : []) + [
            Column(name: "received/s", value: \.receivedPerSecond, spelled: whole),
            Column(name: "p50 ms", value: percentile(0.5), spelled: milliseconds),
            Column(name: "p99 ms", value: percentile(0.99), spelled: milliseconds),
            Column(name: "max ms", value: percentile(1), spelled: milliseconds),
            Column(name: "errors", value: { Double($0.total.counts.errors) }, spelled: whole),
        ]
    }

    private static func summaries(of group: RunGroup, _ columns: [Column]) -> [Row] {
        let valid = group.runs.count { $0.verdict.kind == .valid }
        let sorted = columns.map { column in group.runs.map(column.value).sorted() }
        let name = group.label.isEmpty ? "" : group.label + " "
        let medians = zip(columns, sorted).map { $0.spelled(median(of: $1)) }
        let ranges = zip(columns, sorted).map { column, values in
            let (low, high) = (column.spelled(values[0]), column.spelled(values[values.count - 1]))
            return low == high ? low : "\(low)–\(high)"
        }
        return [
            Row(cells: [name + "median", "\(valid) of \(group.runs.count) valid"] + medians, isSummary: true),
            Row(cells: [name + "min–max", ""] + ranges, isSummary: true),
        ]
    }

    /// The value in the middle, or the mean of both.
    private static func median(of sorted: [Double]) -> Double {
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
