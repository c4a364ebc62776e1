import SessionBase
import SessionCodec
import SessionCore

/// A server of several loops whose machines have topics, its sockets and its callers, in virtual time.
///
/// Sockets carry whole messages in order, with delays; parcels from one loop to another keep their order and are delayed
/// too; each loop's clock is a little behind, and its ticks come late. Those who use the world decide what clients say, and
/// judge what they hear: ``step()`` tells.
struct TopicWorld<Machine: TopicMachine> {
    /// What happens at an instant.
    enum Event {
        /// The workload does something.
        case act
        case openedAtServer(Int)
        case atServer(Int, [UInt8])
        case endAtServer(Int, cleanly: Bool)
        case pong(Int)
        case drain(Int)
        case atClient(Int, [UInt8])
        case endAtClient(Int, CloseCode?)
        case parcel(Parcel, from: Int, to: Int)
        case request(Int)
        case response(Int, HTTPResponse)
        case verdict(Int, ConnectionID, AccessVerdict)
        case hookReply(Int, UInt64, HookReply)
        case tick(Int)
    }

    /// What those who use the world are told.
    enum Happening {
        /// The workload is to do something.
        case act
        /// A machine sent a message; whether to a group.
        case sent(Int, [UInt8], isShared: Bool)
        /// A machine ordered a close.
        case closing(Int, CloseCode)
        /// A client got a message.
        case heard(Int, [UInt8])
        /// A client's socket ended; `nil` where the link broke.
        case ended(Int, CloseCode?)
        /// A caller got its answer.
        case answered(Int, HTTPResponse)
        /// The operator's endpoint was called.
        case hooked(HookCall)
    }

    /// A socket, both ends.
    struct Socket {
        var loop: Int
        var id: ConnectionID
        var handshake: Handshake
        var isAtClient = true
        var isAtServer = true
        var isOpened = false
        var isPaused = false
        /// A close was ordered.
        var isClosing = false
        /// Nothing passes any more, unnoticed.
        var isDead = false
        /// What arrived while it was paused.
        var input: [[UInt8]] = []
        var lastAtServer = Instant.zero
        var lastAtClient = Instant.zero
        /// When the server heard of it last, Pongs included, and when it got a message.
        var heardAt = Instant.zero
        var spokeAt = Instant.zero
    }

    /// A call of the HTTP API.
    struct Request {
        var loop: Int
        var call: Machine.Call
        var identity: Identity?
        var isAnswered = false
    }

    var random: SeededRandom
    private(set) var now = Instant.zero
    private(set) var loops: [TopicLoop<Machine>] = []
    private(set) var sockets: [Socket] = []
    private(set) var requests: [Request] = []
    private(set) var transcript = Transcript()
    private(set) var tally: [String: Int] = [:]
    /// How a credential that a machine asks for is judged.
    var judge: @Sendable ([UInt8], Instant) -> AccessVerdict = { _, _ in .refused(.invalid, "nobody judges") }
    private var queue = EventQueue<Event>()
    private var happenings: [Happening] = []
    private var plannedTicks: [Instant?] = []
    /// How far each loop's clock is behind.
    private let lags: [Duration]
    private let latencyMax: Duration
    private let mailLatencyMax: Duration
    private let tickDelayMax: Duration
    /// When the last parcel from one loop to another arrives.
    private var lastMail: [[Instant]]
    /// By loop and slot.
    private var socketOfSlot: [[Int]]
    private var generations: [[UInt32]]
    private var vacantSlots: [[UInt32]]

    /// Where the wall clock starts: 2024-01-15T10:30:00Z.
    private static var epoch: Int64 { 1_705_314_600_000 }

    /// Starts a server.
    ///
    /// - Parameter make: Makes the machine of a loop, of so many.
    init(seed: UInt64, bug: PlantedBug?, make: (inout SeededRandom, Int, Int) -> Machine) {
        random = SeededRandom(seed: seed)
        let count = Int.random(in: 1...3, using: &random)
        latencyMax = .milliseconds([1, 20, 150].randomElement(using: &random)!)
        mailLatencyMax = .milliseconds([0, 5, 60].randomElement(using: &random)!)
        tickDelayMax = .milliseconds([1, 300].randomElement(using: &random)!)
        var random = random
        lags = (0..<count).map { _ in .milliseconds(Int64.random(in: 0...20, using: &random)) }
        loops = (0..<count).map { TopicLoop(make(&random, $0, count), bug: bug) }
        self.random = random
        lastMail = Array(repeating: Array(repeating: .zero, count: count), count: count)
        socketOfSlot = Array(repeating: [], count: count)
        generations = Array(repeating: [], count: count)
        vacantSlots = Array(repeating: [], count: count)
        plannedTicks = Array(repeating: nil, count: count)
    }

