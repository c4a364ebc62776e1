/// The types of message that a server of board may send (PROTOCOLS §5.3); the raw value is an index for counters.
package enum BoardServerKind: Int, Spelled, Hashable, Sendable {
    /// The seed's snapshot, which has no `type` on the wire (3-1).
    case board
    case snapshot, patch, ack, error, pong, storage

    /// How the type is spelled on the wire; ``board`` is the name of what is spelled nowhere.
    package var spelling: StaticString {
        switch self {
        case .board: "board"
        case .snapshot: "snapshot"
        case .patch: "patch"
        case .ack: "ack"
        case .error: "error"
        case .pong: "pong"
        case .storage: "storage"
        }
    }
}
