package import SessionCodec

/// Why channels or lockers refused what a command asked for over its socket: their `error` (PROTOCOLS 2-3, 4-1).
package struct ServiceRejection: Error, Equatable, Sendable {
    /// The server's code, such as `FORBIDDEN`.
    package var code: String
    /// The server's sentence.
    package var message: String
    /// The channel or room that it is about.
    package var subject: String?

    /// Describes a refusal.
    package init(code: String, message: String, subject: String? = nil) {
        self.code = code
        self.message = message
        self.subject = subject
    }

    /// The exit status it calls for, as the same refusal over HTTP would (PROTOCOLS §1.10).
    package var verdict: Verdict {
        switch code {
        case "INVALID_JSON", "INVALID_MESSAGE", "INVALID_CHANNEL", "INVALID_INTERVAL", "INVALID_FILTER",
            "INVALID_ROOM", "UNKNOWN_TYPE":
            .badData
        case "UNAUTHORIZED", "FORBIDDEN", "AUTH_REQUIRED", "INVALID_SESSION": .refused
        case "RATE_LIMITED", "STORE_UNAVAILABLE": .tryAgain
        case "INTERNAL": .unavailable
        default: .failed
        }
    }

    /// The refusal as an error body of an HTTP API has it (PROTOCOLS §1.6).
    package var value: JSONValue {
        var object = JSONObject()
        object["error"] = .string(code)
        object["message"] = .string(message)
        if let subject { object["details"] = ["subject": .string(subject)] }
        return .object(object)
    }

    /// One clause: code, what it is about, the server's sentence, what to do.
    package var description: String {
        let about = subject.map { " for \($0)" } ?? ""
        return "\(code)\(about): \(message)\(advice)"
    }

    private var advice: String {
        switch code {
        case "UNAUTHORIZED": "; give a token with --token-file, or SESSIONCTL_TOKEN"
        case "AUTH_REQUIRED", "INVALID_SESSION":
            "; give a session with --session-file, or SESSIONCTL_LOCKER_SESSION; 'sessionctl session create' makes one"
        case "FORBIDDEN": "; the credential is not enough for this"
        case "INVALID_CHANNEL": "; a channel is words of letters, digits and _ . - between colons"
        case "RATE_LIMITED": "; try again later"
        default: ""
        }
    }
}
