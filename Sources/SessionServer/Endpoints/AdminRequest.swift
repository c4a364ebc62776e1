import SessionCodec

/// The admin API's requests (PROTOCOLS §1.6).
enum AdminRequest {
    /// Reads what a request under `/admin/` asks for.
    ///
    /// - Parameters:
    ///   - path: The segments behind `/admin/`.
    /// - Throws: The error to answer with.
    static func operation(
        _ request: HTTPRequest, _ path: [Substring], _ target: HTTPTarget
    ) throws(HTTPFailure) -> Operation {
        let method = request.head.method
        switch (path.first, path.count) {
        case ("connections", 1):
            try require(method, oneOf: "GET")
            switch target.query.first(where: { $0.name == "state" })?.value {
            case nil, "open": return .connections(try page(target))
            case "closed": return .closedConnections(try page(target))
            case let state?: throw .badRequest("INVALID_STATE", "state is open or closed, not \(state.prefix(32))")
            }
        case ("connections", 2):
            guard let serial = UInt64(path[1]) else {
                throw .badRequest("INVALID_ID", "a connection's id is a number, as GET /admin/connections shows it")
            }
            try require(method, oneOf: "GET", "DELETE")
            if method == "GET" { return .connection(serial: serial) }
            return .disconnect(.serial(serial), try closeCode(target))
        case ("disconnect", 1):
            try require(method, oneOf: "POST")
            return .disconnect(try filter(request.body), .kicked)
        case ("slow", 1):
            try require(method, oneOf: "GET")
            return .slow
        case ("drain", 1):
            try require(method, oneOf: "POST")
            return .drain
        case ("undrain", 1):
            try require(method, oneOf: "POST")
            return .undrain
        case ("reload", 1):
            try require(method, oneOf: "POST")
            return .reload
        case ("config", 1):
            try require(method, oneOf: "GET")
            return .configuration
        default: throw HTTPFailure(.error(.notFound, "NOT_FOUND", "the admin API has nothing at this path"))
        }
    }

    private static func require(_ method: String, oneOf allowed: String...) throws(HTTPFailure) {
        if allowed.contains(method) { return }
        let list = allowed.joined(separator: ", ")
        throw HTTPFailure(.error(.methodNotAllowed, "METHOD_NOT_ALLOWED", "this path takes \(list)", allow: list))
    }

    /// `limit` and `cursor` of a list.
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
                guard let cursor = UInt64(value) else {
                    throw .badRequest("INVALID_CURSOR", "cursor is the next_cursor of an earlier answer")
                }
                page.cursor = cursor
            default: break
            }
        }
        return page
    }

    private static func closeCode(_ target: HTTPTarget) throws(HTTPFailure) -> CloseCode {
        switch target.query.first(where: { $0.name == "code" })?.value {
        case nil, "4410": return .kicked
        case "4513": return .forceReconnect
        default: throw .badRequest("INVALID_CODE", "code is 4410 (stay away) or 4513 (connect again)")
        }
    }

    private static func filter(_ body: [UInt8]) throws(HTTPFailure) -> ConnectionFilter {
        let value: JSONValue
        do {
            value = try JSONValue.parse(body.span)
        } catch {
            throw .badRequest("INVALID_JSON", #"the body is {"user":"…"} or {"all":true,"confirm":"ALL"}"#)
        }
        if case .string(let user)? = value["user"] { return .user(user) }
        if value["all"] == .boolean(true) {
            guard value["confirm"] == .string("ALL") else {
                throw .badRequest("CONFIRM", #"closing every connection needs "confirm":"ALL""#)
            }
            return .all
        }
        throw .badRequest("INVALID_FILTER", #"the body is {"user":"…"} or {"all":true,"confirm":"ALL"}"#)
    }
}

/// An HTTP error on its way to the peer.
struct HTTPFailure: Error {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    static func badRequest(_ code: String, _ message: String) -> HTTPFailure {
        HTTPFailure(.error(.badRequest, code, message))
    }
}
