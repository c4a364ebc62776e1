/// One request of lockers' HTTP API, understood and checked as far as that needs no state (PROTOCOLS §6.3).
package enum LockersCall: Equatable, Sendable {
    /// `GET /api/websocket/status`; with `?details=1` it says more than the seed's (4-18, 4-19, EXT)
    case status(isDetailed: Bool)
    /// `POST /api/websocket/broadcast`
    case broadcast(LockersBroadcast)
    /// `POST /api/websocket/events/…` (EXT)
    case emit(LockersEmission)
    /// `GET /api/websocket/commands/{id}` (EXT)
    case commandAcks(String)

    /// What a caller needs to be.
    package enum Need: Sendable {
        /// Anybody with a session, or an API key (4-15).
        case session
        /// Role `admin` or `service`, or an API key (4-15).
        case producer
    }

    /// What a caller needs to be.
    package var need: Need {
        switch self {
        case .status, .commandAcks: .session
        case .broadcast, .emit: .producer
        }
    }

    /// A short name without ids, for metrics.
    package var name: String {
        switch self {
        case .status: "status"
        case .broadcast: "broadcast"
        case .emit: "emit"
        case .commandAcks: "command_acks"
        }
    }
}

/// The limits of lockers' HTTP API.
package enum LockersLimits {
    /// The longest `data` of a broadcast, in bytes of JSON (4-16).
    package static let dataBytesMax = 256 << 10
    /// The longest body, in bytes: the longest data and what stands around it.
    package static let bodyBytesMax = dataBytesMax + 4096
    /// How deep data may be nested, so that the frame around it keeps to 32.
    package static let dataDepthMax = 31
}

/// An event for a namespace or one of its rooms (PROTOCOLS 4-16).
package struct LockersBroadcast: Equatable, Sendable {
    /// The path of the namespace; whether it exists, the machine knows.
    package var namespace: String
    /// The type of the frame.
    package var event: String
    /// The data of the frame.
    package var data: JSONFragment
    /// The room; `nil` for the whole namespace.
    package var room: String?
    /// A retry with the same key is not sent again.
    package var idempotencyKey: String?

    /// Describes a broadcast.
    package init(
        namespace: String, event: String, data: JSONFragment, room: String? = nil, idempotencyKey: String? = nil
    ) {
        self.namespace = namespace
        self.event = event
        self.data = data
        self.room = room
        self.idempotencyKey = idempotencyKey
    }
}

/// An event of the seed's four kinds to be told (PROTOCOLS 4-10, §6.3).
package struct LockersEmission: Equatable, Sendable {
    /// What happened.
    package var event: LockersEvent
    /// Whether only the room of the kiosk hears it; `nil` leaves it to the configuration.
    package var isForRoom: Bool?
    /// A retry with the same key is not sent again.
    package var idempotencyKey: String?

    /// Describes an emission.
    package init(_ event: LockersEvent, isForRoom: Bool? = nil, idempotencyKey: String? = nil) {
        self.event = event
        self.isForRoom = isForRoom
        self.idempotencyKey = idempotencyKey
    }
}
