/// What `bench` and `compare` write and read: the runs, and what was concluded from them.
///
/// Its JSON carries ``schema``; fields are added and never changed or removed as long as that stands
/// (`bench-1.schema.json`, beside this file).
package struct BenchDocument: Equatable, Sendable {
    /// The name of the format.
    package static let schema = "sessionctl.bench/1"

    /// The version of the program that wrote the document.
    package var version: String
    /// The runs in the order in which they were made.
    package var runs: [RunReport]
    /// What came of each `--assert` and `--fail-if`.
    package var assertions: [AssertionResult] = []
    /// What else was concluded, such as a comparison or the highest rate found.
    package var sections: [ReportSection] = []
    /// The place in ``runs`` of the run that the document is about, where it is not the median one, as after `--find-max`.
    package var featured: Int?

    /// Makes a document without conclusions.
    package init(version: String, runs: [RunReport]) {
        self.version = version
        self.runs = runs
    }

    /// Whether every assertion holds.
    package var isPassed: Bool { assertions.allSatisfy(\.isPassed) }
}

/// What came of one assertion.
package struct AssertionResult: Equatable, Sendable {
    /// The assertion as it was given, such as `p99<5ms`.
    package var text: String
    /// Whether it holds.
    package var isPassed: Bool
    /// What was measured, in ``unit``; `nil` where there was nothing to measure, which fails the assertion.
    package var actual: Double?
    /// `ns`, `bytes`, `count`, `ratio` or `per_second`.
    package var unit: String

    /// Makes a result.
    package init(_ text: String, isPassed: Bool, actual: Double?, unit: String) {
        self.text = text
        self.isPassed = isPassed
        self.actual = actual
        self.unit = unit
    }
}

/// A conclusion from several runs, as a sentence, a table for people and figures for programs.
package struct ReportSection: Equatable, Sendable {
    /// Its key, such as `comparison` or `find_max`.
    package var name: String
    /// Its heading, such as `B against A`.
    package var title: String
    /// The conclusion: a sentence without a full stop, or nothing.
    package var summary: String
    /// The heads of the table's columns; the first one's cells are names, all others' are figures.
    package var columns: [String]
    /// The table's cells, ready to be read; as many in a row as there are columns.
    package var rows: [[String]]
    /// The same for programs.
    package var figures: [Finding]

    /// Makes a section.
    package init(
        name: String, title: String, summary: String = "", columns: [String] = [], rows: [[String]] = [],
        figures: [Finding] = []
    ) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has a cell for each column")
        self.name = name
        self.title = title
        self.summary = summary
        self.columns = columns
        self.rows = rows
        self.figures = figures
    }
}
