import CommandKit
import SessionBase
import SessionBench

/// `--find-max`: runs at one rate after the other until the highest is found at which a condition holds.
struct BenchSearch {
    private let condition: Assertion
    private let text: String
    private let first: Double

    /// Reads the condition, and the rate to begin with.
    init(_ settings: Settings) throws(CommandError) {
        text = settings[BenchOptions.findMax] ?? ""
        first = settings[BenchOptions.rate] ?? BenchRules.firstRate
        do throws(AssertionError) {
            condition = try Assertion(parsing: text)
        } catch {
            throw CommandError(settings.origin(of: BenchOptions.findMax).exitStatus, "--find-max \(error.description)")
        }
    }

    /// One run of the search.
    private struct Probe {
        var rate: Double
        var evidence: AssertionResult
        var verdict: RunVerdict.Kind

        /// Whether the condition holds, and the figures are the server's.
        var holds: Bool { evidence.isPassed && verdict == .valid }

        /// Why the rate counts as too high, or that it does not.
        var outcome: String {
            guard verdict == .valid else { return "\(verdict.rawValue), which says nothing of the server" }
            let actual = evidence.actual.map { ", it is \(Figures.value($0, unit: evidence.unit))" } ?? ""
            return "\(evidence.text) \(evidence.isPassed ? "holds" : "does not hold")\(actual)"
        }
    }

    /// Makes the runs.
    func play(_ plan: LoadPlan, _ runner: borrowing BenchRunner) throws(CommandError) -> BenchSeries.Result {
        var result = BenchSeries.Result(document: BenchDocument(version: Program.version, runs: []))
        var search = RateSearch(from: first)
        var probes: [Probe] = []
        while let rate = search.next {
            var attempt = plan
            attempt.arrival = .open(RateProfile(constant: rate))
            let title = "probe \(probes.count + 1): \(Self.spell(rate))/s"
            let (report, endedBy) = try runner.run(attempt, title: title)
            result.document.runs.append(report)
            result.endedBy = endedBy
            guard endedBy == nil else { break }
            let probe = Probe(rate: rate, evidence: try answer(for: report), verdict: report.verdict.kind)
            probes.append(probe)
            search.record(holds: probe.holds)
            if probe.holds, search.best == rate { result.document.featured = probes.count - 1 }
            try runner.progress.remark("\(title): \(probe.outcome)")
        }
        result.hasFound = search.best != nil
        result.document.sections.append(section(search, probes))
        return result
    }

    /// Whether the condition holds in a run; one that cannot be answered ends the search.
    private func answer(for report: RunReport) throws(CommandError) -> AssertionResult {
        do throws(AssertionError) {
            return try condition.evaluate(report)
        } catch {
            throw CommandError(.unavailable, "--find-max \(error.description)")
        }
    }

    private func section(_ search: RateSearch, _ probes: [Probe]) -> ReportSection {
        var figures: [Finding] = []
        if let best = search.best {
            figures.append(Finding("rate_max", "highest rate at which \(text)", best, unit: "per_second"))
        }
        if let failing = search.failing {
            figures.append(Finding("rate_failing", "lowest rate at which not", failing, unit: "per_second"))
        }
        figures.append(Finding("probes", "rates that were tried", Double(probes.count), unit: "count"))
        let rows = probes.map { probe in
            let actual = probe.evidence.actual.map { Figures.value($0, unit: probe.evidence.unit) }
            return [
                Self.spell(probe.rate), actual ?? Figures.none, probe.holds ? "yes" : "no", probe.verdict.rawValue,
            ]
        }
        return ReportSection(
            name: "find_max", title: "Highest rate", summary: summary(search, probes),
            columns: ["rate/s", condition.metric.name, "holds", "verdict"], rows: rows, figures: figures)
    }

    private func summary(_ search: RateSearch, _ probes: [Probe]) -> String {
        let limit = probes.first { $0.rate == search.failing }
        switch (search.best, limit) {
        case (let best?, nil): return "\(text) holds at \(Self.spell(best))/s, the highest rate that was tried"
        case (nil, let limit?): return "already at \(Self.spell(limit.rate))/s: \(limit.outcome); try a lower --rate"
        case (nil, nil): return "no probe was finished"
        case (let best?, let limit?):
            return "\(text) holds up to \(Self.spell(best))/s; at \(Self.spell(limit.rate))/s: \(limit.outcome)"
        }
    }

    /// A rate as whole requests a second, or with its fraction where it is small.
    private static func spell(_ rate: Double) -> String {
        rate < 100 ? rate.description : Figures.grouped(Int(rate.rounded()))
    }
}
