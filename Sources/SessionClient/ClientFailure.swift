import SessionBase
package import SessionIO

/// Why a client never came to an open WebSocket. Each says what, where and what to do.
package enum ClientFailure: Error, Equatable, Sendable {
    /// The host's name leads to no address.
    case unknownHost(ResolutionError)
    /// No address of the endpoint took the connection; one error for each that was tried.
    case unreachable(endpoint: String, [SystemError])
    /// The whole of connecting, TLS and handshake took too long.
    case timedOut(endpoint: String, after: Duration)
    /// TLS failed: a certificate, a version, an alert.
    case tls(endpoint: String, reason: String, advice: String)
    /// A file named for TLS cannot be read.
    case unreadable(SystemError)
    /// The server answered the handshake with another HTTP status than 101.
    case refused(RefusedHandshake)
    /// The answer was no WebSocket handshake.
    case noWebSocket(endpoint: String, reason: String)
    /// The connection was lost before the handshake was done.
    case lost(endpoint: String)

    /// The exit status it calls for.
    package var verdict: Verdict {
        switch self {
        case .unknownHost: .unknownHost
        case .unreachable, .tls, .lost: .unavailable
        case .timedOut: .tryAgain
        case .unreadable(let error): error.isMissing ? .noInput : .unavailable
        case .refused(let refusal): Verdict(httpStatus: refusal.status)
        case .noWebSocket: .protocolViolation
        }
    }

    /// What it means to a client that may try again.
    package var loss: Loss {
        switch self {
        case .unknownHost(let error): error.isTemporary ? .unreachable : .hopeless
        case .unreachable, .timedOut, .lost: .unreachable
        case .tls, .noWebSocket, .unreadable: .hopeless
        case .refused(let refusal): .refused(status: refusal.status, retryAfter: refusal.retryAfter)
        }
    }

    /// A short name for programs, as `--json` prints it.
    package var name: String {
        switch self {
        case .unknownHost: "unknown_host"
        case .unreachable: "unreachable"
        case .timedOut: "timed_out"
        case .tls: "tls"
        case .unreadable: "unreadable_file"
        case .refused: "handshake_status"
        case .noWebSocket: "no_websocket"
        case .lost: "lost"
        }
    }
}

extension ClientFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownHost(let error): "\(error); check the name, or write an IP address"
        case .unreachable(let endpoint, let errors): Self.describe(endpoint, errors)
        case .timedOut(let endpoint, let after):
            "\(endpoint) did not answer within \(after.spelled); allow it more time, or look whether it hangs"
        case .tls(let endpoint, let reason, let advice): "no TLS connection to \(endpoint): \(reason)\(advice)"
        case .unreadable(let error): error.description
        case .refused(let refusal): refusal.description
        case .noWebSocket(let endpoint, let reason): "\(endpoint) did not answer as a WebSocket server: \(reason)"
        case .lost(let endpoint): "\(endpoint) closed the connection before the handshake was done"
        }
    }

    private static func describe(_ endpoint: String, _ errors: [SystemError]) -> String {
        let list = errors.map { "\($0.context.isEmpty ? endpoint : $0.context): \($0.reason)" }.joined(separator: "; ")
        if errors.contains(where: { $0.operation == "connect from" }) {
            return "cannot connect from \(list); is it an address of this machine?"
        }
        let isRefused = errors.contains(where: \.isRefused)
        return "cannot connect to \(list)" + (isRefused ? "; is the server running there?" : "")
    }
}

/// An HTTP answer that refused a handshake.
package struct RefusedHandshake: Equatable, Sendable {
    /// Who answered.
    package var endpoint: String
    /// The HTTP status.
    package var status: Int
    /// The status's standard phrase.
    package var phrase: String
    /// What the body says: its `message`, its `error`, or its first line; may be empty.
    package var message: String
    /// The header `Retry-After`, where it is a number of seconds.
    package var retryAfter: Duration?

    /// Describes a refusal.
    package init(endpoint: String, status: Int, phrase: String, message: String, retryAfter: Duration? = nil) {
        self.endpoint = endpoint
        self.status = status
        self.phrase = phrase
        self.message = message
        self.retryAfter = retryAfter
    }

    /// One line: who, which status, what the server says, when to come back.
    package var description: String { description(forUnknownPeers: "send a credential with --header") }

    /// The same line, with what somebody can do whom the server does not know.
    package func description(forUnknownPeers remedy: String) -> String {
        let says = message.isEmpty ? "" : ": \(message)"
        let again = retryAfter.map { "; try again in \($0.spelled)" } ?? advice(remedy)
        return "\(endpoint) refused the handshake with HTTP \(status) \(phrase)\(says)\(again)"
    }

    private func advice(_ remedy: String) -> String {
        switch status {
        case 401: "; \(remedy)"
        case 404: "; check the path of the URL"
        default: ""
        }
    }
}
