import CommandKit
import SessionBench

/// What `--assert` asks for: each must hold in every run.
struct BenchAssertions {
    private let assertions: [Assertion]

    /// Reads the expressions.
    ///
    /// - Parameter implied: Those that the workload itself asks for.
    /// - Throws: Status 64 or 78 with the place of the mistake.
    init(_ settings: Settings, implied: [String] = []) throws(CommandError) {
        var assertions: [Assertion] = []
        for text in implied + settings[BenchOptions.assertions] {
            do throws(AssertionError) {
                assertions.append(try Assertion(parsing: text))
            } catch {
                throw CommandError(
                    settings.origin(of: BenchOptions.assertions).exitStatus, "--assert \(error.description)")
            }
        }
        self.assertions = assertions
    }

    /// Compares the runs with the expressions: for each the first run in which it does not hold, or else the last one.
    ///
    /// - Parameter explain: Told why an expression could not be answered, which is as bad as one that does not hold.
    func evaluate(
        _ runs: [RunReport], explain: (String) throws(CommandError) -> Void
    ) throws(CommandError) -> [AssertionResult] {
        var results: [AssertionResult] = []
        for assertion in assertions {
            var result: AssertionResult?
            for run in runs where result?.isPassed ?? true {
                do throws(AssertionError) {
                    result = try assertion.evaluate(run)
                } catch {
                    result = AssertionResult(assertion.text, isPassed: false, actual: nil, unit: "count")
                    try explain("--assert \(error.description)")
                }
            }
            if let result { results.append(result) }
        }
        return results
    }
}
