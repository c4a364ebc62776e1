import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Carries out what a machine asked for, in order, and forgets it.
    mutating func performEffects() {
        guard !effects.list.isEmpty else { return }
        if effects.onlySends { return performSends() }
        // The batch leaves `self` for the while: closing a connection makes the machine ask for more, which is carried
        // out inside of that, from a list of its own.
        var batch = Effects()
        swap(&batch, &effects)
        for effect in batch.list {
            perform(effect, of: batch)
        }
        batch.removeAll()
        swap(&batch, &effects)
    }

    /// Sends replies; the machine is not asked anything by that, so only their bytes have to leave `self`.
    private mutating func performSends() {
        let bytes = effects.takeBytes()
        for index in effects.list.indices {
            guard case .send(let message, let id) = effects.list[index] else { continue }
            send(message.kind, bytes.span.extracting(message.range), to: id)
        }
        effects.giveBack(bytes)
        effects.removeAll()
    }

    private mutating func perform(_ effect: Effect, of batch: Effects) {
        switch effect {
        case .send(let message, let id):
            send(message.kind, batch.bytes.span.extracting(message.range), to: id)
        case .publish(let message, let audience):
            publish(message.kind, batch.bytes.span.extracting(message.range), to: batch.members[audience.range])
        case .close(let id, let code): close(id, code)
        case .move(let id, let shard): move(id, to: shard)
        case .pause(let id): hold(id, .service)
        case .resume(let id): unhold(id, .service)
        case .store(let position): ask(batch.requests[position].ticket, batch.requests[position].request)
        case .authenticate(let id, let token): authenticate(id, batch.bytes.span.extracting(token.range))
        case .respond(let ticket, let position): respond(ticket, batch.responses[position])
        case .inform(let payload):
            // Most of the time nobody listens, and every device that comes or goes would wake all loops.
            if node.hasAdministrators { node.postToAll(.inform(Array(batch.bytes[payload.range]))) }
        case .join(let id, let group): join(id, group)
        case .leave(let id, let group): leave(id, group)
        case .multicast(let position): multicast(batch.multicasts[position], batch.bytes.span)
        case .post(let position, let loop): outbox.add(.parcel(batch.parcels[position], from: index), to: loop)
        case .hook(let position): node.hooks.call(batch.hooks[position], from: index)
        case .backend(let position): askBackend(batch.backends[position].ticket, batch.backends[position].request)
        }
    }

    /// Carries out what the messages of one read asked for, and puts its replies before what the protocol itself answered
    /// to the frame behind them: nothing may stand behind a Close frame (RFC 6455 §5.5.1).
    ///
    /// - Parameter queued: How much of the output is older than that answer.
    mutating func performEffects(for id: ConnectionID, before queued: Int) {
        guard connections[slot: id.slot].output.bytes.count > queued else { return performEffects() }
        let own = Array(connections[slot: id.slot].output.bytes[queued...])
        connections[slot: id.slot].output.bytes.removeSubrange(queued...)
        performEffects()
        if connections.contains(id) { connections[slot: id.slot].output.bytes.append(contentsOf: own) }
    }

    @inline(__always)
    private mutating func send(_ kind: MessageKind, _ message: Span<UInt8>, to id: ConnectionID) {
        guard connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        if !fanout.isEmpty || connections[slot: id.slot].isWriting || connections[slot: id.slot].isTraced {
            guard prepareSend(kind, message, to: id) else { return }
        }
        connections[slot: id.slot].output.prepare(&pool)
        connections[slot: id.slot].send(kind, message)
        markDirty(id)
    }

    /// Sees to what comes before a message for one connection: what its groups were sent, what waits for its socket, and
    /// those who look on.
    ///
    /// - Returns: Whether the message can be queued; where not, it is held.
    @inline(never)
    private mutating func prepareSend(_ kind: MessageKind, _ message: Span<UInt8>, to id: ConnectionID) -> Bool {
        catchUp(id)
        if connections[slot: id.slot].isTraced { traced(.outbound, kind, message, of: id) }
        if connections[slot: id.slot].holdsMessages {
            hold(kind, message, for: id)
            return false
        }
        if connections[slot: id.slot].isWriting { connections[slot: id.slot].output.makeRoom(for: message.count) }
        return true
    }

    /// Puts a message behind others that wait for a socket which takes nothing now.
    private mutating func hold(_ kind: MessageKind, _ message: Span<UInt8>, for id: ConnectionID) {
        var frame: [UInt8] = []
        Connection.appendServerFrame(kind, message, to: &frame)
        let held = HeldMessage(kind: kind, frame: frame, headerBytes: frame.count - message.count)
        _ = connections[slot: id.slot].hold(held, .disconnect, at: moment.instant, bytesMax: .max)
        markDirty(id)
    }

    /// Frames a message once, compresses it once, and queues the same bytes for every member (C10).
    mutating func publish(_ kind: MessageKind, _ message: Span<UInt8>, to members: ArraySlice<ConnectionID>) {
        var frame = self.frame.taken()
        frame.removeAll(keepingCapacity: true)
        Connection.appendServerFrame(kind, message, to: &frame)
        var compressed: CompressedFrame?
        for id in members where connections.contains(id) && connections[slot: id.slot].phase == .webSocket {
            guard prepareSend(kind, message, to: id) else { continue }
            connections[slot: id.slot].output.prepare(&pool)
            if !connections[slot: id.slot].wire.compresses(bytes: message.count) {
                connections[slot: id.slot].send(framed: frame)
            } else if let compressed, connections[slot: id.slot].wire.compressionKey == compressed.key {
                connections[slot: id.slot].send(framed: compressed.bytes)
            } else {
                compressed = connections[slot: id.slot].sendCompressed(kind, message) ?? compressed
            }
            markDirty(id)
        }
        self.frame = frame
    }

    /// Remembers to flush a connection before the turn ends; the one that is being read is flushed right after.
    @inline(__always)
    mutating func markDirty(_ id: ConnectionID) {
        guard id.slot != slotBeingRead, !connections[slot: id.slot].isDirty else { return }
        connections[slot: id.slot].isDirty = true
        dirty.append(id)
    }

    /// Writes what this turn left for other sockets, one send each.
    mutating func flushDirty() {
        var position = 0
        while position < dirty.count {
            if connections.contains(dirty[position]) { flush(dirty[position]) }
            position += 1
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// Writes what waits for a socket, as much as it takes.
    ///
    /// - Parameter isReady: Whether the poller says that the socket takes something again. Before that, one that is blocked
    ///   is not asked: with a thousand stuck members, each turn would ask a thousand times.
    mutating func flush(_ id: ConnectionID, isReady: Bool = false) {
        connections[slot: id.slot].isDirty = false
        if connections[slot: id.slot].isWriting, !isReady { return holdBack(id) }
        var result = connections[slot: id.slot].write(at: moment.instant, pool: &pool)
        while result == .done, connections[slot: id.slot].isWriting, connections[slot: id.slot].releaseHeld(&pool) {
            result = connections[slot: id.slot].write(at: moment.instant, pool: &pool)
        }
        finish(id, after: result)
    }

    /// Does what follows from a write.
    mutating func finish(_ id: ConnectionID, after result: ServerConnection.WriteResult) {
        switch result {
        case .done: settle(id)
        case .blocked: holdBack(id)
        case .lost: lose(id)
        }
    }

    /// Goes on after everything that waited was written.
    private mutating func settle(_ id: ConnectionID) {
        if connections[slot: id.slot].isWriting {
            connections[slot: id.slot].isWriting = false
            connections[slot: id.slot].isNamedSlow = false
            updateInterest(id)
            if connections[slot: id.slot].isSkipping { afterwards.append(.drained(id)) }
        }
        if connections[slot: id.slot].isPaused {
            connections[slot: id.slot].isPaused = false
            setReading(id, true)
        }
        let owesAnswers = connections[slot: id.slot].wire.owesAnswers
        if connections[slot: id.slot].phase == .lingering, !owesAnswers { endOutput(id) }
        if connections[slot: id.slot].phase == .streaming { readTap(of: id) }
        if connections[slot: id.slot].isInputEnded, !connections[slot: id.slot].owesAnswer { lose(id) }
    }

    /// Waits for a socket that takes no more, and gives up on it where too much has waited for too long (C4).
    private mutating func holdBack(_ id: ConnectionID) {
        if !connections[slot: id.slot].isWriting {
            connections[slot: id.slot].isWriting = true
            updateInterest(id)
            schedule(id)
        }
        connections[slot: id.slot].noteWaiting()
        guard connections[slot: id.slot].phase == .webSocket else { return }
        if connections[slot: id.slot].profile == .echo {
            connections[slot: id.slot].isPaused = true
            setReading(id, false)
        } else if connections[slot: id.slot].isFull(configuration.queue.bytesMax) {
            dropSlowConsumer(id)
        }
    }

    /// Ends a connection whose peer does not read (4511).
    mutating func dropSlowConsumer(_ id: ConnectionID) {
        if let profile = connections[slot: id.slot].profile { counters.slowConsumers[profile.index] &+= 1 }
        log.write(
            .warn, "slow consumer", at: moment.timestamp,
            [
                "connection": "\(connections[slot: id.slot].serial)", "peer": connections[slot: id.slot].address.host,
                "bytes": "\(connections[slot: id.slot].waitingBytes)",
            ])
        connections[slot: id.slot].rare?.held = HeldMessages()
        close(id, .slowConsumer)
    }
}

extension EncodedMessage {
    /// What kind of frame carries it.
    var kind: MessageKind { isBinary ? .binary : .text }
}

/// A message as it went to one connection, and to which others the same bytes may go.
struct CompressedFrame {
    let key: UInt8
    let bytes: [UInt8]
}

extension ServerConnection {
    /// Queues bytes that are a frame already.
    mutating func send(framed bytes: [UInt8]) {
        messagesOut &+= 1
        output.bytes.append(contentsOf: bytes)
    }

    /// Queues a message, compressed, and tells what others may get; `nil` where it is for this connection alone.
    mutating func sendCompressed(_ kind: MessageKind, _ message: Span<UInt8>) -> CompressedFrame? {
        let start = output.bytes.count
        send(kind, message)
        return wire.compressionKey.map { CompressedFrame(key: $0, bytes: Array(output.bytes[start...])) }
    }
}
