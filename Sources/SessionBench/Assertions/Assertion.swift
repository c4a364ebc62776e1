/// What a run must be like: `p99<5ms`, `loss==0`, `rate>=50k`, as `--assert` and `--find-max` take it.
///
///     METRIC OPERATOR NUMBER[UNIT]      metric: see Metric      operator: < <= > >= == !=
///
/// Times need a unit. Blanks may stand between the parts.
package struct Assertion: Equatable, Sendable {
    /// How a figure is compared with its limit; spelled as it is written.
    package enum Comparison: String, CaseIterable, Sendable {
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case greater = ">"

        /// Whether the comparison holds.
        package func holds(_ value: Double, _ limit: Double) -> Bool {
            switch self {
            case .less: value < limit
            case .lessOrEqual: value <= limit
            case .greater: value > limit
            case .greaterOrEqual: value >= limit
            case .equal: value == limit
            case .unequal: value != limit
            }
        }
    }

    /// The assertion as it was written.
    package let text: String
    /// What is compared.
    package let metric: Metric
    /// How.
    package let comparison: Comparison
    /// With what, in the unit of the metric's kind: nanoseconds, bytes, a part of a whole, a count.
    package let limit: Double
    /// What the limit's unit says it is.
    let limitKind: LimitUnit.Family

    /// Reads an assertion.
    package init(parsing text: String) throws(AssertionError) {
        var parser = AssertionParser(text)
        self.text = text
        metric = try parser.metric()
        comparison = try parser.comparison()
        (limit, limitKind) = try parser.limit(for: metric)
        try parser.expectEnd()
    }

    /// Compares a run's figure with the limit.
    ///
    /// - Throws: Where the run does not have the figure, or where a finding's value is not of the limit's unit. That is
    ///   neither passed nor failed: nobody knows.
    package func evaluate(_ run: RunReport) throws(AssertionError) -> AssertionResult {
        guard let (actual, kind) = metric.value(in: run) else {
            throw AssertionError(text: text, column: nil, problem: metric.absence(from: run))
        }
        guard limitKind.fits(kind) else {
            throw AssertionError(text: text, column: nil, problem: LimitUnit.expectation(for: kind))
        }
        return AssertionResult(
            text, isPassed: comparison.holds(actual, limit), actual: actual, unit: kind.rawValue)
    }
}

/// Why a text is no assertion, or why a run cannot answer it.
package struct AssertionError: Error, Equatable, CustomStringConvertible {
    /// The assertion as it was written.
    package var text: String
    /// Where in it the problem lies, in characters from 1; `nil` where it lies in the run.
    package var column: Int?
    /// What is wrong and what was expected; without a full stop.
    package var problem: String

    package var description: String {
        "“\(text)”" + (column.map { ", column \($0)" } ?? "") + ": \(problem)"
    }
}
