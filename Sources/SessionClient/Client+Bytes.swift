package import SessionBase
import SessionCodec
import SessionIO

/// Bytes in, bytes out: between the socket and the connection, through TLS where there is TLS.
extension Client {
    /// Bytes taken from the socket at once.
    private static let chunkBytes = 65_536
    /// Bytes taken at once during the handshake of a client that will read slowly.
    private static let slowHandshakeBytes = 512
    /// Chunks taken before other sources get their turn.
    private static let chunksMax = 16

    /// Reads what is there, as far as it can be given to the connection.
    func receive(at now: Instant) {
        for _ in 0..<Self.chunksMax {
            guard let descriptor, isReadable, !hasUnparsed else { return }
            let limit = allowance(at: now)
            guard limit > 0 else { return }
            if input.count < Self.chunkBytes { input = [UInt8](repeating: 0, count: Self.chunkBytes) }
            let result = input.withUnsafeMutableBytes { bytes in
                Socket.receive(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<limit]))
            }
            switch result {
            case .received(let count):
                readRate?.spend(count)
                takeIn(count, at: now)
                // Less than asked for: the next read would only say so.
                if count < limit { return }
            case .wouldBlock: return
            case .ended: return end(at: now)
            case .failed(let code): return end(code, at: now)
            }
        }
    }

    private func allowance(at now: Instant) -> Int {
        guard var rate = readRate else {
            // The handshake is read at once, but not much of what the server sends behind it.
            let isSlow = state == .upgrading && configuration.readBytesPerSecond != nil
            return isSlow ? Self.slowHandshakeBytes : Self.chunkBytes
        }
        let allowed = min(rate.allowance(at: now), Self.chunkBytes)
        readRate = rate
        if allowed == 0 { readAgainAt = rate.refilled }
        return allowed
    }

    /// Gives what the socket delivered to the connection, decrypted where there is TLS.
    private func takeIn(_ count: Int, at now: Instant) {
        if let tls {
            guard let plaintext = decrypt(count, with: tls, at: now) else { return }
            inbox = plaintext
            inboxCount = plaintext.count
        } else {
            swap(&inbox, &input)
            inboxCount = count
        }
        inboxCursor = 0
        resume(at: now)
    }

    /// Gives received bytes to the connection until something happens that the driver must hear of.
    ///
    /// What follows is left until the driver comes back: what it answers must go out before the answer to what comes
    /// next, which may be the end (Autobahn 3.2 and its like ask for exactly that).
    package func resume(at now: Instant) {
        while hasUnparsed, events.isEmpty {
            switch step() {
            case .needsInput: inboxCursor = inboxCount
            case .opened: didOpen(at: now)
            case .response: didAnswer()
            case .message(let kind, let place): didReceive(.received(kind, payload(place)))
            case .ping(let place): didReceive(.pinged(payload(place)))
            case .pong(let place): didReceive(.ponged(payload(place)))
            case .closeReceived(let code): didReceiveClose(code, at: now)
            case .failed(let code): didViolate(code, at: now)
            case .request, .upgrade: preconditionFailure("a client was asked for something")
            }
        }
        flush(at: now)
    }

    /// Whether there are received bytes that the connection has not seen.
    private var hasUnparsed: Bool { inboxCursor < inboxCount && (state == .upgrading || state == .open) }

    private func step() -> ConnectionEvent {
        var all = inbox.mutableSpan
        var received = all._mutatingExtracting(0..<inboxCount)
        return connection.receive(&received, from: &inboxCursor, output: &outbox)
    }

    private func payload(_ place: PayloadPlace) -> [UInt8] {
        switch place {
        case .input(let range): Array(inbox[range])
        case .assembled: connection.assembled
        case .control: connection.control
        }
    }

    private func didReceiveClose(_ code: CloseCode, at now: Instant) {
        // Where we closed first, our own code tells why; the peer's frame only confirms it.
        if close == nil { close = (code, connection.closeReason, .peer) }
        beginEnding(at: now)
    }

    private func didViolate(_ code: CloseCode, at now: Instant) {
        guard state == .open else {
            return fail(.noWebSocket(endpoint: configuration.endpoint.publicDescription, reason: violation))
        }
        close = (code, violation, .us)
        beginEnding(at: now)
    }

    /// What the peer did wrong.
    private var violation: String { connection.failure.map { "\($0)" } ?? "its answer is no valid HTTP/1.1" }

    /// Records that the peer sends nothing more; `code` is an `errno`, 0 for an orderly end.
    private func end(_ code: Int32 = 0, at now: Instant) {
        switch state {
        case .idle: break
        case .upgrading where connection.receiveEOF() == .response: didAnswer()
        case .connecting, .securing, .upgrading: fail(.lost(endpoint: configuration.endpoint.publicDescription))
        case .open, .ending: finish(at: now)
        }
    }

    /// Writes what waits to be sent, as much as the kernel takes.
    func flush(at now: Instant) {
        guard let descriptor, state != .connecting, seal() else { return }
        while outputStart < output.count {
            switch Socket.send(descriptor, output.span.extracting(outputStart..<output.count)) {
            case .sent(let count): outputStart += count
            case .wouldBlock: return compactOutput()
            case .failed(let code): return end(code, at: now)
            }
        }
        output.removeAll(keepingCapacity: output.capacity <= 1 << 20)
        outputStart = 0
        if state == .ending { Socket.shutdownWrite(descriptor) }
    }

    /// Moves what the connection wrote behind what the socket is to send, encrypted where there is TLS.
    ///
    /// - Returns: Whether there is still a connection.
    private func seal() -> Bool {
        guard !outbox.isEmpty else { return true }
        if let tls {
            guard encrypt(with: tls) else { return false }
        } else if output.isEmpty {
            swap(&output, &outbox)
        } else {
            output.append(contentsOf: outbox)
        }
        outbox.removeAll(keepingCapacity: outbox.capacity <= 1 << 20)
        return true
    }

    /// Drops what was sent once it is the larger part, so that a slow peer does not make the buffer grow for ever.
    private func compactOutput() {
        guard outputStart > output.count / 2 else { return }
        output.removeFirst(outputStart)
        outputStart = 0
    }
}
