import SessionBase
import SessionCodec
import SessionCore

/// Kiosks, panels and strangers in the namespaces of a server, and producers that tell them things, in virtual time.
///
/// As in ``ChannelsWorld`` every message carries a number, by which the checkers know who may hear it and how many got it.
struct LockersWorld {
    /// Somebody who connects again and again.
    struct Actor {
        var persona: Int
        var socket: Int?
        /// Where it was in each topic when it was cut off.
        var places: [String: TopicPosition] = [:]
        /// When the last message that it heard was sent, and its place.
        var times: [String: (sentAt: Timestamp, offset: UInt64)] = [:]
    }

    /// What a client wants an answer to.
    enum Wish {
        case join(String, since: TopicSince?, heardUntil: UInt64?)
        case leave(String)
        case acknowledge(String)
        case ping
    }

    /// What a socket's client knows.
    struct Talk {
        var actor: Int
        var namespace: String
        var session: LockersSession
        /// What it asked for with its handshake.
        var since: TopicSince?
        var heardUntil: UInt64?
        /// What the server calls it; `nil` before its `connection`.
        var name: String?
        var ears: [String: TopicEar] = [:]
        /// Subscriptions that are over.
        var finished: [TopicEar] = []
        var wishes: [Int: Wish] = [:]
        var lastWish = 0
        /// The wish that was answered last.
        var lastAnswered = 0
        var isOver = false
    }

    /// What a caller of the HTTP API waits for.
    enum Call {
        case sending(Int)
        case status
        case acks(String)
        /// A key that was used for something else.
        case reuse
    }

    var world: TopicWorld<LockersMachine>
    var ledger = PublicationLedger()
    let model: LockersModel
    var actors: [Actor]
    /// By socket.
    var talks: [Int: Talk] = [:]
    /// By request.
    var calls: [Int: Call] = [:]
    /// Broadcasts with a key, by their numbers.
    var repeatable: [(number: Int, broadcast: LockersBroadcast)] = []
    /// Acknowledgements that clients gave, by command and name, and the numbers of the messages that tell of them.
    var acks: [String: Int] = [:]
    /// Those that the server confirmed.
    var confirmedAcks: [String: Set<String>] = [:]
    /// What the status says in the end.
    var status: JSONValue?
    /// Whether the workload still acts.
    var isQuiet = false

    init(seed: UInt64, bug: PlantedBug?) {
        var random = SeededRandom(seed: seed &+ 1)
        let isOpen = random.chance(0.2)
        let hash = SipHash(key0: random.next(), key1: random.next())
        model = LockersModel(isOpen: isOpen)
        actors = LockersPersona.all.indices.map { Actor(persona: $0) }
        world = TopicWorld(seed: seed, bug: bug) { random, loop, count in
            var configuration = LockersConfiguration()
            configuration.isOpen = isOpen
            configuration.roomRules = [RoomRule(pattern: "vip-*", members: ["staff"])]
            configuration.historyMax = LockersModel.kept
            configuration.historyLife = LockersModel.life
            configuration.recheckInterval = LockersModel.recheck
            configuration.messageRate = nil
            configuration.shard = loop
            configuration.shardCount = count
            configuration.hash = hash
            return LockersMachine(configuration: configuration, entropy: .simulated(&random))
        }
        world.judge = { LockersSession.judge($0, at: $1) }
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
        try checkSessions()
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

    private mutating func take(_ happening: TopicWorld<LockersMachine>.Happening) throws {
        switch happening {
        case .act:
            guard !isQuiet else { return }
            act()
            world.planAct(after: .milliseconds(Int64.random(in: 1...80, using: &world.random)))
        case .sent(_, let bytes, let isShared): note(sent: bytes, isShared: isShared)
        case .closing(let place, let code): try checkClose(place, code)
        case .heard(let place, let bytes): try hear(bytes, on: place)
        case .ended(let place, _): end(place)
        case .answered(let request, let response): try answer(request, response)
        case .hooked: throw SimulationFailure("lockers called an endpoint")
        }
    }

    // MARK: Rules of the server's side

    /// Counts those who get a message; what is sent to one alone is a replay.
    private mutating func note(sent bytes: [UInt8], isShared: Bool) {
        guard isShared, let frame = try? JSONValue.parse(bytes.span), let number = number(of: frame) else { return }
        ledger.sent(number)
    }

    /// The number of a message that somebody published; `nil` for what the server itself says.
    func number(of frame: JSONValue) -> Int? {
        guard let data = frame["data"] else { return nil }
        switch frame["type"]?.string {
        case "note": return data["number"]?.integer.map { Int($0) }
        case "locker_state_changed": return data["lockerId"]?.string.flatMap { Int($0) }
        case "help_requested", "help_status_updated": return data["id"]?.integer.map { Int($0) }
        case "command_acknowledged":
            return acks[(data["commandId"]?.string ?? "") + " " + (data["connectionId"]?.string ?? "")]
        default: return nil
        }
    }

    /// Checks that nobody outlives its session: the end acts within a second, an administrator's word with the next look.
    private func checkSessions() throws {
        let slack = Duration.seconds(1) + world.latenessMax
        for (place, talk) in talks {
            let socket = world.sockets[place]
            guard socket.isAtServer, socket.isOpened, !socket.isClosing else { continue }
            if let end = talk.session.expiresAt, world.timestamp.milliseconds > end.milliseconds + slack.milliseconds {
                throw SimulationFailure("socket \(place) outlives its session")
            }
            if let end = talk.session.revokedAt, world.now > end + LockersModel.recheck + slack {
                throw SimulationFailure("socket \(place) outlives a session that was ended")
            }
        }
    }

    private func checkClose(_ place: Int, _ code: CloseCode) throws {
        let session = talks[place]!.session
        let isDue: Bool
        switch code {
        case .tokenExpired: isDue = session.expiresAt.map { $0 <= world.timestamp } ?? false
        case .revoked: isDue = session.revokedAt.map { $0 <= world.now } ?? false
        default: isDue = false
        }
        if !isDue { throw SimulationFailure("socket \(place) is closed \(code.rawValue) for nothing") }
    }

    // MARK: Callers

    private mutating func answer(_ request: Int, _ response: HTTPResponse) throws {
        guard let call = calls.removeValue(forKey: request) else { return }
        let body = try? JSONValue.parse(response.body.span)
        world.count("http \(response.status.rawValue)")
        switch call {
        case .sending(let number):
            guard let recipients = body?["recipients"]?.integer else {
                throw SimulationFailure(
                    "message \(number) is refused: \(String(decoding: response.body, as: UTF8.self))")
            }
            try ledger.answered(number, delivered: Int(recipients), offset: nil)
        case .reuse:
            if response.status.rawValue != 409 { throw SimulationFailure("a key is good for two requests") }
        case .status:
            status = body
            let namespaces = LockersModel.namespaces.map { body?["namespaces"]?[$0]?.integer ?? -1 }
            if body?["total_connections"]?.integer != namespaces.reduce(0, +) {
                throw SimulationFailure("the namespaces \(namespaces) do not add up in the status")
            }
        case .acks(let command):
            let names = Set((body?["acks"]?.elements ?? []).compactMap { $0["connectionId"]?.string })
            let confirmed = confirmedAcks[command] ?? []
            // Who was cut off does not know whether its acknowledgement arrived.
            let given = names.allSatisfy { acks["\(command) \($0)"] != nil }
            if !given || (isQuiet && !names.isSuperset(of: confirmed)) {
                throw SimulationFailure("\(command) was acknowledged by \(confirmed), the server says \(names)")
            }
        }
    }
}
