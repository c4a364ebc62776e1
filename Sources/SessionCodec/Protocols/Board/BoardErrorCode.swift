/// Why board refused a message (PROTOCOLS §5.3); the raw value is an index for counters.
///
/// The first three say that the message could not be understood, and count towards close code 4441 (PROTOCOLS C6, 3-3).
package enum BoardErrorCode: Int, RefusalCode, Hashable, Sendable {
    /// The text is no JSON.
    case invalidJSON
    /// A field is missing or holds what it may not hold (3-9, 3-15).
    case invalidMessage
    /// No message of this type exists in this version of the protocol.
    case unknownType
    /// A credential is missing or bad (3-4).
    case unauthorized
    /// A viewer may not do this (3-14).
    case forbidden
    /// The room has no shape of this id (3-13).
    case shapeNotFound
    /// The snapshot would be larger than allowed (3-25).
    case roomFull
    /// More messages than allowed in a time.
    case rateLimited
    /// What was asked for could not be kept (PROTOCOLS C20).
    case storeUnavailable
    /// The server is at fault.
    case `internal`

    /// How the code is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .invalidJSON: "INVALID_JSON"
        case .invalidMessage: "INVALID_MESSAGE"
        case .unknownType: "UNKNOWN_TYPE"
        case .unauthorized: "UNAUTHORIZED"
        case .forbidden: "FORBIDDEN"
        case .shapeNotFound: "SHAPE_NOT_FOUND"
        case .roomFull: "ROOM_FULL"
        case .rateLimited: "RATE_LIMITED"
        case .storeUnavailable: "STORE_UNAVAILABLE"
        case .internal: "INTERNAL"
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: StaticString {
        switch self {
        case .invalidJSON: "Message is not valid JSON"
        case .invalidMessage: "Message has a missing or invalid field"
        case .unknownType: "Unknown message type"
        case .unauthorized: "A valid token is needed"
        case .forbidden: "Viewers may not change the board"
        case .shapeNotFound: "The board has no such shape"
        case .roomFull: "The board is full"
        case .rateLimited: "Too many messages"
        case .storeUnavailable: "The change could not be stored"
        case .internal: "Internal error"
        }
    }
}
