import SessionBase
import SessionClient
import SessionCodec

/// The figures of a run in words, shared by all forms for people; harmless to a terminal, not yet escaped for markup.
extension RunReport {
    /// How well the generator did: what the verdict rests on.
    var verdictWords: [String] {
        let usage = total.generator
        let workers = Self.counted(plan.workers, "worker")
        return [
            "generator busy \(busyRatio.map(Figures.percent) ?? Figures.none) of \(workers)",
            total.slip.count > 0 && !isClosedLoop
                ? "slip p99 \(Figures.time(Double(total.slip.percentile(0.99))))" : nil,
            "backlog \(Figures.bytes(Double(usage.backlogBytesMax)))",
            usage.blockedSends > 0 ? "\(Figures.grouped(usage.blockedSends)) blocked sends" : nil,
        ].compactMap(\.self)
    }

    /// What was asked for.
    var loadWords: [String] {
        let targets = plan.publicTargets.map(SafeText.line)
        let place = targets.count > 2 ? "\(targets[0]) and \(targets.count - 1) more" : targets.joined(separator: ", ")
        return [
            "\(workloadWords) on \(place)", Self.counted(plan.connections, participant),
            syncWords, topicLoad.map { $0.words.joined(separator: " · ") },
            boardLoad.map { $0.words.joined(separator: " · ") },
            isRequesting ? arrivalWords : nil,
            plan.connectRate.map { "opened at \(Figures.rate($0))" },
            hasPayload ? "payload \(Figures.bytes(Double(plan.payloadBytes)))" : nil,
            plan.offersCompression ? "compression offered" : nil,
            plan.jitter > 0 ? "jitter \(Figures.percent(plan.jitter))" : nil,
        ].compactMap(\.self)
    }

    /// How long it took, and what is in no figure.
    var measuredWords: String {
        let length = measured.spelled
        let ending = wasInterrupted ? ", then interrupted" : ""
        guard plan.warmUp > .zero else { return "\(length)\(ending); without a warm-up" }
        return "\(length)\(ending); the warm-up of \(plan.warmUp.spelled) before it is in no figure"
    }

    /// Requests and replies a second; empty where nothing is requested.
    var rateWords: [String] {
        guard isRequesting else { return [] }
        return [
            askedPerSecond.map { "asked \(Figures.rate($0))" }, "sent \(Figures.rate(sentPerSecond))",
            "received \(Figures.rate(receivedPerSecond))",
            total.counts.delivered > 0 ? "delivered \(Figures.rate(deliveredPerSecond))" : nil,
        ].compactMap(\.self)
    }

    /// What was wrong with replies.
    var errorWords: [String] {
        guard isRequesting else { return [] }
        let counts = total.counts
        return [
            "loss \(Figures.grouped(counts.lost))", "dup \(Figures.grouped(counts.duplicated))",
            "reorder \(Figures.grouped(counts.reordered))",
            plan.isChecking ? "wrong \(Figures.grouped(counts.wrong))" : "unchecked",
            deliveryWords,
            counts.pushed > 0 ? "pushed \(Figures.grouped(counts.pushed))" : nil,
        ].compactMap(\.self)
    }

    /// What became of messages to others than those who asked; `nil` where there were none.
    private var deliveryWords: String? {
        let counts = total.counts
        guard counts.delivered &+ counts.undelivered > 0 else { return nil }
        return [
            "delivered \(Figures.grouped(counts.delivered))", "undelivered \(Figures.grouped(counts.undelivered))",
            "again \(Figures.grouped(counts.redelivered))", "late \(Figures.grouped(counts.misordered))",
        ].joined(separator: "  ")
    }

