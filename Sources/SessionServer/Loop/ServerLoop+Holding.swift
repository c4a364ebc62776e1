import SessionBase
import SessionCodec
import SessionCore

/// Why the messages of a connection are not handled at the moment; what it sends meanwhile is kept, and soon not read.
struct Holds: OptionSet, Sendable {
    let rawValue: UInt8

    /// Its service asked for it (PROTOCOLS C6).
    static let service = Holds(rawValue: 1)
    /// It is about to move to another loop.
    static let moving = Holds(rawValue: 2)
    /// Nothing holds it any more, and what was kept is handled before the turn ends.
    static let releasing = Holds(rawValue: 4)
}

extension ServerLoop {
    /// Handles no further message of a connection.
    mutating func hold(_ id: ConnectionID, _ reason: Holds) {
        guard connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        connections[slot: id.slot].holds.insert(reason)
        connections[slot: id.slot].holds.remove(.releasing)
    }

    /// Takes a reason away; without another, messages are handled again before the turn ends.
    mutating func unhold(_ id: ConnectionID, _ reason: Holds) {
        guard connections.contains(id), connections[slot: id.slot].holds.contains(reason) else { return }
        connections[slot: id.slot].holds.remove(reason)
        guard connections[slot: id.slot].holds.isEmpty else { return }
        connections[slot: id.slot].holds = .releasing
        afterwards.append(.release(id))
    }

    /// Hands a connection to another loop before the turn ends; until then its messages wait.
    mutating func move(_ id: ConnectionID, to shard: Int) {
        guard shard != index, connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        // Awareness' are handed over where the message is read that goes with them.
        guard [.sync, .board].contains(connections[slot: id.slot].profile) else { return }
        hold(id, .moving)
        afterwards.append(.depart(id, shard: shard))
    }

    /// Goes on with what a connection sent while it was held.
    mutating func release(_ id: ConnectionID) {
        guard connections.contains(id), connections[slot: id.slot].holds == .releasing else { return }
        connections[slot: id.slot].holds = []
        // A peer that was not read could not be heard.
        connections[slot: id.slot].heardAt = moment.instant
        connections[slot: id.slot].isAwaitingPong = false
        schedule(id)
        consumeUnread(id)
    }

    /// Takes all holds from a connection that is being closed, so that the peer's Close frame is found.
    mutating func releaseForClosing(_ id: ConnectionID) {
        guard !connections[slot: id.slot].holds.isEmpty else { return }
        connections[slot: id.slot].holds = .releasing
        afterwards.append(.release(id))
    }
}
