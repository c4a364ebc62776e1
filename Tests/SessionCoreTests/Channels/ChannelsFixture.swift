import SessionBase
import SessionCodec
import SessionCore

/// The channels of one or several loops with a clock of their own, the driver's groups and the parcels between them.
///
/// What peers hear is kept as text, with the fixture's first time, which is also the seed's, written as `T`.
struct ChannelsFixture {
    /// A connection of one of the loops.
    struct Peer: Hashable {
        let loop: Int
        let id: ConnectionID
    }

    var machines: [ChannelsMachine]
    /// 2024-01-07T10:30:00Z, one minute after the machines' clock began.
    private(set) var moment = Moment(
        instant: .zero + .seconds(60), timestamp: Timestamp(milliseconds: 1_704_623_400_000))
    /// Whether parcels are carried as soon as they are posted; otherwise ``carry()`` does it.
    var carriesParcels = true
    private(set) var closes: [Peer: CloseCode] = [:]
    private(set) var hooks: [HookCall] = []
    private(set) var policies: [OverflowPolicy] = []
    private(set) var responses: [UInt64: HTTPResponse] = [:]
    private var frames: [Peer: [String]] = [:]
    private var paused: Set<Peer> = []
    private var unread: [Peer: [String]] = [:]
    private var groups: [Int: [GroupID: [ConnectionID]]] = [:]
    private var parcels: [(parcel: ChannelsParcel, from: Int, to: Int)] = []
    private var slotCounts: [UInt32]
    private var requestCount: UInt64 = 0

    init(loops: Int = 1, _ configure: (inout ChannelsConfiguration) -> Void = { _ in }) {
        var configuration = ChannelsConfiguration()
        configuration.messageRate = nil
        configuration.shardCount = loops
        configuration.hash = SipHash(key0: 1, key1: 2)
        configure(&configuration)
        machines = (0..<loops).map { loop in
            configuration.shard = loop
            return ChannelsMachine(configuration: configuration, entropy: .seeded(UInt64(loop + 1)))
        }
        slotCounts = Array(repeating: 0, count: loops)
    }

    // MARK: Connections

    mutating func open(
        _ path: String = "/ws", as user: String? = nil, roles: [String] = [], identity: Identity? = nil, loop: Int = 0
    ) -> Peer {
        let peer = Peer(loop: loop, id: ConnectionID(slot: slotCounts[loop], generation: 7))
        slotCounts[loop] += 1
        var handshake = Handshake(identity: identity)
        if let user {
            handshake.identity = Identity(user: user)
            handshake.identity?.roles = roles
        }
        handshake.path = path
        handshake.host = "192.0.2.7"
        handshake.userAgent = "test/1"
        perform(loop) { $0.opened(peer.id, handshake, at: $1, effects: &$2) }
        return peer
    }

    /// Opens a connection to `/ws`, and drops its welcome.
    mutating func join(as user: String? = nil, roles: [String] = [], loop: Int = 0) -> Peer {
        let peer = open(as: user, roles: roles, loop: loop)
        _ = take(peer)
        return peer
    }

    /// Says something; what the peer heard since the last time.
    @discardableResult
    mutating func say(_ text: String, on peer: Peer) -> [String] {
        unread[peer, default: []].append(text)
        read(peer)
        return take(peer)
    }