    /// How late ticks and clocks can be together.
    var latenessMax: Duration { tickDelayMax + .milliseconds(21) }

    /// The moment on a loop's clock.
    func moment(on loop: Int) -> Moment {
        // Begins late enough for no clock to be negative.
        let instant = now + .seconds(1) - lags[loop]
        return Moment(
            instant: instant, timestamp: Timestamp(milliseconds: Self.epoch + instant.nanoseconds / 1_000_000))
    }

    /// The wall-clock time of the world.
    var timestamp: Timestamp {
        Timestamp(milliseconds: Self.epoch + (now + .seconds(1)).nanoseconds / 1_000_000)
    }

    // MARK: What those who use the world do

    /// Plans the workload's next act.
    mutating func planAct(after time: Duration) { queue.plan(.act, at: now + time) }

    /// Opens a socket to any loop.
    mutating func connect(_ handshake: Handshake) -> Int {
        let loop = Int.random(in: loops.indices, using: &random)
        let slot = vacantSlots[loop].popLast() ?? UInt32(generations[loop].count)
        if Int(slot) == generations[loop].count {
            generations[loop].append(0)
            socketOfSlot[loop].append(0)
        }
        let id = ConnectionID(slot: slot, generation: generations[loop][Int(slot)])
        let place = sockets.count
        socketOfSlot[loop][Int(slot)] = place
        sockets.append(Socket(loop: loop, id: id, handshake: handshake))
        plan(.openedAtServer(place), toServerOf: place)
        note("socket \(place) comes to loop \(loop), \(handshake.path) as \(handshake.identity?.user ?? "nobody")")
        return place
    }

    /// Sends a message from a client.
    mutating func send(_ message: [UInt8], on place: Int) {
        guard sockets[place].isAtClient else { return }
        note("socket \(place) → \(String(decoding: message, as: UTF8.self))")
        if !sockets[place].isDead { plan(.atServer(place, message), toServerOf: place) }
    }

    /// Ends a socket at the client.
    mutating func leave(_ place: Int, cleanly: Bool) {
        guard sockets[place].isAtClient else { return }
        sockets[place].isAtClient = false
        note("socket \(place) leaves \(cleanly ? "" : "without a word")")
        guard !sockets[place].isDead else { return }
        if cleanly {
            plan(.endAtServer(place, cleanly: true), toServerOf: place)
        } else {
            // Nobody knows how long that goes unnoticed.
            let delay = Duration.milliseconds(Int64.random(in: 0...3_000, using: &random))
            queue.plan(.endAtServer(place, cleanly: false), at: max(sockets[place].lastAtServer, now + delay))
        }
    }

    /// Lets everything on a socket vanish from now on.
    mutating func die(_ place: Int) {
        guard sockets[place].isAtClient, !sockets[place].isDead else { return }
        note("socket \(place) is cut off")
        sockets[place].isDead = true
    }

    /// Has the server notice that a socket is gone.
    mutating func lose(_ place: Int) throws {
        sockets[place].isAtClient = false
        try end(place, cleanly: false)
    }

    /// Asks something over HTTP; the answer is a ``Happening/answered(_:_:)`` with the number returned.
    mutating func ask(_ call: Machine.Call, as identity: Identity? = nil) -> Int {
        let loop = Int.random(in: loops.indices, using: &random)
        requests.append(Request(loop: loop, call: call, identity: identity))
        note("request \(requests.count - 1): \(call)")
        queue.plan(.request(requests.count - 1), at: now + latency())
        return requests.count - 1
    }

    /// Counts an outcome.
    mutating func count(_ name: String) { tally[name, default: 0] += 1 }

