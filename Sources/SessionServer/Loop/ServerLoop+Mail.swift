import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Handles everything that other loops sent.
    mutating func readMail() {
        for mail in node.inboxes[index].takeAll() {
            switch mail {
            case .accepted(let socket): adopt(socket)
            case .arrived(let traveller): arrive(traveller)
            case .query(let query, let ticket): node.post(.answer(report(query), ticket: ticket), to: ticket.loop)
            case .answer(let report, let ticket): gathered(report, ticket)
            case .drain: enterDrain(node.drainState)
            case .configuration(let configuration, let tls): take(configuration, tls)
            case .stop: isRunning = false
            }
        }
    }

    /// Hands a connection, all its state and its unread input to the loop that owns its user.
    mutating func depart(_ id: ConnectionID, to shard: Int, with message: [UInt8], unread: Span<UInt8>) {
        flush(id)
        guard connections.contains(id) else { return }
        let passenger = awareness.depart(id)
        unwatch(id)
        wheel.cancel(slot: id.slot)
        counters.opened[ProtocolID.awareness.index] -= 1
        counters.sockets -= 1
        var connection = connections.remove(slot: id.slot)
        if unread.count > 0 { connection.rareState().unread.append(copying: unread) }
        connection.isDirty = false
        node.post(
            .arrived(Traveller(connection: connection, passenger: passenger, message: message)), to: shard)
    }

    /// Takes in a connection that another loop handed over, and handles the message that brought it here.
    private mutating func arrive(_ traveller: Traveller) {
        let id = connections.insert(traveller.connection)
        counters.sockets += 1
        counters.opened[ProtocolID.awareness.index] += 1
        guard watch(id) else { return }
        awareness.arrive(id, traveller.passenger, at: moment)
        awareness.received(id, traveller.message.span, at: moment, effects: &effects)
        performEffects()
        if drain.state == .closing { drain.add(id, at: moment.instant) }
        if connections.contains(id) { consumeUnread(id) }
        if connections.contains(id) { flush(id) }
    }

    /// Registers a connection with the poller and arms its timer; gives it up where that fails.
    mutating func watch(_ id: ConnectionID) -> Bool {
        do {
            try poller.add(
                connections[slot: id.slot].descriptor, token: id.packed, connections[slot: id.slot].interest)
        } catch {
            log.write(.error, "cannot watch a socket", at: moment.timestamp, ["reason": "\(error)"])
            lose(id)
            return false
        }
        schedule(id)
        return true
    }

    /// Tells the poller what the connection waits for.
    mutating func updateInterest(_ id: ConnectionID) {
        do {
            try poller.modify(
                connections[slot: id.slot].descriptor, token: id.packed, connections[slot: id.slot].interest)
        } catch {
            preconditionFailure("a watched socket can be watched for something else: \(error)")
        }
    }

    /// Takes a connection out of the poller.
    mutating func unwatch(_ id: ConnectionID) {
        // A socket whose registration failed was never there; one that was there goes without fail.
        try? poller.remove(connections[slot: id.slot].descriptor)
    }
}

extension ServerConnection {
    /// What the poller watches the socket for. Each change of it is looked at anew, so that no readiness is missed that
    /// came while nobody asked.
    var interest: Poller.Interest {
        var interest = Poller.Interest.edge
        if isReading { interest.insert(.readable) }
        if isWriting { interest.insert(.writable) }
        return interest
    }
}
