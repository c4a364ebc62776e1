import SessionCodec
import SessionIO

/// Why a plan cannot work on this machine, and what would: one or two clauses without a full stop.
///
/// It leaves with exit status 78 (PROTOCOLS §1.10): the command line is a right one, and it is the configuration of this
/// machine that forbids it.
package struct LoadLimitError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The exit status that fits.
    package static let exitStatus: Int32 = 78
    /// The clauses.
    package let description: String
}

/// Tells before anything is opened whether a plan can work on a machine: failing after a minute of connecting helps nobody.
package enum LoadLimits {
    /// Descriptors of a process beside its connections: files, pollers, pipes, the server's admin socket.
    package static let descriptorsReserve = 64
    /// Memory of one connection at our end: its buffers here, and its socket in the kernel.
    package static let connectionBytes = 12 << 10
    /// What TLS adds to that: OpenSSL's connection and the two records it holds.
    package static let securityBytes = 48 << 10
    /// A shape in a board, as seed 003 writes one.
    package static let shapeBytes = 256
    /// What permessage-deflate adds: zlib's windows and hash tables, as its own documentation counts them.
    package static let compressionBytes = 308 << 10

    /// Checks a plan against a machine.
    ///
    /// - Throws: ``LoadLimitError`` for the first limit that forbids it: descriptors, ports, memory.
    package static func check(_ plan: LoadPlan, _ machine: MachineLimits) throws(LoadLimitError) {
        try checkDescriptors(plan, machine)
        try checkPorts(plan, machine)
        try checkMemory(plan, machine)
    }

    /// How much memory the plan's connections need, in bytes; a bound rather than a forecast.
    package static func memory(of plan: LoadPlan) -> Int {
        var bytes = connectionBytes
        if plan.targets.contains(where: \.isSecure) { bytes += securityBytes }
        if plan.offersCompression { bytes += compressionBytes }
        if case .closed(let depth) = plan.arrival, plan.workload.hasPayload {
            // What is sent and what comes back are both held once.
            bytes += 2 * depth * plan.payloadBytes
        }
        // A whole board is put together before it is read, in a buffer that grows by doubling.
        if case .board(let load) = plan.workload { bytes += 2 * load.shapes * shapeBytes }
        return bytes * plan.sockets
    }

    // MARK: Descriptors

    private static func checkDescriptors(_ plan: LoadPlan, _ machine: MachineLimits) throws(LoadLimitError) {
        let needed = plan.connectionsOfProcess + descriptorsReserve
        guard needed > machine.descriptors else { return }
        let open = "this process may open \(Figures.grouped(machine.descriptors))"
        let problem =
            "\(Figures.grouped(plan.connectionsOfProcess)) connections from one process need"
            + " \(Figures.grouped(needed)) descriptors; \(open)"
        let room = machine.descriptors - descriptorsReserve
        let raise = "raise the limit (ulimit -n \(needed))"
        guard room > 0 else { throw LoadLimitError(description: "\(problem): \(raise)") }
        let processes = (plan.sockets + room - 1) / room
        throw LoadLimitError(description: "\(problem): use --processes \(processes), or \(raise)")
    }

    // MARK: Ports

    private static func checkPorts(_ plan: LoadPlan, _ machine: MachineLimits) throws(LoadLimitError) {
        for target in plan.targets {
            guard case .host(let host, _) = target.address else { continue }
            let sources = max(1, plan.sources.count)
            let needed = plan.connections(to: target.address, sources: sources)
            guard needed > machine.ports else { continue }
            let problem =
                "\(Figures.grouped(needed)) connections to one address from one source need \(Figures.grouped(needed))"
                + " ports; \(Figures.grouped(machine.ports)) are free"
            let wanted = sourcesNeeded(plan, target.address, machine)
            throw LoadLimitError(description: "\(problem): \(advice(host, sources: wanted)), or name more targets")
        }
    }

    /// The fewest sources with which the ports suffice.
    private static func sourcesNeeded(_ plan: LoadPlan, _ address: Endpoint.Address, _ machine: MachineLimits) -> Int {
        let all = plan.connections(to: address, sources: 1)
        var sources = (all + machine.ports - 1) / machine.ports
        // Each target's share is rounded up, which may take one more.
        while plan.connections(to: address, sources: sources) > machine.ports { sources += 1 }
        return sources
    }

    /// Which option helps: a machine's own loopback addresses can be named, those of its other networks cannot.
    private static func advice(_ host: String, sources: Int) -> String {
        switch SocketAddress(numericHost: host, port: 0) {
        case .ipv4(let address, _)? where address >> 24 == 127: "use \(bind(sources))"
        case .ipv6? where SocketAddress(numericHost: host, port: 0)?.isLoopback == true:
            "connect to 127.0.0.1, which has neighbours, and use \(bind(sources))"
        case nil where host == "localhost": "connect to 127.0.0.1 and use \(bind(sources))"
        default: "use --bind with \(sources) addresses of this machine"
        }
    }

    /// The longest list that is written out; a longer one is described.
    private static let listedMax = 16

    private static func bind(_ sources: Int) -> String {
        let shown = (1...sources).prefix(listedMax).map { "127.0.\($0 >> 8).\($0 & 0xFF)" }.joined(separator: ",")
        if sources <= listedMax { return "--bind \(shown)" }
        return "--bind with \(sources) addresses of 127.0.0.0/8, such as \(shown)"
    }

    // MARK: Memory

    private static func checkMemory(_ plan: LoadPlan, _ machine: MachineLimits) throws(LoadLimitError) {
        let needed = memory(of: plan)
        guard let available = machine.availableBytes, needed > available else { return }
        throw LoadLimitError(
            description:
                "\(Figures.grouped(plan.sockets)) connections need about \(Figures.bytes(Double(needed))) of"
                + " memory; \(Figures.bytes(Double(available))) are available: use fewer connections, or several machines"
                + " and bench merge")
    }
}

extension WorkloadKind {
    /// Whether requests carry a payload whose length the plan decides.
    fileprivate var hasPayload: Bool {
        switch self {
        case .echo, .slow, .mix: true
        case .connect, .idle, .heartbeat, .register, .storm, .sync, .topics, .board: false
        }
    }
}
