import SessionBase
import SessionCodec
import SessionCore
import Synchronization

/// People with and without names, producers and administrators at a server of channels, in virtual time.
///
/// Clients connect to all routes, subscribe, are cut off and come back with their positions; every message that is published
/// carries a number, by which the checkers know who may hear it, where it belongs, and how many got it.
struct ChannelsWorld {
    /// Somebody who connects again and again.
    struct Actor {
        var persona: ChannelsPersona
        var socket: Int?
        /// Where it was in each channel when it was cut off.
        var places: [String: TopicPosition] = [:]
    }

    /// What a client wants an answer to.
    enum Wish {
        case subscribe(String, since: TopicSince?)
        case unsubscribe(String)
        case template(String)
        case publish(Int, String)
        case filter
        case other
    }

    /// What a socket's client knows.
    struct Talk {
        enum Route: Equatable { case general, report(String), stream(String), notifications, health }

        var actor: Int
        var route: Route
        /// What the server calls it; `nil` before its `welcome`.
        var name: String?
        var ears: [String: TopicEar] = [:]
        /// Subscriptions that are over.
        var finished: [TopicEar] = []
        var wishes: [Int: Wish] = [:]
        var lastWish = 0
        /// The wish that was answered last.
        var lastAnswered = 0
        var reports: [String: ReportChecker] = [:]
        var stream: StreamChecker?
        var isOver = false
    }

    /// What a caller of the HTTP API waits for.
    enum Call {
        case publication(Int)
        case batch([Int])
        case report, rows
        case connections, channels
    }

    var world: TopicWorld<ChannelsMachine>
    var ledger = PublicationLedger()
    let model: ChannelsModel
    var actors: [Actor]
    /// By socket.
    var talks: [Int: Talk] = [:]
    /// By request.
    var calls: [Int: Call] = [:]
    var rowCount: Int64 = 0
    /// Whether the workload still acts.
    var isQuiet = false
    let countsPong: Bool
    /// By channel: whether the operator's endpoint was told that it is occupied.
    var occupied: [String: Bool] = [:]
    /// What debugging views say in the end.
    var listedChannels: [String: Int64] = [:]
    var listedConnections: [String: Set<String>] = [:]

    static let timeout = Duration.seconds(20)
    static let sweep = Duration.seconds(10)

    init(seed: UInt64, bug: PlantedBug?) {
        var random = SeededRandom(seed: seed &+ 1)
        let isOpen = random.chance(0.25)
        let countsPong = random.chance(0.7)
        let hasHook = random.chance(0.5)
        let hash = SipHash(key0: random.next(), key1: random.next())
        model = ChannelsModel(isOpen: isOpen)
        self.countsPong = countsPong
        actors = ChannelsPersona.all.map { Actor(persona: $0) }
        world = TopicWorld(seed: seed, bug: bug) { random, loop, count in
            var configuration = ChannelsConfiguration()
            configuration.isOpen = isOpen
            configuration.rules = ChannelsModel.rules
            configuration.connectionTimeout = Self.timeout
            configuration.cleanupInterval = Self.sweep
            configuration.idleCountsPong = countsPong
            configuration.hasHook = hasHook
            configuration.messageRate = nil
            if bug == .forgetsReports { configuration.reportRetention = .milliseconds(1) }
            configuration.shard = loop
            configuration.shardCount = count
            configuration.hash = hash
            return ChannelsMachine(configuration: configuration, entropy: .simulated(&random))
        }
    }

    /// Runs, and ends with a quiet in which everything must come right.
    mutating func run(steps: Int) throws {
        world.planAct(after: .zero)
        for _ in 0..<steps { try step() }
        isQuiet = true
        try quieten()
    }

    /// Lets one thing happen, and looks at what came of it.
    mutating func step() throws {
        for happening in try world.step() { try take(happening) }
        try checkIdleness()
    }

    /// Lets everything happen within some time.
    mutating func pass(_ time: Duration) throws {
        let end = world.now + time
        var eventCount = 0
        while let next = world.nextEvent, next <= end {
            try step()
            eventCount += 1
            if eventCount > 200_000 { throw SimulationFailure("the server never comes to rest") }
        }
        world.skip(to: end)
    }

