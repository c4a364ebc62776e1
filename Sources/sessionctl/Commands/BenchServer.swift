import CommandKit
import SessionBench
import SessionClient
import SessionCodec
import SessionIO

/// The server's own figures of one run: read before it, and at the begin and the end of its measured part.
final class BenchServer {
    private let probe: ServerProbe
    /// Whether somebody asked for the figures, so that not having them is an error.
    private let isRequired: Bool
    private var before: ServerReading?
    private var start: ServerReading?
    private var end: ServerReading?

    /// Finds the server of a plan as `--admin` says, and asks it for the first time.
    ///
    /// - Returns: `nil` where nobody is to be asked, or nobody is found.
    /// - Throws: Where the place that `--admin` names cannot be asked.
    static func make(
        _ invocation: Invocation, _ plan: LoadPlan, _ baselines: BenchBaselines
    ) throws(CommandError) -> BenchServer? {
        let server: BenchServer
        switch invocation.settings[BenchOptions.admin] {
        case "none": return nil
        case let place?: server = BenchServer(try named(place, plan), isRequired: true)
        case nil:
            guard let probe = find(plan, invocation.context) else { return nil }
            server = BenchServer(probe, isRequired: false)
        }
        server.before = try server.read().map { baselines.first($0, from: server.probe) }
        return server
    }

    private init(_ probe: ServerProbe, isRequired: Bool) {
        self.probe = probe
        self.isRequired = isRequired
    }

    private static func named(_ place: String, _ plan: LoadPlan) throws(CommandError) -> ServerProbe {
        do throws(ServerProbeError) {
            var probe = try ServerProbe(parsing: place)
            probe.headers = plan.headers
            probe.security = plan.security
            return probe
        } catch {
            throw CommandError(error)
        }
    }

    /// The one server behind all targets; figures of one among several would mislead.
    private static func find(_ plan: LoadPlan, _ context: CommandContext) -> ServerProbe? {
        let folders = AdminSockets.folders(environment: context.environment)
        let probes = plan.targets.map { ServerProbe.find(behind: $0, in: folders) }
        guard let first = probes.first, probes.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// Asks again where the time has come.
    func handle(_ event: RunEvent) throws(CommandError) {
        switch event {
        case .measuring: start = try read()
        case .measured: end = try read()
        case .opening, .started, .second: break
        }
    }

    /// What happened in the measured part; `nil` where the server was not there all the time.
    var figures: ServerFigures? {
        guard let before, let start, let end else { return nil }
        return ServerFigures(before: before, start: start, end: end)
    }

    /// Begins to watch which connections the server names as slow, where a plan has some that never read.
    func watchSlow(_ plan: LoadPlan) throws(CommandError) -> SlowWatch? {
        guard case .topics(let load) = plan.workload, load.stuckRatio > 0 else { return nil }
        do throws(SystemError) {
            return try SlowWatch(probe)
        } catch {
            throw CommandError(.internal, error.description)
        }
    }

    private func read() throws(CommandError) -> ServerReading? {
        do throws(ServerProbeError) {
            return try probe.read()
        } catch {
            // A server that dies under load is what the rest of the report is about.
            guard isRequired, before == nil else { return nil }
            throw CommandError(error)
        }
    }
}

/// The first reading of each server's process in one command: memory that a run leaves behind is no server's usual size, but
/// what the next run's connections need.
final class BenchBaselines {
    private var readings: [(probe: ServerProbe, reading: ServerReading)] = []

    /// The first reading of a process, which may be this one.
    func first(_ reading: ServerReading, from probe: ServerProbe) -> ServerReading {
        let known = readings.first {
            $0.probe == probe && $0.reading.processIdentifier == reading.processIdentifier
        }
        if let known { return known.reading }
        readings.append((probe, reading))
        return reading
    }
}

extension CommandError {
    /// What could not be asked as the end of a command.
    fileprivate init(_ error: ServerProbeError) {
        self.init(ExitStatus(rawValue: error.status) ?? .unavailable, error.description)
    }
}
