/// The types of message that a client of lockers may send (PROTOCOLS §6.3).
package enum LockersClientKind: Int, Spelled, Hashable, Sendable {
    case joinRoom, leaveRoom, ping
    case ack

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .joinRoom: "join_room"
        case .leaveRoom: "leave_room"
        case .ping: "ping"
        case .ack: "ack"
        }
    }
}
