import SessionBase
import SessionCodec
import SessionCore
import Synchronization

/// Users with several devices, callers of the HTTP API, one or two servers and the store they share, in virtual time.
///
/// The servers are real machines; sockets carry whole messages in order, with delays; servers crash and start again. Every
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
        case verdict(ConnectionID, node: Int, life: Int, AccessVerdict)
        case store(SimulatedStore.Step)
        case request(Int)
        case response(Int, HTTPResponse)
        case tick(node: Int, life: Int)
        case restart(Int)
        case storeHeals
    }

    /// One server.
    struct Node {
        var machine: SyncPlantedMachine
        /// How many there were before it, in all: the name that the store knows it by.
        var life: Int
        var isUp = true
        var plannedTick: Instant?
    }

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
        devices = SyncDeviceActor.population(users: 3, devicesEach: 3)
        for _ in 0..<Int.random(in: 1...2, using: &random) { nodes.append(makeNode()) }
    }

    var moment: Moment {
        Moment(instant: now, timestamp: Timestamp(milliseconds: Self.epoch + now.nanoseconds / 1_000_000))
    }

    private mutating func makeNode() -> Node {
        lives += 1
        var configuration = SyncConfiguration()
        configuration.messageRate = nil
        let source = Mutex(SeededRandom(seed: random.next()))
        let entropy = Entropy { count in
            source.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        }
        return Node(machine: SyncPlantedMachine(configuration, entropy: entropy, bug: bug), life: lives)
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
        while let event = takeEvent() {
            if case .act = event { return try act() }
            try happen(event)
        }
    }

    /// Lets everything happen that is due up to an instant.
    mutating func run(until end: Instant, orUntil isDone: (SyncWorld) -> Bool = { _ in false }) throws {
        while let due = queue.earliest, due <= end, !isDone(self) {
            guard let event = takeEvent() else { return }
            try happen(event)
        }
        if !isDone(self) { now = max(now, end) }
    }

    private mutating func takeEvent() -> Event? {
        guard let due = queue.earliest else { return nil }
        now = max(now, due)
        return queue.next()
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
        case .verdict(let id, let node, let life, let verdict):
            if nodes[node].isUp, nodes[node].life == life { try tell(node, .verdict(id, verdict)) }
        case .store(let step): try carryOut(step)
        case .request(let number): try arrive(request: number)
        case .response(let number, let response): try answered(number, response)
        case .tick(let node, let life): try tick(node, life)
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
            guard let (life, ticket, reply) = store.takeReply(number) else { return }
            guard let node = nodes.firstIndex(where: { $0.life == life && $0.isUp }) else { return }
            try tell(node, .replied(ticket, reply))
        }
    }

    // MARK: Crashes

    /// A server is gone, with all that it knew.
    mutating func crash(_ node: Int) {
        note("node \(node) crashes")
        count("crash")
        store.forget(nodes[node].life, using: &random)
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

    private mutating func tick(_ node: Int, _ life: Int) throws {
        guard nodes[node].isUp, nodes[node].life == life else { return }
        nodes[node].plannedTick = nil
        if let deadline = nodes[node].machine.machine.deadline, deadline <= now { try tell(node, .tick) }
        planTick(node)
    }

    /// Sees to it that the machine is told in time.
    mutating func planTick(_ node: Int) {
        guard let deadline = nodes[node].machine.machine.deadline else { return }
        if let planned = nodes[node].plannedTick, planned <= deadline { return }
        nodes[node].plannedTick = deadline
        queue.plan(.tick(node: node, life: nodes[node].life), at: max(deadline, now))
    }
}