    @discardableResult
    mutating func subscribe(_ peer: Peer, _ channels: String...) -> [String] {
        for channel in channels { unread[peer, default: []].append(#"{"type":"subscribe","channel":"\#(channel)"}"#) }
        read(peer)
        return take(peer)
    }

    /// Reads what a peer said, as long as it is not paused.
    private mutating func read(_ peer: Peer) {
        while !paused.contains(peer), closes[peer] == nil, let text = unread[peer]?.first {
            unread[peer]?.removeFirst()
            perform(peer.loop) { $0.received(peer.id, [UInt8](text.utf8).span, at: $1, effects: &$2) }
        }
    }

    /// What a peer heard since the last time.
    mutating func take(_ peer: Peer) -> [String] { frames.removeValue(forKey: peer) ?? [] }

    mutating func close(_ peer: Peer) { perform(peer.loop) { $0.closed(peer.id, cleanly: true, at: $1, effects: &$2) } }

    mutating func pong(_ peer: Peer) { machines[peer.loop].heard(peer.id, at: moment) }

    func name(of peer: Peer) -> String { machines[peer.loop].name(of: peer.id) ?? "" }

    /// How many parcels wait to be carried.
    var parcelCount: Int { parcels.count }

    func isPaused(_ peer: Peer) -> Bool { paused.contains(peer) }

    // MARK: HTTP

    /// Sends a request, which is answered at once.
    @discardableResult
    mutating func request(_ call: ChannelsCall, by identity: Identity? = nil, loop: Int = 0) -> HTTPResponse {
        let number = post(call, by: identity, loop: loop)
        guard let response = responses[number] else { preconditionFailure("\(call.name) is not answered") }
        return response
    }

    /// Sends a request whose answer may come later.
    mutating func post(_ call: ChannelsCall, by identity: Identity? = nil, loop: Int = 0) -> UInt64 {
        requestCount += 1
        let ticket = RequestTicket(loop: loop, number: requestCount)
        let shard = machines[loop].shard(of: call)
        perform(shard) { $0.requested(ticket, call, by: identity, at: $1, effects: &$2) }
        return ticket.number
    }

    @discardableResult
    mutating func request(_ call: ChannelsAdminCall, loop: Int = 0) -> HTTPResponse {
        requestCount += 1
        let ticket = RequestTicket(loop: loop, number: requestCount)
        let shard = machines[loop].shard(of: call)
        perform(shard) { $0.requested(ticket, call, at: $1, effects: &$2) }
        guard let response = responses[ticket.number] else { preconditionFailure("\(call) is not answered") }
        return response
    }

    @discardableResult
    mutating func broadcast(_ channel: String, _ message: String, exclude: String? = nil, loop: Int = 0) -> String {
        let broadcast = ChannelsBroadcast(channel: channel, message: .of(message), excluded: exclude)
        return request(.broadcast(broadcast), loop: loop).text
    }

    /// Pushes rows, and what the producer is answered.
    @discardableResult
    mutating func push(_ template: String, _ rows: String...) -> String {
        request(.pushRows(template: template, rows.map { StreamRow(.of($0))! })).text
    }

    @discardableResult
    mutating func report(
        _ id: String, _ state: ReportState, _ progress: Int? = nil, message: String? = nil, owner: String? = nil,
        reset: Bool = false
    ) -> String {
        let update = ReportUpdate(
            report: id, state: state, progress: progress, message: message, owner: owner, isReset: reset)
        return request(.updateReport(update)).text
    }

    @discardableResult
    mutating func complete(_ id: String) -> String {
        let completion = ReportCompletion(
            downloadURL: "/api/v1/reports/download/\(id)", format: "pdf", fileBytes: 1_024_000)
        return request(.completeReport(id, completion)).text
    }

    // MARK: Hooks and revocations

    mutating func reply(_ reply: HookReply, to ticket: UInt64, loop: Int = 0) {
        perform(loop) { $0.hooked(ticket, reply, at: $1, effects: &$2) }
    }

    /// Changes the configuration of all loops.
    mutating func reload(_ change: (inout ChannelsConfiguration) -> Void) {
        for loop in machines.indices {
            var configuration = machines[loop].configuration
            change(&configuration)
            perform(loop) { $0.reload(configuration, at: $1, effects: &$2) }
        }
    }

    @discardableResult
    mutating func revoke(_ target: Revocation.Target, loop: Int = 0) -> Int {
        let revocation = Revocation(id: "r1", target: target, createdAt: moment.timestamp)
        var count = 0
        perform(loop) { count = $0.revoke(revocation, at: $1, effects: &$2) }
        return count
    }

    // MARK: Time

    /// Lets time pass, with every tick that is due on the way.
    mutating func wait(_ duration: Duration) {
        let end = moment.instant + duration
        while let due = machines.compactMap(\.deadline).min(), due <= end {
            advance(to: due)
            for loop in machines.indices where machines[loop].deadline.map({ $0 <= moment.instant }) ?? false {
                perform(loop) { $0.tick(at: $1, effects: &$2) }
            }
        }
        advance(to: end)
    }

    private mutating func advance(to instant: Instant) {
        guard instant > moment.instant else { return }
        moment.timestamp.milliseconds += (instant - moment.instant).milliseconds
        moment.instant = instant
    }

    // MARK: The driver

    private mutating func perform(_ loop: Int, _ body: (inout ChannelsMachine, Moment, inout Effects) -> Void) {
        var effects = Effects()
        body(&machines[loop], moment, &effects)
        machines[loop].checkInvariants()
        for effect in effects.list { carryOut(effect, loop, in: effects) }
        if carriesParcels { carry() }
    }

    /// Carries the parcels that were posted, and those that they lead to.
    mutating func carry() {
        while !parcels.isEmpty { carryOne() }
    }

    /// Carries the parcel at a place, or one of the same two loops that was posted before it; at first the oldest of all.
    mutating func carryOne(_ place: Int = 0) {
        let route = (parcels[place].from, parcels[place].to)
        let first = parcels.firstIndex { ($0.from, $0.to) == route } ?? place
        let (parcel, sender, receiver) = parcels.remove(at: first)
        var effects = Effects()
        machines[receiver].delivered(parcel, from: sender, at: moment, effects: &effects)
        machines[receiver].checkInvariants()
        for effect in effects.list { carryOut(effect, receiver, in: effects) }
    }

    private mutating func carryOut(_ effect: Effect, _ loop: Int, in effects: Effects) {
        switch effect {
        case .send(let message, let id): hear(message, Peer(loop: loop, id: id), in: effects)
        case .publish(let message, let audience):
            for id in effects.members[audience.range] { hear(message, Peer(loop: loop, id: id), in: effects) }
        case .close(let id, let code): closes[Peer(loop: loop, id: id)] = code
        case .pause(let id): paused.insert(Peer(loop: loop, id: id))
        case .resume(let id):
            paused.remove(Peer(loop: loop, id: id))
            read(Peer(loop: loop, id: id))
        case .join(let id, let group): groups[loop, default: [:]][group, default: []].append(id)
        case .leave(let id, let group): groups[loop]?[group]?.removeAll { $0 == id }
        case .multicast(let index):
            let multicast = effects.multicasts[index]
            policies.append(multicast.policy)
            for id in groups[loop]?[multicast.group] ?? [] where id != multicast.except {
                hear(multicast.message, Peer(loop: loop, id: id), in: effects)
            }
        case .post(let index, let receiver):
            guard case .channels(let parcel) = effects.parcels[index] else {
                preconditionFailure("channels post a parcel of another service")
            }
            parcels.append((parcel, loop, receiver))
        case .respond(let ticket, let index):
            precondition(responses[ticket.number] == nil, "a request is answered twice")
            responses[ticket.number] = effects.responses[index]
        case .hook(let index): hooks.append(effects.hooks[index])
        case .move, .authenticate, .store, .inform, .backend: preconditionFailure("channels ask for \(effect)")
        }
    }

    private mutating func hear(_ message: EncodedMessage, _ peer: Peer, in effects: Effects) {
        guard closes[peer] == nil else { return }
        let bytes = Array(effects.bytes[message.range])
        precondition((try? JSONFragment.parse(bytes.span)) != nil, "the machine sent what is no JSON")
        frames[peer, default: []].append(String(decoding: bytes, as: UTF8.self).withoutStartTime)
    }
}

extension String {
    /// The text with the fixture's first time, which is the seed's, as `T`.
    var withoutStartTime: String {
        let time = Array("2024-01-07T10:30:00.000Z".utf8)
        var rest = Array(utf8)[...]
        var text: [UInt8] = []
        while let first = rest.first {
            if rest.starts(with: time) {
                text.append(UInt8(ascii: "T"))
                rest = rest.dropFirst(time.count)
            } else {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension JSONFragment {
    /// A value that a test spells out.
    static func of(_ text: String) -> JSONFragment {
        do { return try JSONFragment.parse(text) } catch { preconditionFailure("\(text) is no JSON: \(error)") }
    }
}

extension ProducerMessage {
    /// A message that a test spells out.
    static func of(_ text: String) -> ProducerMessage {
        guard let message = ProducerMessage(.of(text)) else { preconditionFailure("\(text) has no type") }
        return message
    }
}

extension ChannelsFixture {
    /// A channel that a loop owns, of a domain that is open to everybody.
    func channel(ownedBy loop: Int, _ stem: String = "test:c") -> String {
        for number in 0... {
            let call = ChannelsCall.broadcast(
                ChannelsBroadcast(channel: "\(stem)\(number)", message: .of(#"{"type":"x"}"#)))
            if machines[0].shard(of: call) == loop { return "\(stem)\(number)" }
        }
        preconditionFailure("no loop owns anything")
    }

    /// A report that a loop owns.
    func report(ownedBy loop: Int) -> String {
        for number in 0... where machines[0].shard(of: .getReport("r\(number)")) == loop { return "r\(number)" }
        preconditionFailure("no loop owns anything")
    }

    /// A template whose stream a loop owns.
    func template(ownedBy loop: Int) -> String {
        for number in 0... where machines[0].shard(of: .pushRows(template: "t\(number)", [])) == loop {
            return "t\(number)"
        }
        preconditionFailure("no loop owns anything")
    }
}
