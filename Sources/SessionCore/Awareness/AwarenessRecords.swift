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
}

/// The counters of a connection that misbehaved at least once.
struct AwarenessTrouble: Sendable {
    var invalid = InvalidMessageCounter()
    var excess = ExcessCounter()
}

/// No record: the index that none has.
let noIndex = UInt32.max

/// One window of a user, with or without a connection.
struct AwarenessWindow: Sendable {
    /// Window id, case id and slide id, one after the other, so that a window is one allocation.
    private(set) var text: [UInt8]
    private var windowCount: UInt16
    private var caseCount: UInt16
    /// Index of the user.
    let user: UInt32
    /// The next window of the same connection, or ``noIndex``.
    var next = noIndex
    /// The connection it is bound to; `nil` during the grace after a lost one.
    var connection: ConnectionID?
    /// Rank among the user's windows: the highest was active last.
    var activity: UInt64
    /// The last `register`, `heartbeat` or `focus`; after a lost connection, its last sign of life.
    var lastSeen: Instant
    /// When a window without connection is removed.
    var graceEnds = Instant.distantFuture
    /// When it was registered.
    let since: Timestamp
    /// What the client's clock said at its last `register`.
    var clientTime: Timestamp?
    /// The JSON that the client attached; usually empty.
    var meta: [UInt8] = []

    /// Makes a window without connection.
    init(
        id: Span<UInt8>, case: Span<UInt8>, slide: Span<UInt8>, user: UInt32, activity: UInt64, at moment: Moment
    ) {
        text = []
        windowCount = 0
        caseCount = 0
        self.user = user
        self.activity = activity
        lastSeen = moment.instant
        since = moment.timestamp
        rewrite(id: id, case: `case`, slide: slide)
    }

    /// Whether a connection carries it.
    var isLive: Bool { connection != nil }

    /// Where the window id stands in ``text``.
    var idRange: Range<Int> { 0..<Int(windowCount) }
    /// Where the case id stands in ``text``.
    var caseRange: Range<Int> { Int(windowCount)..<Int(windowCount) + Int(caseCount) }
    /// Where the slide id stands in ``text``; empty where there is none.
    var slideRange: Range<Int> { Int(windowCount) + Int(caseCount)..<text.count }

    /// Shows another case or slide.
    mutating func show(case: Span<UInt8>, slide: Span<UInt8>) {
        let old = text
        rewrite(id: old.span.extracting(idRange), case: `case`, slide: slide)
    }

    /// Whether this is the window with an id.
    func isNamed(_ id: Span<UInt8>) -> Bool { text.span.extracting(idRange).isEqual(to: id) }

    /// Whether this is the window with the id that a message names.
    func isNamed(_ id: JSONText, in message: Span<UInt8>) -> Bool {
        id.equals(text.span.extracting(idRange), in: message)
    }

    /// Whether both windows show the same case.
    func showsSameCase(as other: AwarenessWindow) -> Bool {
        text.span.extracting(caseRange).isEqual(to: other.text.span.extracting(other.caseRange))
    }

    private mutating func rewrite(id: Span<UInt8>, case: Span<UInt8>, slide: Span<UInt8>) {
        var fresh: [UInt8] = []
        fresh.reserveCapacity(id.count + `case`.count + slide.count)
        fresh.append(copying: id)
        fresh.append(copying: `case`)
        fresh.append(copying: slide)
        windowCount = UInt16(id.count)
        caseCount = UInt16(`case`.count)
        text = fresh
    }
}

/// One user: kept as long as it has windows or a connection belongs to it.
struct AwarenessUser: Sendable {
    let id: [UInt8]
    /// Its windows in the order of registration.
    var windows: [UInt32] = []
    /// How many of them have a connection.
    var liveCount = 0
    /// How many connections belong to the user, with or without windows.
    var connectionCount = 0

    init(id: [UInt8]) { self.id = id }
}
