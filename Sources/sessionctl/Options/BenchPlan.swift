import CommandKit
import SessionBase
import SessionBench
import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO
import SessionTerminal

/// From the options of `bench WORKLOAD` to the plan of a run.
struct BenchPlan {
    private let invocation: Invocation
    private let settings: Settings

    /// Reads the options of a command line.
    ///
    /// - Throws: Status 64 or 78 where options contradict each other, 66 or 65 for a scenario that cannot be read.
    static func make(_ invocation: Invocation) throws(CommandError) -> LoadPlan {
        try BenchPlan(invocation: invocation, settings: invocation.settings).plan()
    }

    private func plan() throws(CommandError) -> LoadPlan {
        try BenchRules.check(settings)
        let workload = try workload()
        var plan = LoadPlan(targets: try targets(of: workload), workload: workload)
        try setLoad(&plan)
        try setConnections(&plan)
        return plan
    }

    // MARK: Workload and targets

    private func workload() throws(CommandError) -> WorkloadKind {
        switch invocation.parsed.path.last {
        case "connect": return .connect
        case "idle": return .idle
        case "heartbeat": return .heartbeat
        case "register": return .register
        case "storm": return .storm(dropAt: settings[BenchOptions.dropAt])
        case "slow":
            let readers = SlowReaders(
                fraction: settings[BenchOptions.slow], bytesPerSecond: settings[BenchOptions.readRate])
            return .slow(readers)
        case let name? where SyncLoad.Kind(rawValue: name) != nil:
            let load = try BenchSyncOptions.load(SyncLoad.Kind(rawValue: name) ?? .snapshot, settings)
            try BenchSyncOptions.check(load, connections: settings[BenchOptions.connections], settings)
            return .sync(load)
        case let name? where TopicLoad.Kind(rawValue: name) != nil:
            return .topics(try BenchTopicOptions.load(TopicLoad.Kind(rawValue: name) ?? .fanout, settings))
        case "board": return .board(try BenchBoardOptions.load(settings, environment: invocation.context.environment))
        case "mix": return .mix(try scenario(invocation.parsed.operand("FILE") ?? ""))
        default: return .echo
        }
    }

    private func scenario(_ path: String) throws(CommandError) -> Scenario {
        let bytes = try TextFile.readBytes(path)
        do throws(ScenarioError) {
            return try Scenario.parse(bytes, name: path)
        } catch {
            throw CommandError(.badData, "\(error)")
        }
    }

    /// The URLs, or else the native listener of the profile that the workload speaks.
    private func targets(of workload: WorkloadKind) throws(CommandError) -> [Endpoint] {
        let urls = invocation.parsed.operands("URL")
        guard urls.isEmpty else {
            var targets: [Endpoint] = []
            for url in urls { targets.append(try Invocation.endpoint(parsing: url)) }
            return targets
        }
        let profile = Self.profile(of: workload).descriptor
        let address = Endpoint.Address.host("127.0.0.1", port: profile.defaultPort)
        return [Endpoint(address: address, target: profile.nativePaths.first ?? "/")]
    }

    private static func profile(of workload: WorkloadKind) -> ProtocolID {
        switch workload {
        case .echo, .connect, .idle, .slow: .echo
        case .heartbeat, .register, .storm: .awareness
        case .sync: .sync
        case .topics(let load): load.kind == .fanout ? .channels : .lockers
        case .board: .board
        case .mix(let scenario): ProtocolID(rawValue: scenario.profile) ?? .awareness
        }
    }

    // MARK: Load

    private func setLoad(_ plan: inout LoadPlan) throws(CommandError) {
        let isSearch = settings.isSet(BenchOptions.findMax)
        plan.connections = settings[BenchOptions.connections]
        plan.duration = settings[BenchOptions.duration]
        plan.warmUp = settings[BenchOptions.warmUp]
        if isSearch, !settings.isSet(BenchOptions.duration) { plan.duration = .seconds(5) }
        if isSearch, !settings.isSet(BenchOptions.warmUp) { plan.warmUp = .seconds(1) }
        plan.arrival = try arrival()
        if case .board(let load) = plan.workload { plan.arrival = load.arrival(of: plan.connections) }
        plan.payloadBytes = settings[BenchOptions.size]
        if case .topics = plan.workload { plan.payloadBytes = settings[BenchTopicOptions.size] }
        plan.jitter = settings[BenchOptions.jitter]
        plan.isChecking = !settings[BenchOptions.noCheck]
        plan.isSpinning = !settings[BenchOptions.noSpin]
        plan.processes = settings[BenchOptions.processes]
        plan.threads = settings[BenchOptions.threads]
        plan.seed = settings[BenchOptions.seed].map { UInt64($0) } ?? SecureRandom.word()
        guard plan.connections >= plan.workers else {
            throw settings.error(
                BenchOptions.connections, "each of \(plan.workers) threads needs a connection; write a larger number")
        }
        if case .storm(let dropAt) = plan.workload, dropAt >= plan.duration {
            throw settings.error(
                BenchOptions.dropAt, "the measured part is over by then; write less than --duration")
        }
    }

    private func arrival() throws(CommandError) -> Arrival {
        if let every = settings[BenchOptions.every] {
            let rate = Double(settings[BenchOptions.connections]) * 1e9 / Double(every.nanoseconds)
            return .open(RateProfile(constant: rate))
        }
        if let text = settings[BenchOptions.stages] {
            do throws(ValueError) {
                return .open(try BenchStages.parse(text))
            } catch {
                throw settings.error(BenchOptions.stages, error.remedy)
            }
        }
        if let rate = settings[BenchOptions.rate] { return .open(RateProfile(constant: rate)) }
        if settings.isSet(BenchOptions.findMax) { return .open(RateProfile(constant: BenchRules.firstRate)) }
        return .closed(depth: settings[BenchOptions.depth] ?? 1)
    }

    // MARK: Connections

    private func setConnections(_ plan: inout LoadPlan) throws(CommandError) {
        plan.connectRate = settings[BenchOptions.connectRate]
        plan.timeout = settings[BenchOptions.timeout]
        plan.sources = settings[BenchOptions.bind]
        plan.offersCompression = settings[ClientOptions.compress]
        plan.headers = try invocation.headers().map { HeaderField(name: $0.name, value: $0.value) }
        plan.security.authoritiesPath = settings[ClientOptions.caCertificate]
        plan.security.certificatePath = settings[ClientOptions.certificate]
        plan.security.keyPath = settings[ClientOptions.key]
        plan.security.isVerificationOff = settings[ClientOptions.insecure]
        for source in plan.sources where SocketAddress(numericHost: source, port: 0) == nil {
            throw settings.error(BenchOptions.bind, "write addresses such as 127.0.0.2, separated by commas")
        }
    }
}
