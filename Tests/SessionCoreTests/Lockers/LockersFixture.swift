import SessionBase
import SessionCodec
import SessionCore
import Testing

/// The lockers machines of a node, one a loop, with a clock, and what their drivers would do with groups and parcels.
struct LockersFixture {
    /// A connection of one of the loops.
    struct Client: Hashable {
        let loop: Int
        let id: ConnectionID
    }

    private(set) var machines: [LockersMachine] = []
    /// 2024-01-15T10:30:00Z, one minute after the machines' clock began.
    private(set) var moment = Moment(
        instant: .zero + .seconds(60), timestamp: Timestamp(milliseconds: 1_705_314_600_000))
    /// Whether parcels are delivered as soon as the event that sent them is over.
    var deliversParcels = true
    /// Whether a machine is checked after every event; that costs as much as there is in it.
    var isChecked = true
    /// What each client got that was not taken.
    private var frames: [Client: [JSONValue]] = [:]
    /// How clients' connections were closed.
    private(set) var closes: [Client: CloseCode] = [:]
    /// Clients whose messages are not read.
    private(set) var paused: Set<Client> = []
    /// The sessions that are asked for again, oldest first.
    private(set) var questions: [(client: Client, credential: String)] = []
    /// The answers to HTTP requests by number.
    private(set) var responses: [UInt64: HTTPResponse] = [:]
    private var groups: [[GroupID: [ConnectionID]]]
    private var parcels: [(from: Int, to: Int, parcel: LockersParcel)] = []
    private var slotCount: UInt32 = 0
    private var requestCount: UInt64 = 0

    init(loops: Int = 1, _ configure: (inout LockersConfiguration) -> Void = { _ in }) {
        groups = Array(repeating: [:], count: loops)
        for loop in 0..<loops {
            var configuration = LockersConfiguration()
            configuration.messageRate = nil
            configuration.shard = loop
            configuration.shardCount = loops
            configuration.hash = SipHash(key0: 3, key1: 4)
            configure(&configuration)
            machines.append(LockersMachine(configuration: configuration, entropy: .seeded(UInt64(loop + 1))))
        }
    }

    // MARK: Connections

    /// Opens a connection, of `u1` where nobody is named.
    mutating func open(
        _ path: String = "/ws/lockers", loop: Int = 0, as identity: Identity? = Identity(user: "u1"),
        since: String? = nil, credential: String? = nil
    ) -> Client {
        let client = Client(loop: loop, id: ConnectionID(slot: slotCount, generation: 7))
        slotCount += 1
        var handshake = Handshake(query: since.map { [("since", $0)] } ?? [], identity: identity)
        handshake.path = path
        handshake.credential = credential.map { Array($0.utf8) }
        perform(loop) { $0.opened(client.id, handshake, at: $1, effects: &$2) }
        return client
    }

