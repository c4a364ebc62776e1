import SessionBase
import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO

/// One worker: its connections, its share of the load, and the thread that does both.
///
/// Its life is ``run()``, read from top to bottom. A turn waits for the poller and handles what it reports; sockets are
/// nonblocking, reported once a change, read until less comes than the buffer holds, and written with one send for all that
/// one event calls for. Noncopyable, so that a local variable of the thread is its only owner; generic over the workload,
/// so that what connections say is compiled into the loop.
struct WorkerLoop<Work: Workload & ~Copyable>: ~Copyable {
    let share: WorkerShare
    let plan: LoadPlan
    let port: WorkerPort
    var work: Work
    var poller: Poller
    /// When this turn began, or its last event came.
    var now: Instant

    // Connections, by the worker's own numbers.
    var links: Slab<Link>
    var wires: [Wire]
    var targets: [LoadTarget]
    let sources: [SocketAddress]
    /// A connection that does not exist.
    let blank: Connection
    /// Those with a handshake under way.
    var handshakes: [Int] = []
    var openCount = 0
    var failedCount = 0
    /// Whether any handshake has succeeded.
    var hasOpened = false
    /// Whether the load has begun, in which plain HTTP connections that end are opened again.
    var isLoading = false
    /// Whether the run is over and connections are only closed.
    var isClosing = false
    /// Those that are to connect again, and when.
    var redials: [(link: Int, due: Instant)] = []
    var storm: Storm?
    var slow: SlowLinks?
    /// When slow connections read again, and time-outs are looked for.
    var maintainsAt = Instant.zero
    /// Why the first attempt failed that did.
    var firstFailure: ClientFailure?
    /// What the server said to the first connection that it did not let take part; a sentence without a full stop.
    var firstRefusal: String?

    // Requests.
    var flights: FlightPool
    var missing = MissingReplies()
    var recorder: Recorder
    /// Whether an answer lets the next request leave: in the closed loop, while the load lasts.
    var isRefilling = false
    /// When answers that take too long are looked for.
    var stalledAt = Instant.zero
    /// Connections with requests that this turn planned.
    var dirty: [Int] = []

    /// What a workload that converses has to say.
    var desk: Desk

    // Bytes.
    let input: UnsafeMutableBufferPointer<UInt8>
    var frames: FrameBuffer
    /// What the codec wrote and no socket has yet.
    var outbox: [UInt8] = []
    var plaintext: [UInt8] = []

    /// What is read from one socket at once: more than it ever holds for the usual depths.
    private static var inputBytes: Int { 256 * 1024 }
    /// What is sent at once.
    private static var frameBytes: Int { 64 * 1024 }

    init(
        _ share: WorkerShare, _ port: WorkerPort, work: consuming Work, targets: [LoadTarget], sources: [SocketAddress]
    ) throws(SystemError) {
        poller = try Poller()
        self.share = share
        self.port = port
        plan = share.plan
        self.targets = targets
        self.sources = sources
        now = SystemClock.now()
        let count = share.sockets
        links = Slab(repeating: Link(), count: count)
        for link in share.connections..<count { links[link].isHTTP = share.plan.requestsUseHTTP }
        blank = Connection(role: .server, limits: ConnectionLimits())
        wires = Array(repeating: Wire(connection: blank), count: count)
        flights = FlightPool(capacity: max(1024, 2 * count))
        recorder = Recorder(share.plan)
        input = .allocate(capacity: Self.inputBytes)
        input.initialize(repeating: 0)
        frames = FrameBuffer(capacity: max(Self.frameBytes, work.requestBytesMax))
        desk = Desk(bytesMax: Work.isConversing ? work.requestBytesMax : 0)
        self.work = work
        if case .storm(let dropAt) = share.plan.workload { storm = Storm(dropAt: dropAt) }
        slow = share.plan.slowReaders.map { SlowLinks($0, share, at: now) }
    }

    deinit { input.deallocate() }

    /// Opens, waits, loads, drains and closes; tells of all of it through the port.
    mutating func run() throws(SystemError) {
        try open()
        guard hasOpened && hasParticipants || share.sockets == 0 else { return reportFailure() }
        if slow != nil { port.post(.slow(slowAddresses)) }
        port.post(.ready)
        try awaitStart()
        isLoading = true
        try load()
        isLoading = false
        try drain()
        try close()
        port.post(.interval(recorder.last(at: now)))
        port.post(.finished)
    }

