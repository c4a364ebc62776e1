import SessionBase

/// What is kept for one connection of board.
struct BoardConnection: Sendable {
    enum Phase: UInt8 {
        /// The slot belongs to no connection of this machine.
        case vacant
        /// Its room belongs to another loop, to which it is about to move.
        case moving
        /// It is on its way into its room: the board is being loaded, or changes are being made durable.
        case arriving
        /// It is in its room.
        case member
        /// A close was ordered; what still arrives is ignored.
        case doomed
    }

    /// Generation of the connection that has the slot.
    var generation: UInt32 = 0
    var phase = Phase.vacant
    /// Whether it speaks the second version of the protocol (PROTOCOLS 3-2).
    var isExtended = false
    /// Whether it may only look (PROTOCOLS 3-14).
    var isViewer = false
    /// Whether nothing more of it is read now.
    var isHeld = false
    /// Whether it does not know the board yet, so that what it says has to wait.
    var isEarly = false
    /// What it said meanwhile: the first message, and what was read together with it.
    var early: [[UInt8]] = []
    /// Whether it hears its room's broadcasts.
    var isListening = false
    /// Messages of it that wait in its room.
    var waiting: UInt16 = 0
    /// Slot of its room, from its arrival on.
    var room = noIndex
    /// Slot of its user in the room, while it is a member.
    var user = noIndex
    /// Where its counters of misbehaviour are, or ``noIndex`` as long as it behaves.
    var trouble = noIndex
    /// When an entry of the queue stands for its credential's end.
    var watchDue = Instant.distantFuture
    /// All messages (C6).
    var messages = TokenBucket()
    /// `shape_create` messages.
    var creations = TokenBucket()
    /// `shape_update` messages.
    var updates = TokenBucket()
    /// `shape_delete` messages.
    var deletions = TokenBucket()
    /// `resync` messages.
    var resyncs = TokenBucket()
    /// Who it is.
    var identity = Identity(user: "")
    /// Where it was cut off, and wants to go on.
    var resume: BoardResume?
}

/// Where a member was cut off: `?epoch=&since=` (PROTOCOLS §5.3).
struct BoardResume: Equatable, Sendable {
    /// The life of the room that it knew.
    var epoch: String
    /// The version that it knew.
    var since: UInt64

    /// Reads a handshake's query; `nil` where it asks for nothing of the kind, or nothing that makes sense.
    init?(_ query: [(name: String, value: String)]) {
        guard let epoch = query.last(where: { $0.name == "epoch" })?.value,
            let since = query.last(where: { $0.name == "since" }).flatMap({ UInt64($0.value) })
        else { return nil }
        self.epoch = epoch
        self.since = since
    }
}
