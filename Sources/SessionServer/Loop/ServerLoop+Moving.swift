import SessionBase
import SessionCodec
import SessionCore

/// A connection on its way to the loop that owns its entity, with all its state and its unread input.
struct Traveller: Sendable {
    /// What its service sends along.
    enum Cargo: Sendable {
        /// Awareness, and the message that revealed the user, which is handled on arrival.
        case awareness(AwarenessMachine.Passenger, message: [UInt8])
        case sync(SyncMachine.Passenger)
        case board(BoardMachine.Passenger)

        var profile: ProtocolID {
            switch self {
            case .awareness: .awareness
            case .sync: .sync
            case .board: .board
            }
        }
    }

    var connection: ServerConnection
    let cargo: Cargo
}

extension ServerLoop {
    /// Hands an awareness connection to the loop that owns the user whom a message revealed.
    mutating func depart(_ id: ConnectionID, to shard: Int, with message: [UInt8], unread: Span<UInt8>) {
        flush(id)
        guard connections.contains(id) else { return }
        if unread.count > 0 { connections[slot: id.slot].rareState().unread.append(copying: unread) }
        send(id, with: .awareness(awareness.depart(id), message: message), to: shard)
    }

    /// Hands a connection of sync or board to the loop that owns its session or room; it is held, so nothing of it is being
    /// handled.
    mutating func depart(_ id: ConnectionID, to shard: Int) {
        guard connections.contains(id), connections[slot: id.slot].holds.contains(.moving) else { return }
        flush(id)
        guard connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        if connections[slot: id.slot].profile == .board {
            send(id, with: .board(board.depart(id)), to: shard)
        } else {
            send(id, with: .sync(sync.depart(id)), to: shard)
        }
    }

    private mutating func send(_ id: ConnectionID, with cargo: Traveller.Cargo, to shard: Int) {
        unwatch(id)
        wheel.cancel(slot: id.slot)
        counters.opened[cargo.profile.index] -= 1
        counters.sockets -= 1
        var connection = connections.remove(slot: id.slot)
        connection.isDirty = false
        node.post(.arrived(Traveller(connection: connection, cargo: cargo)), to: shard)
    }

    /// Takes in a connection that another loop handed over.
    mutating func arrive(_ traveller: Traveller) {
        let id = connections.insert(traveller.connection)
        counters.sockets += 1
        counters.opened[traveller.cargo.profile.index] += 1
        guard watch(id) else { return }
        switch traveller.cargo {
        case .awareness(let passenger, let message):
            awareness.arrive(id, passenger, at: moment)
            awareness.received(id, message.span, at: moment, effects: &effects)
        case .sync(let passenger):
            sync.arrive(id, passenger, at: moment, effects: &effects)
            if let identity = passenger.identity, isRevoked(identity) {
                _ = sync.disconnect(id, .revoked, at: moment, effects: &effects)
            }
        case .board(let passenger):
            board.arrive(id, passenger, at: moment, effects: &effects)
            if let identity = passenger.identity, isRevoked(identity) { effects.close(id, .revoked) }
        }
        performEffects()
        if drain.state == .closing { drain.add(id, at: moment.instant) }
        connections.contains(id) && connections[slot: id.slot].holds.isEmpty ? consumeUnread(id) : unhold(id, .moving)
        if connections.contains(id) { flush(id) }
    }

    /// Whether a revocation has closed what it hits while the connection was on no loop (C17).
    private func isRevoked(_ identity: Identity) -> Bool {
        if case .refused = node.access.recheck(.granted(identity)) { true } else { false }
    }
}
