/// What board asks of the operator's backend, where boards are kept for good (PROTOCOLS §5.4): values, so that the machine
/// stays pure and a simulation can delay and fail them.
///
/// There is at most one request in flight for each room.
package enum BackendRequest: Equatable, Sendable {
    /// Fetches a room's board → `board`, `absent`, or a failure.
    case load(room: String)
    /// Stores a room's whole board → `stored`, `conflict`, or a failure. The version also makes the `Idempotency-Key`.
    case store(room: String, version: UInt64, body: [UInt8])

    /// The room that it is about.
    package var room: String {
        switch self {
        case .load(let room), .store(let room, _, _): room
        }
    }
}

/// What the backend answers.
package enum BackendReply: Equatable, Sendable {
    /// 200 with the body of a board, which nobody has read yet.
    case board([UInt8])
    /// 404, or an empty body: there is no board.
    case absent
    /// Any 2xx of a store.
    case stored
    /// 409: the backend has a newer version.
    case conflict
    /// Another 4xx, or an answer that is none of the contract's: what is asked will not be granted soon.
    case refused(status: Int)
    /// It cannot be reached, is too slow, or answers 5xx; the text is for logs and never holds a token.
    case unavailable(String)
}
