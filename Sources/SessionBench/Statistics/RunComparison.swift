/// Two sets of runs beside each other: what became of each main metric from A to B, and how sure that is.
///
/// At least five runs of each are needed to tell a change from chance. With eight metrics at 95 %, one in three comparisons
/// of a server with itself shows a difference in some metric: look at the one that was asked about.
package struct RunComparison: Equatable, Sendable {
    /// One set of runs.
    package struct Side: Equatable, Sendable {
        /// What it is called: `A`, a file, a server's address.
        package var name: String
        /// Its runs, at least one.
        package var runs: [RunReport]

        /// Names some runs.
        package init(_ name: String, _ runs: [RunReport]) {
            precondition(!runs.isEmpty, "a comparison needs runs on both sides")
            self.name = name
            self.runs = runs
        }
    }

    /// What is compared with.
    package let left: Side
    /// What is compared.
    package let right: Side
    /// Whether runs were made in rounds, A B A B, so that the ratios are taken within each round.
    package let isPaired: Bool
    /// The main metrics that all runs have.
    package let changes: [MetricChange]
    /// What stands against the comparison: runs that are not valid, other plans, other machines; sentences without a full
    /// stop.
    package let warnings: [String]

    /// The metrics that are always compared, where the runs have them.
    private static let mainMetrics = ["p50", "p90", "p99", "p99.9", "max", "rate", "cpu_per_message", "errors"]

    /// Compares two sets of runs.
    ///
    /// - Parameter isPaired: Whether run `i` of one side was made right before or after run `i` of the other. Where one side
    ///   has more runs, its last ones are left out.
    package init(_ left: Side, _ right: Side, isPaired: Bool = false) {
        let rounds = min(left.runs.count, right.runs.count)
        self.left = isPaired ? Side(left.name, Array(left.runs.prefix(rounds))) : left
        self.right = isPaired ? Side(right.name, Array(right.runs.prefix(rounds))) : right
        self.isPaired = isPaired
        var changes: [MetricChange] = []
        for metric in Self.mainMetrics.compactMap({ Metric($0) }) {
            if let change = Self.change(of: metric, self.left, self.right, isPaired) { changes.append(change) }
        }
        self.changes = changes
        warnings = ComparisonWarnings.all(self.left, self.right, isPaired: isPaired)
    }

    /// Judges a clause of `--fail-if`.
    ///
    /// A change that chance may have made does not fail, however large: it lies beyond the limit, but its interval holds 1.
    /// With too few runs for an interval the ratio alone decides.
    ///
    /// - Returns: Failed where the change is as the clause says.
    /// - Throws: Where a run lacks the metric.
    package func judge(_ limit: ChangeLimit) throws(AssertionError) -> AssertionResult {
        guard let change = Self.change(of: limit.metric, left, right, isPaired) else {
            let lacking = (left.runs + right.runs).first { limit.metric.value(in: $0) == nil }
            throw AssertionError(
                text: limit.text, column: nil, problem: lacking.map(limit.metric.absence) ?? "there is no such metric")
        }
        let mayBeChance = change.conclusion == .noDifference
        let fails = limit.forbids(ratio: change.ratio) && !mayBeChance
        return AssertionResult(
            limit.text, isPassed: !fails, actual: change.ratio.isFinite ? change.ratio - 1 : nil,
            unit: Metric.Kind.ratio.rawValue)
    }

    /// `nil` where a run lacks the metric.
    private static func change(of metric: Metric, _ left: Side, _ right: Side, _ isPaired: Bool) -> MetricChange? {
        guard let kind = left.runs.first.flatMap({ metric.value(in: $0)?.kind }) else { return nil }
        let (a, b) = (values(of: metric, left), values(of: metric, right))
        guard a.count == left.runs.count, b.count == right.runs.count else { return nil }
        return MetricChange(name: metric.name, kind: kind, a, b, isPaired: isPaired)
    }

    private static func values(of metric: Metric, _ side: Side) -> [Double] {
        side.runs.compactMap { metric.value(in: $0)?.value }
    }
}
