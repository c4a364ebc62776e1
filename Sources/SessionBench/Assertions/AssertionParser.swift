/// Takes an assertion or a clause of `--fail-if` apart, from left to right.
struct AssertionParser {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
        skipBlanks()
    }

    /// Reads the name of a metric.
    mutating func metric() throws(AssertionError) -> Metric {
        let start = rest
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
        rest = rest[name.endIndex...]
        guard !name.isEmpty else { throw failure(at: start, "expected a metric; \(Metric.overview)") }
        guard let metric = Metric(String(name)) else {
            let hint = Metric.nearest(to: String(name)).map { "did you mean \($0)?" } ?? Metric.overview
            throw failure(at: start, "there is no metric \(name); \(hint)")
        }
        skipBlanks()
        return metric
    }

    /// Reads an operator.
    ///
    /// - Parameter allowed: Those of two characters first, because others begin with the same one.
    mutating func comparison(
        among allowed: [Assertion.Comparison] = Assertion.Comparison.allCases
    ) throws(AssertionError) -> Assertion.Comparison {
        guard let found = allowed.first(where: { rest.hasPrefix($0.rawValue) }) else {
            throw failure(at: rest, "expected one of \(allowed.map(\.rawValue).joined(separator: " "))")
        }
        rest = rest.dropFirst(found.rawValue.count)
        skipBlanks()
        return found
    }

    /// Reads a number and its unit.
    mutating func limit(for metric: Metric) throws(AssertionError) -> (value: Double, family: LimitUnit.Family) {
        let start = rest
        let expectation = metric.kind.map(LimitUnit.expectation) ?? "expected a number and its unit"
        guard let number = number() else { throw failure(at: start, expectation) }
        let name = rest.prefix { !$0.isWhitespace }
        // “50k/s” says no more than “50k” does.
        let spelled = metric.kind == .rate && name.hasSuffix("/s") ? name.dropLast(2) : name
        guard let unit = LimitUnit.all.first(where: { $0.name == spelled }) else {
            throw failure(at: rest, expectation)
        }
        if let kind = metric.kind, !unit.family.fits(kind) { throw failure(at: start, expectation) }
        rest = rest[name.endIndex...]
        skipBlanks()
        return (number * unit.scale, unit.family)
    }

    /// Reads a change in percent with its sign, such as `+10%`, as a part of the whole.
    mutating func change() throws(AssertionError) -> Double {
        let start = rest
        let expectation = "expected a change in percent with its sign, such as +10% or -5%"
        guard let sign = rest.first, sign == "+" || sign == "-" else { throw failure(at: start, expectation) }
        rest.removeFirst()
        guard let number = number(), rest.hasPrefix("%") else { throw failure(at: start, expectation) }
        rest.removeFirst()
        skipBlanks()
        return (sign == "-" ? -number : number) / 100
    }

    /// Checks that nothing follows.
    func expectEnd() throws(AssertionError) {
        if !rest.isEmpty { throw failure(at: rest, "expected nothing more; give further conditions one by one") }
    }

    /// Reads digits, perhaps with a point between them, and the blanks behind.
    private mutating func number() -> Double? {
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Metric.decimal(digits), number.isFinite else { return nil }
        rest = rest[digits.endIndex...]
        skipBlanks()
        return number
    }

    private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

    private func failure(at place: Substring, _ problem: String) -> AssertionError {
        AssertionError(
            text: text, column: text.distance(from: text.startIndex, to: place.startIndex) + 1, problem: problem)
    }
}
