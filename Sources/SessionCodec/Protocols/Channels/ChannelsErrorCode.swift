/// Why channels refused a message (PROTOCOLS §4.3); the raw value is an index for counters.
///
/// The first three say that the message could not be understood, and count towards close code 4441 (PROTOCOLS C6).
package enum ChannelsErrorCode: Int, RefusalCode, Hashable, Sendable {
    /// The text is no JSON.
    case invalidJSON
    /// A field is missing or holds what it may not hold.
    case invalidMessage
    /// No message of this type exists on this route.
    case unknownType
    /// The name breaks the syntax of channels (2-12).
    case invalidChannel
    /// A credential is missing or bad.
    case unauthorized
    /// The identity is valid and may not do this.
    case forbidden
    /// The connection has as many subscriptions as allowed.
    case limitExceeded
    /// More messages than allowed in a time.
    case rateLimited
    /// The interval is none that streams can have (2-25).
    case invalidInterval
    /// The filter is none that streams can have (2-26).
    case invalidFilter
    /// Nobody has spoken of such a report (2-19).
    case reportNotFound
    /// The report has ended already (2-20).
    case reportNotCancellable
    /// The report's generation failed (2-21).
    case reportFailed
    /// The server is at fault.
    case `internal`

    /// How the code is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .invalidJSON: "INVALID_JSON"
        case .invalidMessage: "INVALID_MESSAGE"
        case .unknownType: "UNKNOWN_TYPE"
        case .invalidChannel: "INVALID_CHANNEL"
        case .unauthorized: "UNAUTHORIZED"
        case .forbidden: "FORBIDDEN"
        case .limitExceeded: "LIMIT_EXCEEDED"
        case .rateLimited: "RATE_LIMITED"
        case .invalidInterval: "INVALID_INTERVAL"
        case .invalidFilter: "INVALID_FILTER"
        case .reportNotFound: "REPORT_NOT_FOUND"
        case .reportNotCancellable: "REPORT_NOT_CANCELLABLE"
        case .reportFailed: "REPORT_FAILED"
        case .internal: "INTERNAL"
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: StaticString {
        switch self {
        case .invalidJSON: "Message is not valid JSON"
        case .invalidMessage: "Message has a missing or invalid field"
        case .unknownType: "Unknown message type"
        case .invalidChannel: "Channel name is not valid"
        case .unauthorized: "Authentication required"
        case .forbidden: "Not allowed"
        case .limitExceeded: "Too many subscriptions"
        case .rateLimited: "Too many messages"
        case .invalidInterval: "Interval must be 0, or 250 to 3600000 milliseconds"
        case .invalidFilter: "Filter must be an object of at most 16 texts, numbers, booleans or nulls"
        case .reportNotFound: "There is no such report"
        case .reportNotCancellable: "The report has ended already"
        case .reportFailed: "Report generation failed"
        case .internal: "Internal error"
        }
    }
}
