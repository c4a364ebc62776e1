import CommandKit
import SessionBase
import SessionBench
import SessionIO

/// The runs of one `bench`: one, several, those of two servers in turn, or those of a search.
enum BenchSeries {
    case plain(LoadPlan, runs: Int)
    case versus(LoadPlan, LoadPlan, rounds: Int)
    /// The same load in each mode of boards.
    case modes([LoadPlan], rounds: Int)
    case search(LoadPlan, BenchSearch)

    /// What came of the runs.
    struct Result {
        var document: BenchDocument
        /// The signal that ended the last run early, if one did.
        var endedBy: Signal?
        /// Whether a search found a rate at which its condition holds; `true` where nothing was searched.
        var hasFound = true
    }

    /// How many rounds `--vs` makes unless told otherwise: the fewest that give a confidence interval.
    private static let usualRounds = 5

    /// Reads which runs are wanted.
    static func make(_ invocation: Invocation, _ plan: LoadPlan) throws(CommandError) -> BenchSeries {
        let settings = invocation.settings
        if settings.isSet(BenchOptions.findMax) { return .search(plan, try BenchSearch(settings)) }
        let runs = settings[BenchOptions.runs]
        guard let url = settings[BenchOptions.versus] else { return plain(settings, plan, runs: runs) }
        var other = plan
        other.targets = [try Invocation.endpoint(parsing: url)]
        return .versus(plan, other, rounds: settings.isSet(BenchOptions.runs) ? runs : usualRounds)
    }

    private static func plain(_ settings: Settings, _ plan: LoadPlan, runs: Int) -> BenchSeries {
        guard case .board(var load) = plan.workload, BenchBoardOptions.modes(settings).count > 1 else {
            return .plain(plan, runs: runs)
        }
        let plans = BenchBoardOptions.modes(settings).map { mode in
            var copy = plan
            load.mode = mode
            copy.workload = .board(load)
            return copy
        }
        return .modes(plans, rounds: runs)
    }

    /// Makes the runs until the last one, or until a signal ends one early.
    func play(_ runner: borrowing BenchRunner) throws(CommandError) -> Result {
        switch self {
        case .plain(let plan, let runs):
            return try Self.play((0..<runs).map { _ in ("", plan) }, runner)
        case .versus(let plan, let other, let rounds):
            var result = try Self.play((0..<rounds).flatMap { _ in [("A", plan), ("B", other)] }, runner)
            BenchComparison.conclude(&result.document)
            return result
        case .modes(let plans, let rounds):
            let labelled = plans.map { (label: Self.label($0), plan: $0) }
            var result = try Self.play((0..<rounds).flatMap { _ in labelled }, runner)
            if let section = BoardModes.section(result.document.runs) { result.document.sections.append(section) }
            return result
        case .search(let plan, let search): return try search.play(plan, runner)
        }
    }

    private static func label(_ plan: LoadPlan) -> String {
        if case .board(let load) = plan.workload { load.mode.rawValue } else { "" }
    }

    private static func play(
        _ plans: [(label: String, plan: LoadPlan)], _ runner: borrowing BenchRunner
    ) throws(CommandError) -> Result {
        var result = Result(document: BenchDocument(version: Program.version, runs: []))
        for (index, (label, plan)) in plans.enumerated() where result.endedBy == nil {
            let title = plans.count > 1 ? "\(index + 1)/\(plans.count)" + (label.isEmpty ? "" : " \(label)") : ""
            let (report, endedBy) = try runner.run(plan, label: label, title: title)
            result.document.runs.append(report)
            result.endedBy = endedBy
        }
        return result
    }
}
