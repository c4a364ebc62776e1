package import SessionBase
import SessionCodec

/// The awareness service: which cases a user's windows show, and who is warned of several (seed 000, PROTOCOLS §2).
///
/// A connection is *connected* → (first `register`) → *active* with up to 32 windows of one user → (last `deregister`) →
/// *connected* again. A window is *live* while a connection carries it, *in grace* for a while after that connection was
/// lost, and then removed.
///
/// The parts: `+Registration` (register), `+Requests` (everything else that clients ask), `+Warnings` (§2.4),
/// `+Lifetime` (connections come and go, timers), `+Limits` (too much, too wrong), `+View` (what others may look at).
///
/// For a message about a window that the connection has registered already nothing is hashed and nothing allocated: the
/// connection is found by its slot, and the ids are compared with those of its own few windows.
package struct AwarenessMachine: SessionMachine {
    /// May be replaced while it runs: what is open is judged by the new values from then on.
    package var configuration: AwarenessConfiguration
    /// What it has done so far.
    package var counters = AwarenessCounters()

    var registry = CaseRegistry()
    /// By slot.
    var connections: [AwarenessConnection] = []
    /// Connections that are not vacant.
    var connectionCount = 0
    var troubles = Table<ConnectionTrouble>()
    /// Connections without windows, by when they would be closed had they sent nothing since.
    var idle = DeadlineQueue<ConnectionID>()
    /// Windows in grace.
    var grace = DeadlineQueue<UInt32>()
    /// When stale windows are looked for next; `nil` while there are no windows.
    var nextSweep: Instant?
    var isStopping = false
    var recentWarnings = DuplicateFilter()
    /// Whom a warning goes to, while it is being sent; kept for its storage.
    var audience: [ConnectionID] = []
    private var lastPong = AwarenessPong()

    /// Makes a service without connections.
    package init(configuration: AwarenessConfiguration = AwarenessConfiguration()) {
        precondition(
            (0..<configuration.shardCount).contains(configuration.shard), "a shard's number must be below their count")
        self.configuration = configuration
    }

    /// Handles one message: reads it, holds it against the limits, and does what it asks.
    package mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects
    ) {
        guard isOpen(connection) else { return }
        do throws(AwarenessRefusal) {
            var request = AwarenessRequest()
            try request.read(message)
            accept(request, from: connection, in: message, at: moment, effects: &effects)
        } catch {
            noteMessage(from: connection, at: moment)
            refuse(error, from: connection, in: message, at: moment, effects: &effects)
        }
    }

    /// Counts a request, and carries it out where it is for this machine and within the limits.
    private mutating func accept(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        if configuration.shardCount > 1, let shard = foreignShard(request, from: connection, in: message) {
            effects.move(connection, toShard: shard)
            return
        }
        noteMessage(from: connection, at: moment)
        counters[request.kind] += 1
        guard admits(request, from: connection, in: message, at: moment, effects: &effects) else { return }
        carryOut(request, from: connection, in: message, at: moment, effects: &effects)
    }

    private mutating func carryOut(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        switch request.kind {
        case .ping: answerPing(request, from: connection, in: message, at: moment, effects: &effects)
        case .register: register(request, from: connection, in: message, at: moment, effects: &effects)
        case .heartbeat: keepAlive(request, from: connection, in: message, at: moment, effects: &effects)
        case .focus: focus(request, from: connection, in: message, at: moment, effects: &effects)
        case .deregister: deregister(request, from: connection, in: message, at: moment, effects: &effects)
        case .list: list(request, from: connection, in: message, effects: &effects)
        }
    }

    private mutating func answerPing(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        counters[.pong] += 1
        let reply = effects.encode { bytes in
            lastPong.append(moment.timestamp, to: &bytes)
            request.appendTag(to: &bytes, in: message)
        }
        effects.send(reply, to: connection)
    }

    private mutating func noteMessage(from connection: ConnectionID, at moment: Moment) {
        connections[Int(connection.slot)].noteMessage(at: moment.instant)
    }

    /// Whether a connection is this machine's, and no close was ordered for it.
    func isOpen(_ connection: ConnectionID) -> Bool {
        let slot = Int(connection.slot)
        return slot < connections.count && connections[slot].generation == connection.generation
            && connections[slot].phase == .open
    }

    /// The shard that owns the user whom a connection without user registers, where it is not this one.
    private func foreignShard(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>
    ) -> Int? {
        guard case .register = request.kind, connections[Int(connection.slot)].user == noIndex else { return nil }
        let shard = configuration.shard(of: request.userID, in: message)
        return shard == configuration.shard ? nil : shard
    }
}

extension AwarenessConfiguration {
    /// The shard that owns a user.
    package func shard(of user: [UInt8]) -> Int { Int(hash.hash(user.span) % UInt64(shardCount)) }

    /// The shard that owns the user whom a message names.
    fileprivate func shard(of user: JSONText, in message: Span<UInt8>) -> Int {
        if user.hasEscapes { return shard(of: user.unescaped(in: message)) }
        return Int(hash.hash(message.extracting(user.range)) % UInt64(shardCount))
    }
}

extension JSONText {
    /// The characters as UTF-8.
    func unescaped(in message: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, in: message)
        return bytes
    }
}
