internal import COpenSSL

/// Why TLS could not be set up or failed, as a sentence.
package struct TLSError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is, for those who choose an exit status or a log level by it.
    package enum Kind: Equatable, Sendable {
        /// A certificate, key or authority of ours cannot be used: a mistake in the configuration.
        case configuration
        /// The peer's certificate is not one we accept.
        case untrusted
        /// The peer refused us by an alert.
        case refused
        /// The peer broke the protocol, or does not speak it.
        case `protocol`
    }

    /// What kind of failure it is.
    package var kind: Kind
    /// The sentence, without a full stop.
    package var description: String

    /// Describes a failure.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

extension TLSError {
    /// Describes our own material that OpenSSL does not take, with the reason it queued, and empties its queue.
    static func unusable(_ what: String) -> TLSError {
        let error = ERR_peek_last_error()
        ERR_clear_error()
        return TLSError(.configuration, "\(what): \(reason(error))")
    }

    /// Describes why a session failed, from OpenSSL's queue, and empties it.
    static func session(_ session: OpaquePointer, peerName: String?) -> TLSError {
        let error = ERR_peek_error()
        ERR_clear_error()
        if copenssl_is_untrusted(error) != 0 {
            let verification = SSL_get_verify_result(session)
            let whose = peerName.map { "the certificate of \($0)" } ?? "the client's certificate"
            return TLSError(
                .untrusted, "\(whose) is not trusted: \(String(cString: X509_verify_cert_error_string(verification)))")
        }
        if copenssl_is_alert(error) != 0 {
            // OpenSSL says `tlsv13 alert certificate required`; which version named the alert first helps nobody.
            let words = reason(error).split(separator: " ")
            let name = words.firstIndex(of: "alert").map { words[($0 + 1)...] } ?? words[...]
            return TLSError(.refused, "the peer refused TLS: \(name.joined(separator: " "))")
        }
        if copenssl_is_no_tls(error) != 0 { return TLSError(.protocol, "the peer does not speak TLS") }
        return TLSError(.protocol, "TLS failed: \(reason(error))")
    }

    private static func reason(_ error: UInt) -> String {
        guard let reason = ERR_reason_error_string(error) else { return "error \(error)" }
        return String(cString: reason)
    }
}
