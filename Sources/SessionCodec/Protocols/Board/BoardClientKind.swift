/// The types of message that a client of board may send (PROTOCOLS §5.3); the raw value is an index for counters.
package enum BoardClientKind: Int, Spelled, Hashable, Sendable {
    case cursorMove, shapeCreate, shapeUpdate, shapeDelete
    case ping, resync, flush

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .cursorMove: "cursor_move"
        case .shapeCreate: "shape_create"
        case .shapeUpdate: "shape_update"
        case .shapeDelete: "shape_delete"
        case .ping: "ping"
        case .resync: "resync"
        case .flush: "flush"
        }
    }

    /// Whether only the second version of the protocol has it (EXT, 3-2).
    package var isExtension: Bool { rawValue >= Self.ping.rawValue }
}
