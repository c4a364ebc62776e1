import CommandKit
import SessionBase
import SessionBench
import SessionIO

/// Makes one run after the other, and shows and logs each as it goes.
struct BenchRunner: ~Copyable {
    /// The progress line, for remarks between runs.
    let progress: BenchProgress
    private let invocation: Invocation
    private let histograms: BenchHistogramLog?
    private let coordinator: Coordinator
    private let baselines = BenchBaselines()
    private let machine = MachineDescription.read(version: Program.version)

    /// Refuses a plan that this machine cannot bear, before anything is opened.
    ///
    /// - Throws: Status 78 with what would help.
    static func checkLimits(_ plan: LoadPlan) throws(CommandError) {
        do {
            try ResourceLimits.raiseDescriptors()
            try LoadLimits.check(plan, MachineLimits.read())
        } catch let error as LoadLimitError {
            throw .configuration(error.description)
        } catch {
            throw CommandError(.internal, "\(error)")
        }
    }

    /// Opens the log and begins to catch signals.
    init(_ invocation: Invocation) throws(CommandError) {
        let histograms = try BenchHistogramLog.make(invocation.settings, invocation.context)
        let coordinator = try Self.makeCoordinator()
        self.invocation = invocation
        self.histograms = histograms
        self.coordinator = coordinator
        progress = BenchProgress(invocation.settings, invocation.context)
    }

    private static func makeCoordinator() throws(CommandError) -> Coordinator {
        do throws(SystemError) {
            return try Coordinator()
        } catch {
            throw CommandError(.internal, error.description)
        }
    }

    /// Makes one run.
    ///
    /// - Parameters:
    ///   - label: Which side of a comparison it is; may be empty.
    ///   - title: What stands before its progress; may be empty.
    /// - Returns: Its report, and the signal that ended it early, if one did.
    borrowing func run(
        _ plan: LoadPlan, label: String = "", title: String = ""
    ) throws(CommandError) -> (report: RunReport, endedBy: Signal?) {
        progress.begin(plan, title: title)
        let server = try BenchServer.make(invocation, plan, baselines)
        let slowWatch = try server?.watchSlow(plan)
        var outcome: RunOutcome
        do throws(BenchFailure) {
            outcome = try coordinator.run(plan) { event throws(BenchFailure) in try watch(event, server) }
        } catch {
            _ = slowWatch?.stop()
            try progress.end()
            throw CommandError(error)
        }
        if let seen = slowWatch?.stop() { outcome.findings += seen.findings(outcome.slowAddresses) }
        try progress.end()
        return (report(plan, outcome, server?.figures, label: label), outcome.endedBy)
    }

    private borrowing func watch(_ event: RunEvent, _ server: BenchServer?) throws(BenchFailure) {
        do throws(CommandError) {
            try server?.handle(event)
            try progress.handle(event)
            try histograms?.handle(event)
        } catch {
            throw BenchFailure(error.message, status: Int(error.status.rawValue))
        }
    }

    private borrowing func report(
        _ plan: LoadPlan, _ outcome: RunOutcome, _ server: ServerFigures?, label: String
    ) -> RunReport {
        let verdict = Judge.verdict(
            outcome.total, plan: plan, measured: outcome.measured, server: server,
            unopened: max(0, plan.sockets - outcome.opened))
        var report = RunReport(
            plan: plan, startedAt: outcome.startedAt, measured: outcome.measured,
            verdict: verdict, total: outcome.total, series: outcome.series, machine: machine)
        report.server = server
        report.label = label
        report.wasInterrupted = outcome.endedBy != nil
        report.findings = outcome.findings
        return report
    }
}

extension CommandError {
    /// The failure of a run as the end of a command.
    init(_ failure: BenchFailure) {
        self.init(ExitStatus(rawValue: Int32(failure.status)) ?? .internal, failure.message)
    }
}
