import SessionBase
import SessionCodec

/// What is kept for one connection, 72 bytes: an idle one costs nothing else but an entry in a queue.
struct AwarenessConnection: Sendable {
    enum Phase: UInt8 {
        /// The slot belongs to no connection of this machine.
        case vacant
        /// Messages are handled.
        case open
        /// A close was ordered; what still arrives is ignored.
        case doomed
    }

    /// Generation of the connection that has the slot.
    var generation: UInt32 = 0
    var phase = Phase.vacant
    /// Whether the client asked for acknowledgements and `warning_cleared`.
    var isVersion2 = false
    /// Whether an entry of the queue of idle connections stands for this one.
    var isTimed = false
    /// Windows bound to this connection, at most 32.
    var windowCount: UInt8 = 0
    /// The user the connection belongs to since its first `register`, or ``noIndex``.
    var user = noIndex
    /// The first of its windows, from which ``AwarenessWindow/next`` leads on; or ``noIndex``.
    var firstWindow = noIndex
    /// Where its counters of misbehaviour are, or ``noIndex`` as long as it behaves.
    var trouble = noIndex
    /// The last sign of life, a Pong included.
    var lastHeard = Instant.zero
    /// The last message.
    var lastMessage = Instant.zero
    /// All messages.
    var messages = TokenBucket()
    /// `register` messages.
    var registers = TokenBucket()
    /// `ping` messages.
    var pings = TokenBucket()

    /// Notes a message, which is a sign of life too.
    mutating func noteMessage(at now: Instant) { (lastHeard, lastMessage) = (now, now) }
}

/// No record: the index that none has.
let noIndex = UInt32.max

/// One window of a user, with or without a connection.
///
/// What a repeated `register` reads and writes stands first and together: with many windows each line of the cache counts.
struct AwarenessWindow: TableRecord {
    static let vacant = AwarenessWindow(WindowLabel(), user: noIndex, activity: 0, at: .none)

    /// Its ids, and the case and slide it shows.
    var label: WindowLabel
    /// The next window of the same connection, or ``noIndex``.
    var next = noIndex
    /// Slot of the user.
    let user: UInt32
    /// The last `register`, `heartbeat` or `focus`; after a lost connection, its last sign of life.
    var lastSeen: Instant
    /// The JSON that the client attached; usually empty.
    var meta: [UInt8] = []
    /// What the client's clock said at its last `register`.
    var clientTime: Timestamp?
    /// The connection it is bound to; `nil` during the grace after a lost one.
    var connection: ConnectionID?
    /// Rank among the user's windows: the highest was active last.
    var activity: UInt64
    /// When a window without connection is removed.
    var graceEnds = Instant.distantFuture
    /// When it was registered.
    let since: Timestamp

    /// Makes a window without connection.
    init(_ label: WindowLabel, user: UInt32, activity: UInt64, at moment: Moment) {
        self.label = label
        self.user = user
        self.activity = activity
        lastSeen = moment.instant
        since = moment.timestamp
    }

    /// Whether a connection carries it.
    var isLive: Bool { connection != nil }
}

extension Moment {
    /// The moment of a record that stands for none.
    fileprivate static var none: Moment { Moment(instant: .zero, timestamp: Timestamp(milliseconds: 0)) }
}

/// One user: kept as long as it has windows or a connection belongs to it.
struct AwarenessUser: TableRecord {
    static let vacant = AwarenessUser(id: [])

    let id: [UInt8]
    /// Its windows in the order of registration.
    var windows: [UInt32] = []
    /// How many of them have a connection.
    var liveCount = 0
    /// How many connections belong to the user, with or without windows.
    var connectionCount = 0

    init(id: [UInt8]) { self.id = id }
}
