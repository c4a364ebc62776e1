import SessionBase
import SessionCodec
import SessionCore

/// Clients, a network and a server of the awareness profile in virtual time, all of it following from one seed.
struct AwarenessWorld {
    private enum Event {
        case act(client: Int)
        case arrive(link: Int, End, Delivery)
        /// The server pings a link.
        case ping(link: Int)
        /// The server looks whether a ping was answered.
        case pongDue(link: Int, pinged: Instant)
        /// A closing handshake took too long.
        case closeDue(link: Int)
        /// The server is killed and started again.
        case restart
    }

    private let configuration: AwarenessConfiguration
    private let bug: PlantedBug?
    private let workload: AwarenessWorkload
    private let pingsTransport: Bool
    /// How long a client waits between two actions, on average.
    private let pause: Duration

    private var random: SeededRandom
    private var now = Instant.zero
    private var queue = EventQueue<Event>()
    private var network: SimulatedNetwork
    private var server: SimulatedServer
    private var clients: [AwarenessClient] = []
    private var clientOfLink: [Int] = []
    private var checker: AwarenessChecker
    private var isQuiet = false
    private(set) var transcript = Transcript()

    init(seed: UInt64, bug: PlantedBug?) {
        random = SeededRandom(seed: seed)
        self.bug = bug
        configuration = AwarenessWorkload.configuration(using: &random)
        workload = AwarenessWorkload(using: &random)
        pingsTransport = random.chance(0.7)
        pause = .milliseconds([20, 300, 3000].randomElement(using: &random)!)
        network = SimulatedNetwork(
            .init(
                latencyMax: .milliseconds([1, 50, 500].randomElement(using: &random)!),
                piecesMax: Int.random(in: 1...6, using: &random)))
        server = SimulatedServer(machine: PlantedMachine(configuration, bug: bug))
        checker = AwarenessChecker(configuration: configuration)
        makeClients()
        if random.chance(0.2) {
            queue.plan(.restart, at: .zero + pause * Int.random(in: 10...100, using: &random))
        }
    }

    private mutating func makeClients() {
        let userCount = Int.random(in: 1...3, using: &random)
        for number in 0..<Int.random(in: 2...12, using: &random) {
            clients.append(
                AwarenessClient(
                    user: "user-\(number % userCount)", isVersion2: random.chance(0.5), asksByQuery: random.chance(0.5))
            )
            planAction(number)
        }
    }

    /// How often each outcome was seen.
    var tally: [String: Int] { checker.tally }

    // MARK: Running

    /// Lets `steps` events happen, then everything come to rest, and checks what is left.
    mutating func run(steps: Int) throws {
        for _ in 0..<steps { try step() }
        transcript.note(now, "quiet")
        isQuiet = true
        let end = now + configuration.heartbeatTimeout * 2 + configuration.cleanupInterval * 2 + .seconds(120)
        while now < end { try step() }
        try checker.checkQuiet(clients: clients) { id in
            guard let link = server.link(of: id) else { return nil }
            let client = clientOfLink[link]
            return clients[client].link == link ? client : nil
        } isDeaf: {
            clients[$0].link.map { network.isDeaf($0) } ?? true
        }
    }

    private mutating func step() throws {
        let deadline = server.machine.machine.deadline
        guard let next = queue.earliest else { preconditionFailure("clients act for ever") }
        if let deadline, deadline <= next {
            now = max(now, deadline)
            try tell(.tick)
            if let left = server.machine.machine.deadline, left <= now {
                throw SimulationFailure("a tick left something due at \(left)")
            }
            return
        }
        now = next
        switch queue.next()! {
        case .act(let client): act(client)
        case .arrive(let link, let end, let delivery): try arrive(delivery, link, at: end)
        case .ping(let link): ping(link)
        case .pongDue(let link, let pinged): try checkPong(link, pinged)
        case .closeDue(let link): if server.isServing(link) { try dropAtServer(link, tellingClient: true) }
        case .restart: restart()
        }
    }

    /// The wall clock starts on 15 January 2024.
    private var moment: Moment {
        Moment(instant: now, timestamp: Timestamp(milliseconds: 1_705_314_600_000 + now.nanoseconds / 1_000_000))
    }

    // MARK: The server's side

    private mutating func tell(_ event: MachineEvent) throws {
        let outcomes = server.machine.handle(event, at: moment)
        transcript.note(now, "\(AwarenessChecker.description(event)) → \(outcomes.map(Self.description))")
        try checker.check(event, outcomes, server.machine.machine, at: moment)
        for link in server.carryOut(outcomes) { queue.plan(.closeDue(link: link), at: now + .seconds(5)) }
        for outcome in outcomes {
            guard let link = Self.connection(outcome).flatMap({ server.link(of: $0) }) else { continue }
            flushServer(link)
        }
    }

    private mutating func flushServer(_ link: Int) {
        let output = server.takeOutput(link)
        if !output.isEmpty { send(.bytes(output), over: link, to: .client) }
    }

    private mutating func ping(_ link: Int) {
        guard server.isServing(link) else { return }
        server.ping(link)
        flushServer(link)
        queue.plan(.pongDue(link: link, pinged: now), at: now + .seconds(10))
    }

    private mutating func checkPong(_ link: Int, _ pinged: Instant) throws {
        guard let lastHeard = server.lastHeard(link) else { return }
        guard lastHeard < pinged else {
            queue.plan(.ping(link: link), at: now + configuration.transportPingInterval)
            return
        }
        transcript.note(now, "no pong on link \(link)")
        try dropAtServer(link, tellingClient: true)
    }

