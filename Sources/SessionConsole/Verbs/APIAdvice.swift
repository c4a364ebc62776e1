import SessionCodec

/// What a person learns from a refusal besides its sentence: what the server found, and what to do.
enum APIAdvice {
    /// The particulars of an error body on one line, such as ` (server_version 3, conflicting_keys mood)`.
    ///
    /// Whole objects, such as the server's state, are left to `--json`; so is the token of a pending handoff.
    static func particulars(_ details: JSONValue?) -> String {
        guard case .object(let object)? = details else { return "" }
        let shown = object.members.compactMap { member -> String? in
            if case .object = member.value { return nil }
            return member.key == "token" ? nil : "\(member.key) \(member.value.plain)"
        }
        return shown.isEmpty ? "" : " (\(shown.joined(separator: ", ")))"
    }

    /// What to do, as the end of a sentence; empty where the server's sentence says it all.
    static func text(_ status: Int, _ code: String) -> String {
        switch (status, code) {
        case (409, "VERSION_CONFLICT"), (412, _):
            "; read it again with 'snapshot get', or settle it with 'snapshot resolve'"
        case (409, "HANDOFF_PENDING"): "; wait until it has expired, or write --replace"
        case (409, "SESSION_LIMIT"): "; delete a session with 'snapshot delete'"
        case (404, "SESSION_NOT_FOUND"): "; check the id, and whose session it is"
        case (404, "DEVICE_NOT_FOUND"): "; 'device list' names those of the session"
        case (404, "HANDOFF_NOT_FOUND"), (410, _): "; offer it anew with 'handoff start'"
        case (403, "HANDOFF_WRONG_DEVICE"): "; name the offer's target with --device"
        case (403, "IDENTITY_MISMATCH"): "; leave --user and --device out, or give the token's own"
        case (401, "REFRESH_REUSED"), (401, "TOKEN_REVOKED"): ""
        case (401, _): "; give a credential with --token-file, or SESSIONCTL_TOKEN"
        case (403, _): "; the credential is not enough for this"
        default: ""
        }
    }
}
