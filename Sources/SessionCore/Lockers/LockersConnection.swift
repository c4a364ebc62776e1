import SessionBase
import SessionCodec

/// What is kept for one connection of lockers.
struct LockersConnection: Sendable {
    enum Phase: UInt8 {
        /// The slot belongs to no connection of this machine.
        case vacant
        /// The owner of its namespace has not answered.
        case arriving
        /// It was welcomed.
        case open
        /// A close was ordered; what still arrives is ignored.
        case doomed
    }

    /// Generation of the connection that has the slot.
    var generation: UInt32 = 0
    var phase = Phase.vacant
    /// Whether an owner's answer is waited for and nothing is read meanwhile.
    var isHeld = false
    /// Whether its session is being asked for again.
    var isChecking = false
    /// The path of its namespace.
    var namespace = ""
    /// What it is called on the wire.
    var name = ""
    /// Who it is; `nil` for an anonymous one.
    var identity: Identity?
    /// What it showed, where that can be asked for again.
    var credential: [UInt8]?
    /// What the client wants to know the answer to its `join_room` by, while that is waited for.
    var tag: MessageTag?
    /// The room whose owner is asked.
    var awaitedRoom: String?
    /// All messages.
    var messages = TokenBucket()
    /// `ack` messages.
    var acks = TokenBucket()
    /// Where its counters of misbehaviour are, or ``noIndex`` as long as it behaves.
    var trouble = noIndex
    /// When its session is asked for again.
    var checkDue = Instant.distantFuture
    /// When an entry of the queue stands for it.
    var watchDue = Instant.distantFuture

    /// Whether somebody is known behind it: open mode's assumed identity stands for nobody.
    var isAnonymous: Bool { identity?.isAssumed ?? true }

    /// Whose it is; `nil` for an anonymous one.
    var user: String? { identity.flatMap { $0.isAssumed ? nil : $0.user } }

    /// Whose it is, as clients see it: an anonymous one belongs to `anonymous`.
    var shownUser: String { user ?? Identity.assumed.user }
}

/// What was told to a namespace or room, while the hub counts who got it.
struct PendingSend: Sendable {
    /// Where it went, and under which name.
    var namespace: String
    var event: String
    var room: String?
    /// When it was told, as its answer says.
    var timestamp: Timestamp
    /// When it came.
    var since: Instant
    /// The request that waits; `nil` where nobody does.
    var ticket: RequestTicket?
    /// What a repetition of the request is known by.
    var key: RepetitionKey?
}