    /// Whether anybody is there beside those that only send requests: where the server refuses all others, there is no load.
    private var hasParticipants: Bool {
        firstRefusal == nil || share.connections == 0
            || (0..<share.connections).contains { links[$0].state == .open }
    }

    /// How long a run that was ended early waits for the answers that are on their way.
    private static var stoppedPatience: Duration { .seconds(1) }

    /// How long a worker sleeps before it looks at its port again.
    static var portInterval: Duration { .milliseconds(10) }

    /// Keeps the connections alive until the starter says when to begin.
    private mutating func awaitStart() throws(SystemError) {
        while !port.isStopping, now < port.startsAt ?? .distantFuture {
            try turn(until: min(port.startsAt ?? .distantFuture, now + Self.portInterval))
        }
        recorder.start(at: port.startsAt ?? now, warmUp: plan.warmUp, keepsOpening: !Work.isCycling)
    }

    /// Waits for the answers to what has left; what is still missing after the time-out is lost.
    private mutating func drain() throws(SystemError) {
        isRefilling = false
        recorder.end(at: now)
        if Work.isConversing { conclude() }
        hurrySlowLinks()
        let wasStopped = port.isStopping
        let deadline = now + (wasStopped ? min(plan.timeout, Self.stoppedPatience) : plan.timeout)
        while flights.count + work.underWay + work.owed > 0 || missing.count > 0, now < deadline,
            openCount + handshakes.count > 0,
            wasStopped || !port.isStopping
        {
            try turn(until: min(deadline, now + Self.portInterval))
        }
        abandonAllHandshakes()
        for link in 0..<links.count { forgetRequests(of: link) }
        work.settle(&recorder)
        for flight in missing.removeAll() where recorder.counts(flight.intended) {
            recorder.count { $0.lost &+= 1 }
        }
    }

    // MARK: One turn

    /// Waits for events until a deadline, handles them, and does what is due now and then.
    @inline(__always)
    mutating func turn(until deadline: Instant) throws(SystemError) {
        let ready = try poller.wait(
            until: deadline.orEarlier(recorder.boundary), now: now, atMost: Work.eventsPerTurn)
        readClock()
        if ready > 0 {
            let began = now
            for position in 0..<ready { handle(poller.token(at: position), poller.readiness(at: position)) }
            recorder.underWay(flights.count + work.underWay)
            if !redials.isEmpty { redial() }
            readClock()
            recorder.worked(from: began, to: now)
        }
        if now.nanoseconds >= maintainsAt.nanoseconds { maintain() }
    }

    /// Reads the clock, and posts the seconds that are over.
    @inline(__always)
    mutating func readClock() {
        now = SystemClock.now()
        if now.nanoseconds >= recorder.boundary.nanoseconds { postIntervals() }
    }

    @inline(__always)
    private mutating func handle(_ token: UInt64, _ readiness: Poller.Readiness) {
        let link = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
        guard links[link].generation == UInt32(truncatingIfNeeded: token >> 32), links[link].descriptor >= 0 else {
            return
        }
        if links[link].state == .connecting { return finishConnecting(link) }
        if links[link].isBlocked, readiness.isWritable { unblock(link) }
        if readiness.isReadable, !links[link].isHeldBack || readiness.isEnding {
            read(link, toTheEnd: readiness.isEnding)
        }
    }

    @inline(never)
    private mutating func postIntervals() {
        while let interval = recorder.next(at: now) { port.post(.interval(interval)) }
    }

    /// Does what need not be done at once: time-outs, reading of slow connections, connecting again.
    @inline(never)
    private mutating func maintain() {
        maintainsAt = now + Self.portInterval
        abandonSlowHandshakes()
        readSlowLinks()
        if let due = storm?.dropsAt, now >= due { cutAll() }
        redial()
        replaceStalled()
        if Work.isConversing { tick() }
    }
}

extension Instant {
    /// The earlier of two; generic comparisons of another module's type are calls.
    @inline(__always)
    func orEarlier(_ other: Instant) -> Instant { nanoseconds < other.nanoseconds ? self : other }
}
