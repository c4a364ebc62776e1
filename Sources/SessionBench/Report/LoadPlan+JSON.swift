import SessionBase
import SessionCodec

/// A plan in a document: everything but credentials, so that a reader can repeat the run.
extension LoadPlan {
    /// The plan without header fields, without queries and without the paths of certificates and keys.
    var document: JSONValue {
        [
            "targets": .texts(publicTargets), "workload": workload.document, "arrival": arrival.document,
            "connections": .whole(connections), "connect_rate_per_second": .real(connectRate),
            "handshakes_in_flight": .whole(handshakesInFlight), "duration_ns": .nanoseconds(duration),
            "warm_up_ns": .nanoseconds(warmUp), "timeout_ns": .nanoseconds(timeout), "sources": .texts(sources),
            "processes": .whole(processes), "threads": .whole(threads), "payload_bytes": .whole(payloadBytes),
            "jitter": .real(jitter), "checking": .boolean(isChecking), "spinning": .boolean(isSpinning),
            "compression": .boolean(offersCompression), "insecure": .boolean(security.isVerificationOff),
            "seed": .string(String(seed)),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        var targets: [Endpoint] = []
        for target in try place.list("targets") { targets.append(try target.endpoint()) }
        self.init(targets: targets, workload: try WorkloadKind(reading: try place.at("workload")))
        arrival = try Arrival(reading: try place.at("arrival"))
        connections = try place.int("connections")
        connectRate = try place.optional("connect_rate_per_second")?.double()
        handshakesInFlight = try place.int("handshakes_in_flight")
        duration = try place.duration("duration_ns")
        warmUp = try place.duration("warm_up_ns")
        timeout = try place.duration("timeout_ns")
        sources = try place.texts("sources")
        processes = try place.int("processes")
        threads = try place.int("threads")
        payloadBytes = try place.int("payload_bytes")
        jitter = try place.double("jitter")
        isChecking = try place.flag("checking")
        isSpinning = try place.flag("spinning")
        offersCompression = try place.flag("compression")
        security.isVerificationOff = try place.flag("insecure")
        seed = try place.at("seed").unsigned()
    }
}

extension Arrival {
    fileprivate var document: JSONValue {
        switch self {
        case .closed(let depth): ["model": "closed", "depth": .whole(depth)]
        case .open(let profile):
            [
                "model": "open",
                "stages": .array(
                    profile.stages.map { stage in
                        [
                            "duration_ns": .nanoseconds(stage.duration),
                            "start_rate_per_second": .real(stage.startRate),
                            "end_rate_per_second": .real(stage.endRate),
                        ]
                    }),
            ]
        }
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        switch try place.text("model") {
        case "closed": self = .closed(depth: try place.int("depth"))
        case "open":
            var stages: [RateProfile.Stage] = []
            for stage in try place.list("stages") {
                stages.append(
                    RateProfile.Stage(
                        duration: try stage.duration("duration_ns"), from: try stage.double("start_rate_per_second"),
                        to: try stage.double("end_rate_per_second")))
            }
            self = .open(RateProfile(stages: stages))
        default: throw try place.at("model").error("must be closed or open")
        }
    }
}

extension WorkloadKind {
    fileprivate var document: JSONValue {
        switch self {
        case .echo, .connect, .idle, .heartbeat, .register: ["name": .string(name)]
        case .storm(let dropAt): ["name": .string(name), "drop_at_ns": .nanoseconds(dropAt)]
        case .slow(let readers):
            [
                "name": .string(name), "slow_ratio": .real(readers.fraction),
                "read_bytes_per_second": .whole(readers.bytesPerSecond),
            ]
        case .mix(let scenario):
            [
                "name": .string(name), "scenario": .string(scenario.name), "profile": .string(scenario.profile),
                "steps": .array(
                    scenario.steps.map { ["weight": .whole($0.weight), "send": .string($0.message)] }),
            ]
        case .sync(let load): load.document
        case .topics(let load): load.document
        case .board(let load): load.document
        }
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        switch try place.text("name") {
        case "echo": self = .echo
        case "connect": self = .connect
        case "idle": self = .idle
        case "heartbeat": self = .heartbeat
        case "register": self = .register
        case "storm": self = .storm(dropAt: try place.duration("drop_at_ns"))
        case "slow":
            self = .slow(
                SlowReaders(
                    fraction: try place.double("slow_ratio"), bytesPerSecond: try place.int("read_bytes_per_second")))
        case "mix":
            var steps: [Scenario.Step] = []
            for step in try place.list("steps") {
                steps.append(Scenario.Step(weight: try step.int("weight"), message: try step.text("send")))
            }
            self = .mix(
                Scenario(name: try place.text("scenario"), profile: try place.text("profile"), steps: steps))
        case let name where SyncLoad.Kind(rawValue: name) != nil:
            self = .sync(try SyncLoad(SyncLoad.Kind(rawValue: name) ?? .snapshot, reading: place))
        case let name where TopicLoad.Kind(rawValue: name) != nil:
            self = .topics(try TopicLoad(TopicLoad.Kind(rawValue: name) ?? .fanout, reading: place))
        case "board": self = .board(try BoardLoad(reading: place))
        default: throw try place.at("name").error("is a workload that this version does not know")
        }
    }
}

extension SyncLoad {
    fileprivate var document: JSONValue {
        [
            "name": .string(kind.rawValue), "devices_per_session": .whole(devicesPerSession),
            "sessions": sessions.map { .whole($0) } ?? .null, "writers": writers.map { .whole($0) } ?? .null,
            "state_bytes": .whole(stateBytes), "put_ratio": .real(putRatio), "list_ratio": .real(listRatio),
            "http_connections": .whole(httpConnections),
        ]
    }

    fileprivate init(_ kind: Kind, reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(kind)
        devicesPerSession = try place.int("devices_per_session")
        sessions = try place.optional("sessions").map { (place) throws(BenchDocumentError) in Int(try place.int64()) }
        writers = try place.optional("writers").map { (place) throws(BenchDocumentError) in Int(try place.int64()) }
        stateBytes = try place.int("state_bytes")
        putRatio = try place.double("put_ratio")
        listRatio = try place.double("list_ratio")
    }
}