    /// Opens a connection and takes its greeting.
    mutating func join(
        _ path: String = "/ws/lockers", loop: Int = 0, as identity: Identity? = Identity(user: "u1"),
        rooms: String...
    ) -> Client {
        let client = open(path, loop: loop, as: identity)
        for room in rooms { say(#"{"type":"join_room","room":"\#(room)"}"#, on: client) }
        _ = take(client)
        return client
    }

    mutating func close(_ client: Client) {
        perform(client.loop) { $0.closed(client.id, cleanly: true, at: $1, effects: &$2) }
    }

    mutating func say(_ text: String, on client: Client) {
        let bytes = Array(text.utf8)
        perform(client.loop) { $0.received(client.id, bytes.span, at: $1, effects: &$2) }
    }

    /// Says something and takes what the client gets.
    mutating func ask(_ text: String, on client: Client) -> [JSONValue] {
        say(text, on: client)
        return take(client)
    }

    /// Takes the frames that a client got since the last time.
    mutating func take(_ client: Client) -> [JSONValue] { frames.removeValue(forKey: client) ?? [] }

    /// Tells a machine what became of a session that was asked for again.
    mutating func answer(_ client: Client, _ verdict: AccessVerdict) {
        questions.removeAll { $0.client == client }
        perform(client.loop) { $0.authenticated(client.id, verdict, at: $1, effects: &$2) }
    }

    /// Revokes on all loops.
    mutating func revoke(_ target: Revocation.Target) -> Int {
        let revocation = Revocation(id: "r1", target: target, createdAt: moment.timestamp)
        var count = 0
        for loop in machines.indices {
            perform(loop) { count += $0.revoke(revocation, at: $1, effects: &$2) }
        }
        return count
    }

    // MARK: Calls

    /// Makes a request and returns its answer.
    mutating func call(
        _ method: String, _ target: String, _ body: String = "", key: String? = nil, as user: String = "producer"
    ) throws -> HTTPResponse {
        let number = try request(method, target, body, key: key, as: user)
        return try #require(responses[number])
    }

    /// Makes a request, which may be answered later.
    mutating func request(
        _ method: String, _ target: String, _ body: String = "", key: String? = nil, as user: String = "producer"
    ) throws -> UInt64 {
        var fields = HTTPFields()
        if let key { fields.append("Idempotency-Key", key) }
        let parts = target.split(separator: "?")
        let query = parts.count > 1 ? [(name: String(parts[1].prefix { $0 != "=" }), value: "1")] : []
        requestCount += 1
        let ticket = RequestTicket(loop: 0, number: requestCount)
        do throws(LockersFailure) {
            let call = try LockersCall.parse(
                method: method, path: parts[0].split(separator: "/").map(String.init), query: query, fields: fields,
                body: Array(body.utf8))
            perform(machines[0].shard(of: call)) {
                $0.requested(ticket, call, by: Identity(user: user), at: $1, effects: &$2)
            }
        } catch {
            responses[requestCount] = error.response
        }
        return requestCount
    }

    /// Broadcasts and returns how many got it.
    @discardableResult
    mutating func broadcast(
        _ event: String = "test_event", to namespace: String = "/ws/lockers", room: String? = nil, data: String = "1"
    ) throws -> Int64? {
        let room = room.map { #","room":"\#($0)""# } ?? ""
        let body = #"{"namespace":"\#(namespace)","event":"\#(event)","data":\#(data)\#(room)}"#
        return try call("POST", "/api/websocket/broadcast", body).document["recipients"]?.integer
    }

    mutating func status(_ suffix: String = "") throws -> JSONValue {
        try call("GET", "/api/websocket/status" + suffix).document
    }

    // MARK: Time and machines

    /// Lets time pass; machines are ticked when they want to be.
    mutating func advance(_ duration: Duration) {
        let end = moment.instant + duration
        while let due = machines.compactMap(\.deadline).min(), due <= end {
            set(max(due, moment.instant))
            for loop in machines.indices { perform(loop) { $0.tick(at: $1, effects: &$2) } }
        }
        set(end)
    }

    private mutating func set(_ instant: Instant) {
        let passed = (instant - moment.instant).milliseconds
        moment = Moment(
            instant: instant, timestamp: Timestamp(milliseconds: moment.timestamp.milliseconds + passed))
    }

    /// Does something to a machine directly.
    mutating func change(_ loop: Int, _ body: (inout LockersMachine) -> Void) { body(&machines[loop]) }

    mutating func deliverParcels() {
        while !parcels.isEmpty {
            let (from, to, parcel) = parcels.removeFirst()
            carryOut(to) { $0.delivered(parcel, from: from, at: $1, effects: &$2) }
        }
    }

    private mutating func perform(
        _ loop: Int, _ body: (inout LockersMachine, Moment, inout Effects) -> Void
    ) {
        carryOut(loop, body)
        if deliversParcels { deliverParcels() }
    }

    private mutating func carryOut(
        _ loop: Int, _ body: (inout LockersMachine, Moment, inout Effects) -> Void
    ) {
        var effects = Effects()
        body(&machines[loop], moment, &effects)
        for effect in effects.list { carryOut(effect, effects, loop) }
        if isChecked { machines[loop].checkInvariants() }
    }

    private mutating func carryOut(_ effect: Effect, _ effects: Effects, _ loop: Int) {
        switch effect {
        case .send(let message, let id): deliver(effects.bytes[message.range], to: [id], loop)
        case .publish(let message, let audience):
            deliver(effects.bytes[message.range], to: effects.members[audience.range], loop)
        case .multicast(let index):
            let multicast = effects.multicasts[index]
            let members = (groups[loop][multicast.group] ?? []).filter { $0 != multicast.except }
            deliver(effects.bytes[multicast.message.range], to: members, loop)
        case .close(let id, let code): closes[Client(loop: loop, id: id)] = code
        case .pause(let id): paused.insert(Client(loop: loop, id: id))
        case .resume(let id): paused.remove(Client(loop: loop, id: id))
        case .authenticate(let id, let message):
            let credential = String(decoding: effects.bytes[message.range], as: UTF8.self)
            questions.append((Client(loop: loop, id: id), credential))
        case .respond(let ticket, let index):
            #expect(responses[ticket.number] == nil, "a request is answered twice")
            responses[ticket.number] = effects.responses[index]
        case .join(let id, let group): groups[loop][group, default: []].append(id)
        case .leave(let id, let group): groups[loop][group]?.removeAll { $0 == id }
        case .post(let index, let other):
            guard case .lockers(let parcel) = effects.parcels[index] else { return }
            parcels.append((loop, other, parcel))
        case .move, .store, .inform, .hook, .backend: Issue.record("lockers do not do this: \(effect)")
        }
    }

    private mutating func deliver(_ bytes: ArraySlice<UInt8>, to members: some Collection<ConnectionID>, _ loop: Int) {
        guard let frame = try? JSONValue.parse(Array(bytes).span) else {
            Issue.record("a frame is no JSON")
            return
        }
        for id in members { frames[Client(loop: loop, id: id), default: []].append(frame) }
    }
}

extension JSONValue {
    /// The `type` of a frame.
    var type: String? { self["type"]?.string }

    /// A field of a frame's `data`.
    func data(_ field: String) -> JSONValue? { self["data"]?[field] }

    /// The code of an `error`.
    var code: String? { type == "error" ? data("code")?.string : nil }
}

extension HTTPResponse {
    /// The body as JSON.
    var document: JSONValue { (try? JSONValue.parse(body.span)) ?? .null }

    /// Status and code of an error.
    var failure: String { "\(status.rawValue) \(document["error"]?.string ?? "")" }
}

extension Identity {
    /// Somebody with roles, or a kiosk.
    static func of(
        _ user: String, roles: [String] = [], kiosk: String? = nil, namespaces: [String]? = nil, session: String? = nil,
        expiresAt: Timestamp? = nil
    ) -> Identity {
        var identity = Identity(user: user)
        (identity.roles, identity.kiosk, identity.namespaces) = (roles, kiosk, namespaces)
        (identity.session, identity.expiresAt) = (session, expiresAt)
        return identity
    }
}
