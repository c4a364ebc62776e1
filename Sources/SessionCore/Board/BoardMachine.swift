package import SessionBase
import SessionCodec

/// The board service: rooms in which people draw together (seed 003, PROTOCOLS §5).
///
/// A connection's token says who it is and which room it is in, and everything about a room is on one loop: a connection
/// moves there as soon as it is open. It is *arriving* while the room's board is loaded, and then a *member*: of the room's
/// seed group, which gets whole boards, or of its extended group, which gets a snapshot and then patches (3-1, 3-2).
///
/// What members draw waits in the room's queue. At most once in 16 ms the room takes the queue as one *batch*: one version,
/// one record of the journal in the embedded store, one patch. Nothing else of the room is applied or shown while the record
/// is written, so that whatever anybody has seen survives a crash (C20). Then the batch is broadcast, and those who asked
/// are told. Later, and whole, the board goes to where it is kept for good: the operator's backend, or the embedded store
/// (3-17 to 3-20).
///
/// The parts, in the order of life: `+Lifetime` (connections come and go; time), `+Loading` (a room comes into memory),
/// `+Joining` (who arrives, and who missed something), `+Drawing` (messages and their turn), `+Committing` (batches),
/// `+Broadcasting`, `+Storing`, `+Recovering` (what is left from before the server started), `+Calls`; beside them `+Asking`
/// (questions and their answers), `+Limits`, `+View`, `+Invariants`.
package struct BoardMachine: Sendable {
    /// How it behaves; may change at any time. The rules of persistence are those that a room was made with.
    package var configuration: BoardConfiguration
    /// What it has done so far.
    package internal(set) var counters = BoardCounters()
    /// Counts the rooms with members, or with somebody about to be one, of all loops: the driver gives them the same.
    package var roomTally = SharedTally()

    let entropy: Entropy
    /// By slot.
    var connections: [BoardConnection] = []
    /// Connections that are not vacant.
    var connectionCount = 0
    var troubles = Table<ConnectionTrouble>()
    var rooms = Table<Room>()
    var roomSlots = TextMap<UInt32>()
    /// Rooms with members, or with somebody about to be one.
    var occupiedCount = 0
    /// Names for shapes, drawn but not used.
    var shapeIDs = ShapeIDs()
    /// Bytes of the patches that all rooms keep.
    var ringBytes = 0
    /// What the store or the backend was asked and has not answered.
    var questions = Table<OpenBoardQuestion>()
    /// Tells a late reply from one to the call that has its slot now.
    var questionSerial: UInt32 = 0
    /// Connections, by when their credentials end.
    var watch = DeadlineQueue<ConnectionID>()
    /// Rooms, by when they broadcast next.
    var broadcasts = DeadlineQueue<UInt32>()
    /// Rooms, by when they are stored, loaded again, or known to be degraded.
    var chores = DeadlineQueue<UInt32>()
    /// When rooms that are not in memory any more were stored last.
    var recentStores = RecentStores()
    /// The search for rooms that have something to store from before.
    var recovery = RoomRecovery()
    /// Whether the server drains.
    var isStopping = false

    /// Which tickets of the store are this machine's: those with this bit.
    package static let ticketBit: UInt64 = 1 << 62

    /// Starts without rooms.
    package init(configuration: BoardConfiguration, entropy: Entropy) {
        precondition(
            (0..<configuration.shardCount).contains(configuration.shard), "a shard's number must be below their count")
        self.configuration = configuration
        self.entropy = entropy
    }

    /// Handles one complete text message, valid UTF-8, not yet decoded.
    package mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects
    ) {
        guard isKnown(connection) else { return }
        if connections[Int(connection.slot)].isEarly { return keepEarly(message, of: connection, effects: &effects) }
        guard connections[Int(connection.slot)].phase == .member else { return }
        do throws(BoardRefusal) {
            let isExtended = connections[Int(connection.slot)].isExtended
            let request = try BoardRequest.decode(message, isExtended: isExtended)
            counters.received(request.message.kind)
            guard admits(request.message.kind, request.tag, from: connection, at: moment, effects: &effects) else {
                return
            }
            carryOut(request, from: connection, at: moment, effects: &effects)
        } catch {
            refuse(error, from: connection, at: moment, effects: &effects)
        }
    }

    private mutating func carryOut(
        _ request: Tagged<BoardClientMessage>, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        switch request.message {
        case .cursorMove(let x, let y):
            moveCursor(of: connection, x: x, y: y, request.tag, at: moment, effects: &effects)
        case .create(let shape):
            draw(.create(shape), request.tag, from: connection, at: moment, effects: &effects)
        case .update(let shape, let change):
            draw(.update(shape, change), request.tag, from: connection, at: moment, effects: &effects)
        case .delete(let shape): draw(.delete(shape), request.tag, from: connection, at: moment, effects: &effects)
        case .ping: reply(.pong(moment.timestamp), request.tag, to: connection, effects: &effects)
        case .resync: wait(.resync, request.tag, from: connection, at: moment, effects: &effects)
        case .flush: wait(.flush, request.tag, from: connection, at: moment, effects: &effects)
        }
    }

    /// Says something to one connection, which must speak the second version.
    mutating func reply(
        _ message: BoardServerMessage, _ tag: MessageTag? = nil, to connection: ConnectionID, effects: inout Effects
    ) {
        counters.sent(message.kind)
        effects.send(effects.encode { message.encode(tag: tag, to: &$0) }, to: connection)
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
