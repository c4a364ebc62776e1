/// The types of message that an awareness client sends; the raw value is an index for counters.
package enum AwarenessClientKind: Int, Spelled, Hashable, Sendable {
    case register, deregister, heartbeat, focus, ping, list

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .register: "register"
        case .deregister: "deregister"
        case .heartbeat: "heartbeat"
        case .focus: "focus"
        case .ping: "ping"
        case .list: "list"
        }
    }

    /// The kind that a text names.
    @inline(__always)
    init?(_ name: ShortText) {
        if name == ShortText("ping") {
            self = .ping
        } else if name == ShortText("register") {
            self = .register
        } else if name == ShortText("heartbeat") {
            self = .heartbeat
        } else if name == ShortText("focus") {
            self = .focus
        } else if name == ShortText("deregister") {
            self = .deregister
        } else if name == ShortText("list") {
            self = .list
        } else {
            return nil
        }
    }
}

/// The types of message that the awareness server sends; the raw value is an index for counters.
package enum AwarenessServerKind: Int, Spelled, Hashable, Sendable {
    case registered, warning, error, pong
    case warningCleared, deregistered, heartbeatAck, focused, state

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .registered: "registered"
        case .warning: "warning"
        case .error: "error"
        case .pong: "pong"
        case .warningCleared: "warning_cleared"
        case .deregistered: "deregistered"
        case .heartbeatAck: "heartbeat_ack"
        case .focused: "focused"
        case .state: "state"
        }
    }

    /// The kind that a text names.
    @inline(__always)
    init?(_ name: ShortText) {
        if name == ShortText("registered") {
            self = .registered
        } else if name == ShortText("pong") {
            self = .pong
        } else if name == ShortText("heartbeat_ack") {
            self = .heartbeatAck
        } else if name == ShortText("warning") {
            self = .warning
        } else if name == ShortText("error") {
            self = .error
        } else if name == ShortText("focused") {
            self = .focused
        } else if name == ShortText("state") {
            self = .state
        } else if name == ShortText("deregistered") {
            self = .deregistered
        } else if name == ShortText("warning_cleared") {
            self = .warningCleared
        } else {
            return nil
        }
    }
}

/// The fields that an error can point at.
package enum AwarenessField: Int, Spelled, Hashable, Sendable {
    case type, id, payload, userID, windowID, caseID, slideID, timestamp, meta

    /// How the field is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .type: "type"
        case .id: "id"
        case .payload: "payload"
        case .userID: "userId"
        case .windowID: "windowId"
        case .caseID: "caseId"
        case .slideID: "slideId"
        case .timestamp: "timestamp"
        case .meta: "meta"
        }
    }
}
