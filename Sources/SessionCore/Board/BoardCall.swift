/// What administrators ask about one room, over `/admin/boards/{room}` (EXT, PROTOCOLS §1.6); the list of all rooms is
/// ``BoardMachine/rooms(prefix:after:limit:at:)``.
package enum BoardCall: Equatable, Sendable {
    /// `GET /admin/boards/{room}`: the board as it is now.
    case board(String)
    /// `POST /admin/boards/{room}/flush`: stores the board; answered when that is done.
    case flush(String)

    /// The room that it is about.
    package var room: String {
        switch self {
        case .board(let room), .flush(let room): room
        }
    }
}
