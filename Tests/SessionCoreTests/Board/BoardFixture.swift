import SessionBase
import SessionCodec
import SessionCore
import Testing

/// A board machine with a clock, an embedded store, a backend, and members that follow what they are told.
struct BoardFixture {
    /// What a member got, as far as the test has not taken it.
    struct Member {
        var frames: [Tagged<BoardServerMessage>] = []
        var replica = BoardReplica()
        /// Patches that did not fit to what it knew.
        var gaps = 0
        var closed: CloseCode?
        var isPaused = false
    }

    private(set) var machine: BoardMachine
    /// 2024-01-15T10:30:00Z, one minute after the machine's clock began.
    private(set) var moment = Moment(
        instant: .zero + .seconds(60), timestamp: Timestamp(milliseconds: 1_705_314_600_000))
    private(set) var members: [ConnectionID: Member] = [:]
    /// The embedded store's content.
    var store = MemoryStore()
    /// Whether the store's answers come at once; otherwise ``answerStore()`` brings them.
    var answersStore = true
    /// Whether the store does what it is asked.
    var isStoreUp = true
    /// Whether the store's answers are heard; otherwise it does what it is asked and seems to be down.
    var isStoreHeard = true
    /// Every write and removal that the store was asked for.
    private(set) var storeRequests: [StoreRequest] = []
    /// Boards of the backend, by room.
    var backend: [String: [UInt8]] = [:]
    /// What the backend answers in place of what it should, next one first.
    var backendReplies: [BackendReply] = []
    var answersBackend = true
    private(set) var backendRequests: [BackendRequest] = []
    private(set) var responses: [UInt64: HTTPResponse] = [:]
    private(set) var moves: [ConnectionID: Int] = [:]
    /// What the last event sent to one member alone, and to groups.
    private(set) var policies: [OverflowPolicy] = []
    /// How many bytes the last event encoded.
    private(set) var lastBytes = 0
    /// Whether the machine is checked after every event; that costs as much as there is in it.
    var isChecked = true
    private var storeCalls: [(ticket: UInt64, request: StoreRequest)] = []
    private var backendCalls: [(ticket: UInt64, request: BackendRequest)] = []
    private var groups: [GroupID: [ConnectionID]] = [:]
    private var slotCount: UInt32 = 0
    private var requestCount: UInt64 = 0

    init(_ configure: (inout BoardConfiguration) -> Void = { _ in }) {
        var configuration = BoardConfiguration()
        configuration.messageRate = nil
        configuration.hash = SipHash(key0: 3, key1: 4)
        configure(&configuration)
        machine = BoardMachine(configuration: configuration, entropy: .seeded(7))
    }

    /// The same store and backend with a machine that knows nothing: what a crash leaves.
    ///
    /// - Parameter hasBackend: Whether it has a backend; as before where that is not said.
    func restarted(hasBackend: Bool? = nil) -> BoardFixture {
        var other = self
        var configuration = machine.configuration
        configuration.hasBackend = hasBackend ?? configuration.hasBackend
        other.machine = BoardMachine(configuration: configuration, entropy: .seeded(8))
        (other.members, other.groups, other.storeCalls, other.backendCalls) = ([:], [:], [], [])
        other.perform { $0.started(at: $1, effects: &$2) }
        return other
    }

    // MARK: Members

    /// Opens a connection.
    mutating func open(
        _ user: String = "u1", room: String = "r", v2: Bool = false, since: UInt64? = nil, epoch: String? = nil,
        _ change: (inout Identity) -> Void = { _ in }
    ) -> ConnectionID {
        let id = ConnectionID(slot: slotCount, generation: 5)
        slotCount += 1
        members[id] = Member()
        var identity = Identity(user: user)
        identity.room = room
        change(&identity)
        var query: [(name: String, value: String)] = []
        if let since { query.append(("since", String(since))) }
        if let epoch { query.append(("epoch", epoch)) }
        let handshake = Handshake(subprotocol: v2 ? BoardProtocol.second : nil, query: query, identity: identity)
        perform { $0.opened(id, handshake, at: $1, effects: &$2) }
        return id
    }

    /// Follows a connection that came from another loop.
    mutating func expect(_ id: ConnectionID) { members[id] = Member() }

    /// Opens a connection, lets the first broadcast pass, and takes what came.
    mutating func join(_ user: String = "u1", room: String = "r", v2: Bool = false) -> ConnectionID {
        let id = open(user, room: room, v2: v2)
        advance(.milliseconds(20))
        _ = take(id)
        return id
    }

