/// How much a figure may change from one run to another: `p99>+10%`, as `--fail-if` takes it.
///
///     METRIC OPERATOR SIGN NUMBER %      operator: < <= > >=
///
/// It names what is not allowed: the change of the metric, in percent of what it was, is compared with the number.
package struct ChangeLimit: Equatable, Sendable {
    /// The clause as it was written.
    package let text: String
    /// What changes.
    package let metric: Metric
    /// How the change is compared with ``change``.
    package let comparison: Assertion.Comparison
    /// The change that is compared with, as a part of what the metric was: 0.1 is ten percent more.
    package let change: Double

    /// Reads a clause.
    package init(parsing text: String) throws(AssertionError) {
        var parser = AssertionParser(text)
        self.text = text
        metric = try parser.metric()
        comparison = try parser.comparison(among: [.lessOrEqual, .greaterOrEqual, .less, .greater])
        change = try parser.change()
        try parser.expectEnd()
    }

    /// Whether a change is not allowed.
    ///
    /// - Parameter ratio: The metric's new value as a part of the old one; 1 is no change.
    package func forbids(ratio: Double) -> Bool { comparison.holds(ratio - 1, change) }
}
