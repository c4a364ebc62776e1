package import SessionBase
package import SessionCodec

/// The sync service: the state of sessions, the same on all devices of a user (seed 001, PROTOCOLS §3).
///
/// A connection is *open* → (AUTH) → *joining* while its credential is verified and its session looked up → *ready*, bound
/// to a device of a session. A session is in memory while something of it happens there: devices that are present or were
/// lately, pushes that may be asked for again, work on its documents. Its state lives in the store; a small cache keeps what
/// was written last, so that a write need not read first.
///
/// The parts, in the order of life: `+Lifetime` (connections come, go, move; time), `+Joining` (from AUTH to a session),
/// `+Arrival` (to a device of it), `+Devices` (presence and the stored registry), `+Messages` (what clients say), `+Calls`
/// (what they ask over HTTP), `+Writing` (the one write in flight of each session) and `+Removal`, `+Handoffs`, `+Pushes`
/// (who is told, and told again), `+Administration`; beside them `+Store`, `+Codec`, `+Limits`, `+View`, `+Invariants`.
/// What an operation does to a state is `SyncOperation`'s.
package struct SyncMachine: Sendable {
    /// May be replaced while it runs: what is open is judged by the new values from then on.
    package var configuration: SyncConfiguration
    /// What it has done so far.
    package internal(set) var counters = SyncCounters()

    let entropy: Entropy
    /// By slot.
    var connections: [SyncConnection] = []
    /// Connections that are not vacant.
    var connectionCount = 0
    /// Whether somebody on the node listens to what this machine tells all administrators; drivers know.
    package var informs = true
    /// The connections whose credential, a verified one, has the role admin.
    var admins: [ConnectionID] = []
    var joins = Table<SyncJoin>()
    var troubles = Table<ConnectionTrouble>()
    var sessions = Table<SyncSession>()
    var sessionSlots: [SessionKey: UInt32] = [:]
    /// The first sessions of users that are being made, by user.
    var newSessions: [String: SessionKey] = [:]
    var devices = Table<SyncDeviceRecord>()
    var works = Table<SyncWork>()
    var rings = Table<PushRing>()
    var handoffs = Table<SessionHandoffs>()
    var cache = StateCache()
    /// What the store was asked and has not answered.
    var questions = Table<OpenQuestion>()
    /// Tells a late reply from one to the call that has its slot now.
    var questionSerial: UInt32 = 0
    var deviceSerial: UInt32 = 0
    var epochSerial: UInt64
    /// Operations that wait for the store (PROTOCOLS 1-32).
    var waitingCount = 0
    /// Connections, by when they would be too late, silent or expired.
    var watch = DeadlineQueue<ConnectionID>()
    /// Devices that were cut off.
    var grace = DeadlineQueue<UInt32>()
    /// Sessions whose registry of devices is to be written.
    var registriesDue = DeadlineQueue<UInt32>()
    /// Sessions whose pushes are to be forgotten.
    var ringsDue = DeadlineQueue<UInt32>()
    /// Sessions of which a handoff runs out.
    var offersDue = DeadlineQueue<UInt32>()
    /// Whether the server drains.
    var isStopping = false

    /// Makes a service without connections.
    package init(configuration: SyncConfiguration, entropy: Entropy) {
        precondition(
            (0..<configuration.shardCount).contains(configuration.shard), "a shard's number must be below their count")
        self.configuration = configuration
        self.entropy = entropy
        epochSerial = entropy.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Handles one complete message, not yet decoded.
    package mutating func received(
        _ connection: ConnectionID, _ kind: MessageKind, _ message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        guard isOpen(connection) else { return }
        let slot = Int(connection.slot)
        connections[slot].lastHeard = moment.instant
        guard (kind == .binary) == connections[slot].isBinary else {
            return doom(connection, .unsupportedData, effects: &effects)
        }
        do throws(SyncRefusal) {
            let frame = try read(message, from: connection)
            counters.received(frame.kind)
            guard admits(frame, from: connection, at: moment, effects: &effects) else { return }
            carryOut(frame, from: connection, at: moment, effects: &effects)
        } catch {
            refuse(error, from: connection, at: moment, effects: &effects)
        }
    }

    /// Whether a connection is this machine's, and no close was ordered for it.
    func isOpen(_ connection: ConnectionID) -> Bool {
        guard isKnown(connection) else { return false }
        return connections[Int(connection.slot)].phase != .doomed
    }

    /// Whether a connection is this machine's.
    func isKnown(_ connection: ConnectionID) -> Bool {
        let slot = Int(connection.slot)
        return slot < connections.count && connections[slot].generation == connection.generation
            && connections[slot].phase != .vacant
    }
}
