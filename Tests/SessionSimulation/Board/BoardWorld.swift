import SessionBase
import SessionCodec
import SessionCore

/// People who draw together on a server that crashes, with an embedded store that fails and a backend that does worse, in
/// virtual time.
///
/// The server is a real machine for each of its loops; sockets carry whole messages in order, with delays, and take nothing
/// at times. Whatever the server shows, stores or confirms is held against the ledger of what is durable.
struct BoardWorld {
    /// What happens at an instant.
    enum Event {
        /// The workload does something.
        case act
        case atServer(Int, [UInt8])
        case atClient(Int, [UInt8])
        /// A client's end arrives at the server.
        case endAtServer(Int)
        case endAtClient(Int)
        /// A connection comes to the loop that it moved to.
        case arrival(Int, life: Int, BoardMachine.Passenger)
        /// What waited for a connection is handled.
        case resumed(Int)
        case unblocked(Int)
        case store(SimulatedStore.Step)
        case backend(SimulatedBackend.Step)
        case tick(loop: Int, life: Int)
        case restart
        case storeHeals
        case backendHeals
        case backendAccepts(String)
    }

    /// One loop of the server, with the machine of its share of the rooms.
    struct Loop {
        var machine: BoardPlantedMachine
        var plannedTick: Instant?
        var groups: [GroupID: [ConnectionID]] = [:]
    }

    /// A room's stores: at most one at a time, and one in two seconds.
    struct StoreWatch {
        var lastSent: Instant?
        var tickets: Set<UInt64> = []
    }

    static let rooms = ["alpha", "alpha!", "beta"]
    static let loopsMax = 2

    var random: SeededRandom
    var now = Instant.zero
    var queue = EventQueue<Event>()
    var loops: [Loop] = []
    /// How many servers there were.
    var life = 0
    var isUp = false
    var store: SimulatedStore
    var backend: SimulatedBackend
    let hasBackend: Bool
    /// How many records a journal may have before the board is kept whole beside the backend's.
    let journalMax: Int
    let loopCount: Int
    var sockets: [BoardSocket] = []
    /// Where members were cut off, by user and room.
    var replicas: [String: BoardReplica] = [:]
    var ledger = BoardLedger()
    var watches: [String: StoreWatch] = [:]
    /// Writes to the journal that were not answered, by ticket.
    var commits: [UInt64: String] = [:]
    private(set) var transcript = Transcript()
    private(set) var tally: [String: Int] = [:]
    let bug: PlantedBug?
    let latencyMax: Duration

    /// Where the wall clock starts: 2024-01-15T10:30:00Z.
    private static let epoch: Int64 = 1_705_314_600_000

    init(seed: UInt64, bug: PlantedBug?) {
        random = SeededRandom(seed: seed)
        self.bug = bug
        latencyMax = .milliseconds([1, 20, 150].randomElement(using: &random)!)
        hasBackend = random.chance(0.7)
        journalMax = [2, 20].randomElement(using: &random)!
        loopCount = Int.random(in: 1...Self.loopsMax, using: &random)
        store = SimulatedStore(
            latencyMax: .milliseconds([1, 10, 300].randomElement(using: &random)!),
            failures: [0, 0.01, 0.1].randomElement(using: &random)!, bug: bug)
        backend = SimulatedBackend(
            latencyMax: .milliseconds([5, 200, 3_000].randomElement(using: &random)!),
            failures: [0, 0.05, 0.3].randomElement(using: &random)!)
    }

    var moment: Moment {
        Moment(instant: now, timestamp: Timestamp(milliseconds: Self.epoch + now.nanoseconds / 1_000_000))
    }

    func configuration(loop: Int) -> BoardConfiguration {
        var configuration = BoardConfiguration()
        configuration.hasBackend = hasBackend
        configuration.messageRate = nil
        configuration.journalRecordsMax = journalMax
        configuration.ringCapacity = 30
        configuration.degradedAfter = .seconds(20)
        configuration.shard = loop
        configuration.shardCount = loopCount
        configuration.hash = SipHash(key0: 5, key1: 6)
        return configuration
    }

    // MARK: Running

