package import SessionBase
import SessionCodec

/// The lockers service: namespaces and rooms that tell kiosks and panels about lockers (seed 004, PROTOCOLS §6).
///
/// A connection belongs to one namespace from its handshake to its end, and to rooms of it while it wants. Both are topics of
/// a ``Hub``: `/ws/lockers` is a namespace's, `/ws/lockers#kiosk-1` a room's, so that what is told to a namespace reaches
/// each of its sockets once, whatever rooms it is in. A connection is *arriving* until the owner of its namespace has
/// answered, and is welcomed then: from its `connection` frame on it misses nothing.
///
/// The parts, in the order of life: `+Lifetime` (connections come and go; time), `+Rooms`, `+Calls` (what producers ask over
/// HTTP), `+Sending` (from a call to its answer), `+Commands` (acknowledgements), `+Status`; beside them `+Hub`, `+Limits`,
/// `+View`, `+Invariants`.
package struct LockersMachine: Sendable {
    /// How it behaves; may change at any time.
    package var configuration: LockersConfiguration
    /// What it has done so far.
    package internal(set) var counters = LockersCounters()
    /// Whether something that lockers need cannot be had, such as the service that knows the sessions (PROTOCOLS 4-20).
    package var isDegraded = false

    let entropy: Entropy
    var hub: Hub
    /// By slot.
    var connections: [LockersConnection] = []
    /// Connections that are not vacant.
    var connectionCount = 0
    /// How many connections each namespace has.
    var population: [String: Int] = [:]
    var troubles = Table<ConnectionTrouble>()
    /// Connections, by when they expire or are to be asked for again.
    var watch = DeadlineQueue<ConnectionID>()
    /// What was handed to the hub for somebody who waits for the count.
    var sends: [UInt64: PendingSend] = [:]
    var lastSend: UInt64 = 0
    /// What was asked with an `Idempotency-Key`.
    var repetitions = Repetitions()
    /// Who acknowledged the commands of this loop.
    var commands = CommandRecords()
    var questions = Tallies<StatusQuestion, LoopStatus>()
    var roundTrips: LatencyWindow
    var broadcasts: LatencyWindow
    /// When the broadcasts came that were sent and are not written yet.
    var unwritten: [Instant] = []
    /// Whether the server drains.
    var isStopping = false

    /// Starts with nobody.
    package init(configuration: LockersConfiguration, entropy: Entropy) {
        precondition(
            (0..<configuration.shardCount).contains(configuration.shard), "a shard's number must be below their count")
        self.configuration = configuration
        self.entropy = entropy
        hub = Hub(
            service: .lockers, loop: configuration.shard, loopCount: configuration.shardCount,
            hash: configuration.hash, entropy: entropy)
        // The loops' windows together are the node's (PROTOCOLS 4-18).
        roundTrips = LatencyWindow(capacity: LatencyWindow.nodeCapacity / configuration.shardCount)
        broadcasts = roundTrips
    }

    /// Handles one complete text message, valid UTF-8, not yet decoded.
    package mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects
    ) {
        guard isOpen(connection) else { return }
        do throws(LockersRefusal) {
            let request = try LockersRequest.decode(message)
            counters.received(request.kind)
            let tag = request.tag(in: message)
            guard admits(request.kind, tag, from: connection, at: moment, effects: &effects) else { return }
            switch request.kind {
            case .joinRoom:
                join(
                    connection, request.room(in: message), since: request.since(in: message), tag, at: moment,
                    effects: &effects)
            case .leaveRoom: leave(connection, request.room(in: message), tag, at: moment, effects: &effects)
            case .ping: reply(.pong, tag, to: connection, at: moment, effects: &effects)
            case .ack:
                acknowledge(request.command(in: message), by: connection, tag, at: moment, effects: &effects)
            }
        } catch {
            refuse(error, from: connection, at: moment, effects: &effects)
        }
    }

    /// Says something to one connection.
    mutating func reply(
        _ message: LockersServerMessage, _ tag: MessageTag? = nil, to connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        counters.sent(message.kind)
        effects.send(effects.encode { message.encode(at: moment.timestamp, tag: tag, to: &$0) }, to: connection)
    }

    /// Whether a connection is this machine's, and no close was ordered for it.
    func isOpen(_ connection: ConnectionID) -> Bool {
        isKnown(connection) && connections[Int(connection.slot)].phase != .doomed
    }

    /// Whether a connection is this machine's.
    func isKnown(_ connection: ConnectionID) -> Bool {
        let slot = Int(connection.slot)
        return slot < connections.count && connections[slot].generation == connection.generation
            && connections[slot].phase != .vacant
    }
}
