extension LockersCall {
    /// Reads a request of lockers' HTTP API.
    ///
    /// - Parameters:
    ///   - path: All segments of the path, percent-decoded each, as ``HTTPTarget/segments(of:)`` gives them.
    ///   - query: The parameters of the target's query; `details` is looked at.
    ///   - fields: `Idempotency-Key` is looked at.
    /// - Throws: ``LockersFailure`` with status 400, 404, 405 or 413.
    package static func parse(
        method: String, path: [String], query: [(name: String, value: String)] = [], fields: HTTPFields = [:],
        body: [UInt8]
    ) throws(LockersFailure) -> LockersCall {
        guard path.count >= 3, path[0] == "api", path[1] == "websocket" else { throw LockersFailure(.notFound) }
        switch (path.count, path[2]) {
        case (3, "status"):
            try require(method, "GET")
            return .status(isDetailed: try flag("details", query))
        case (3, "broadcast"):
            try require(method, "POST")
            return .broadcast(try LockersBroadcast(LockersBody(body).fields, key: key(fields)))
        case (4, "events"):
            guard let kind = kinds[path[3]] else { throw LockersFailure(.notFound) }
            try require(method, "POST")
            return .emit(try LockersEmission(kind, LockersBody(body).fields, key: key(fields)))
        case (4, "commands"):
            try require(method, "GET")
            guard IdentifierRule.allows(path[3]) else { throw .field("commandId") }
            return .commandAcks(path[3])
        default: throw LockersFailure(.notFound)
        }
    }

    /// The last segments of the paths at which events are told, and what they tell.
    static let kinds: [String: LockersServerKind] = [
        "locker-state": .lockerStateChanged, "help-requested": .helpRequested, "help-status": .helpStatusUpdated,
        "command-applied": .commandApplied,
    ]

    private static func require(_ method: String, _ allowed: String) throws(LockersFailure) {
        if method != allowed { throw .methodNotAllowed(allowed) }
    }

    /// A parameter such as `?details=1`.
    private static func flag(_ name: String, _ query: [(name: String, value: String)]) throws(LockersFailure) -> Bool {
        switch query.first(where: { $0.name == name })?.value {
        case nil, "0", "false": return false
        case "1", "true", "": return true
        default: throw .field(name, "\(name) is 1 or 0")
        }
    }

    private static func key(_ fields: HTTPFields) throws(LockersFailure) -> String? {
        guard let key = fields["Idempotency-Key"] else { return nil }
        guard IdentifierRule.allows(key) else {
            throw .field("Idempotency-Key", "Idempotency-Key is a text of 1 to 128 characters without spaces")
        }
        return key
    }
}

/// The body of a request: one JSON object.
private struct LockersBody {
    let fields: MessageFields

    /// Reads a body.
    ///
    /// - Throws: 413 where it is longer than any valid one, 400 `INVALID_JSON` where it is no object.
    init(_ bytes: [UInt8]) throws(LockersFailure) {
        guard bytes.count <= LockersLimits.bodyBytesMax else { throw LockersFailure(.tooLarge) }
        let value: JSONValue
        do { value = try JSONValue.parse(bytes.span) } catch {
            throw LockersFailure(.invalidJSON, message: "the body is no JSON object: \(error)")
        }
        guard case .object = value else { throw LockersFailure(.invalidJSON) }
        fields = MessageFields(value)
    }
}

extension LockersBroadcast {
    fileprivate init(_ fields: MessageFields, key: String?) throws(LockersFailure) {
        guard let namespace = fields.value["namespace"]?.string else { throw .field("namespace") }
        guard NamespacePath.allows(namespace) else { throw LockersFailure(.unknownNamespace, field: "namespace") }
        guard let event = fields.value["event"]?.string, RoomName.allows(event) else {
            throw .field("event", "event is 1 to 100 letters, digits, _ . : or -")
        }
        guard !LockersServerKind(name: event).isReserved else {
            throw .field("event", "\(event) is a word of the server's own; choose another name")
        }
        self.init(
            namespace: namespace, event: event, data: try Self.data(fields), room: try Self.room(fields),
            idempotencyKey: key)
    }

    private static func data(_ fields: MessageFields) throws(LockersFailure) -> JSONFragment {
        guard let value = fields.value["data"] else { return .null }
        let whole = JSONFragment(value)
        guard whole.bytes.count <= LockersLimits.dataBytesMax else { throw LockersFailure(.tooLarge, field: "data") }
        guard
            let data = JSONFragment(0..<whole.bytes.count, in: whole.bytes.span, depthMax: LockersLimits.dataDepthMax)
        else {
            throw .field("data", "data is nested too deep, or has a number that is too large")
        }
        return data
    }

    private static func room(_ fields: MessageFields) throws(LockersFailure) -> String? {
        guard let value = fields.value["room"], value != .null else { return nil }
        guard let room = value.string, RoomName.allows(room) else { throw LockersFailure(.invalidRoom, field: "room") }
        return room
    }
}

extension LockersEmission {
    fileprivate init(_ kind: LockersServerKind, _ fields: MessageFields, key: String?) throws(LockersFailure) {
        let event: LockersEvent?
        do { event = try LockersEvent(kind, fields) } catch {
            guard case .invalidField(let field) = error else { throw LockersFailure(.validationFailed) }
            throw .field(field)
        }
        guard let event else { preconditionFailure("\(kind) is no event") }
        if let depth = fields.value["command"]?["parameters"].map({ JSONFragment($0) }),
            JSONFragment(0..<depth.bytes.count, in: depth.bytes.span, depthMax: LockersLimits.dataDepthMax - 2) == nil
        {
            throw .field("command.parameters", "command.parameters is nested too deep, or has a number too large")
        }
        self.init(event, isForRoom: try Self.scope(fields, event), idempotencyKey: key)
    }

    /// The field `room_scope` (4-10), which needs a kiosk whose name is one of a room.
    private static func scope(_ fields: MessageFields, _ event: LockersEvent) throws(LockersFailure) -> Bool? {
        guard let value = fields.value["room_scope"], value != .null else { return nil }
        guard let isForRoom = value.boolean else { throw .field("room_scope", "room_scope is true or false") }
        if isForRoom, !(event.kiosk.map(RoomName.allows) ?? false) {
            throw .field("room_scope", "room_scope needs a kiosk whose id is the name of a room")
        }
        return isForRoom
    }
}
