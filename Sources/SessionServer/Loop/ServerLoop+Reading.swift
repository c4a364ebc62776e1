import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

extension ServerLoop {
    /// Reads once from a socket; what arrived is handled with the batch.
    ///
    /// - Parameter toTheEnd: Whether the peer's end of stream is there already, which the poller tells once.
    mutating func read(_ id: ConnectionID, toTheEnd: Bool) {
        if batch.isFull(of: input.count) { handleBatch() }
        guard connections.contains(id) else { return }
        let result = Socket.receive(connections[slot: id.slot].descriptor, into: &input, from: batch.end)
        batch.add(id, result, capacity: input.count, toTheEnd: toTheEnd)
    }

    /// Handles what was read, then answers, each connection in its turn.
    mutating func handleBatch() {
        guard !batch.reads.isEmpty else { return }
        // Buffer and list leave `self` for the while, so that spans over them and `self` can be used side by side.
        var buffer = input.taken()
        var done = ReadBatch()
        swap(&done, &batch)
        for read in done.reads where connections.contains(read.id) {
            slotBeingRead = read.id.slot
            handle(read, &buffer)
        }
        slotBeingRead = .max
        input = buffer
        for read in done.reads where connections.contains(read.id) {
            flush(read.id)
            goOn(after: read)
        }
        // Handling reads nothing, so that no other batch has begun.
        done.removeAll()
        batch = done
    }

    private mutating func handle(_ read: ReadBatch.Read, _ buffer: inout [UInt8]) {
        let id = read.id
        switch read.result {
        case .received(let count):
            connections[slot: id.slot].heardAt = moment.instant
            connections[slot: id.slot].isAwaitingPong = false
            connections[slot: id.slot].bytesIn &+= UInt64(count)
            if connections[slot: id.slot].rare?.tls == nil {
                consume(id, &buffer, read.start..<read.start + count)
            } else {
                decrypt(id, buffer.span.extracting(read.start..<read.start + count))
            }
        case .ended: endInput(id)
        case .failed: lose(id)
        case .wouldBlock: break
        }
    }

    /// Sees to what the poller will not tell again: more input behind a read that filled the buffer, and the end of the
    /// stream behind one that did not.
    private mutating func goOn(after read: ReadBatch.Read) {
        guard case .received = read.result, read.isFilled || read.toTheEnd else { return }
        guard connections.contains(read.id), connections[slot: read.id.slot].isReading else { return }
        updateInterest(read.id)
    }

    /// Goes on after the peer said its last: only for the sake of an answer that it may still wait for.
    private mutating func endInput(_ id: ConnectionID) {
        guard connections[slot: id.slot].owesAnswer else { return lose(id) }
        connections[slot: id.slot].isInputEnded = true
        setReading(id, false)
    }

    /// Handles plain input, the bytes of `buffer` in `range`.
    ///
    /// What the service asks for is carried out once for all messages of a read, before anything else happens to the
    /// connection.
    mutating func consume(_ id: ConnectionID, _ buffer: inout [UInt8], _ range: Range<Int>) {
        let count = range.upperBound
        var cursor = range.lowerBound
        while isReady(id) {
            connections[slot: id.slot].output.prepare(&pool)
            var queued = connections[slot: id.slot].output.bytes.count
            var event = receive(id, &buffer, count, &cursor)
            while case .message(let kind, let place) = event {
                deliver(kind, at: place, in: buffer, from: id)
                if effects.interrupts, interrupt(id, by: place, in: buffer, rest: cursor..<count) { return }
                queued = connections[slot: id.slot].output.bytes.count
                event = receive(id, &buffer, count, &cursor)
            }
            performEffects(for: id, before: queued)
            guard connections.contains(id) else { return }
            if case .needsInput = event { return keepUnread(id, buffer.span.extracting(cursor..<count)) }
            handle(event, of: id, queued: queued)
        }
        keepRest(id, buffer, cursor..<count)
    }

    /// Whether input of a connection is looked at now.
    func isReady(_ id: ConnectionID) -> Bool {
        guard connections.contains(id) else { return false }
        switch connections[slot: id.slot].phase {
        case .http: return true
        case .webSocket, .closing: return connections[slot: id.slot].holds.isEmpty
        case .answering, .queueing, .streaming, .lingering: return false
        }
    }

    /// Keeps the input behind what is handled now, for as long as the connection waits.
    private mutating func keepRest(_ id: ConnectionID, _ buffer: borrowing [UInt8], _ rest: Range<Int>) {
        guard connections.contains(id) else { return }
        switch connections[slot: id.slot].phase {
        case .answering, .queueing, .webSocket, .closing: keepUnread(id, buffer.span.extracting(rest))
        case .http, .streaming, .lingering: break
        }
    }

    /// Carries out what a message led to before the next one is looked at, because its service wants it so.
    ///
    /// - Returns: Whether nothing more of the connection's input is handled now.
    @inline(never)
    private mutating func interrupt(
        _ id: ConnectionID, by place: PayloadPlace, in buffer: [UInt8], rest: Range<Int>
    ) -> Bool {
        if let shard = effects.shard, connections[slot: id.slot].profile == .awareness {
            let message = copy(of: place, in: buffer, id)
            performEffects()
            depart(id, to: shard, with: message, unread: buffer.span.extracting(rest))
            return true
        }
        performEffects()
        if isReady(id) { return false }
        keepRest(id, buffer, rest)
        return true
    }

