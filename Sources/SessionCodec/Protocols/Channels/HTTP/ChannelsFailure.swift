/// The errors of channels' HTTP API (PROTOCOLS §4.5, §1.10); the raw value is the `error` of the body.
package enum ChannelsFailureCode: String, CaseIterable, Hashable, Sendable {
    // 400: the request itself is wrong.
    case invalidJSON = "INVALID_JSON"
    case invalidMessage = "INVALID_MESSAGE"
    case invalidChannel = "INVALID_CHANNEL"
    // 401, 403: who asks.
    case unauthorized = "UNAUTHORIZED"
    case forbidden = "FORBIDDEN"
    // 404, 405, 409: what is asked for.
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case connectionNotFound = "CONNECTION_NOT_FOUND"
    case reportNotFound = "REPORT_NOT_FOUND"
    case reportState = "REPORT_STATE"
    // 413, 429, 5xx: what there is room for.
    case tooLarge = "TOO_LARGE"
    case rateLimited = "RATE_LIMITED"
    case `internal` = "INTERNAL"
    case shuttingDown = "SHUTTING_DOWN"

    /// The status that goes with the code.
    package var status: HTTPStatus {
        switch self {
        case .invalidJSON, .invalidMessage, .invalidChannel: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound, .connectionNotFound, .reportNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .reportState: .conflict
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
        case .invalidMessage: "a field is missing or holds what it may not hold"
        case .invalidChannel: "a channel is 1 to 8 names of letters, digits, _ . - (later ones @ too), joined by colons"
        case .unauthorized: "a credential is needed"
        case .forbidden: "not allowed"
        case .notFound: "there is nothing at this path"
        case .methodNotAllowed: "the path does not take this method"
        case .connectionNotFound: "there is no such connection"
        case .reportNotFound: "there is no such report"
        case .reportState: "the report has ended, or is further already; \"reset\":true begins it again"
        case .tooLarge: "a body is at most 256 KiB"
        case .rateLimited: "too many requests; wait before the next one"
        case .internal: "internal error"
        case .shuttingDown: "the server is shutting down; try another one"
        }
    }
}

/// An error of channels' HTTP API on its way to the peer.
package struct ChannelsFailure: Error, Equatable, Sendable {
    /// What programs read.
    package var code: ChannelsFailureCode
    /// The sentence that people read.
    package var message: String
    /// Which field is at fault.
    package var field: String?
    /// Methods for `Allow`, which a 405 needs.
    package var allowedMethods: String?

    /// Describes an error.
    package init(_ code: ChannelsFailureCode, message: String? = nil, field: String? = nil) {
        self.code = code
        self.message = message ?? code.message
        self.field = field
    }

    /// A field that is missing or holds what it may not hold.
    package static func field(_ name: String, _ message: String) -> ChannelsFailure {
        ChannelsFailure(.invalidMessage, message: message, field: name)
    }

    /// A path that takes other methods.
    package static func methodNotAllowed(_ allowed: String) -> ChannelsFailure {
        var failure = ChannelsFailure(.methodNotAllowed, message: "this path takes \(allowed)")
        failure.allowedMethods = allowed
        return failure
    }

    /// The answer to the request (PROTOCOLS §1.6); the server adds the request's id.
    package var response: HTTPResponse {
        var json = JSONWriter()
        write(to: &json)
        var response = HTTPResponse.json(code.status, json.takeBytes())
        if let allowedMethods { response.fields.append("Allow", allowedMethods) }
        if code == .unauthorized { response.fields.append("WWW-Authenticate", "Bearer") }
        if code == .rateLimited || code == .shuttingDown { response.fields.append("Retry-After", "1") }
        return response
    }

    /// Writes the body, which also stands for an item of a batch.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("error", code.rawValue)
            json.field("message", message)
            if let field { json.field("details") { json in json.object { $0.field("field", field) } } }
        }
    }
}
