import SessionBase
import SessionCodec

/// What the first process of a load tells another one: a line of JSON on its standard input.
enum WorkerOrder: Equatable {
    /// Begin to open connections, for the workers from number `first` on.
    case open(LoadPlan, first: Int)
    /// The warm-up begins at an instant of the clock that all processes of a machine share.
    case start(Instant)
    /// End early.
    case stop

    /// The line with its line feed.
    var line: [UInt8] {
        var bytes: [UInt8] = []
        json.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Reads a line without its line feed.
    init(line: Span<UInt8>) throws(BenchDocumentError) {
        let place = try WorkerLine.place(line)
        switch try place.text("order") {
        case "open": self = .open(try LoadPlan(readingAll: try place.at("plan")), first: try place.int("first"))
        case "start": self = .start(Instant(nanoseconds: try place.int64("at_ns")))
        case "stop": self = .stop
        default: throw try place.at("order").error("is no order")
        }
    }

    private var json: JSONValue {
        switch self {
        case .open(let plan, let first):
            ["order": "open", "first": .whole(first), "plan": plan.completeDocument]
        case .start(let instant): ["order": "start", "at_ns": .whole(instant.nanoseconds)]
        case .stop: ["order": "stop"]
        }
    }
}

/// A plan with what documents leave out: credentials, certificates and whole URLs.
extension LoadPlan {
    /// ``document`` with all that a worker needs; it goes through a pipe and is never stored.
    fileprivate var completeDocument: JSONValue {
        guard case .object(var object) = document else { preconditionFailure("a plan is written as an object") }
        object["targets"] = .texts(targets.map(\.description))
        object["headers"] = .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] })
        object["authorities"] = security.authoritiesPath.map(JSONValue.string)
        object["certificate"] = security.certificatePath.map(JSONValue.string)
        object["key"] = security.keyPath.map(JSONValue.string)
        object["insecure"] = .boolean(security.isVerificationOff)
        object["secret"] = secret.map { .array($0.map { .whole(Int($0)) }) }
        if case .topics(let load) = workload { object["sessions"] = .texts(load.sessions) }
        return .object(object)
    }

    /// Reads what ``completeDocument`` writes.
    fileprivate init(readingAll place: DocumentPlace) throws(BenchDocumentError) {
        try self.init(reading: place)
        for header in try place.list("headers") {
            headers.append(HeaderField(name: try header.text("name"), value: try header.text("value")))
        }
        security.authoritiesPath = try place.optional("authorities")?.text()
        security.certificatePath = try place.optional("certificate")?.text()
        security.keyPath = try place.optional("key")?.text()
        security.isVerificationOff = try place.flag("insecure")
        if case .topics(var load) = workload {
            load.sessions = try place.texts("sessions")
            workload = .topics(load)
        }
        guard place.optional("secret") != nil else { return }
        var secret: [UInt8] = []
        for byte in try place.list("secret") { secret.append(UInt8(truncatingIfNeeded: try byte.int64())) }
        self.secret = secret
    }

    /// What tokens are signed with; `nil` where there are none.
    private var secret: [UInt8]? {
        get {
            switch workload {
            case .sync(let load): load.secret
            case .board(let load): load.secret
            default: nil
            }
        }
        set {
            switch workload {
            case .sync(var load):
                load.secret = newValue
                workload = .sync(load)
            case .board(var load):
                load.secret = newValue
                workload = .board(load)
            default: break
            }
        }
    }
}
