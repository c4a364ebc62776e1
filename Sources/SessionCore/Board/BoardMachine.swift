package import SessionBase
package import SessionCodec

/// The board service: rooms in which people draw together (seed 003, PROTOCOLS §5).
package struct BoardMachine: Sendable {
    /// How it behaves; may change at any time.
    package var configuration: BoardConfiguration
    /// What it has done so far.
    package internal(set) var counters = BoardCounters()
    /// How many rooms with members the other loops have: the driver adds up their ``occupiedRoomCount``.
    package var roomsElsewhere = 0

    let entropy: Entropy

    /// Which tickets of the store are this machine's: those with this bit.
    package static let ticketBit: UInt64 = 1 << 62

    /// Starts without rooms.
    package init(configuration: BoardConfiguration, entropy: Entropy) {
        precondition(
            (0..<configuration.shardCount).contains(configuration.shard), "a shard's number must be below their count")
        self.configuration = configuration
        self.entropy = entropy
    }

    /// Starts to look for rooms of this loop that have something to store from before (PROTOCOLS 3-18); once, before the
    /// first connection.
    package mutating func started(at moment: Moment, effects: inout Effects) {}

    /// Records a connection whose handshake is done; it moves to the loop that owns its room.
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {}

    /// Handles one complete text message, valid UTF-8, not yet decoded.
    package mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects
    ) {}

    /// Records a sign of life that is no message. Nothing here depends on it; the driver looks after peers that are gone.
    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {}

    /// Records that a connection is gone.
    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {}

    /// What a connection takes along to the loop that owns its room.
    package struct Passenger: Sendable {
        /// Who it is, where a credential says so.
        package var identity: Identity?
    }

    /// Takes out a connection that is to move.
    package mutating func depart(_ connection: ConnectionID) -> Passenger { Passenger() }

    /// Takes in a connection that came from another loop, and brings it into its room.
    package mutating func arrive(
        _ connection: ConnectionID, _ passenger: Passenger, at moment: Moment, effects: inout Effects
    ) {}

    /// Notes that the server drains: what is not stored is stored as soon as allowed, from the next tick on.
    package mutating func stopping() {}

    /// The next instant at which ``tick(at:effects:)`` must be called, or `nil` while nothing is scheduled.
    package var deadline: Instant? { nil }

    /// Does what is due at or before `moment`.
    package mutating func tick(at moment: Moment, effects: inout Effects) {}

    /// Handles the store's reply to an earlier question, whose ticket carries ``ticketBit``.
    package mutating func replied(
        _ ticket: UInt64, _ reply: StoreReply, at moment: Moment, effects: inout Effects
    ) {}

    /// Handles the backend's reply to an earlier question.
    package mutating func backed(
        _ ticket: UInt64, _ reply: BackendReply, at moment: Moment, effects: inout Effects
    ) {}

    /// Notes that a member which missed something under ``OverflowPolicy/skip`` can take messages again.
    package mutating func drained(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {}

    /// The loop that a call must be handed to.
    package func shard(of call: BoardCall) -> Int { configuration.shard(ofRoom: call.room) }

    /// Carries out a call; the answer comes as an effect, at once or later.
    package mutating func requested(
        _ ticket: RequestTicket, _ call: BoardCall, at moment: Moment, effects: inout Effects
    ) {}

    /// Disconnects a connection with a code such as 4410 or 4513.
    ///
    /// - Returns: Whether it was there.
    package mutating func disconnect(
        _ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects
    ) -> Bool { false }

    /// Closes the connections whose credential was revoked with 4440 (PROTOCOLS C17).
    ///
    /// - Returns: How many there were.
    package mutating func revoke(_ revocation: Revocation, at moment: Moment, effects: inout Effects) -> Int { 0 }

    /// Whether everything that was drawn is stored, and nothing is under way: a drain waits for it.
    package var isSettled: Bool { true }

    /// Rooms in memory, for whatever reason.
    package var roomCount: Int { 0 }

    /// Rooms with members.
    package var occupiedRoomCount: Int { 0 }

    /// The user of a connection.
    package func user(of connection: ConnectionID) -> String? { nil }

    /// The room of a connection, and whether it speaks v2.
    package func place(of connection: ConnectionID) -> (room: String, isExtended: Bool)? { nil }

    /// The rooms in memory whose names begin with `prefix`, behind the name `after`, by the bytes of their names.
    package func rooms(prefix: String, after: String?, limit: Int, at moment: Moment) -> [RoomView] { [] }

    /// How much there is now.
    package func statistics(at moment: Moment) -> Statistics { Statistics() }

    /// Traps where the machine's state contradicts itself; called after every step of a simulation.
    package func checkInvariants() {}
}
