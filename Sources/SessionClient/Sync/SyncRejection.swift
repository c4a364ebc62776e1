package import SessionCodec

/// Why the server of sync refused what a client asked over its socket: an ERROR or an AUTH_FAILURE (PROTOCOLS §3.4).
package struct SyncRejection: Error, Equatable, Sendable {
    /// The server's code, such as `VERSION_CONFLICT`.
    package var code: String
    /// The server's sentence.
    package var message: String
    /// The particulars, an object.
    package var details: JSONFragment?
    /// The exit status it calls for.
    package var verdict: Verdict

    /// Takes an ERROR.
    package init(_ code: SyncErrorCode, message: String, details: JSONFragment? = nil) {
        self.code = code.name
        self.message = message
        self.details = details
        verdict = Verdict(code)
    }

    /// Takes an AUTH_FAILURE; the close that follows it decides the status.
    package init(_ code: SyncAuthFailureCode, message: String) {
        self.code = code.name
        self.message = message
        verdict = Verdict(code.closeCode)
    }

    /// The refusal as an error body of the HTTP API has it (PROTOCOLS §1.6).
    package var value: JSONValue {
        var object = JSONObject()
        object["error"] = .string(code)
        object["message"] = .string(message)
        object["details"] = details?.value
        return .object(object)
    }

    /// One clause: code, sentence, what was found, what to do.
    package var description: String {
        // A whole state among the particulars is nothing for one line.
        let found = (details?.members ?? []).filter { $0.value.kind != .object }.map { "\($0.key) \($0.value.text)" }
        let particulars = found.isEmpty ? "" : " (\(found.joined(separator: ", ")))"
        return "\(code): \(message)\(particulars)\(advice)"
    }

    private var advice: String {
        switch code {
        case SyncAuthFailureCode.invalidToken.name, SyncAuthFailureCode.tokenExpired.name:
            "; give a valid token with --token-file, or SESSIONCTL_TOKEN"
        case SyncAuthFailureCode.tokenRevoked.name: "; ask for a new token"
        case SyncAuthFailureCode.deviceLimit.name:
            "; 'sessionctl device disconnect' makes room, or use --device with the name of one that is there"
        case SyncErrorCode.identityMismatch.name: "; leave --user and --device out, or give the token's own"
        case SyncErrorCode.versionConflict.name: "; read the state again, and repeat with its version"
        case SyncErrorCode.rateLimited.name, SyncErrorCode.storeUnavailable.name: "; try again later"
        default: ""
        }
    }
}

extension Verdict {
    /// What an ERROR of sync means to a command, as the same refusal over HTTP would (PROTOCOLS §1.10).
    package init(_ code: SyncErrorCode) {
        self =
            switch code {
            case .invalidJSON, .invalidMessage, .unknownType, .invalidOperation, .stateTooLarge: .badData
            case .notAuthenticated, .identityMismatch, .forbidden: .refused
            case .alreadyAuthenticated, .sessionNotFound, .versionConflict: .failed
            case .rateLimited, .storeUnavailable: .tryAgain
            case .internal: .unavailable
            }
    }
}