    @inline(__always)
    private mutating func receive(
        _ id: ConnectionID, _ buffer: inout [UInt8], _ count: Int, _ cursor: inout Int
    ) -> ConnectionEvent {
        var whole = buffer.mutableSpan
        var received = whole._mutatingExtracting(first: count)
        return connections[slot: id.slot].receive(&received, from: &cursor)
    }

    /// Does what something other than a message calls for.
    private mutating func handle(_ event: ConnectionEvent, of id: ConnectionID, queued: Int) {
        switch event {
        case .ping:
            serviceHeard(id)
            tracedControl(.inbound, .ping, of: id)
            tracedControl(.outbound, .pong, of: id)
        case .pong: hearPong(id)
        case .request: request(id)
        case .upgrade: upgrade(id)
        case .closeReceived(let code): peerClosed(id, code)
        case .failed(let code): fail(id, code, queued: queued)
        case .needsInput, .message, .response, .opened: preconditionFailure("\(event) is no event of a server")
        }
    }

    private func copy(of place: PayloadPlace, in buffer: [UInt8], _ id: ConnectionID) -> [UInt8] {
        if case .input(let range) = place { return Array(buffer[range]) }
        return connections[slot: id.slot].wire.assembled
    }

    /// Hands one message to the service of its connection.
    @inline(__always)
    private mutating func deliver(
        _ kind: MessageKind, at place: PayloadPlace, in buffer: [UInt8], from id: ConnectionID
    ) {
        guard connections[slot: id.slot].phase == .webSocket else { return }
        connections[slot: id.slot].messagesIn &+= 1
        if connections[slot: id.slot].isTraced { traced(.inbound, kind, at: place, in: buffer, of: id) }
        if case .input(let range) = place {
            deliver(kind, buffer.span.extracting(range), from: id)
        } else {
            let assembled = connections[slot: id.slot].wire.assembled
            // Swift 6.3 does not keep an array alive for its span while the place it was read from is replaced.
            defer { withExtendedLifetime(assembled) {} }
            deliver(kind, assembled.span, from: id)
        }
    }

    @inline(never)
    private mutating func traced(
        _ direction: TraceLine.Direction, _ kind: MessageKind, at place: PayloadPlace, in buffer: [UInt8],
        of id: ConnectionID
    ) {
        let message = copy(of: place, in: buffer, id)
        traced(direction, kind, message.span, of: id)
    }

    @inline(__always)
    private mutating func deliver(_ kind: MessageKind, _ message: Span<UInt8>, from id: ConnectionID) {
        switch connections[slot: id.slot].profile {
        case .awareness:
            guard kind == .text else {
                performEffects()
                return close(id, .unsupportedData, detail: "text frames only")
            }
            awareness.received(id, message, at: moment, effects: &effects)
            if effects.bytes.count > Self.effectBytesMax, !effects.interrupts { performEffects() }
        case .echo:
            counters.echoMessages &+= 1
            connections[slot: id.slot].send(kind, message)
            if connections[slot: id.slot].isTraced { traced(.outbound, kind, message, of: id) }
        case .sync:
            sync.received(id, kind, message, at: moment, effects: &effects)
            if effects.bytes.count > Self.effectBytesMax, !effects.interrupts { performEffects() }
        case .channels, .lockers, .board: deliverText(kind, message, from: id)
        case nil: break
        }
    }

    @inline(never)
    private mutating func deliverText(_ kind: MessageKind, _ message: Span<UInt8>, from id: ConnectionID) {
        guard kind == .text else {
            performEffects()
            return close(id, .unsupportedData, detail: "text frames only")
        }
        switch connections[slot: id.slot].profile {
        case .channels: channels.received(id, message, at: moment, effects: &effects)
        case .lockers: lockers.received(id, message, at: moment, effects: &effects)
        default: board.received(id, message, at: moment, effects: &effects)
        }
        if effects.bytes.count > Self.effectBytesMax, !effects.interrupts { performEffects() }
    }

    /// Replies are handed out when so many bytes of them have come together.
    static let effectBytesMax = 64 * 1024

    private mutating func hearPong(_ id: ConnectionID) {
        serviceHeard(id)
        tracedControl(.inbound, .pong, of: id)
        guard let sent = connections[slot: id.slot].pingedAt else { return }
        connections[slot: id.slot].pingedAt = nil
        counters.pingRoundTrips.record(moment.instant - sent)
        if connections[slot: id.slot].profile == .lockers { lockers.measured(moment.instant - sent, of: id) }
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
        consume(id, &plain, 0..<plain.count)
        if connections.contains(id), tls.isClosedByPeer { endInput(id) }
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
        setReading(id, !connections[slot: id.slot].isInputEnded)
        guard let rare = connections[slot: id.slot].rare, !rare.unread.isEmpty else { return }
        var unread = rare.unread.taken()
        connections[slot: id.slot].dropRareState()
        consume(id, &unread, 0..<unread.count)
        if connections.contains(id) { flush(id) }
    }

    /// Starts or stops reading from a socket.
    mutating func setReading(_ id: ConnectionID, _ isReading: Bool) {
        guard connections[slot: id.slot].isReading != isReading else { return }
        connections[slot: id.slot].isReading = isReading
        updateInterest(id)
    }
}
