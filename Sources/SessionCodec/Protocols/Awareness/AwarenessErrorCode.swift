/// Why the awareness service refused a message (PROTOCOLS §2.5).
///
/// The first three say that the message itself was wrong, and count towards close code 4441 (PROTOCOLS §2.8); the raw
/// value is an index for counters.
package enum AwarenessErrorCode: Int, RefusalCode, Hashable, Sendable {
    /// The text is no JSON.
    case invalidJSON
    /// A field is missing or holds what it may not hold.
    case invalidMessage
    /// No message of this type exists.
    case unknownType
    /// The message names a window that is not bound to its connection.
    case notRegistered
    /// The connection belongs to another user already.
    case userMismatch
    /// The user has as many live windows as allowed, or the connection has.
    case connectionLimit
    /// More messages than allowed in a time.
    case rateLimited
    /// A credential is missing or bad.
    case unauthorized
    /// The identity is valid and may not do this.
    case forbidden
    /// The server takes no new windows because it drains.
    case shuttingDown
    /// The server is at fault.
    case `internal`

    /// How the code is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .invalidJSON: "INVALID_JSON"
        case .invalidMessage: "INVALID_MESSAGE"
        case .unknownType: "UNKNOWN_TYPE"
        case .notRegistered: "NOT_REGISTERED"
        case .userMismatch: "USER_MISMATCH"
        case .connectionLimit: "CONNECTION_LIMIT"
        case .rateLimited: "RATE_LIMITED"
        case .unauthorized: "UNAUTHORIZED"
        case .forbidden: "FORBIDDEN"
        case .shuttingDown: "SHUTTING_DOWN"
        case .internal: "INTERNAL"
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: StaticString {
        switch self {
        case .invalidJSON: "Message is not valid JSON"
        case .invalidMessage: "Message has a missing or invalid field"
        case .unknownType: "Unknown message type"
        case .notRegistered: "Window is not registered on this connection"
        case .userMismatch: "This connection belongs to another user"
        case .connectionLimit: "Maximum connections per user exceeded"
        case .rateLimited: "Too many messages"
        case .unauthorized: "Authentication required"
        case .forbidden: "Not allowed"
        case .shuttingDown: "Server is shutting down"
        case .internal: "Internal error"
        }
    }
}