    mutating func close(_ id: ConnectionID) {
        if closeCode(id) == nil { members[id]?.closed = .normal }
        perform { $0.closed(id, cleanly: true, at: $1, effects: &$2) }
    }

    mutating func say(_ text: String, on id: ConnectionID) {
        let bytes = Array(text.utf8)
        perform { $0.received(id, bytes.span, at: $1, effects: &$2) }
    }

    mutating func say(_ message: BoardClientMessage, id tag: String? = nil, on id: ConnectionID) {
        let bytes = message.encoded(tag: tag.map { .text($0) })
        perform { $0.received(id, bytes.span, at: $1, effects: &$2) }
    }

    /// Draws a rectangle and returns its id, as the newest board tells it.
    @discardableResult
    mutating func draw(_ text: String = "a", on id: ConnectionID) throws -> String {
        say(.create(NewShape(type: "rectangle", x: 1, y: 2, text: text)), on: id)
        advance(.milliseconds(20))
        return try #require(members[id]?.replica.shapes.last { $0.text == text }?.id)
    }

    /// Takes the frames that a member got since the last time.
    mutating func take(_ id: ConnectionID) -> [BoardServerMessage] {
        defer { members[id]?.frames = [] }
        return (members[id]?.frames ?? []).map(\.message)
    }

    /// Takes the frames with their tags.
    mutating func takeTagged(_ id: ConnectionID) -> [Tagged<BoardServerMessage>] {
        defer { members[id]?.frames = [] }
        return members[id]?.frames ?? []
    }

    func replica(_ id: ConnectionID) -> BoardReplica { members[id]?.replica ?? BoardReplica() }

    /// The texts of a member's shapes, in their order.
    func texts(_ id: ConnectionID) -> [String] { replica(id).shapes.map { $0.text ?? "" } }

    func closeCode(_ id: ConnectionID) -> CloseCode? { members[id]?.closed }

    func isPaused(_ id: ConnectionID) -> Bool { members[id]?.isPaused ?? false }

    mutating func drained(_ id: ConnectionID) { perform { $0.drained(id, at: $1, effects: &$2) } }

    /// A member's socket takes nothing: it misses what it is told.
    mutating func goDeaf(_ id: ConnectionID) {
        for group in groups.keys { groups[group]?.removeAll { $0 == id } }
    }

    /// And it hears again.
    mutating func hearAgain(_ id: ConnectionID, in group: GroupID) { groups[group, default: []].append(id) }

    /// The groups that a member is in.
    func groups(of id: ConnectionID) -> [GroupID] { groups.filter { $0.value.contains(id) }.map(\.key) }

    // MARK: Administrators

    mutating func request(_ call: BoardCall) -> UInt64 {
        requestCount += 1
        let ticket = RequestTicket(loop: 0, number: requestCount)
        perform { $0.requested(ticket, call, at: $1, effects: &$2) }
        return requestCount
    }

    mutating func change(_ body: (inout BoardMachine) -> Void) { body(&machine) }

    mutating func perform(_ body: (inout BoardMachine, Moment, inout Effects) -> Void) {
        carryOut(body)
        while (answersStore && !storeCalls.isEmpty) || (answersBackend && !backendCalls.isEmpty) {
            if answersStore, !storeCalls.isEmpty { answerOneStoreCall() }
            if answersBackend, !backendCalls.isEmpty { answerOneBackendCall() }
        }
    }

    // MARK: Store and backend

    /// How many calls the store has not answered.
    var openStoreCalls: Int { storeCalls.count }

    var openBackendCalls: Int { backendCalls.count }

    /// Lets the store answer everything that it was asked so far.
    mutating func answerStore() {
        for _ in 0..<storeCalls.count { answerOneStoreCall() }
    }

    private mutating func answerOneStoreCall() {
        let (ticket, request) = storeCalls.removeFirst()
        let now = moment.timestamp
        let answer = isStoreUp ? store.handle(request, at: now) : .unavailable("down")
        let reply = isStoreHeard ? answer : .unavailable("lost")
        carryOut { $0.replied(ticket, reply, at: $1, effects: &$2) }
    }

    /// Lets the backend answer the oldest request, which left at that time, where it had waited.
    mutating func answerOneBackendCall(sentAt: Instant? = nil) {
        let (ticket, request) = backendCalls.removeFirst()
        let reply = backendReplies.isEmpty ? answer(request) : backendReplies.removeFirst()
        carryOut { $0.backed(ticket, reply, sentAt: sentAt, at: $1, effects: &$2) }
    }

