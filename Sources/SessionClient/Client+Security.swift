import SessionBase
package import SessionCodec
package import SessionCrypto
import SessionIO

/// TLS between the socket and the connection.
extension Client {
    /// Starts TLS on a connected socket.
    func beginSecuring(at now: Instant) {
        state = .securing
        do {
            let session = try TLSSession(try configuration.security.context(), peerName: configuration.endpoint.host)
            try session.start(output: &output)
            tls = session
        } catch {
            return fail(ClientFailure(error, endpoint: configuration.endpoint))
        }
        flush(at: now)
    }

    /// Decrypts the first `count` bytes of the input, and goes on once the handshake of TLS is done.
    ///
    /// - Returns: `nil` where there is nothing for the connection.
    func decrypt(_ count: Int, with tls: TLSSession, at now: Instant) -> [UInt8]? {
        var plaintext: [UInt8] = []
        let ciphertext = input
        do throws(TLSError) {
            try tls.receive(ciphertext.span.extracting(0..<count), plaintext: &plaintext, output: &output)
        } catch {
            // The alert that says why is in the output; the peer should have it.
            flush(at: now)
            endSecurely(error, at: now)
            return nil
        }
        if state == .securing, tls.isOpen { beginUpgrade(at: now) }
        return plaintext.isEmpty ? nil : plaintext
    }

    /// Encrypts what the connection wrote.
    ///
    /// - Returns: Whether there is still a connection.
    func encrypt(with tls: TLSSession) -> Bool {
        let plaintext = outbox
        do throws(TLSError) {
            try tls.send(plaintext.span, output: &output)
            return true
        } catch {
            endSecurely(error, at: SystemClock.now())
            return false
        }
    }

    private func endSecurely(_ error: TLSError, at now: Instant) {
        switch state {
        case .idle: break
        case .connecting, .securing, .upgrading: fail(ClientFailure(error, endpoint: configuration.endpoint))
        case .open, .ending: finish(at: now)
        }
    }
}

extension ClientFailure {
    /// What TLS and the reading of its files threw, with the option that would help.
    package init(_ error: any Error, endpoint: Endpoint) {
        switch error {
        case let failure as ClientFailure: self = failure
        case let error as TLSError:
            let advice = Self.advice(against: error.kind)
            self = .tls(endpoint: endpoint.publicDescription, reason: error.description, advice: advice)
        default: self = .lost(endpoint: endpoint.publicDescription)
        }
    }

    private static func advice(against kind: TLSError.Kind) -> String {
        switch kind {
        case .untrusted: "; name its authority with --cacert, or trust anybody with -k"
        case .refused: "; the server may want a certificate: --cert and --key"
        case .protocol: "; is it ws:// rather than wss://?"
        case .configuration: ""
        }
    }
}

extension ClientSecurity {
    /// Reads the files and makes a context of them.
    ///
    /// - Throws: ``ClientFailure`` for a file that cannot be read, `TLSError` for one that cannot be used.
    package func context() throws -> TLSContext {
        let trust: TLSContext.Trust =
            if isVerificationOff { .anybody } else if let path = authoritiesPath {
                .authorities(try Self.read(path))
            } else { .system }
        guard let certificatePath else { return try TLSContext(clientTrusting: trust) }
        let identity = TLSContext.Identity(
            certificateChain: try Self.read(certificatePath), privateKey: try Self.read(keyPath ?? certificatePath))
        return try TLSContext(clientTrusting: trust, identity: identity)
    }

    private static func read(_ path: String) throws(ClientFailure) -> [UInt8] {
        do throws(SystemError) {
            return try Files.read(path, bytesMax: 1 << 20)
        } catch {
            throw .unreadable(error)
        }
    }
}
