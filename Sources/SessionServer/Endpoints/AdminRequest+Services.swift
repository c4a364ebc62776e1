import SessionBase
import SessionCodec
import SessionCore

/// What the admin API has of channels and lockers (PROTOCOLS §1.6, §1.10).
extension AdminRequest {
    /// `GET /admin/channels`, `GET /admin/channels/{name}/presence|history`, `POST /admin/publish`.
    static func channels(
        _ request: HTTPRequest, _ method: String, _ path: [Substring], _ target: HTTPTarget
    ) throws(HTTPFailure) -> AdminOrder {
        switch (path.first, path.count, path.last) {
        case ("publish", _, _):
            try require(method, oneOf: "POST")
            do throws(ChannelsFailure) { return .publish(try ChannelsBroadcast.parse(request.body)) } catch {
                throw HTTPFailure(error.response)
            }
        case (_, 1, _):
            try require(method, oneOf: "GET")
            let page = try page(target)
            return .channels(.list(prefix: target.query("prefix") ?? "", after: page.cursor, limit: page.limit))
        case (_, 3, "presence"):
            try require(method, oneOf: "GET")
            return .channels(.presence(try channel(path[1])))
        case (_, 3, "history"):
            try require(method, oneOf: "GET")
            return .channels(.history(try channel(path[1])))
        default: throw nothing
        }
    }

    private static func channel(_ name: Substring) throws(HTTPFailure) -> String {
        let name = String(name)
        guard ChannelName.allows(name) else { throw HTTPFailure(ChannelsFailure(.invalidChannel).response) }
        return name
    }

    /// `/admin/locker-sessions` and `/admin/locker-sessions/{id}`.
    static func lockerSessions(
        _ method: String, _ path: [Substring], _ target: HTTPTarget
    ) throws(HTTPFailure) -> AdminOrder {
        switch path.count {
        case 1:
            try require(method, oneOf: "GET", "POST")
            return method == "POST" ? .makeLockerSession : .listLockerSessions(try page(target))
        case 2 where !path[1].isEmpty:
            try require(method, oneOf: "DELETE")
            return .endLockerSession(String(path[1]))
        default: throw nothing
        }
    }
}
