import SessionBase
import SessionCodec
import SessionCore

/// What a request of the admin API asks for.
enum AdminOrder {
    /// Something that all loops contribute to.
    case operation(Operation)
    /// The live frames of a connection.
    case trace(UInt64)
    /// To revoke what the body names.
    case revoke
    /// What channels there are, or what is known of one.
    case channels(ChannelsAdminCall)
    /// What is known of a room of board, or to store it.
    case board(BoardCall)
    /// To publish a message to a channel.
    case publish(ChannelsBroadcast)
    /// To make the locker session that the body describes.
    case makeLockerSession
    /// The locker sessions that there are.
    case listLockerSessions(Page)
    /// To end a locker session.
    case endLockerSession(String)
    /// To lift a revocation.
    case lift(String)
}

/// The admin API's requests (PROTOCOLS §1.6, §3.3).
enum AdminRequest {
    /// Reads what a request under `/admin/` asks for.
    ///
    /// - Parameters:
    ///   - path: The segments behind `/admin/`.
    /// - Throws: The error to answer with.
    static func order(
        _ request: HTTPRequest, _ path: [Substring], _ target: HTTPTarget, of configuration: ServerConfiguration
    ) throws(HTTPFailure) -> AdminOrder {
        let method = request.head.method == "HEAD" ? "GET" : request.head.method
        switch (path.first, path.count) {
        case ("connections", 1...): return try connections(method, path, target)
        case ("revocations", 1...2): return try revocations(method, path, target)
        case ("metrics", 2):
            try require(method, oneOf: "GET")
            return .operation(.syncMetrics(try section(path[1])))
        case ("sessions", 1):
            try require(method, oneOf: "GET")
            return .operation(.sessions(try page(target)))
        case ("broadcast", 1):
            try require(method, oneOf: "POST")
            return .operation(.broadcast(try broadcast(request.body)))
        case ("channels", _) where configuration.serves(.channels),
            ("publish", 1) where configuration.serves(.channels):
            return try channels(request, method, path, target)
        case ("locker-sessions", _) where configuration.serves(.lockers):
            return try lockerSessions(method, path, target)
        case ("boards", _) where configuration.serves(.board):
            return try boards(method, Array(HTTPTarget.segments(of: request.head.target).dropFirst()), target)
        default: return .operation(try node(request, method, path))
        }
    }

    private static func connections(
        _ method: String, _ path: [Substring], _ target: HTTPTarget
    ) throws(HTTPFailure) -> AdminOrder {
        if path.count == 1 {
            try require(method, oneOf: "GET")
            switch target.query("state") {
            case nil, "open": return .operation(.connections(try numberedPage(target)))
            case "closed": return .operation(.closedConnections(try numberedPage(target)))
            case let state?: throw .badRequest("INVALID_STATE", "state is open or closed, not \(state.prefix(32))")
            }
        }
        guard let serial = UInt64(path[1]) else {
            throw .badRequest("INVALID_ID", "a connection's id is a number, as GET /admin/connections shows it")
        }
        switch (path.count, path.last) {
        case (2, _):
            try require(method, oneOf: "GET", "DELETE")
            if method == "GET" { return .operation(.connection(serial: serial)) }
            return .operation(.disconnect(.serial(serial), try closeCode(target)))
        case (3, "trace"):
            try require(method, oneOf: "GET")
            return .trace(serial)
        default: throw nothing
        }
    }

    private static func revocations(
        _ method: String, _ path: [Substring], _ target: HTTPTarget
    ) throws(HTTPFailure) -> AdminOrder {
        if path.count == 2 {
            try require(method, oneOf: "DELETE")
            return .lift(String(path[1]))
        }
        try require(method, oneOf: "GET", "POST")
        return method == "POST" ? .revoke : .operation(.revocations(try numberedPage(target)))
    }

    private static func section(_ name: Substring) throws(HTTPFailure) -> SyncMetricsSection {
        guard let section = SyncMetricsSection(rawValue: String(name)) else { throw nothing }
        return section
    }

