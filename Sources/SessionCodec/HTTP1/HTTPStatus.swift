/// The status code of an HTTP response (RFC 9110 §15).
package struct HTTPStatus: RawRepresentable, Hashable, Sendable {
    /// Three digits, 100...999.
    package var rawValue: Int

    /// Names a status by its number.
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let `continue` = HTTPStatus(rawValue: 100)
    package static let switchingProtocols = HTTPStatus(rawValue: 101)
    package static let ok = HTTPStatus(rawValue: 200)
    package static let created = HTTPStatus(rawValue: 201)
    package static let accepted = HTTPStatus(rawValue: 202)
    package static let noContent = HTTPStatus(rawValue: 204)
    package static let notModified = HTTPStatus(rawValue: 304)
    package static let badRequest = HTTPStatus(rawValue: 400)
    package static let unauthorized = HTTPStatus(rawValue: 401)
    package static let forbidden = HTTPStatus(rawValue: 403)
    package static let notFound = HTTPStatus(rawValue: 404)
    package static let methodNotAllowed = HTTPStatus(rawValue: 405)
    package static let requestTimeout = HTTPStatus(rawValue: 408)
    package static let conflict = HTTPStatus(rawValue: 409)
    package static let gone = HTTPStatus(rawValue: 410)
    package static let lengthRequired = HTTPStatus(rawValue: 411)
    package static let preconditionFailed = HTTPStatus(rawValue: 412)
    package static let contentTooLarge = HTTPStatus(rawValue: 413)
    package static let uriTooLong = HTTPStatus(rawValue: 414)
    package static let unsupportedMediaType = HTTPStatus(rawValue: 415)
    package static let expectationFailed = HTTPStatus(rawValue: 417)
    package static let unprocessableContent = HTTPStatus(rawValue: 422)
    package static let upgradeRequired = HTTPStatus(rawValue: 426)
    package static let tooManyRequests = HTTPStatus(rawValue: 429)
    package static let headTooLarge = HTTPStatus(rawValue: 431)
    package static let internalServerError = HTTPStatus(rawValue: 500)
    package static let notImplemented = HTTPStatus(rawValue: 501)
    package static let badGateway = HTTPStatus(rawValue: 502)
    package static let serviceUnavailable = HTTPStatus(rawValue: 503)
    package static let gatewayTimeout = HTTPStatus(rawValue: 504)
    package static let versionNotSupported = HTTPStatus(rawValue: 505)

    /// Whether more of the answer follows (1xx but 101, after which another protocol begins).
    package var isInterim: Bool { rawValue < 200 && self != .switchingProtocols }

    /// Whether the request was understood and done (2xx).
    package var isSuccess: Bool { 200..<300 ~= rawValue }

    /// Whether a response of this status never has a body, whatever its fields say (RFC 9112 §6.3).
    package var isBodiless: Bool { rawValue < 200 || self == .noContent || self == .notModified }

    /// The registered reason phrase, such as `Not Found`; `Status` where there is none.
    package var phrase: StaticString {
        switch self {
        case .continue: "Continue"
        case .switchingProtocols: "Switching Protocols"
        case .ok: "OK"
        case .created: "Created"
        case .accepted: "Accepted"
        case .noContent: "No Content"
        case .notModified: "Not Modified"
        case .badRequest: "Bad Request"
        case .unauthorized: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .requestTimeout: "Request Timeout"
        case .conflict: "Conflict"
        case .gone: "Gone"
        case .lengthRequired: "Length Required"
        case .preconditionFailed: "Precondition Failed"
        case .contentTooLarge: "Content Too Large"
        case .uriTooLong: "URI Too Long"
        case .unsupportedMediaType: "Unsupported Media Type"
        case .expectationFailed: "Expectation Failed"
        case .unprocessableContent: "Unprocessable Content"
        case .upgradeRequired: "Upgrade Required"
        case .tooManyRequests: "Too Many Requests"
        case .headTooLarge: "Request Header Fields Too Large"
        case .internalServerError: "Internal Server Error"
        case .notImplemented: "Not Implemented"
        case .badGateway: "Bad Gateway"
        case .serviceUnavailable: "Service Unavailable"
        case .gatewayTimeout: "Gateway Timeout"
        case .versionNotSupported: "HTTP Version Not Supported"
        default: "Status"
        }
    }

    /// The `error` of a JSON body where a service has no word of its own, such as `NOT_FOUND`.
    package var errorCode: String {
        switch self {
        case .ok: "OK"
        case .headTooLarge: "HEAD_TOO_LARGE"
        case .internalServerError: "INTERNAL"
        default: phrase.description.map { $0 == " " ? "_" : $0.uppercased() }.joined()
        }
    }
}
