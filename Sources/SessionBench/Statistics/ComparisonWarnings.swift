import SessionClient

/// What stands against a comparison.
enum ComparisonWarnings {
    /// All of it, as sentences without a full stop.
    static func all(_ left: RunComparison.Side, _ right: RunComparison.Side, isPaired: Bool) -> [String] {
        var warnings = [left, right].flatMap(ofRuns)
        let (planA, planB) = (description(of: left.runs[0]), description(of: right.runs[0]))
        for (a, b) in zip(planA, planB) where a.value != b.value {
            // Two servers that are compared in rounds have two addresses.
            if isPaired, a.name == Self.targets { continue }
            warnings.append("\(a.name) differs: \(a.value) in \(left.name), \(b.value) in \(right.name)")
        }
        let counts = (left.runs.count, right.runs.count)
        if min(counts.0, counts.1) < RatioEstimate.runsMin {
            warnings.append(
                "there are \(counts.0) and \(counts.1) runs; at least \(RatioEstimate.runsMin) of each are needed to tell "
                    + "a change from chance: use --runs")
        }
        return warnings
    }

    /// What is wrong with the runs of one side.
    private static func ofRuns(_ side: RunComparison.Side) -> [String] {
        var warnings: [String] = []
        for (index, run) in side.runs.enumerated() {
            let name = "run \(index + 1) of \(side.name)"
            if run.verdict.kind != .valid {
                let reason = run.verdict.reasons.first.map { ": \($0)" } ?? ""
                warnings.append("\(name) is \(run.verdict.kind.rawValue)\(reason)")
            }
            if run.wasInterrupted { warnings.append("\(name) was ended early") }
            let first = description(of: side.runs[0])
            for (own, other) in zip(description(of: run), first) where own.value != other.value {
                warnings.append("\(name) has another \(own.name) than run 1: \(own.value), not \(other.value)")
            }
        }
        return warnings
    }

    private static let targets = "target"

    /// What must be the same for two runs to be comparable, in words.
    private static func description(of run: RunReport) -> [(name: String, value: String)] {
        let plan = run.plan
        return [
            (targets, plan.publicTargets.joined(separator: " ")),
            ("workload", workload(plan.workload)),
            ("connection count", Figures.grouped(plan.connections)),
            ("arrival", arrival(plan.arrival)),
            ("duration", plan.duration.spelled),
            ("warm-up", plan.warmUp.spelled),
            ("connect rate", plan.connectRate.map { Figures.rate($0) } ?? "as fast as possible"),
            ("payload", Figures.bytes(Double(plan.payloadBytes))),
            ("jitter", Figures.percent(plan.jitter)),
            ("checking", plan.isChecking ? "on" : "off"),
            ("spinning", plan.isSpinning ? "on" : "off"),
            ("compression", plan.offersCompression ? "offered" : "off"),
            ("worker count", "\(plan.processes) × \(plan.threads)"),
            ("version of this program", run.machine.version),
            ("system", run.machine.system),
            ("processor", run.machine.processor),
            ("processor count", String(run.machine.processors)),
        ]
    }

    private static func workload(_ workload: WorkloadKind) -> String {
        switch workload {
        case .echo, .connect, .idle, .heartbeat, .register: workload.name
        case .storm(let dropAt): "storm after \(dropAt.spelled)"
        case .slow(let readers):
            "slow, \(Figures.percent(readers.fraction)) at \(Figures.bytes(Double(readers.bytesPerSecond)))/s"
        case .mix(let scenario): "mix \(scenario.name)"
        case .sync(let load): sync(load)
        case .board(let load): (["board"] + load.words).joined(separator: ", ")
        case .topics(let load): ([load.kind.rawValue] + load.words).joined(separator: ", ")
        }
    }

    private static func sync(_ load: SyncLoad) -> String {
        [
            load.kind.rawValue, "\(load.devicesPerSession) devices a session",
            load.sessions.map { "\(Figures.grouped($0)) sessions" },
            load.writers.map { "\(Figures.grouped($0)) writers" },
            load.kind == .snapshot ? "\(Figures.percent(load.putRatio)) puts" : nil,
            load.kind == .devices ? "\(Figures.percent(load.listRatio)) lists" : nil,
            "state of \(Figures.bytes(Double(load.stateBytes)))",
        ].compactMap(\.self).joined(separator: ", ")
    }

    private static func arrival(_ arrival: Arrival) -> String {
        switch arrival {
        case .closed(let depth): "closed, \(depth) in flight"
        case .open(let profile):
            profile.stages.map { stage in
                let rates = [stage.startRate, stage.endRate].map { Figures.rate($0) }
                let span = rates[0] == rates[1] ? rates[0] : "\(rates[0]) to \(rates[1])"
                return stage.duration == .zero ? span : "\(span) for \(stage.duration.spelled)"
            }.joined(separator: ", ")
        }
    }
}
