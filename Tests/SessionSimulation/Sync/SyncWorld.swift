import SessionBase
import SessionCodec
import SessionCore
import Synchronization

/// Users with several devices, callers of the HTTP API, one or two servers and the store they share, in virtual time.
///
/// The servers are real machines, one for each of their loops; sockets carry whole messages in order, with delays, in JSON or
/// in Protobuf, and move from loop to loop; servers crash and start again. Every
/// effect of a machine and every answer that arrives is held against the rules of the checkers.
struct SyncWorld {
    /// What happens at an instant.
    enum Event {
        /// The workload does something.
        case act
        case atServer(Int, [UInt8])
        case atClient(Int, SyncServerFrame)
        case drain(Int)
        /// A client's end of its socket arrives.
        case endAtServer(Int, cleanly: Bool)
        case endAtClient(Int)
        /// A Pong is due, or arrives.
        case pong(Int)
        case heard(Int)
        case verdict(ConnectionID, life: Int, AccessVerdict)
        /// A connection comes to the loop that it moved to.
        case arrival(Int, life: Int, SyncMachine.Passenger)
        case store(SimulatedStore.Step)
        case request(Int)
        case response(Int, HTTPResponse)
        case tick(node: Int, shard: Int, life: Int)
        case restart(Int)
        case storeHeals
    }

    /// One loop of a server, with the machine of its share of the sessions.
    struct Loop {
        var machine: SyncPlantedMachine
        var plannedTick: Instant?
    }

    /// One server.
    struct Node {
        var loops: [Loop]
        /// How many there were before it, in all: the name that the store knows it by.
        var life: Int
        var isUp = true
    }

    /// The most loops of a server.
    static let shardsMax = 2

    var random: SeededRandom
    var now = Instant.zero
    var queue = EventQueue<Event>()
    var nodes: [Node] = []
    var store: SimulatedStore
    var sockets: [SyncSocket] = []
    var devices: [SyncDeviceActor]
    var requests: [SyncHTTPCall] = []
    var ledger = StateLedger()
    var pushes = PushChecker()
    var presence = PresenceChecker()
    var handoffs = HandoffChecker()
    private(set) var transcript = Transcript()
    private(set) var tally: [String: Int] = [:]
    let bug: PlantedBug?
    /// Whether the workload still acts.
    var isQuiet = false
    let latencyMax: Duration
    /// How many loops each server has.
    let shardCount: Int
    private var lives = 0
    private var uniques = 0
    /// Those who left in the event that is being carried out.
    var leftInEvent: Set<PresenceChecker.Place> = []

    /// Where the wall clock starts: 2024-01-15T10:30:00Z.
    private static let epoch: Int64 = 1_705_314_600_000

    init(seed: UInt64, bug: PlantedBug?) {
        random = SeededRandom(seed: seed)
        self.bug = bug
        latencyMax = .milliseconds([1, 20, 150].randomElement(using: &random)!)
        store = SimulatedStore(
            latencyMax: .milliseconds([1, 10, 300].randomElement(using: &random)!),
            failures: [0, 0.01, 0.1].randomElement(using: &random)!, bug: bug)
        shardCount = Int.random(in: 1...Self.shardsMax, using: &random)
        devices = SyncDeviceActor.population(users: 3, devicesEach: 3)
        for _ in 0..<Int.random(in: 1...2, using: &random) { nodes.append(makeNode()) }
    }

    var moment: Moment {
        Moment(instant: now, timestamp: Timestamp(milliseconds: Self.epoch + now.nanoseconds / 1_000_000))
    }

    private mutating func makeNode() -> Node {
        lives += 1
        let loops = (0..<shardCount).map { shard in
            Loop(machine: SyncPlantedMachine(configuration(shard: shard), entropy: makeEntropy(), bug: bug))
        }
        return Node(loops: loops, life: lives)
    }

    func configuration(shard: Int) -> SyncConfiguration {
        var configuration = SyncConfiguration()
        configuration.messageRate = nil
        configuration.shard = shard
        configuration.shardCount = shardCount
        return configuration
    }

    private mutating func makeEntropy() -> Entropy {
        let source = Mutex(SeededRandom(seed: random.next()))
        return Entropy { count in
            source.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        }
    }

    // MARK: Running

