import CommandKit
import SessionBench
import SessionCodec

/// `compare A B`: what became of each figure from one document to the other, and how sure that is.
enum CompareCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let limits = try limits(invocation.settings)
        let left = try side(invocation.parsed.operand("A") ?? "")
        let right = try side(invocation.parsed.operand("B") ?? "")
        let comparison = RunComparison(left, right)
        var results: [AssertionResult] = []
        for limit in limits { results.append(try judge(limit, comparison)) }
        try write(comparison, zip(limits, results).map(line).joined(), results, invocation)
        return results.allSatisfy(\.isPassed) ? .success : .limitCrossed
    }

    private static func limits(_ settings: Settings) throws(CommandError) -> [ChangeLimit] {
        var limits: [ChangeLimit] = []
        for text in settings[BenchOptions.failIf] {
            do throws(AssertionError) {
                limits.append(try ChangeLimit(parsing: text))
            } catch {
                throw .usage("--fail-if \(error.description)")
            }
        }
        return limits
    }

    private static func side(_ path: String) throws(CommandError) -> RunComparison.Side {
        let bytes = try TextFile.readBytes(path)
        let document: BenchDocument
        do throws(BenchDocumentError) {
            document = try BenchDocument(parsing: bytes.span)
        } catch {
            throw CommandError(.badData, "\(path): \(error)")
        }
        guard !document.runs.isEmpty else { throw CommandError(.badData, "\(path): there are no runs to compare") }
        return RunComparison.Side(path, document.runs)
    }

    private static func judge(_ limit: ChangeLimit, _ comparison: RunComparison) throws(CommandError) -> AssertionResult
    {
        do throws(AssertionError) {
            return try comparison.judge(limit)
        } catch {
            throw CommandError(.badData, "--fail-if \(error.description)")
        }
    }

    private static func write(
        _ comparison: RunComparison, _ lines: String, _ results: [AssertionResult], _ invocation: Invocation
    ) throws(CommandError) {
        let output = invocation.context.output
        let files = try BenchOutput.files(invocation.settings, invocation.context)
        for file in files { try file.write(document(comparison, results)) }
        guard !files.contains(where: \.isOutput) else { return }
        if invocation.settings[BenchOptions.json] {
            var writer = JSONWriter()
            comparison.write(to: &writer, results: results)
            try output.writeLine(&writer)
        } else {
            try output.write(BenchColor.paint(comparison.text + lines, invocation))
        }
    }

    /// A change that lies beyond the limit may be chance, and passes then.
    private static func line(_ limit: ChangeLimit, _ result: AssertionResult) -> String {
        let change = result.actual.map { "  it is \($0 < 0 ? "" : "+")\(Figures.percent($0))" } ?? ""
        let isBeyond = result.actual.map { limit.forbids(ratio: 1 + $0) } ?? false
        let chance = result.isPassed && isBeyond ? ", which may be chance" : ""
        return "\(result.isPassed ? "PASS" : "FAIL")  \(result.text)\(change)\(chance)\n"
    }

    /// All runs of both sides and the comparison, for the forms that show runs too.
    private static func document(_ comparison: RunComparison, _ results: [AssertionResult]) -> BenchDocument {
        var document = BenchDocument(version: Program.version, runs: [])
        for (label, side) in [("A", comparison.left), ("B", comparison.right)] {
            document.runs += side.runs.map { run in
                var labelled = run
                labelled.label = label
                return labelled
            }
        }
        document.sections = [comparison.section]
        document.assertions = results
        return document
    }
}