    private mutating func take(_ happening: TopicWorld<ChannelsMachine>.Happening) throws {
        switch happening {
        case .act:
            guard !isQuiet else { return }
            act()
            world.planAct(after: .milliseconds(Int64.random(in: 1...80, using: &world.random)))
        case .sent(let place, let bytes, let isShared): note(sent: bytes, to: place, isShared: isShared)
        case .closing(let place, let code): try checkClose(place, code)
        case .heard(let place, let bytes): try hear(bytes, on: place)
        case .ended(let place, _): end(place)
        case .answered(let request, let response): try answer(request, response)
        case .hooked(let call): try hooked(call)
        }
    }

    // MARK: Rules of the server's side

    /// Counts those who get a message; what is sent to one of a channel is a replay.
    private mutating func note(sent bytes: [UInt8], to place: Int, isShared: Bool) {
        guard let number = Self.number(of: bytes) else { return }
        if case .topic = ledger.entries[number].target, !isShared { return }
        ledger.sent(number)
    }

    /// The number of a message that somebody published; `nil` for what the server itself says.
    static func number(of bytes: [UInt8]) -> Int? {
        (try? JSONValue.parse(bytes.span)).flatMap { number(of: $0) }
    }

    /// The same, read already.
    static func number(of frame: JSONValue) -> Int? {
        guard frame["type"]?.string == "note" else { return nil }
        return frame["data"]?["number"]?.integer.map { Int($0) }
    }

    /// How long a connection has said nothing that counts.
    private func silence(_ socket: TopicWorld<ChannelsMachine>.Socket) -> Duration {
        world.now - (countsPong ? socket.heardAt : socket.spokeAt)
    }

    private func checkIdleness() throws {
        let limit = Self.timeout + Self.sweep + world.latenessMax
        for (place, socket) in world.sockets.enumerated() where socket.isAtServer && socket.isOpened {
            if !socket.isClosing, silence(socket) > limit {
                throw SimulationFailure("socket \(place) is silent for \(silence(socket)) and still there")
            }
        }
    }

    private func checkClose(_ place: Int, _ code: CloseCode) throws {
        guard code == .heartbeatTimeout else { return }
        let silence = silence(world.sockets[place])
        if silence < Self.timeout - world.latenessMax {
            throw SimulationFailure("socket \(place) is closed for a silence of \(silence)")
        }
    }

    private mutating func hooked(_ call: HookCall) throws {
        world.count(call.event)
        guard let body = try? JSONValue.parse(call.body.span), let channel = body["channel"]?.string else { return }
        let isOccupied = call.event == "channel_occupied"
        if occupied[channel, default: false] == isOccupied {
            throw SimulationFailure("\(call.event) is told twice of \(channel)")
        }
        occupied[channel] = isOccupied
    }

    // MARK: Callers

    private mutating func answer(_ request: Int, _ response: HTTPResponse) throws {
        guard let call = calls.removeValue(forKey: request) else { return }
        let body = try? JSONValue.parse(response.body.span)
        world.count("http \(response.status.rawValue)")
        switch call {
        case .publication(let number): try delivered(number, body)
        case .batch(let numbers):
            let results = body?["results"]?.elements ?? []
            if results.count != numbers.count { throw SimulationFailure("a batch has \(results.count) results") }
            for (number, result) in zip(numbers, results) { try delivered(number, result) }
        case .report, .rows: break
        case .channels:
            for item in body?["channels"]?.elements ?? [] {
                listedChannels[item["channel"]?.string ?? ""] = item["subscribers"]?.integer
            }
        case .connections:
            for item in body?["connections"]?.elements ?? [] {
                let channels = item["channels"]?.elements?.compactMap(\.string) ?? []
                listedConnections[item["id"]?.string ?? ""] = Set(channels)
            }
            if body?["total"]?.integer != Int64(listedConnections.count) {
                throw SimulationFailure("the total of connections is not their count")
            }
        }
    }

    private mutating func delivered(_ number: Int, _ body: JSONValue?) throws {
        guard let delivered = body?["delivered"]?.integer else {
            // A connection that is gone.
            if ledger.entries[number].sentCount > 0 { throw SimulationFailure("a message that was sent is refused") }
            return
        }
        let offset = body?["offset"]?.integer.map { UInt64($0) }
        try ledger.answered(number, delivered: Int(delivered), offset: offset)
    }
}

extension Entropy {
    /// Bytes that follow from a generator.
    static func simulated(_ random: inout SeededRandom) -> Entropy {
        let drawn = Mutex(SeededRandom(seed: random.next()))
        return Entropy { count in
            drawn.withLock { random in (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) } }
        }
    }
}