    /// Lets `steps` things happen, then quiet come, and holds what is left against the rules.
    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            queue.plan(.act, at: now + pause())
            try runUntilActed()
        }
        try endQuietly()
    }

    /// How long until the workload does the next thing: mostly little, sometimes so long that somebody is given up.
    private mutating func pause() -> Duration {
        if random.chance(0.01) { return .seconds(Int64.random(in: 10...150, using: &random)) }
        return .milliseconds(Int64.random(in: 0...([3, 60, 600].randomElement(using: &random)!), using: &random))
    }

    private mutating func runUntilActed() throws {
        while let event = queue.next(at: &now) {
            if case .act = event { return try act() }
            try happen(event)
        }
    }

    /// Lets everything happen that is due up to an instant.
    mutating func run(until end: Instant, orUntil isDone: (SyncWorld) -> Bool = { _ in false }) throws {
        while let due = queue.earliest, due <= end, !isDone(self) {
            guard let event = queue.next(at: &now) else { return }
            try happen(event)
        }
        if !isDone(self) { now = max(now, end) }
    }

    private mutating func happen(_ event: Event) throws {
        switch event {
        case .act: break
        case .atServer(let socket, let bytes): try arrive(bytes, on: socket)
        case .atClient(let socket, let frame): try hear(frame, on: socket)
        case .drain(let socket): try drain(socket)
        case .endAtServer(let socket, let cleanly): try end(socket, cleanly: cleanly)
        case .endAtClient(let socket): loseSocket(socket)
        case .pong(let socket): pong(socket)
        case .heard(let socket): try heard(socket)
        case .verdict(let id, let life, let verdict):
            let place = Int(id.slot)
            if nodes[sockets[place].node].life == life, sockets[place].isAtServer {
                try tell(place, .verdict(id, verdict))
            }
        case .arrival(let socket, let life, let passenger): try arrive(passenger, on: socket, life: life)
        case .store(let step): try carryOut(step)
        case .request(let number): try arrive(request: number)
        case .response(let number, let response): try answered(number, response)
        case .tick(let node, let shard, let life): try tick(node, shard, life)
        case .restart(let node): restart(node)
        case .storeHeals: store.isDown = false
        }
        try presence.check(pushes.bindings.keys, at: now)
    }

    // MARK: The store

    mutating func plan(_ steps: [(SimulatedStore.Step, Instant)]) {
        for (step, due) in steps { queue.plan(.store(step), at: due) }
    }

    private mutating func carryOut(_ step: SimulatedStore.Step) throws {
        switch step {
        case .execution(let number): plan(store.execute(number, at: now, using: &random))
        case .reply(let number):
            guard let (asker, ticket, reply) = store.takeReply(number) else { return }
            let (life, shard) = asker.quotientAndRemainder(dividingBy: Self.shardsMax)
            guard let node = nodes.firstIndex(where: { $0.life == life && $0.isUp }) else { return }
            try tell(node, shard, .replied(ticket, reply))
        }
    }

    // MARK: Crashes

    /// A server is gone, with all that it knew.
    mutating func crash(_ node: Int) {
        note("node \(node) crashes")
        count("crash")
        for shard in 0..<shardCount { store.forget(nodes[node].life * Self.shardsMax + shard, using: &random) }
        nodes[node].isUp = false
        pushes.forgetAll { id in sockets[Int(id.slot)].node == node }
        presence.crashed(node)
        for place in sockets.indices where sockets[place].node == node && sockets[place].isAtServer {
            sockets[place].isAtServer = false
            queue.plan(.endAtClient(place), at: now + latency())
        }
        for place in requests.indices where requests[place].node == node { requests[place].isLost = true }
        queue.plan(.restart(node), at: now + .milliseconds(Int64.random(in: 1...3000, using: &random)))
    }

    private mutating func restart(_ node: Int) {
        note("node \(node) starts")
        nodes[node] = makeNode()
    }

    // MARK: Notes

    mutating func latency() -> Duration {
        .nanoseconds(Int64.random(in: 1...latencyMax.nanoseconds, using: &random))
    }

    mutating func note(_ line: @autoclosure () -> String) { transcript.note(now, line()) }

    /// Another number each time.
    mutating func uniqueCount() -> Int {
        uniques += 1
        return uniques
    }

    mutating func count(_ name: String) { tally[name, default: 0] += 1 }

    // MARK: Time

    private mutating func tick(_ node: Int, _ shard: Int, _ life: Int) throws {
        guard nodes[node].isUp, nodes[node].life == life else { return }
        nodes[node].loops[shard].plannedTick = nil
        let deadline = nodes[node].loops[shard].machine.machine.deadline
        if let deadline, deadline <= now { try tell(node, shard, .tick) }
        planTick(node, shard)
    }

    /// Sees to it that the machine is told in time.
    mutating func planTick(_ node: Int, _ shard: Int) {
        let loop = nodes[node].loops[shard]
        guard let deadline = loop.machine.machine.deadline else { return }
        if let planned = loop.plannedTick, planned <= deadline { return }
        nodes[node].loops[shard].plannedTick = deadline
        queue.plan(.tick(node: node, shard: shard, life: nodes[node].life), at: max(deadline, now))
    }
}