    /// Notes what happened.
    mutating func note(_ line: String) { transcript.note(now, line) }

    // MARK: Time

    /// When the next thing happens.
    var nextEvent: Instant? { queue.earliest }

    /// Lets time pass in which nothing happens.
    mutating func skip(to instant: Instant) { now = max(now, instant) }

    /// Lets the next thing happen.
    mutating func step() throws -> [Happening] {
        happenings = []
        guard let event = queue.next(at: &now) else { return [] }
        try handle(event)
        return happenings
    }

    private mutating func latency() -> Duration {
        .nanoseconds(Int64.random(in: 1...latencyMax.nanoseconds, using: &random))
    }

    private mutating func plan(_ event: Event, toServerOf place: Int) {
        let due = max(sockets[place].lastAtServer, now + latency())
        sockets[place].lastAtServer = due
        queue.plan(event, at: due)
    }

    private mutating func plan(_ event: Event, toClientOf place: Int) {
        guard !sockets[place].isDead else { return }
        let due = max(sockets[place].lastAtClient, now + latency())
        sockets[place].lastAtClient = due
        queue.plan(event, at: due)
    }

    private mutating func handle(_ event: Event) throws {
        switch event {
        case .act: happenings.append(.act)
        case .openedAtServer(let place): try open(place)
        case .atServer(let place, let bytes): try receive(bytes, on: place)
        case .endAtServer(let place, let cleanly): try end(place, cleanly: cleanly)
        case .pong(let place): try pong(place)
        case .drain(let place): try drain(place)
        case .atClient(let place, let bytes):
            guard sockets[place].isAtClient, !sockets[place].isDead else { return }
            happenings.append(.heard(place, bytes))
        case .endAtClient(let place, let code):
            guard sockets[place].isAtClient, !sockets[place].isDead else { return }
            sockets[place].isAtClient = false
            happenings.append(.ended(place, code))
        case .parcel(let parcel, let sender, let loop): try tell(loop, .delivered(parcel, from: sender))
        case .request(let number):
            let request = requests[number]
            let owner = loops[request.loop].machine.shard(of: request.call)
            let ticket = RequestTicket(loop: request.loop, number: UInt64(number))
            try tell(owner, .requested(ticket, request.call, request.identity))
        case .response(let number, let response): happenings.append(.answered(number, response))
        case .verdict(let loop, let id, let verdict): try tell(loop, .authenticated(id, verdict))
        case .hookReply(let loop, let ticket, let reply): try tell(loop, .hooked(ticket, reply))
        case .tick(let loop):
            plannedTicks[loop] = nil
            try tell(loop, .tick)
        }
    }

    // MARK: What arrives at the server

    private mutating func open(_ place: Int) throws {
        guard sockets[place].isAtServer else { return }
        sockets[place].isOpened = true
        sockets[place].heardAt = now
        sockets[place].spokeAt = now
        queue.plan(.pong(place), at: now + .seconds(2))
        try tell(sockets[place].loop, .opened(sockets[place].id, sockets[place].handshake))
    }

    private mutating func receive(_ bytes: [UInt8], on place: Int) throws {
        guard sockets[place].isAtServer, !sockets[place].isClosing else { return }
        if sockets[place].isPaused || !sockets[place].input.isEmpty {
            sockets[place].input.append(bytes)
            return
        }
        try hand(bytes, of: place)
    }

    private mutating func hand(_ bytes: [UInt8], of place: Int) throws {
        sockets[place].heardAt = now
        sockets[place].spokeAt = now
        try tell(sockets[place].loop, .received(sockets[place].id, bytes))
    }

    private mutating func drain(_ place: Int) throws {
        while sockets[place].isAtServer, !sockets[place].isClosing, !sockets[place].isPaused,
            let bytes = sockets[place].input.first
        {
            sockets[place].input.removeFirst()
            try hand(bytes, of: place)
        }
    }

    private mutating func pong(_ place: Int) throws {
        guard sockets[place].isAtServer, !sockets[place].isClosing, sockets[place].isAtClient,
            !sockets[place].isDead
        else { return }
        sockets[place].heardAt = now
        queue.plan(.pong(place), at: now + .seconds(2))
        try tell(sockets[place].loop, .heard(sockets[place].id))
    }

