internal import COpenSSL

/// What all sessions of one listener or one client share: certificates, key, and whom to trust. TLS 1.2 and up (C19).
///
/// Immutable after `init`: a reload makes a new one, and sessions keep the one that they began with.
package final class TLSContext: Sendable {
    /// Which end of the connection its sessions are.
    package enum Role: Sendable {
        /// Accepts handshakes.
        case server
        /// Starts handshakes.
        case client
    }

    /// A certificate and its key, in PEM.
    package struct Identity: Sendable {
        /// The certificate, followed by those that lead from it to a root.
        package var certificateChain: [UInt8]
        /// The private key of the first certificate, not encrypted.
        package var privateKey: [UInt8]

        /// Wraps PEM text; nothing is checked yet.
        package init(certificateChain: [UInt8], privateKey: [UInt8]) {
            self.certificateChain = certificateChain
            self.privateKey = privateKey
        }
    }

    /// Whom a client trusts.
    package enum Trust: Sendable {
        /// The authorities that the system trusts.
        case system
        /// These authorities alone, in PEM.
        case authorities([UInt8])
        /// Everybody: encrypts, but to whom is unknown.
        case anybody
    }

    /// Which end its sessions are.
    package let role: Role
    /// Not changed after `init`; OpenSSL counts references and locks where several threads make sessions of it.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Makes the server's end.
    ///
    /// - Parameter clientAuthorities: Where given, clients must show a certificate that one of these (PEM) signed.
    package convenience init(
        serverIdentity: Identity, clientAuthorities: [UInt8]? = nil
    ) throws(TLSError) {
        try self.init(role: .server, method: TLS_server_method())
        try use(serverIdentity)
        copenssl_refuse_renegotiation(pointer)
        SSL_CTX_set_num_tickets(pointer, 1)
        // Required for resumption where client certificates are verified; the value itself carries no meaning.
        var name = Array("sessionctl".utf8)
        SSL_CTX_set_session_id_context(pointer, &name, UInt32(name.count))
        guard let clientAuthorities else { return }
        try trust(clientAuthorities, announcing: true)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }

    /// Makes the client's end.
    package convenience init(clientTrusting trust: Trust, identity: Identity? = nil) throws(TLSError) {
        try self.init(role: .client, method: TLS_client_method())
        switch trust {
        case .system:
            guard SSL_CTX_set_default_verify_paths(pointer) == 1 else { throw .unusable("the system's authorities") }
            SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        case .authorities(let pem):
            try self.trust(pem, announcing: false)
            SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        case .anybody:
            SSL_CTX_set_verify(pointer, SSL_VERIFY_NONE, nil)
        }
        if let identity { try use(identity) }
    }

    private init(role: Role, method: OpaquePointer) throws(TLSError) {
        guard let created = SSL_CTX_new(method) else { throw .unusable("cannot set up TLS") }
        self.role = role
        pointer = created
        copenssl_save_memory(created)
        // Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else.
        guard copenssl_require_tls_1_2(created) == 1,
            SSL_CTX_set_cipher_list(created, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
        else { throw .unusable("cannot set up TLS") }
    }

    deinit { SSL_CTX_free(pointer) }

    private func use(_ identity: Identity) throws(TLSError) {
        var isFirst = true
        try Self.eachCertificate(identity.certificateChain, "the certificate") { certificate in
            defer { isFirst = false }
            return isFirst
                ? SSL_CTX_use_certificate(pointer, certificate) == 1
                : copenssl_add_to_chain(pointer, certificate) == 1
        }
        let key = Self.withBuffer(identity.privateKey) { copenssl_private_key($0) }
        guard let key else { throw .unusable("the private key is no PEM key without pass phrase") }
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(pointer, key) == 1, SSL_CTX_check_private_key(pointer) == 1 else {
            throw .unusable("the private key does not belong to the certificate")
        }
    }

    /// Trusts what `pem` holds; `announcing` also tells clients whose certificates will do.
    private func trust(_ pem: [UInt8], announcing: Bool) throws(TLSError) {
        let store = SSL_CTX_get_cert_store(pointer)
        try Self.eachCertificate(pem, "the authority's certificate") { certificate in
            X509_STORE_add_cert(store, certificate) == 1
                && (!announcing || SSL_CTX_add_client_CA(pointer, certificate) == 1)
        }
    }

    /// Calls `body` with each certificate of a PEM text, of which there must be one at least.
    private static func eachCertificate(
        _ pem: [UInt8], _ what: String, _ body: (OpaquePointer) -> Bool
    ) throws(TLSError) {
        let count = withBuffer(pem) { buffer -> Int? in
            var count = 0
            while let certificate = copenssl_next_certificate(buffer) {
                defer { X509_free(certificate) }
                guard body(certificate) else { return nil }
                count += 1
            }
            return count
        }
        guard let count else { throw .unusable("\(what) cannot be used") }
        guard count > 0 else { throw .unusable("\(what) is no PEM certificate") }
        // Reading past the last one queued an error.
        ERR_clear_error()
    }

    private static func withBuffer<Result>(_ bytes: [UInt8], _ body: (OpaquePointer?) -> Result) -> Result {
        bytes.withUnsafeBytes { bytes in
            // The buffer reads from the array's storage, which outlives it.
            let buffer = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { BIO_free(buffer) }
            return body(buffer)
        }
    }
}
