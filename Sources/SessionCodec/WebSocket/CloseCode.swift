/// The status that a Close frame carries (RFC 6455 §7.4, and PROTOCOLS §1.3 for the range 4000 to 4999).
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let normal = CloseCode(rawValue: 1000)
    package static let goingAway = CloseCode(rawValue: 1001)
    package static let protocolError = CloseCode(rawValue: 1002)
    package static let unsupportedData = CloseCode(rawValue: 1003)
    /// Never on the wire: a Close frame without a code.
    package static let noStatus = CloseCode(rawValue: 1005)
    /// Never on the wire: the connection was lost without a Close frame.
    package static let abnormal = CloseCode(rawValue: 1006)
    package static let invalidPayload = CloseCode(rawValue: 1007)
    package static let policyViolation = CloseCode(rawValue: 1008)
    package static let messageTooBig = CloseCode(rawValue: 1009)
    package static let mandatoryExtension = CloseCode(rawValue: 1010)
    package static let internalError = CloseCode(rawValue: 1011)
    package static let badRequest = CloseCode(rawValue: 4400)
    package static let unauthorized = CloseCode(rawValue: 4401)
    package static let forbidden = CloseCode(rawValue: 4403)
    package static let notFound = CloseCode(rawValue: 4404)
    package static let unsupportedVersion = CloseCode(rawValue: 4405)
    package static let authTimeout = CloseCode(rawValue: 4408)
    package static let superseded = CloseCode(rawValue: 4409)
    package static let kicked = CloseCode(rawValue: 4410)
    package static let connectionLimit = CloseCode(rawValue: 4429)
    package static let revoked = CloseCode(rawValue: 4440)
    package static let tooManyErrors = CloseCode(rawValue: 4441)
    package static let serverError = CloseCode(rawValue: 4500)
    package static let backendUnavailable = CloseCode(rawValue: 4503)
    package static let heartbeatTimeout = CloseCode(rawValue: 4508)
    package static let slowConsumer = CloseCode(rawValue: 4511)
    package static let insufficientState = CloseCode(rawValue: 4512)
    package static let forceReconnect = CloseCode(rawValue: 4513)
    package static let rateLimited = CloseCode(rawValue: 4529)
    package static let tokenExpired = CloseCode(rawValue: 4541)

    /// The name that stands in the reason and in metrics, such as `heartbeat_timeout`; `nil` for codes nobody named.
    package var name: String? { Self.names[rawValue] }

    /// Whether the code may stand in a Close frame (RFC 6455 §7.4.1 and the IANA registry).
    package var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private static let names: [UInt16: String] = [
        1000: "normal", 1001: "going_away", 1002: "protocol_error", 1003: "unsupported_data", 1005: "no_status",
        1006: "abnormal", 1007: "invalid_payload", 1008: "policy_violation", 1009: "message_too_big",
        1010: "mandatory_extension", 1011: "internal", 4400: "bad_request", 4401: "unauthorized", 4403: "forbidden",
        4404: "not_found", 4405: "unsupported_version", 4408: "auth_timeout", 4409: "superseded", 4410: "kicked",
        4429: "connection_limit", 4440: "revoked", 4441: "too_many_errors", 4500: "server_error",
        4503: "backend_unavailable", 4508: "heartbeat_timeout", 4511: "slow_consumer", 4512: "insufficient_state",
        4513: "force_reconnect", 4529: "rate_limited", 4541: "token_expired",
    ]
}
