internal import COpenSSL

/// One TLS connection as a transform of bytes to bytes: no socket, no clock.
///
/// `handshaking` → `open` → `closed` (the peer said close_notify), and from each of them → `failed`.
/// Between two calls a session holds no buffer: OpenSSL reads straight from the bytes that are passed in, and what it
/// writes is taken out before the call returns. Only an incomplete record stays inside.
///
/// One owner at a time uses a session, and may hand it over to another thread.
package final class TLSSession: @unchecked Sendable {
    // Unchecked, because OpenSSL does not lock sessions: a connection has one owner, and moving it to another loop goes
    // through a mailbox, which orders the two owners' calls.

    /// The most that one record carries (RFC 8446 §5.1).
    private static let recordBytesMax = 16_384

    private enum State { case handshaking, open, closed, failed }
    private var state = State.handshaking
    private let context: TLSContext
    private let session: OpaquePointer
    private let peerName: String?

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - context: Decides which end this is.
    ///   - peerName: For a client, the host name or IP address (without brackets) that the server's certificate must be
    ///     for; names are also sent as SNI.
    package init(_ context: TLSContext, peerName: String? = nil) throws(TLSError) {
        guard let created = SSL_new(context.pointer) else { throw .unusable("cannot begin TLS") }
        self.context = context
        self.peerName = peerName
        session = created
        switch context.role {
        case .server: SSL_set_accept_state(created)
        case .client:
            SSL_set_connect_state(created)
            if let peerName { try Self.expect(peerName, in: created) }
        }
    }

    deinit { SSL_free(session) }

    private static func expect(_ name: String, in session: OpaquePointer) throws(TLSError) {
        // An address is not sent as a name (RFC 6066 §3), and is matched against the certificate's addresses.
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1 { return }
        ERR_clear_error()
        guard SSL_set1_host(session, name) == 1, copenssl_name_server(session, name) == 1 else {
            throw .unusable("\(name) cannot be the name of a TLS server")
        }
    }

    /// Whether the handshake is done and both ends may send.
    package var isOpen: Bool { state == .open }

    /// Whether the peer has said that nothing more will come; a stream that ends without this was cut.
    package var isClosedByPeer: Bool { state == .closed }

    /// Appends the client's first flight to `output`; does nothing for a server.
    package func start(output: inout [UInt8]) throws(TLSError) {
        guard context.role == .client, state == .handshaking else { return }
        let nothing: [UInt8] = []
        var plaintext: [UInt8] = []
        try receive(nothing.span, plaintext: &plaintext, output: &output)
    }

    /// Takes in bytes from the peer, in pieces of any size.
    ///
    /// - Parameters:
    ///   - ciphertext: What the socket delivered; all of it is consumed.
    ///   - plaintext: The decrypted bytes are appended.
    ///   - output: What has to be sent is appended, also where this throws: the alert that tells the peer why.
    /// - Throws: ``TLSError`` where the session has failed; it stays so, and takes in nothing more.
    package func receive(
        _ ciphertext: Span<UInt8>, plaintext: inout [UInt8], output: inout [UInt8]
    ) throws(TLSError) {
        guard state == .handshaking || state == .open else { return }
        var failure: TLSError?
        ciphertext.withUnsafeBytes { input in
            exchange(input, &output) { failure = advance(&plaintext) }
        }
        if let failure {
            state = .failed
            throw failure
        }
    }

    /// Encrypts bytes for the peer; the session must be open.
    ///
    /// - Throws: ``TLSError`` where the session has failed.
    package func send(_ plaintext: Span<UInt8>, output: inout [UInt8]) throws(TLSError) {
        precondition(state == .open || state == .closed, "sending before the TLS handshake is done")
        guard plaintext.count > 0 else { return }
        var failure: TLSError?
        plaintext.withUnsafeBytes { bytes in
            exchange(UnsafeRawBufferPointer(start: nil, count: 0), &output) { failure = encrypt(bytes) }
        }
        if let failure {
            state = .failed
            throw failure
        }
    }

    /// Tells the peer that nothing more will come: appends close_notify to `output`, where there is an open session.
    package func close(output: inout [UInt8]) {
        guard state == .open || state == .closed else { return }
        exchange(UnsafeRawBufferPointer(start: nil, count: 0), &output) {
            SSL_shutdown(session)
            ERR_clear_error()
        }
    }

    /// The subject of the peer's certificate, such as `CN=window-7,O=Hospital` (RFC 2253); `nil` where it showed none.
    package var peerSubject: String? {
        guard let certificate = SSL_get1_peer_certificate(session) else { return nil }
        defer { X509_free(certificate) }
        let text = BIO_new(BIO_s_mem())
        defer { BIO_free(text) }
        copenssl_print_name(text, X509_get_subject_name(certificate))
        return String(decoding: Self.contents(text), as: UTF8.self)
    }

    /// The negotiated version and cipher, such as `TLSv1.3 TLS_AES_256_GCM_SHA384`; `nil` before the handshake is done.
    package var parameters: String? {
        guard state != .handshaking, let cipher = SSL_get_current_cipher(session) else { return nil }
        return "\(String(cString: SSL_get_version(session))) \(String(cString: SSL_CIPHER_get_name(cipher)))"
    }
}