    private mutating func answer(_ request: BackendRequest) -> BackendReply {
        switch request {
        case .load(let room): return backend[room].map { .board($0) } ?? .absent
        case .store(let room, let version, let body):
            let known = backend[room].flatMap { try? BoardDocument.decode($0.span) }?.version ?? 0
            if version <= known { return .conflict }
            backend[room] = body
            return .stored
        }
    }

    /// What the backend has of a room.
    func stored(_ room: String = "r") throws -> BoardDocument? {
        try backend[room].map { try BoardDocument.decode($0.span) }
    }

    /// What the embedded store has of a room as a whole.
    func checkpoint(_ room: String = "r") throws -> BoardDocument? {
        var store = store
        let key = DocumentKey(.boards, machine.configuration.hasBackend ? room + " kept" : room)
        guard case .found(let document) = store.handle(.read(key), at: moment.timestamp) else { return nil }
        return try document.map { try BoardDocument.decode($0.body.span) }
    }

    /// The journal of a room.
    func journal(_ room: String = "r") throws -> [BoardRecord] {
        var store = store
        guard
            case .page(let page) = store.handle(
                .list(.boardChanges, owner: room, after: nil, limit: 10_000), at: moment.timestamp)
        else { return [] }
        return try page.documents.map { try BoardRecord.decode($0.body.span) }
    }

    // MARK: Time

    /// Lets time pass; the machine is ticked when it wants to be.
    mutating func advance(_ duration: Duration) {
        let end = moment.instant + duration
        while let due = machine.deadline, due <= end {
            set(max(due, moment.instant))
            perform { $0.tick(at: $1, effects: &$2) }
        }
        set(end)
    }

    private mutating func set(_ instant: Instant) {
        let passed = (instant - .zero).milliseconds
        moment = Moment(instant: instant, timestamp: Timestamp(milliseconds: 1_705_314_540_000 + passed))
    }

    // MARK: Effects

    private mutating func carryOut(_ body: (inout BoardMachine, Moment, inout Effects) -> Void) {
        var effects = Effects()
        body(&machine, moment, &effects)
        policies = []
        lastBytes = effects.bytes.count
        for effect in effects.list { carryOut(effect, effects) }
        if isChecked { machine.checkInvariants() }
    }

    private mutating func carryOut(_ effect: Effect, _ effects: Effects) {
        switch effect {
        case .send(let message, let id): deliver(message, to: [id], effects)
        case .publish(let message, let audience):
            deliver(message, to: Array(effects.members[audience.range]), effects)
        case .multicast(let index):
            let multicast = effects.multicasts[index]
            policies.append(multicast.policy)
            deliver(multicast.message, to: groups[multicast.group] ?? [], effects)
        case .close(let id, let code): members[id]?.closed = code
        case .pause(let id): members[id]?.isPaused = true
        case .resume(let id): members[id]?.isPaused = false
        case .join(let id, let group): groups[group, default: []].append(id)
        case .leave(let id, let group): groups[group]?.removeAll { $0 == id }
        case .move(let id, let shard): moves[id] = shard
        case .store(let index):
            storeCalls.append(effects.requests[index])
            storeRequests.append(effects.requests[index].request)
            #expect(effects.requests[index].ticket & BoardMachine.ticketBit != 0)
        case .backend(let index):
            backendCalls.append(effects.backends[index])
            backendRequests.append(effects.backends[index].request)
        case .respond(let ticket, let index):
            #expect(responses[ticket.number] == nil, "a request is answered twice")
            responses[ticket.number] = effects.responses[index]
        case .authenticate, .inform, .post, .hook: Issue.record("board does not do this: \(effect)")
        }
    }

    private mutating func deliver(_ message: EncodedMessage, to ids: [ConnectionID], _ effects: Effects) {
        guard let frame = try? BoardServerMessage.decode(effects.bytes.span.extracting(message.range)) else {
            Issue.record("a frame is none of board's")
            return
        }
        for id in ids where members[id]?.closed == nil {
            members[id]?.frames.append(frame)
            if case .gap = members[id]?.replica.apply(frame.message) { members[id]?.gaps += 1 }
        }
    }
}

extension BoardClientMessage {
    /// A rectangle with a text on it.
    static func rectangle(_ text: String = "a") -> BoardClientMessage {
        .create(NewShape(type: "rectangle", x: 1, y: 2, text: text))
    }
}
