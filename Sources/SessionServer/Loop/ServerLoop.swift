import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionStorage

/// One event loop: its sockets, its share of every service's state, and one thread that owns them all.
///
/// A turn waits, then reads from the ready sockets, lets what they said run *bytes → connection → machine → effects →
/// output queue*, and answers them, a batch of sockets at each step; then it does what is due, and writes what the turn left
/// for other sockets with one send each. Nothing is shared with
/// other loops but their mailboxes and the few counters of ``Node``; nothing is `async`. Noncopyable, so that a local
/// variable of the thread is its only owner and no exclusivity is checked at run time.
struct ServerLoop: ~Copyable {
    /// Position among the node's loops; loop 0 accepts and watches the signals.
    let index: Int
    let node: Node
    var configuration: ServerConfiguration
    var log: Log
    /// What secure listeners hand to new connections.
    var tls: TLSContext?
    var poller: Poller
    var clock: SystemClock
    /// When this turn began; what happens in it carries this time.
    var moment: Moment
    var connections = ConnectionTable()
    /// At most one deadline a connection, by slot.
    var wheel: TimingWheel
    var expired: [UInt32] = []
    /// Slot of the connection whose input is being handled; no connection reaches the last one.
    var slotBeingRead = UInt32.max
    /// What was read and not handled yet.
    var batch = ReadBatch()
    /// Connections that got output from someone else's event in this turn.
    var dirty: [ConnectionID] = []
    var pool = BufferPool()
    /// All sockets read into this, behind what the batch holds.
    var input: [UInt8]
    /// All TLS sessions decrypt into this.
    var decrypted: [UInt8] = []
    /// The frame that is being published.
    var frame: [UInt8] = []
    var effects = Effects()
    var groups = Groups()
    /// What groups were sent in this turn.
    var fanout = Fanout()
    /// What machines sent to other loops in this turn.
    var outbox = Outbox()
    var afterwards: [Afterwards] = []
    /// What this turn asks of the store.
    var storeCalls: [StoreCall] = []
    var storeWatch = StoreWatch()
    /// What this turn asks of the boards' backend.
    var backendCalls: [BackendCall] = []
    var housekeeping = Housekeeping()
    /// Whether there is anything to look after between events: a store, with sync the administrators, or how long nobody has
    /// been there.
    var keepsHouse: Bool
    /// How many of this loop's sockets the node knows to be administrators'.
    var administratorCount = 0
    /// HTTP requests that a machine has not answered yet.
    var requests = Requests()
    var awareness: AwarenessMachine
    /// Whether sync runs; where not, its machine is not asked at every turn.
    let servesSync: Bool
    var sync: SyncMachine
    /// Whether channels run.
    let servesChannels: Bool
    var channels: ChannelsMachine
    /// Whether lockers run.
    let servesLockers: Bool
    var lockers: LockersMachine
    /// Whether board runs.
    let servesBoard: Bool
    var board: BoardMachine
    /// Notices that most connections and rooms have gone.
    var crowd = CrowdPeak()
    var random: SeededRandom
    var counters = LoopCounters()
    var closed: ClosedConnections
    var acceptor = Acceptor()
    var drain = Drain()
    var gathering = Gathering()
    var signals: Signals?
    var isRunning = true

    /// What a loop reads before it handles any of it.
    static let inputBytes = 256 * 1024

    init(index: Int, node: Node, configuration: ServerConfiguration, seed: UInt64) throws(SystemError) {
        // First what may fail: a half-made loop cannot be taken apart.
        let poller = try Poller()
        try poller.add(node.inboxes[index].waker.descriptor, token: Token.mail.rawValue, .readable)
        self.poller = poller
        self.index = index
        self.node = node
        self.configuration = configuration
        log = Log(configuration.log, identifierHash: node.identifierHash)
        tls = node.tls
        clock = SystemClock()
        moment = clock.moment()
        wheel = TimingWheel(startingAt: moment.instant)
        input = [UInt8](repeating: 0, count: Self.inputBytes)
        random = SeededRandom(seed: seed)
        closed = ClosedConnections(capacity: ClosedConnections.capacityOfNode / node.loopCount)
        keepsHouse = node.store != nil || configuration.timing.idleExit != nil
        awareness = AwarenessMachine(configuration: configuration.awareness.sharded(index, of: node))
        servesSync = node.listeners.contains { $0.configuration.profiles.contains(.sync) }
        sync = SyncMachine(
            configuration: configuration.sync.sharded(index, of: node, configuration.access),
            entropy: Entropy(SecureRandom.bytes))
        servesChannels = node.listeners.contains { $0.configuration.profiles.contains(.channels) }
        channels = ChannelsMachine(
            configuration: configuration.channels.sharded(
                index, of: node, configuration.access, hasHook: configuration.channelsHook != nil),
            entropy: Entropy(SecureRandom.bytes))
        servesLockers = node.listeners.contains { $0.configuration.profiles.contains(.lockers) }
        lockers = LockersMachine(
            configuration: configuration.lockers.sharded(index, of: node, configuration.access),
            entropy: Entropy(SecureRandom.bytes))
        servesBoard = node.listeners.contains { $0.configuration.profiles.contains(.board) }
        board = BoardMachine(
            configuration: configuration.board.sharded(index, of: node), entropy: Entropy(SecureRandom.bytes))
        board.roomTally = node.boardRooms
    }

