/// Why lockers refused a message (PROTOCOLS §6.3); the raw value is an index for counters.
///
/// The first three say that the message could not be understood, and count towards close code 4441 (PROTOCOLS C6).
package enum LockersErrorCode: Int, RefusalCode, Hashable, Sendable {
    /// The text is no JSON.
    case invalidJSON
    /// A field is missing or holds what it may not hold.
    case invalidMessage
    /// No client sends messages of this type (4-14).
    case unknownType
    /// No session was named (4-1).
    case authRequired
    /// There is no such session, or no longer (4-1).
    case invalidSession
    /// The session is valid and may not do this.
    case forbidden
    /// The name breaks the syntax of rooms (4-8).
    case invalidRoom
    /// The connection is in as many rooms as allowed (4-7).
    case roomLimit
    /// More messages than allowed in a time.
    case rateLimited
    /// The server is at fault.
    case `internal`

    /// How the code is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .invalidJSON: "INVALID_JSON"
        case .invalidMessage: "INVALID_MESSAGE"
        case .unknownType: "UNKNOWN_TYPE"
        case .authRequired: "AUTH_REQUIRED"
        case .invalidSession: "INVALID_SESSION"
        case .forbidden: "FORBIDDEN"
        case .invalidRoom: "INVALID_ROOM"
        case .roomLimit: "ROOM_LIMIT"
        case .rateLimited: "RATE_LIMITED"
        case .internal: "INTERNAL"
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: StaticString {
        switch self {
        case .invalidJSON: "Message is not valid JSON"
        case .invalidMessage: "Message has a missing or invalid field"
        case .unknownType: "Unknown message type"
        case .authRequired: "A session is needed"
        case .invalidSession: "The session is unknown or has expired"
        case .forbidden: "Not allowed"
        case .invalidRoom: "A room is 1 to 100 letters, digits, _ . : or -"
        case .roomLimit: "Too many rooms"
        case .rateLimited: "Too many messages"
        case .internal: "Internal error"
        }
    }
}
