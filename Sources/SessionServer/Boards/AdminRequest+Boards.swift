import SessionCodec
import SessionCore

/// What the admin API has of boards (PROTOCOLS §1.6).
extension AdminRequest {
    /// `GET /admin/boards`, `GET /admin/boards/{room}`, `POST /admin/boards/{room}/flush`.
    ///
    /// - Parameter path: The segments behind `/admin/`, percent-decoded each: a room's name may hold a slash.
    static func boards(
        _ method: String, _ path: [String], _ target: HTTPTarget
    ) throws(HTTPFailure) -> AdminOrder {
        switch path.count {
        case 1:
            try require(method, oneOf: "GET")
            return .operation(.boards(prefix: target.query("prefix") ?? "", try page(target)))
        case 2:
            try require(method, oneOf: "GET")
            return .board(.board(try room(path[1])))
        case 3 where path[2] == "flush":
            try require(method, oneOf: "POST")
            return .board(.flush(try room(path[1])))
        default: throw nothing
        }
    }

    private static func room(_ name: String) throws(HTTPFailure) -> String {
        guard IdentifierRule.allows(name) else {
            throw .badRequest("INVALID_ROOM", "a room's name has 1 to 128 characters, none of them a blank")
        }
        return name
    }
}