    /// What was wrong with wrong replies, the most frequent first.
    var faultWords: [String] {
        total.counts.faults.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\(SafeText.line($0.key)) × \(Figures.grouped($0.value))"
        }
    }

    /// One row of the latency table.
    struct LatencyRow {
        var name: String
        var explanation: String
        var histogram: HdrHistogram
    }

    /// The latencies there are: both in an open loop, one in a closed loop, where they are the same.
    var latencyRows: [LatencyRow] {
        if case .storm = plan.workload {
            return [LatencyRow(name: "return", explanation: "from the cut", histogram: total.response)]
                .filter { $0.histogram.count > 0 }
        }
        let origin = isClosedLoop ? "from the sending" : "from the planned time"
        let operations = total.operations.map {
            LatencyRow(name: $0.name, explanation: origin, histogram: $0.response)
        }
        return operations.filter { $0.histogram.count > 0 } + wholeRows
    }

    /// The latencies of whole requests.
    private var wholeRows: [LatencyRow] {
        if isClosedLoop {
            return latency.count == 0
                ? [] : [LatencyRow(name: "latency", explanation: "from the sending", histogram: latency)]
        }
        return [
            LatencyRow(name: "response", explanation: "from the planned time", histogram: total.response),
            LatencyRow(name: "service", explanation: "from the sending", histogram: total.service),
        ].filter { $0.histogram.count > 0 }
    }

    /// What a reader must know before believing the figures.
    var cautions: [String] {
        let saturated = total.response.saturated
        return [
            isRequesting && isClosedLoop && latency.count > 0
                ? "a closed loop's latency hides stalls, for a request waits until the last one is answered; "
                    + "-R asks at a rate" : nil,
            plan.isChecking ? nil : "unchecked: replies were counted, not compared with what they must be",
            plan.security.isVerificationOff ? "the server's certificate was not verified" : nil,
            saturated > 0
                ? "\(Figures.grouped(saturated)) replies took more than a minute; percentiles end there" : nil,
        ].compactMap(\.self)
    }

    /// The 99th percentiles of the handshake's parts, in ms; empty without handshakes.
    var phaseWords: [String] {
        let phases = [
            ("tcp", total.phases.connect), ("tls", total.phases.tls), ("upgrade", total.phases.upgrade),
            (greetingName, total.phases.greeting),
        ]
        guard phases.contains(where: { $0.1.count > 0 }) else { return [] }
        return phases.map { name, histogram in
            "\(name) \(histogram.count > 0 ? Figures.milliseconds(histogram.percentile(0.99)) : Figures.none)"
        }
    }

    /// What the server used; empty where it was not asked.
    var serverWords: [String] {
        guard let server else { return [] }
        return [
            server.cpuRatio.map { "CPU \(Figures.percent($0))" },
            server.cpuPerMessage.map { "\(Figures.time($0))/message" },
            "resident \(Figures.bytes(Double(server.residentBytes)))",
            server.bytesPerConnection.map { "\(Figures.bytes($0))/connection" },
            "queue at most \(Figures.bytes(Double(server.queuedBytesMax))) since its start",
            "sessionctl \(SafeText.line(server.version))",
        ].compactMap(\.self)
    }

    /// How connections ended, the most frequent reason first, as the generator saw it.
    var closeWords: [String] {
        total.counts.ends.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\(SafeText.line($0.key)) × \(Figures.grouped($0.value))"
        }
    }

    /// How connections ended as the server saw it.
    var serverCloseWords: [String] {
        (server?.closes ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\($0.key) × \(Figures.grouped($0.value))"
        }
    }

    /// What only this workload found: what it is, and its value.
    var findingWords: [(name: String, value: String)] {
        findings.map { (SafeText.line($0.summary), Figures.value($0.value, unit: $0.unit)) }
    }

    /// The machine of the generator.
    var machineWords: [String] {
        [
            machine.processor.isEmpty ? nil : SafeText.line(machine.processor),
            Self.counted(machine.processors, "processor"), SafeText.line(machine.system),
            "sessionctl \(SafeText.line(machine.version))",
        ].compactMap(\.self)
    }

    private var greetingName: String {
        switch plan.workload {
        case .heartbeat, .register, .storm: "register"
        case .sync: "auth"
        case .topics(let load): load.kind == .fanout ? "subscribe" : "join"
        case .board: "board"
        default: "greeting"
        }
    }

    private var isRequesting: Bool { plan.isRequesting }

    private var syncLoad: SyncLoad? { if case .sync(let load) = plan.workload { load } else { nil } }

    private var topicLoad: TopicLoad? { if case .topics(let load) = plan.workload { load } else { nil } }

    private var boardLoad: BoardLoad? { if case .board(let load) = plan.workload { load } else { nil } }

    /// What the connections are called that do not only send requests.
    private var participant: String {
        switch plan.workload {
        case .sync: "device"
        case .topics(let load): load.kind == .fanout ? "subscriber" : "kiosk"
        case .board: "member"
        default: "connection"
        }
    }

    /// How a load on the sync service is made up; `nil` for others.
    private var syncWords: String? {
        guard let load = syncLoad else { return nil }
        let words = [
            load.devicesPerSession > 1 ? "\(load.devicesPerSession) a session" : nil,
            load.sessions.map { Self.counted($0, "session") },
            load.kind.usesHTTP ? "\(Self.counted(load.httpConnections, "HTTP connection"))" : nil,
            load.kind.usesHTTP ? nil : load.writers.map { "\(Figures.grouped($0)) of them writing" },
            load.kind == .snapshot ? "\(Figures.percent(load.putRatio)) puts" : nil,
            load.kind == .devices && isRequesting ? "\(Figures.percent(load.listRatio)) lists" : nil,
            load.kind == .devices ? nil : "state \(Figures.bytes(Double(load.stateBytes)))",
        ].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: " · ")
    }

    private var hasPayload: Bool {
        switch plan.workload {
        case .echo, .slow, .topics: true
        default: false
        }
    }

    private var workloadWords: String {
        switch plan.workload {
        case .storm(let dropAt): "storm, all cut after \(dropAt.spelled),"
        case .slow(let readers):
            "slow, \(Figures.percent(readers.fraction)) reading "
                + (readers.bytesPerSecond == 0 ? "nothing," : "\(Figures.bytes(Double(readers.bytesPerSecond)))/s,")
        case .mix(let scenario): "mix of \(SafeText.line(scenario.name))"
        default: plan.workload.name
        }
    }

    private var arrivalWords: String {
        switch plan.arrival {
        case .closed(let depth): return "closed loop, \(Self.counted(depth, "request")) in flight each"
        case .open(let profile):
            let stages = profile.stages
            guard let first = stages.first, let last = stages.last else { return "open loop" }
            let rates = stages.flatMap { [$0.startRate, $0.endRate] }
            if rates.allSatisfy({ $0 == first.startRate }) { return "open loop at \(Figures.rate(first.startRate))" }
            return "open loop from \(Figures.rate(first.startRate)) to \(Figures.rate(last.endRate))"
                + " in \(Self.counted(stages.count, "stage"))"
        }
    }

    /// A number and a noun in the right number.
    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(Figures.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }
}