    /// Lets `steps` things happen, then quiet come, and holds what is left against the rules.
    mutating func run(steps: Int) throws {
        try start()
        for _ in 0..<steps {
            queue.plan(.act, at: now + pause())
            try runUntilActed()
        }
        try endQuietly()
    }

    /// How long until the workload does the next thing: mostly little, sometimes long enough for a store.
    private mutating func pause() -> Duration {
        if random.chance(0.02) { return .seconds(Int64.random(in: 2...40, using: &random)) }
        return .milliseconds(Int64.random(in: 0...([3, 30, 300].randomElement(using: &random)!), using: &random))
    }

    private mutating func runUntilActed() throws {
        while let event = queue.next(at: &now) {
            if case .act = event { return try act() }
            try happen(event)
        }
    }

    /// Lets everything happen that is due within some time.
    mutating func pass(_ time: Duration) throws {
        let end = now + time
        var eventCount = 0
        while let due = queue.earliest, due <= end {
            guard let event = queue.next(at: &now) else { return }
            try happen(event)
            eventCount += 1
            if eventCount > 200_000 { throw SimulationFailure("the server never comes to rest") }
        }
        now = max(now, end)
    }

    private mutating func happen(_ event: Event) throws {
        switch event {
        case .act: break
        case .atServer(let place, let bytes): try arrive(bytes, on: place)
        case .atClient(let place, let bytes): try hear(bytes, on: place)
        case .endAtServer(let place): try endAtServer(place)
        case .endAtClient(let place): endAtClient(place)
        case .arrival(let place, let life, let passenger):
            guard life == self.life, isUp, sockets[place].isAtServer else { return }
            sockets[place].isMoving = false
            try tell(sockets[place].loop, .arrived(sockets[place].id, passenger))
            try handleInbox(of: place)
        case .resumed(let place): try handleInbox(of: place)
        case .unblocked(let place): try unblock(place)
        case .store(let step): try carryOut(step)
        case .backend(let step): try carryOut(step)
        case .tick(let loop, let life): try tick(loop, life)
        case .restart: try start()
        case .storeHeals: store.isDown = false
        case .backendHeals: backend.isDown = false
        case .backendAccepts(let room): backend.refused.remove(room)
        }
    }

    // MARK: The server's life

    private mutating func start() throws {
        life += 1
        isUp = true
        let number = life
        note("server \(number) starts")
        loops = (0..<loopCount).map { loop in
            Loop(machine: BoardPlantedMachine(configuration(loop: loop), entropy: .simulated(&random), bug: bug))
        }
        for loop in loops.indices { try tell(loop, .started) }
    }

    /// The server is gone, with all that it knew.
    mutating func crash() {
        let number = life
        note("server \(number) crashes")
        count("crash")
        for loop in loops.indices { store.forget(asker(loop), using: &random) }
        isUp = false
        ledger.crash()
        commits = [:]
        watches = [:]
        for place in sockets.indices where sockets[place].isAtServer {
            sockets[place].isAtServer = false
            queue.plan(.endAtClient(place), at: now + latency())
        }
        queue.plan(.restart, at: now + .milliseconds(Int64.random(in: 1...3_000, using: &random)))
    }

    /// By what name the store knows a loop.
    func asker(_ loop: Int) -> Int { life * Self.loopsMax + loop }

    // MARK: Time

    private mutating func tick(_ loop: Int, _ life: Int) throws {
        guard isUp, self.life == life else { return }
        loops[loop].plannedTick = nil
        if let deadline = loops[loop].machine.machine.deadline, deadline <= now { try tell(loop, .tick) }
        planTick(loop)
    }

    /// Sees to it that the machine is told in time.
    mutating func planTick(_ loop: Int) {
        guard let deadline = loops[loop].machine.machine.deadline else { return }
        if let planned = loops[loop].plannedTick, planned <= deadline { return }
        loops[loop].plannedTick = deadline
        queue.plan(.tick(loop: loop, life: life), at: max(deadline, now))
    }

    // MARK: Notes

    mutating func latency() -> Duration {
        .nanoseconds(Int64.random(in: 1...latencyMax.nanoseconds, using: &random))
    }

    mutating func note(_ line: @autoclosure () -> String) { transcript.note(now, line()) }

    mutating func count(_ name: String) { tally[name, default: 0] += 1 }
}
