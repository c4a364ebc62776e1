import SessionBase
import SessionClient
import SessionCodec
import SessionIO

/// The worker that makes the load: what a thread of `bench` runs.
package enum LoadWorker {
    /// Does one worker's share of a run and tells of it; blocks the calling thread until `.finished` or `.failed` was posted.
    ///
    /// - Parameters:
    ///   - share: The run, and which part of it.
    ///   - port: Says when to start and when to stop early; takes what happens.
    package static func run(_ share: WorkerShare, _ port: WorkerPort) {
        SystemThread.sharpenTimers()
        do {
            try work(share, port)
        } catch let failure as ClientFailure {
            port.post(.failed("\(failure)", status: Int(failure.verdict.rawValue)))
        } catch let unknown as AwarenessWorkload.UnknownMessage {
            port.post(.failed("awareness clients send no \"\(unknown.name)\"", status: 65))
        } catch {
            port.post(.failed("\(error)", status: 71))
        }
    }

    private static func work(_ share: WorkerShare, _ port: WorkerPort) throws {
        switch share.plan.workload {
        case .echo, .slow: try run(EchoWorkload(share), share, port)
        case .connect: try run(CycleWorkload(), share, port)
        case .idle: try run(QuietWorkload(), share, port)
        case .heartbeat: try run(AwarenessWorkload(share, steps: [heartbeat]), share, port)
        case .register, .storm: try run(AwarenessWorkload(share, steps: [register]), share, port)
        case .mix(let scenario) where scenario.profile == ProtocolID.echo.rawValue:
            try run(EchoMixWorkload(share, steps: scenario.steps), share, port)
        case .mix(let scenario): try run(AwarenessWorkload(share, steps: scenario.steps), share, port)
        case .sync(let load): try work(share, load, port)
        case .topics(let load): try run(TopicWorkload(share, load), share, port)
        case .board(let load): try run(BoardWorkload(share, load), share, port)
        }
    }

    private static func work(_ share: WorkerShare, _ load: SyncLoad, _ port: WorkerPort) throws {
        switch load.kind {
        case .snapshot: try run(SnapshotWorkload(share, load), share, port)
        case .handoff: try run(HandoffWorkload(share, load), share, port)
        case .state: try run(StateWorkload(share, load), share, port)
        case .devices: try run(DevicesWorkload(share, load), share, port)
        case .conflict: try run(ConflictWorkload(share, load), share, port)
        }
    }

    private static let heartbeat = Scenario.Step(weight: 1, message: "heartbeat")
    private static let register = Scenario.Step(weight: 1, message: "register")

    private static func run(_ work: consuming some Workload & ~Copyable, _ share: WorkerShare, _ port: WorkerPort)
        throws
    {
        var targets: [LoadTarget] = []
        for endpoint in share.plan.targets { targets.append(try LoadTarget(endpoint, share.plan)) }
        let sources = share.plan.sources.compactMap { SocketAddress(numericHost: $0, port: 0) }
        var loop = try WorkerLoop(share, port, work: work, targets: targets, sources: sources)
        try loop.run()
    }
}