    /// Runs until the loop is told to stop.
    mutating func run() throws(SystemError) {
        startBoard()
        while isRunning { try turn() }
        closeEverything()
        submitStoreCalls()
    }

    private mutating func turn() throws(SystemError) {
        let ready = try poller.wait(until: nextDeadline, now: moment.instant)
        moment = clock.moment()
        for position in 0..<ready { dispatch(poller.token(at: position), poller.readiness(at: position)) }
        handleBatch()
        expireTimers()
        resumeAccepting()
        tickServices()
        advanceDrain()
        if keepsHouse { keepHouse() }
        repeat { finishTurn() } while hasLeftovers
        watchCrowd()
        tellWritten()
    }

    /// Tells the machines that measure it that everything of this turn is written.
    private mutating func tellWritten() {
        guard channels.isWriting || lockers.isWriting else { return }
        let now = SystemClock.now()
        channels.wrote(at: now)
        lockers.wrote(at: now)
    }

    /// Has the memory of a crowd that has gone given back: first what the store keeps to be faster, then all of it.
    private mutating func watchCrowd() {
        let count = connections.filledCount + board.roomCount
        if crowd.isGone(at: count, now: moment.instant) { node.store?.releaseCaches() }
        if crowd.takeIsDue(at: moment.instant) { node.giveMemoryBack() }
    }

    /// Hands out what the turn's events led to: first to other threads, so that they work meanwhile, then to sockets.
    private mutating func finishTurn() {
        finishEvents()
        submitStoreCalls()
        submitBackendCalls()
        outbox.post(to: node.inboxes)
        distribute()
        flushDirty()
    }

    /// Whether giving up on sockets led to something that must not wait for the next turn.
    private var hasLeftovers: Bool {
        !fanout.isEmpty || !dirty.isEmpty || !outbox.isEmpty || !afterwards.isEmpty || !storeCalls.isEmpty
            || !backendCalls.isEmpty
    }

    private var nextDeadline: Instant? {
        var next = min(wheel.next ?? .distantFuture, servicesDue, housekeeping.deadline)
        if let due = drain.deadline { next = min(next, due) }
        if let due = acceptor.resumesAt { next = min(next, due) }
        if let due = crowd.deadline { next = min(next, due) }
        return next == .distantFuture ? nil : next
    }

    private mutating func dispatch(_ rawToken: UInt64, _ readiness: Poller.Readiness) {
        let token = Token(rawValue: rawToken)
        if case .connection(let id) = token {
            guard connections.contains(id) else { return }
            if readiness.isWritable { flush(id, isReady: true) }
            if readiness.isReadable { read(id, toTheEnd: readiness.isEnding) }
            return
        }
        handleBatch()
        switch token {
        case .mail: readMail()
        case .signals: readSignals()
        case .listener(let position): accept(from: position)
        case .connection: break
        }
    }
}

/// What stands behind a poller's 64 bits.
enum Token {
    case connection(ConnectionID)
    case listener(Int)
    case mail
    case signals

    /// No connection reaches this generation: a slot would have to be used four thousand million times.
    private static let special = UInt32.max

    init(rawValue: UInt64) {
        let id = ConnectionID(packed: rawValue)
        guard id.generation == Self.special else {
            self = .connection(id)
            return
        }
        switch id.slot {
        case 0: self = .mail
        case 1: self = .signals
        default: self = .listener(Int(id.slot) - 2)
        }
    }

    var rawValue: UInt64 {
        switch self {
        case .connection(let id): id.packed
        case .mail: ConnectionID(slot: 0, generation: Self.special).packed
        case .signals: ConnectionID(slot: 1, generation: Self.special).packed
        case .listener(let position): ConnectionID(slot: UInt32(position + 2), generation: Self.special).packed
        }
    }
}