    private mutating func dropAtServer(_ link: Int, tellingClient: Bool) throws {
        let event = server.drop(link)
        if tellingClient { send(.reset, over: link, to: .client) }
        if let event { try tell(event) }
    }

    private mutating func restart() {
        transcript.note(now, "restart")
        for link in server.links { send(.reset, over: link, to: .client) }
        server = SimulatedServer(machine: PlantedMachine(configuration, bug: bug))
        checker = AwarenessChecker(configuration: configuration)
    }

    // MARK: The network

    private mutating func send(_ delivery: Delivery, over link: Int, to end: End) {
        for (piece, due) in network.send(delivery, over: link, to: end, at: now, using: &random) {
            queue.plan(.arrive(link: link, end, piece), at: due)
        }
    }

    private mutating func arrive(_ delivery: Delivery, _ link: Int, at end: End) throws {
        if end == .server { try arriveAtServer(delivery, link) } else { try arriveAtClient(delivery, link) }
    }

    private mutating func arriveAtServer(_ delivery: Delivery, _ link: Int) throws {
        guard server.isServing(link) else { return }
        guard case .bytes(let bytes) = delivery else { return try dropAtServer(link, tellingClient: false) }
        let (events, isOver) = server.receive(bytes, on: link, at: now)
        for event in events {
            if case .opened = event, pingsTransport {
                queue.plan(.ping(link: link), at: now + configuration.transportPingInterval)
            }
            try tell(event)
        }
        flushServer(link)
        if isOver {
            send(.end, over: link, to: .client)
            try dropAtServer(link, tellingClient: false)
        }
    }

    private mutating func arriveAtClient(_ delivery: Delivery, _ link: Int) throws {
        let client = clientOfLink[link]
        guard clients[client].link == link else { return }
        guard case .bytes(let bytes) = delivery else { return clients[client].disconnect() }
        let isOver = try clients[client].receive(bytes, at: now)
        flushClient(client)
        if isOver {
            send(.end, over: link, to: .server)
            clients[client].disconnect()
        }
    }

    // MARK: The clients' side

    private mutating func planAction(_ client: Int) {
        let longest = isQuiet ? min(Duration.seconds(5), configuration.heartbeatTimeout / 4) : pause * 2
        let wait = Duration.nanoseconds(Int64.random(in: 1...longest.nanoseconds, using: &random))
        queue.plan(.act(client: client), at: now + wait)
    }

    private mutating func flushClient(_ client: Int) {
        let output = clients[client].takeOutput()
        if let link = clients[client].link, !output.isEmpty { send(.bytes(output), over: link, to: .server) }
    }

    private mutating func act(_ client: Int) {
        defer { planAction(client) }
        guard let link = clients[client].link else {
            if !isQuiet, random.chance(0.7) { connect(client) }
            return
        }
        // A server that pings is heard at least so often.
        if pingsTransport, now - clients[client].lastHeard > configuration.transportPingInterval + .seconds(30) {
            return vanish(client, link)
        }
        guard clients[client].isOpen else { return }
        if isQuiet { beat(client) } else { perform(workload.action(using: &random), client, link) }
        flushClient(client)
    }

    private mutating func connect(_ client: Int) {
        let link = network.open()
        clientOfLink.append(client)
        server.accept(link, at: now)
        clients[client].connect(over: link, at: now, using: &random)
        flushClient(client)
    }

    private mutating func vanish(_ client: Int, _ link: Int) {
        send(.reset, over: link, to: .server)
        clients[client].disconnect()
    }

    /// Keeps all windows alive.
    private mutating func beat(_ client: Int) {
        clients[client].repeatRefused()
        let user = clients[client].user
        for window in clients[client].windows.keys.sorted() {
            clients[client].say(.heartbeat(user: user, window: window))
        }
    }

    private mutating func perform(_ action: AwarenessWorkload.Action, _ client: Int, _ link: Int) {
        switch action {
        case .garbage:
            for _ in 1...Int.random(in: 1...9, using: &random) { clients[client].say(workload.garbage(using: &random)) }
        case .closeCleanly: clients[client].close([.normal, .goingAway, .noStatus].randomElement(using: &random)!)
        case .closeOddly: clients[client].close(CloseCode(rawValue: 4999))
        case .vanish: vanish(client, link)
        case .freeze: network.die(link, using: &random)
        case .stall: network.setDelay(link, random.chance(0.5) ? .seconds(4) : .zero)
        case .pingTransport: clients[client].ping()
        case .nothing: break
        default:
            guard let message = workload.message(action, for: clients[client], using: &random) else { return }
            clients[client].say(message, tag: workload.tag(using: &random))
        }
    }

    // MARK: Names

    private static func connection(_ outcome: Outcome) -> ConnectionID? {
        switch outcome {
        case .message(let id, _), .close(let id, _), .move(let id, _): id
        }
    }

    private static func description(_ outcome: Outcome) -> String {
        switch outcome {
        case .message(let id, let bytes): "\(id.slot).\(id.generation) \(String(decoding: bytes, as: UTF8.self))"
        case .close(let id, let code): "\(id.slot).\(id.generation) close \(code.rawValue)"
        case .move(let id, let shard): "\(id.slot).\(id.generation) to \(shard)"
        }
    }
}
