/// The types of message that a server of lockers may send (PROTOCOLS §6.3); the raw value is an index for counters.
package enum LockersServerKind: Int, Spelled, Hashable, Sendable {
    case connection, roomJoined, roomLeft, pong, error
    case lockerStateChanged
    case helpRequested, helpStatusUpdated
    case commandApplied
    case ackReceived, commandAcknowledged
    /// Any other event, as broadcasts choose them (4-17); it has no spelling of its own.
    case other

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .connection: "connection"
        case .roomJoined: "room_joined"
        case .roomLeft: "room_left"
        case .pong: "pong"
        case .error: "error"
        case .lockerStateChanged: "locker_state_changed"
        case .helpRequested: "help_requested"
        case .helpStatusUpdated: "help_status_updated"
        case .commandApplied: "command_applied"
        case .ackReceived: "ack_received"
        case .commandAcknowledged: "command_acknowledged"
        case .other: "other"
        }
    }

    /// The kind of messages whose type is spelled `name`.
    package init(name: String) { self = Self.allCases.first { $0 != .other && $0.name == name } ?? .other }

    /// Whether no broadcast may use the name (4-16); `ack_received` is the server's own word, too.
    package var isReserved: Bool {
        switch self {
        case .connection, .roomJoined, .roomLeft, .pong, .error, .ackReceived: true
        case .lockerStateChanged, .helpRequested, .helpStatusUpdated, .commandApplied, .commandAcknowledged, .other:
            false
        }
    }
}
