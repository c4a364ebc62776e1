import CommandKit
import SessionBase
import SessionBench
import SessionIO

/// `bench WORKLOAD`: makes load, judges it, writes the report.
enum BenchCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        try refuseStrayOptions(invocation)
        return switch invocation.parsed.path.last {
        case "merge": try BenchMerge.run(invocation)
        case "selftest": try BenchSelftest.run(invocation)
        default: try measure(invocation)
        }
    }

    /// Options may stand before the workload's name; the workload must know them all the same.
    private static func refuseStrayOptions(_ invocation: Invocation) throws(CommandError) {
        let parsed = invocation.parsed
        let known = parsed.details.options.map(\.key)
        guard let stray = parsed.given.first(where: { !known.contains($0.key) }) else { return }
        throw .usage("\(stray.origin.description): '\(parsed.name)' has no such option; leave it out")
    }

    private static func measure(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        var plan = try BenchPlan.make(invocation)
        let assertions = try BenchAssertions(invocation.settings, implied: plan.promises)
        try BenchRunner.checkLimits(plan)
        try BenchLockerSessions.create(invocation, &plan)
        let series = try BenchSeries.make(invocation, plan)
        let output = try BenchOutput(invocation)
        let runner = try BenchRunner(invocation)
        var result = try series.play(runner)
        result.document.assertions = try assertions.evaluate(result.document.runs) { line throws(CommandError) in
            try invocation.context.errors.write(line + "\n")
        }
        try output.write(result.document)
        return try status(of: result, invocation.context)
    }

    /// A signal decides first, then what was asked to hold, then whether the server was there until the end.
    private static func status(
        of result: BenchSeries.Result, _ context: CommandContext
    ) throws(CommandError) -> ExitStatus {
        if let signal = result.endedBy { return ExitStatus(rawValue: signal.exitStatus) ?? .terminated }
        guard result.document.isPassed, result.hasFound else { return .limitCrossed }
        if let loss = result.document.runs.lazy.compactMap(\.totalLoss).first { throw CommandError(.unavailable, loss) }
        return .success
    }
}

extension RunReport {
    /// What became of the connections where none was left at the end although nobody asked for that; a clause.
    fileprivate var totalLoss: String? {
        if case .connect = plan.workload { return nil }
        if case .storm = plan.workload { return nil }
        let lost = total.counts.ends.filter { $0.key != "1000" }
        let count = lost.values.reduce(0, +)
        guard count >= UInt64(plan.sockets) else { return nil }
        let reasons = lost.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "all \(plan.sockets) connections were lost (\(reasons)); look into the server's log"
    }
}