extension TLSSession {
    /// Lends OpenSSL `input` to read from and a buffer to write to while `body` runs, and takes out what it wrote.
    private func exchange(_ input: UnsafeRawBufferPointer, _ output: inout [UInt8], _ body: () -> Void) {
        // Where there is no input, the address is never read from, but must not be nil.
        let source = BIO_new_mem_buf(input.baseAddress ?? UnsafeRawPointer(bitPattern: 1), Int32(input.count))
        let sink = BIO_new(BIO_s_mem())
        guard let source, let sink else { preconditionFailure("out of memory") }
        copenssl_end_means_wait(source)
        SSL_set_bio(session, source, sink)
        ERR_clear_error()
        body()
        output.append(contentsOf: Self.contents(sink))
        // Frees both; nothing of them is needed, because all input was taken in.
        SSL_set_bio(session, nil, nil)
    }

    /// Goes on with the handshake, then decrypts, until the input is used up.
    private func advance(_ plaintext: inout [UInt8]) -> TLSError? {
        if state == .handshaking {
            let result = SSL_do_handshake(session)
            guard result == 1 else {
                return SSL_get_error(session, result) == SSL_ERROR_WANT_READ ? nil : failure
            }
            state = .open
        }
        return decrypt(&plaintext)
    }

    private func decrypt(_ plaintext: inout [UInt8]) -> TLSError? {
        while true {
            var count: Int32 = 0
            plaintext.append(addingCapacity: Self.recordBytesMax) { count = read(into: &$0) }
            if count > 0 { continue }
            switch SSL_get_error(session, count) {
            case SSL_ERROR_WANT_READ: return nil
            case SSL_ERROR_ZERO_RETURN:
                state = .closed
                return nil
            default: return failure
            }
        }
    }

    /// Decrypts at most one record into the free part of `output`; returns what `SSL_read` does.
    private func read(into output: inout OutputSpan<UInt8>) -> Int32 {
        output.withUnsafeMutableBufferPointer { buffer, count in
            // The span has room for a record behind `count`, and exactly what was read becomes part of it.
            let result = SSL_read(session, buffer.baseAddress! + count, Int32(Self.recordBytesMax))
            count += Int(max(0, result))
            return result
        }
    }

    private func encrypt(_ plaintext: UnsafeRawBufferPointer) -> TLSError? {
        var offset = 0
        while offset < plaintext.count {
            let piece = plaintext[offset...]
            let count = SSL_write(session, piece.base.baseAddress! + offset, Int32(clamping: piece.count))
            // The sink takes everything, so that a write fails only with the session.
            guard count > 0 else { return failure }
            offset += Int(count)
        }
        return nil
    }

    private var failure: TLSError {
        .session(session, peerName: context.role == .client ? peerName ?? "the server" : nil)
    }

    private static func contents(_ buffer: OpaquePointer?) -> UnsafeBufferPointer<UInt8> {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = copenssl_contents(buffer, &bytes)
        // Valid until the buffer changes, which each caller does only after copying.
        return UnsafeBufferPointer(start: bytes, count: count)
    }
}