    /// What concerns the node as a whole.
    private static func node(
        _ request: HTTPRequest, _ method: String, _ path: [Substring]
    ) throws(HTTPFailure) -> Operation {
        guard path.count == 1 else { throw nothing }
        switch path[0] {
        case "disconnect":
            try require(method, oneOf: "POST")
            return .disconnect(try filter(request.body), .kicked)
        case "slow":
            try require(method, oneOf: "GET")
            return .slow
        case "drain":
            try require(method, oneOf: "POST")
            return .drain
        case "undrain":
            try require(method, oneOf: "POST")
            return .undrain
        case "reload":
            try require(method, oneOf: "POST")
            return .reload
        case "config":
            try require(method, oneOf: "GET")
            return .configuration
        default: throw nothing
        }
    }

    /// The answer where there is nothing.
    static var nothing: HTTPFailure {
        HTTPFailure(.error(.notFound, "NOT_FOUND", "the admin API has nothing at this path"))
    }

    /// Holds a method against those that a path takes.
    static func require(_ method: String, oneOf allowed: String...) throws(HTTPFailure) {
        if allowed.contains(method) { return }
        let list = allowed.joined(separator: ", ")
        throw HTTPFailure(.error(.methodNotAllowed, "METHOD_NOT_ALLOWED", "this path takes \(list)", allow: list))
    }

    /// `limit`, `cursor` and the filters of a list.
    static func page(_ target: HTTPTarget) throws(HTTPFailure) -> Page {
        var page = Page()
        for (name, value) in target.query {
            switch name {
            case "limit":
                guard let limit = Int(value), 1...1000 ~= limit else {
                    throw .badRequest("INVALID_LIMIT", "limit is a number from 1 to 1000")
                }
                page.limit = limit
            case "cursor":
                guard !value.isEmpty, value.utf8.count <= 512 else { throw invalidCursor }
                page.cursor = value
            case "user_id": page.user = value
            case "device_type": page.deviceType = value
            case "state": page.state = value
            default: break
            }
        }
        return page
    }

    /// The same of a list whose cursor is a number.
    static func numberedPage(_ target: HTTPTarget) throws(HTTPFailure) -> Page {
        let page = try page(target)
        guard page.cursor.map({ UInt64($0) != nil }) ?? true else { throw invalidCursor }
        return page
    }

    private static var invalidCursor: HTTPFailure {
        .badRequest("INVALID_CURSOR", "cursor is the next_cursor of an earlier answer")
    }

    private static func closeCode(_ target: HTTPTarget) throws(HTTPFailure) -> CloseCode {
        switch target.query("code") {
        case nil, "4410": return .kicked
        case "4513": return .forceReconnect
        default: throw .badRequest("INVALID_CODE", "code is 4410 (stay away) or 4513 (connect again)")
        }
    }

    private static func broadcast(_ body: [UInt8]) throws(HTTPFailure) -> SyncAdminBroadcast {
        do throws(SyncFailure) {
            return try SyncAdminBroadcast.parse(body)
        } catch {
            throw HTTPFailure(error.response)
        }
    }

    private static func filter(_ body: [UInt8]) throws(HTTPFailure) -> ConnectionFilter {
        let expected = #"the body is {"user":"…"} or {"all":true,"confirm":"ALL"}"#
        let value = try parse(body, expected)
        if case .string(let user)? = value["user"] { return .user(user) }
        if value["all"] == .boolean(true) {
            guard value["confirm"] == .string("ALL") else {
                throw .badRequest("CONFIRM", #"closing every connection needs "confirm":"ALL""#)
            }
            return .all
        }
        throw .badRequest("INVALID_FILTER", expected)
    }

    /// A body's JSON.
    static func parse(_ body: [UInt8], _ expected: String) throws(HTTPFailure) -> JSONValue {
        do { return try JSONValue.parse(body.span) } catch { throw .badRequest("INVALID_JSON", expected) }
    }
}

/// The sections of sync's metrics (PROTOCOLS §3.3, `GET /admin/metrics/…`).
enum SyncMetricsSection: String, Sendable { case sessions, connections, snapshots, all }

/// An HTTP error on its way to the peer.
struct HTTPFailure: Error {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    static func badRequest(_ code: String, _ message: String) -> HTTPFailure {
        HTTPFailure(.error(.badRequest, code, message))
    }
}
