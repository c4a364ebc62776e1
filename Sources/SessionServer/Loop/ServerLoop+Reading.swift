import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

extension ServerLoop {
    /// Reads once from a socket and handles what arrived.
    mutating func read(_ id: ConnectionID) {
        // The buffer leaves `self` for the while, so that spans over it and `self` can be used side by side.
        var buffer = input.taken()
        defer { input = buffer }
        switch Socket.receive(connections[slot: id.slot].descriptor, into: &buffer) {
        case .received(let count):
            connections[slot: id.slot].heardAt = moment.instant
            connections[slot: id.slot].isAwaitingPong = false
            connections[slot: id.slot].bytesIn &+= UInt64(count)
            if connections[slot: id.slot].rare?.tls == nil {
                consume(id, &buffer, count)
            } else {
                decrypt(id, buffer.span.extracting(first: count))
            }
            if connections.contains(id) { flush(id) }
        case .ended, .failed: lose(id)
        case .wouldBlock: break
        }
    }

    /// Handles the first `count` bytes of plain input.
    mutating func consume(_ id: ConnectionID, _ buffer: inout [UInt8], _ count: Int) {
        var cursor = 0
        while connections.contains(id) {
            switch connections[slot: id.slot].phase {
            case .http, .webSocket, .closing: break
            case .answering: return keepUnread(id, buffer.span.extracting(cursor..<count))
            case .lingering: return
            }
            connections[slot: id.slot].output.prepare(&pool)
            var whole = buffer.mutableSpan
            var received = whole._mutatingExtracting(first: count)
            switch connections[slot: id.slot].receive(&received, from: &cursor) {
            case .needsInput:
                if cursor < count { keepUnread(id, buffer.span.extracting(cursor..<count)) }
                return
            case .message(let kind, .input(let range)):
                deliver(kind, buffer.span.extracting(range), from: id)
            case .message(let kind, _):
                let assembled = connections[slot: id.slot].wire.assembled
                deliver(kind, assembled.span, from: id)
            case .ping: hear(id)
            case .pong: hearPong(id)
            case .request: request(id)
            case .upgrade: upgrade(id)
            case .closeReceived(let code): peerClosed(id, code)
            case .failed(let code): fail(id, code)
            case .response, .opened: preconditionFailure("a server connection acts as a client")
            }
            if let move = pendingMove {
                pendingMove = nil
                depart(id, move, unread: buffer.span.extracting(cursor..<count))
                return
            }
        }
    }

    /// Hands one message to the service of its connection.
    private mutating func deliver(_ kind: MessageKind, _ message: Span<UInt8>, from id: ConnectionID) {
        guard connections[slot: id.slot].phase == .webSocket else { return }
        connections[slot: id.slot].messagesIn &+= 1
        switch connections[slot: id.slot].profile {
        case .awareness:
            guard kind == .text else { return close(id, .unsupportedData, detail: "text frames only") }
            awareness.received(id, message, at: moment, effects: &effects)
            performEffects()
            pendingMove?.message.append(copying: message)
        case .echo:
            counters.echoMessages &+= 1
            connections[slot: id.slot].send(kind, message)
        case nil: break
        }
    }

    private mutating func hear(_ id: ConnectionID) {
        if connections[slot: id.slot].profile == .awareness { awareness.heard(id, at: moment) }
    }

    private mutating func hearPong(_ id: ConnectionID) {
        hear(id)
        guard let sent = connections[slot: id.slot].pingedAt else { return }
        connections[slot: id.slot].pingedAt = nil
        counters.pingRoundTrips.record(moment.instant - sent)
    }

    /// Decrypts what a TLS connection received, and handles the plain bytes.
    private mutating func decrypt(_ id: ConnectionID, _ received: Span<UInt8>) {
        guard let tls = connections[slot: id.slot].rare?.tls else { return }
        var plain = decrypted.taken()
        defer { decrypted = plain }
        plain.removeAll(keepingCapacity: true)
        do {
            try connections[slot: id.slot].decrypt(received, tls, &plain, &pool)
        } catch {
            counters.refuse(.tls)
            log.write(
                .debug, "TLS failed", at: moment.timestamp,
                ["peer": connections[slot: id.slot].address.host, "reason": "\(error)"])
            flush(id)
            return lose(id)
        }
        consume(id, &plain, plain.count)
        if connections.contains(id), tls.isClosedByPeer { lose(id) }
    }

    /// Keeps input that arrived behind a request whose answer is still being gathered, and stops reading.
    mutating func keepUnread(_ id: ConnectionID, _ rest: Span<UInt8>) {
        guard rest.count > 0 else { return }
        let rare = connections[slot: id.slot].rareState()
        rare.unread.append(copying: rest)
        setReading(id, false)
    }

    /// Handles what was kept by ``keepUnread(_:_:)``.
    mutating func consumeUnread(_ id: ConnectionID) {
        setReading(id, true)
        guard let rare = connections[slot: id.slot].rare, !rare.unread.isEmpty else { return }
        var unread = rare.unread.taken()
        consume(id, &unread, unread.count)
        if connections.contains(id) { flush(id) }
    }

    /// Starts or stops reading from a socket.
    mutating func setReading(_ id: ConnectionID, _ isReading: Bool) {
        guard connections[slot: id.slot].isReading != isReading else { return }
        connections[slot: id.slot].isReading = isReading
        updateInterest(id)
    }
}
