/// The errors of lockers' HTTP API (PROTOCOLS 4-15, 4-16, §6.3); the raw value is the `error` of the body.
package enum LockersFailureCode: String, CaseIterable, Hashable, Sendable {
    // 400: the request itself is wrong.
    case invalidJSON = "INVALID_JSON"
    case validationFailed = "VALIDATION_FAILED"
    case unknownNamespace = "UNKNOWN_NAMESPACE"
    case invalidRoom = "INVALID_ROOM"
    // 401, 403: who asks.
    case authRequired = "AUTH_REQUIRED"
    case invalidSession = "INVALID_SESSION"
    case forbidden = "FORBIDDEN"
    // 404, 405, 409: what is asked for.
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case commandNotFound = "COMMAND_NOT_FOUND"
    case keyReused = "IDEMPOTENCY_KEY_REUSED"
    // 413, 429, 5xx: what there is room for.
    case tooLarge = "TOO_LARGE"
    case rateLimited = "RATE_LIMITED"
    case `internal` = "INTERNAL"
    case shuttingDown = "SHUTTING_DOWN"

    /// The status that goes with the code.
    package var status: HTTPStatus {
        switch self {
        case .invalidJSON, .validationFailed, .unknownNamespace, .invalidRoom: .badRequest
        case .authRequired, .invalidSession: .unauthorized
        case .forbidden: .forbidden
        case .notFound, .commandNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .keyReused: .conflict
        case .tooLarge: .contentTooLarge
        case .rateLimited: .tooManyRequests
        case .internal: .internalServerError
        case .shuttingDown: .serviceUnavailable
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: String {
        switch self {
        case .invalidJSON: "the body is no JSON object"
        case .validationFailed: "a field is missing or holds what it may not hold"
        case .unknownNamespace: "there is no such namespace"
        case .invalidRoom: "a room is 1 to 100 letters, digits, _ . : or -"
        case .authRequired: "a session or an API key is needed"
        case .invalidSession: "the session is unknown or has expired"
        case .forbidden: "not allowed"
        case .notFound: "there is nothing at this path"
        case .methodNotAllowed: "the path does not take this method"
        case .commandNotFound: "nobody has acknowledged such a command in the last minutes"
        case .keyReused: "the Idempotency-Key was used for another request; choose a new one"
        case .tooLarge: "data is at most 256 KiB of JSON"
        case .rateLimited: "too many requests; wait before the next one"
        case .internal: "internal error"
        case .shuttingDown: "the server is shutting down; try another one"
        }
    }
}

/// An error of lockers' HTTP API on its way to the peer.
package struct LockersFailure: Error, Equatable, Sendable {
    /// What programs read.
    package var code: LockersFailureCode
    /// The sentence that people read.
    package var message: String
    /// Which field is at fault.
    package var field: String?
    /// Methods for `Allow`, which a 405 needs.
    package var allowedMethods: String?

    /// Describes an error.
    package init(_ code: LockersFailureCode, message: String? = nil, field: String? = nil) {
        self.code = code
        self.message = message ?? code.message
        self.field = field
    }

    /// A field that is missing or holds what it may not hold.
    package static func field(_ name: String, _ message: String? = nil) -> LockersFailure {
        LockersFailure(.validationFailed, message: message ?? "\(name) is missing or invalid", field: name)
    }

    /// A path that takes other methods.
    package static func methodNotAllowed(_ allowed: String) -> LockersFailure {
        var failure = LockersFailure(.methodNotAllowed, message: "this path takes \(allowed)")
        failure.allowedMethods = allowed
        return failure
    }

    /// The answer to the request (PROTOCOLS §1.6); the server adds the request's id.
    package var response: HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.field("error", code.rawValue)
            json.field("message", message)
            if let field { json.field("details") { json in json.object { $0.field("field", field) } } }
        }
        var response = HTTPResponse.json(code.status, json.takeBytes())
        if let allowedMethods { response.fields.append("Allow", allowedMethods) }
        if code.status == .unauthorized { response.fields.append("WWW-Authenticate", "Bearer") }
        if code == .rateLimited || code == .shuttingDown { response.fields.append("Retry-After", "1") }
        return response
    }
}
