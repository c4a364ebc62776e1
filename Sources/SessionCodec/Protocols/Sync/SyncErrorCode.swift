/// Why sync refused a message (PROTOCOLS §3.4); the raw value is an index for counters.
///
/// The first three say that the message could not be understood, and count towards close code 4441 (PROTOCOLS C6).
package enum SyncErrorCode: Int, RefusalCode, Hashable, Sendable {
    /// The text is no JSON.
    case invalidJSON
    /// A field is missing or holds what it may not hold; `details.field` names it.
    case invalidMessage
    /// No client sends messages of this type.
    case unknownType
    /// Only HEARTBEAT and AUTH may come before the credential is verified (1-2).
    case notAuthenticated
    /// The connection belongs to another user already.
    case alreadyAuthenticated
    /// The envelope names somebody else (1-10).
    case identityMismatch
    /// The identity is valid and may not do this.
    case forbidden
    /// There is no such session, or it is somebody else's (1-28).
    case sessionNotFound
    /// The state has changed since the version that the client knows.
    case versionConflict
    /// No such operation, or one that does not fit what stands there.
    case invalidOperation
    /// The state would pass its limits (1-29).
    case stateTooLarge
    /// More messages than allowed in a time.
    case rateLimited
    /// The store takes no writes now (1-32).
    case storeUnavailable
    /// The server is at fault.
    case `internal`

    /// How the code is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .invalidJSON: "INVALID_JSON"
        case .invalidMessage: "INVALID_MESSAGE"
        case .unknownType: "UNKNOWN_TYPE"
        case .notAuthenticated: "NOT_AUTHENTICATED"
        case .alreadyAuthenticated: "ALREADY_AUTHENTICATED"
        case .identityMismatch: "IDENTITY_MISMATCH"
        case .forbidden: "FORBIDDEN"
        case .sessionNotFound: "SESSION_NOT_FOUND"
        case .versionConflict: "VERSION_CONFLICT"
        case .invalidOperation: "INVALID_OPERATION"
        case .stateTooLarge: "STATE_TOO_LARGE"
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
        case .notAuthenticated: "Send AUTH first"
        case .alreadyAuthenticated: "This connection belongs to another user"
        case .identityMismatch: "The message names another user or device than the credential"
        case .forbidden: "Not allowed"
        case .sessionNotFound: "There is no such session"
        case .versionConflict: "The state has changed since that version"
        case .invalidOperation: "The operation is unknown or does not fit the value"
        case .stateTooLarge: "The state would be too large"
        case .rateLimited: "Too many messages"
        case .storeUnavailable: "The state cannot be stored now; try again"
        case .internal: "Internal error"
        }
    }
}

/// Why an AUTH failed (PROTOCOLS §3.4, §3.5).
package enum SyncAuthFailureCode: Int, Spelled, Hashable, Sendable {
    /// The token is malformed, signed by somebody else, or not for this server.
    case invalidToken
    /// The token's time is over.
    case tokenExpired
    /// The token was revoked.
    case tokenRevoked
    /// Nothing says which device this is.
    case deviceRequired
    /// The session has as many devices as it may (1-29).
    case deviceLimit
    /// No credential came in time (C2).
    case authTimeout
    /// The session would be one more than the user may have (1-29).
    case sessionLimit
    /// The session that was named belongs to another user (PROTOCOLS §3.5).
    case sessionNotFound

    /// How the code is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .invalidToken: "INVALID_TOKEN"
        case .tokenExpired: "TOKEN_EXPIRED"
        case .tokenRevoked: "TOKEN_REVOKED"
        case .deviceRequired: "DEVICE_REQUIRED"
        case .deviceLimit: "DEVICE_LIMIT"
        case .authTimeout: "AUTH_TIMEOUT"
        case .sessionLimit: "SESSION_LIMIT"
        case .sessionNotFound: "SESSION_NOT_FOUND"
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: StaticString {
        switch self {
        case .invalidToken: "The token is not valid"
        case .tokenExpired: "The token has expired"
        case .tokenRevoked: "The token was revoked"
        case .deviceRequired: "A device_id is required"
        case .deviceLimit: "The session has as many devices as allowed"
        case .authTimeout: "No AUTH in time"
        case .sessionLimit: "The user has as many sessions as allowed"
        case .sessionNotFound: "There is no such session"
        }
    }

    /// What the connection is closed with afterwards (PROTOCOLS §3.4, §3.5).
    package var closeCode: CloseCode {
        switch self {
        case .invalidToken, .tokenExpired, .deviceRequired, .sessionNotFound: .unauthorized
        case .tokenRevoked: .revoked
        case .deviceLimit, .sessionLimit: .connectionLimit
        case .authTimeout: .authTimeout
        }
    }
}
