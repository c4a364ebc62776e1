import SessionBase
import SessionClient
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
        } catch {
            port.post(.failed("\(error)", status: 71))
        }
    }

    private static func work(_ share: WorkerShare, _ port: WorkerPort) throws {
        switch share.plan.workload {
        case .echo: try run(EchoWorkload(share), share, port)
        case let other: port.post(.failed("the workload \(other.name) cannot be run", status: 64))
        }
    }

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
