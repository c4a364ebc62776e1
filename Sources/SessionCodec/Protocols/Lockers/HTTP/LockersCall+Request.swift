extension LockersCall {
    /// The request that ``parse(method:path:query:fields:body:)`` reads as this call.
    package var request: ProducerRequest {
        switch self {
        case .status(let isDetailed):
            return ProducerRequest("GET", isDetailed ? "/api/websocket/status?details=1" : "/api/websocket/status")
        case .broadcast(let broadcast): return broadcast.request
        case .emit(let emission): return emission.request
        case .commandAcks(let command):
            return ProducerRequest("GET", "/api/websocket/commands/" + PercentEncoding.encodeComponent(command))
        }
    }

    fileprivate static func fields(key: String?) -> HTTPFields {
        var fields = HTTPFields()
        if let key { fields.append("Idempotency-Key", key) }
        return fields
    }
}

extension LockersBroadcast {
    fileprivate var request: ProducerRequest {
        var json = JSONWriter()
        json.object { json in
            json.field("namespace", namespace)
            json.field("event", event)
            json.field("data", data)
            if let room { json.field("room", room) }
        }
        return ProducerRequest(
            "POST", "/api/websocket/broadcast", fields: LockersCall.fields(key: idempotencyKey), body: json.takeBytes())
    }
}

extension LockersEmission {
    fileprivate var request: ProducerRequest {
        var json = JSONWriter()
        json.object { json in
            event.write(to: &json)
            if let isForRoom { json.field("room_scope", isForRoom) }
        }
        return ProducerRequest(
            "POST", "/api/websocket/events/" + Self.path(of: event.kind),
            fields: LockersCall.fields(key: idempotencyKey),
            body: json.takeBytes())
    }

    private static func path(of kind: LockersServerKind) -> String {
        guard let path = LockersCall.kinds.first(where: { $0.value == kind })?.key else {
            preconditionFailure("\(kind) is no event")
        }
        return path
    }
}
