package import SessionCodec

/// Everything that decides what load one run makes: a value, so that runs can be repeated, split and written down.
package struct LoadPlan: Equatable, Sendable {
    /// Where to; connection `i` of the run goes to target `i % targets.count`.
    package var targets: [Endpoint]
    /// What the connections do.
    package var workload: WorkloadKind
    /// How many connections there are in the whole run.
    package var connections = 1
    /// When requests leave.
    package var arrival = Arrival.closed(depth: 1)
    /// How long the measured part lasts.
    package var duration = Duration.seconds(10)
    /// How long load flows before anything is measured.
    package var warmUp = Duration.seconds(2)
    /// How many connections are opened a second; `nil` opens as fast as ``handshakesInFlight`` allow.
    package var connectRate: Double?
    /// How many handshakes of one worker are under way at once.
    package var handshakesInFlight = 128
    /// How long a handshake, and at the end the last reply, is waited for.
    package var timeout = Duration.seconds(10)
    /// Addresses to connect from, used in turn; empty leaves the choice to the kernel.
    package var sources: [String] = []
    /// Processes that make the load; each has ``threads`` workers.
    package var processes = 1
    /// Workers of one process.
    package var threads = 1
    /// Bytes of a payload, where the workload lets one choose.
    package var payloadBytes = 128
    /// How far an arrival may be moved, as a part of the gap between two, 0...1; 0 is a metronome.
    package var jitter = 0.0
    /// Whether replies are decoded and compared; otherwise they are counted.
    package var isChecking = true
    /// Whether a worker with a rate polls without sleeping, so that its own wake-ups are in no figure.
    package var isSpinning = true
    /// Whether permessage-deflate is offered.
    package var offersCompression = false
    /// Header fields added to each handshake, such as credentials; never written into a report.
    package var headers: [HeaderField] = []
    /// Certificates for `wss`.
    package var security = BenchSecurity()
    /// Secret bits for mask keys, jitter and choices; the same seed makes the same choices.
    package var seed: UInt64 = 0

    /// Makes a plan of one connection with one request in flight.
    package init(targets: [Endpoint], workload: WorkloadKind) {
        self.targets = targets
        self.workload = workload
    }

    /// The number of workers of all processes.
    package var workers: Int { processes * threads }

    /// What plain HTTP requests name as their host: the first target's, for all targets are one service.
    package var authority: String { targets.first?.authority ?? "localhost" }

    /// Whether requests are sent all the time, so that the run has a rate.
    package var isRequesting: Bool {
        switch (workload, arrival) {
        case (.idle, _), (.storm, _): false
        case (.sync(let load), .closed): load.kind != .devices
        default: true
        }
    }

    /// How many connections there are beside ``connections`` that only send requests.
    package var requestConnections: Int {
        switch workload {
        case .sync(let load): load.httpConnections
        case .topics(let load): load.publishers
        default: 0
        }
    }

    /// Whether those are plain HTTP connections, and not WebSockets.
    package var requestsUseHTTP: Bool { if case .topics(let load) = workload { load.way == .http } else { true } }

    /// What must hold without anybody asking for it, as `--assert` takes it: that those who were cut off got everything, and
    /// that all boards are as they were written.
    package var promises: [String] {
        switch workload {
        case .topics(let load) where load.away != nil: ["loss==0", "dup==0", "reorder==0", "wrong==0"]
        case .board: ["loss==0", "wrong==0", "missing==0", "extra==0", "different==0"]
        default: []
        }
    }

    /// All sockets of the run.
    package var sockets: Int { connections + requestConnections }

    /// How many of the sockets send requests: those that do nothing else where there are such, else as many as write.
    package var requesters: Int {
        if requestConnections > 0 { return requestConnections }
        guard case .sync(let load) = workload else { return connections }
        return min(load.writers ?? connections, connections)
    }

    /// The connections that read slowly, or not at all; `nil` where there are none.
    var slowReaders: SlowReaders? {
        switch workload {
        case .slow(let readers): readers
        case .topics(let load) where load.stuckRatio > 0: SlowReaders(fraction: load.stuckRatio, bytesPerSecond: 0)
        default: nil
        }
    }
}

/// One header field of a handshake.
package struct HeaderField: Equatable, Sendable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: String

    /// Makes a field.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What `wss` connections trust and show.
package struct BenchSecurity: Equatable, Sendable {
    /// A PEM file with the trusted authorities; `nil` for the system's.
    package var authoritiesPath: String?
    /// A PEM file with the client's certificate.
    package var certificatePath: String?
    /// A PEM file with its private key.
    package var keyPath: String?
    /// Whether any certificate will do.
    package var isVerificationOff = false

    /// Trusts the system's authorities.
    package init() {}
}

/// What the connections of a run do, with what only that workload needs.
package enum WorkloadKind: Equatable, Sendable {
    /// Sends binary messages with a sequence number and expects each back.
    case echo
    /// Opens a connection, closes it, and again; the latency is that of the handshake.
    case connect
    /// Opens connections and holds them.
    case idle
    /// Awareness: registers a window per connection, then sends heartbeats.
    case heartbeat
    /// Awareness: registers a window per connection, then the same window again and again.
    case register
    /// Awareness: registers a window per connection; `dropAt` after the start of the measured part all connections are cut
    /// at once, and come back.
    case storm(dropAt: Duration)
    /// Like `echo`, but a part of the connections reads slowly.
    case slow(SlowReaders)
    /// A scenario of weighted steps.
    case mix(Scenario)
    /// Devices of sync's sessions, and what happens to their state.
    case sync(SyncLoad)
    /// Subscribers of channels, or kiosks of lockers, and what is published to them.
    case topics(TopicLoad)
    /// Members of whiteboard rooms, who change shapes and see what all do.
    case board(BoardLoad)

    /// The workload's name on the command line and in reports.
    package var name: String {
        switch self {
        case .echo: "echo"
        case .connect: "connect"
        case .idle: "idle"
        case .heartbeat: "heartbeat"
        case .register: "register"
        case .storm: "storm"
        case .slow: "slow"
        case .mix: "mix"
        case .sync(let load): load.kind.rawValue
        case .topics(let load): load.kind.rawValue
        case .board: "board"
        }
    }

    /// What the requests of the workload are made of, each with times of its own; empty where all are alike.
    package var operations: [String] {
        switch self {
        case .sync(let load): load.kind.operations
        case .topics(let load): load.operations
        case .board(let load): load.operations
        default: []
        }
    }
}

/// The connections that read slowly in a `slow` run.
package struct SlowReaders: Equatable, Sendable {
    /// Which part of the connections, 0...1.
    package var fraction: Double
    /// How many bytes each reads a second; 0 reads nothing.
    package var bytesPerSecond: Int

    /// Describes the slow connections.
    package init(fraction: Double, bytesPerSecond: Int) {
        self.fraction = fraction
        self.bytesPerSecond = bytesPerSecond
    }
}