    private mutating func end(_ place: Int, cleanly: Bool) throws {
        guard sockets[place].isAtServer else { return }
        sockets[place].isAtServer = false
        let (loop, id) = (sockets[place].loop, sockets[place].id)
        if sockets[place].isOpened { try tell(loop, .closed(id, cleanly: cleanly)) }
        generations[loop][Int(id.slot)] += 1
        vacantSlots[loop].append(id.slot)
        note("socket \(place) is gone")
        plan(.endAtClient(place, nil), toClientOf: place)
    }

    // MARK: What the machines want

    private mutating func tell(_ loop: Int, _ event: TopicMachineEvent<Machine.Call>) throws {
        let silent = sockets.filter { $0.loop == loop && $0.isDead && $0.isAtServer && $0.isOpened }.map(\.id)
        for effect in try loops[loop].handle(event, at: moment(on: loop), silent: silent) {
            try carryOut(effect, of: loop)
        }
        planTick(loop)
    }

    private func socket(_ id: ConnectionID, on loop: Int) -> Int? {
        guard generations[loop][Int(id.slot)] == id.generation else { return nil }
        let place = socketOfSlot[loop][Int(id.slot)]
        return sockets[place].isAtServer ? place : nil
    }

    private mutating func carryOut(_ effect: TopicMachineEffect, of loop: Int) throws {
        switch effect {
        case .message(let bytes, let posting):
            guard let place = socket(posting.to, on: loop) else { return }
            if sockets[place].isClosing { throw SimulationFailure("socket \(place) is spoken to after its close") }
            if posting.isCounted { happenings.append(.sent(place, bytes, isShared: posting.isShared)) }
            if posting.isDelivered { plan(.atClient(place, bytes), toClientOf: place) }
        case .close(let id, let code):
            guard let place = socket(id, on: loop), !sockets[place].isClosing else { return }
            note("socket \(place) is closed \(code.rawValue)")
            count("\(code.rawValue)")
            sockets[place].isClosing = true
            happenings.append(.closing(place, code))
            plan(.endAtClient(place, code), toClientOf: place)
            queue.plan(.endAtServer(place, cleanly: true), at: max(sockets[place].lastAtServer, now + latency()))
        case .pause(let id):
            guard let place = socket(id, on: loop) else { return }
            if sockets[place].isPaused { throw SimulationFailure("socket \(place) is paused twice") }
            sockets[place].isPaused = true
        case .resume(let id):
            guard let place = socket(id, on: loop) else { return }
            if !sockets[place].isPaused { throw SimulationFailure("socket \(place) is resumed without a pause") }
            sockets[place].isPaused = false
            queue.plan(.drain(place), at: now)
        case .authenticate(let id, let credential):
            let due = now + latency()
            queue.plan(.verdict(loop, id, judge(credential, now)), at: due)
        case .respond(let number, let response):
            if requests[Int(number)].isAnswered { throw SimulationFailure("request \(number) is answered twice") }
            requests[Int(number)].isAnswered = true
            queue.plan(.response(Int(number), response), at: now + latency())
        case .post(let parcel, let other):
            let delay = Duration.nanoseconds(Int64.random(in: 0...mailLatencyMax.nanoseconds, using: &random))
            let due = max(lastMail[loop][other], now + delay)
            lastMail[loop][other] = due
            queue.plan(.parcel(parcel, from: loop, to: other), at: due)
        case .hook(let call):
            happenings.append(.hooked(call))
            guard let ticket = call.ticket else { return }
            let replies: [HookReply] = [.accepted, .accepted, .refused(status: 409), .unavailable("no answer")]
            queue.plan(.hookReply(loop, ticket, replies.randomElement(using: &random)!), at: now + latency())
        }
    }

    private mutating func planTick(_ loop: Int) {
        guard let deadline = loops[loop].machine.deadline else { return }
        // From the loop's clock to the world's.
        let due = max(now, deadline + lags[loop] - .seconds(1))
        if let planned = plannedTicks[loop], planned <= due { return }
        plannedTicks[loop] = due
        let delay = Duration.nanoseconds(Int64.random(in: 0...tickDelayMax.nanoseconds, using: &random))
        queue.plan(.tick(loop), at: due + delay)
    }
}
