import SessionBase
import SessionCodec
import SessionCore

/// Something that hubs or what carries out their wishes could do wrong, now and then.
enum HubFault: CaseIterable {
    /// A member of a group gets a message not at all, twice, or although it is left out; or its machine is not told.
    case skipsMember, repeatsMember, ignoresException, losesOwn
    /// A connection does not get into a group.
    case forgetsJoin
    /// A message comes to a loop behind the next one.
    case swapsMessages
    /// The answer to a subscription lacks its snapshot, or the oldest of what was missed, or names the wrong place.
    case losesSnapshot, losesReplay, movesPosition
    /// A loop's count of those who heard is lost, or one too high.
    case losesCount, miscounts
    /// The owner is not told that a loop has a subscriber less.
    case losesLeave
}

/// The hubs of some loops, the mail between them, and a driver that only writes down who hears what.
struct HubNetwork {
    /// What a connection was told, in order.
    enum Heard: Equatable {
        case subscribed(String, TopicAnswer)
        /// Behind the answer to a request with a note: how many messages the topic had when its owner granted it.
        case granted(String, after: Int)
        case refused(String, reason: UInt64)
        case message(String)
        case snapshot(String)
        /// Handed to the machine for this connection.
        case own(String)
    }

    /// What became of a publication.
    struct Outcome: Equatable {
        var ticket: UInt64
        var topic: String
        var offset: UInt64
        var delivered: Int
    }

    var hubs: [Hub]
    /// Parcels by sender and receiver, oldest first.
    var mail: [[[HubParcel]]]
    var groups: [[GroupID: [ConnectionID]]]
    var heard: [ConnectionAddress: [Heard]] = [:]
    /// The messages of each topic, in the order in which its owner got them.
    var sequences: [String: [(text: String, at: Instant)]] = [:]
    var outcomes: [Outcome] = []
    /// `+topic` and `-topic`, in order.
    var occupation: [String] = []
    /// What waits for the machine's word at the owner, where ``grantsAtOnce`` is off.
    var asked: [(loop: Int, request: SubscriptionRequest)] = []
    var grantsAtOnce = true
    var moment = Moment(instant: .zero, timestamp: Timestamp(milliseconds: 1_000_000))
    /// How many messages were encoded.
    var multicastCount = 0
    /// The policies of all messages to groups.
    var policies: [OverflowPolicy] = []
    /// How many messages there were at a grant, by the request's note.
    private var grants: [UInt64: Int] = [:]
    /// What goes wrong now and then.
    var fault: HubFault?
    private var chance = SeededRandom(seed: 1)
    private var effects = Effects()

    init(loops: Int = 1, service: ProtocolID = .channels) {
        let hash = SipHash(key0: 1, key1: 2)
        hubs = (0..<loops).map { loop in
            Hub(service: service, loop: loop, loopCount: loops, hash: hash, entropy: .seeded(UInt64(loop)))
        }
        mail = Array(repeating: Array(repeating: [], count: loops), count: loops)
        groups = Array(repeating: [:], count: loops)
    }

    /// A topic that a loop owns.
    func topic(ownedBy loop: Int, number: Int = 0) -> String {
        Array((0...).lazy.map { "topic-\($0)" }.filter { [hubs] in hubs[0].owner(of: $0) == loop }.prefix(number + 1))
            .last!
    }

    static func connection(_ number: UInt32, on loop: Int = 0) -> ConnectionAddress {
        ConnectionAddress(loop: loop, connection: ConnectionID(slot: number, generation: 1))
    }

    // MARK: What machines do

    @discardableResult
    mutating func subscribe(
        _ connection: ConnectionAddress, _ topic: String, since: TopicSince? = nil, keeping: Int = 0,
        note: UInt64 = 0, _ change: (inout SubscriptionTerms) -> Void = { _ in }
    ) -> Hub.SubscribeAction {
        var terms = SubscriptionTerms()
        terms.since = since
        terms.history = HistoryPolicy(countMax: keeping, life: .seconds(60))
        change(&terms)
        if hubs[0].owner(of: topic) == connection.loop, !terms.wantsSnapshot { noteGrant(note, topic) }
        return on(connection.loop) { [terms] hub, moment, effects in
            hub.subscribe(connection.connection, to: topic, terms, note: note, at: moment, effects: &effects)
        }
    }

    @discardableResult
    mutating func unsubscribe(_ connection: ConnectionAddress, _ topic: String) -> Bool {
        on(connection.loop) { $0.unsubscribe(connection.connection, from: topic, at: $1, effects: &$2) }
    }

    @discardableResult
    mutating func setDelivery(
        _ delivery: SubscriptionTerms.Delivery, of connection: ConnectionAddress, _ topic: String
    ) -> Bool {
        on(connection.loop) { $0.setDelivery(delivery, of: connection.connection, to: topic, effects: &$2) }
    }

    mutating func close(_ connection: ConnectionAddress) {
        on(connection.loop) { $0.leaveAll(connection.connection, at: $1, effects: &$2) }
        for group in groups[connection.loop].keys where groups[connection.loop][group]!.contains(connection.connection)
        {
            preconditionFailure("a closed connection is still in a group")
        }
    }

    mutating func publish(
        _ text: String, to topic: String, on loop: Int = 0, keeping: Int = 0, ticket: UInt64? = nil,
        _ change: (inout Publication) -> Void = { _ in }
    ) {
        let policy = HistoryPolicy(countMax: keeping, life: .seconds(60))
        var publication = Publication(Array(#"{"m":"\#(text)"}"#.utf8), history: policy)
        publication.ticket = ticket
        change(&publication)
        if hubs[0].owner(of: topic) == loop { record(publication, topic) }
        on(loop) { [publication] in $0.publish(publication, to: topic, at: $1, effects: &$2) }
    }

    mutating func grant(_ place: Int = 0, _ snapshot: [String] = []) {
        let (loop, request) = asked.remove(at: place)
        noteGrant(request.note, request.topic)
        let snapshot = snapshot.map { Array($0.utf8) }
        on(loop) { $0.grant(request, snapshot: snapshot, at: $1, effects: &$2) }
    }

    mutating func refuse(_ place: Int = 0, reason: UInt64 = 4404) {
        let (loop, request) = asked.remove(at: place)
        on(loop) { $0.refuse(request, reason: reason, at: $1, effects: &$2) }
    }

    mutating func wait(_ time: Duration) {
        moment.instant = moment.instant + time
        moment.timestamp.milliseconds += time.milliseconds
        for loop in hubs.indices { on(loop) { hub, moment, _ in hub.tick(at: moment) } }
    }

    // MARK: Mail

    /// Delivers the oldest parcel from one loop to another.
    mutating func deliver(from: Int, to: Int) {
        if mail[from][to].count > 1, isPublication(mail[from][to][0]), isPublication(mail[from][to][1]),
            fails(.swapsMessages)
        {
            mail[from][to].swapAt(0, 1)
        }
        let parcel = mail[from][to].removeFirst()
        if case .subscribe(let request) = parcel, !request.terms.wantsSnapshot {
            noteGrant(request.note, request.topic)
        }
        if case .leave = parcel, fails(.losesLeave) { return }
        if case .count = parcel, fails(.losesCount) { return }
        if case .publish(let topic, let publication, _) = parcel { record(publication, topic) }
        on(to) { $0.delivered(parcel, from: from, at: $1, effects: &$2) }
    }

    /// Notes how many messages a topic has when its owner grants a request: at once where the machine has nothing to say.
    private mutating func noteGrant(_ note: UInt64, _ topic: String) {
        if note > 0 { grants[note] = sequences[topic]?.count ?? 0 }
    }

    private func isPublication(_ parcel: HubParcel) -> Bool { if case .publication = parcel { true } else { false } }

    /// Whether a fault shows this time.
    private mutating func fails(_ fault: HubFault) -> Bool { self.fault == fault && chance.chance(0.1) }

    private mutating func record(_ publication: Publication, _ topic: String) {
        sequences[topic, default: []].append((String(decoding: publication.message, as: UTF8.self), moment.instant))
    }

    /// The pairs of loops between which there is mail.
    var routes: [(from: Int, to: Int)] {
        mail.indices.flatMap { from in mail.indices.filter { !mail[from][$0].isEmpty }.map { (from, $0) } }
    }

    /// Delivers everything.
    mutating func settle() {
        while let route = routes.first { deliver(from: route.from, to: route.to) }
    }

    // MARK: What comes of it

    /// Does something on a loop, carries out what it wants, and answers its events as a machine would.
    private mutating func on<Result>(_ loop: Int, _ body: (inout Hub, Moment, inout Effects) -> Result) -> Result {
        effects.removeAll()
        let result = body(&hubs[loop], moment, &effects)
        carryOut(loop)
        while let event = hubs[loop].nextEvent() {
            effects.removeAll()
            handle(event, loop)
            carryOut(loop)
        }
        hubs[loop].checkInvariants()
        return result
    }

    private mutating func handle(_ event: HubEvent, _ loop: Int) {
        switch event {
        case .subscribing(let request):
            asked.append((loop, request))
            guard grantsAtOnce else { return }
            asked.removeLast()
            let snapshot = Array("snapshot for \(String(decoding: request.terms.detail, as: UTF8.self))".utf8)
            hubs[loop].grant(request, snapshot: [snapshot], at: moment, effects: &effects)
        case .subscribed(let answer):
            let address = ConnectionAddress(loop: loop, connection: answer.connection)
            var told = answer.answer
            if fails(.movesPosition) { told.position?.offset += 1 }
            heard[address, default: []].append(.subscribed(answer.topic, told))
            if let count = grants[answer.note] {
                heard[address, default: []].append(.granted(answer.topic, after: count))
            }
            if !fails(.losesSnapshot) {
                heard[address, default: []] += answer.snapshot.map { .snapshot(String(decoding: $0, as: UTF8.self)) }
            }
            for message in answer.missed.dropFirst(fails(.losesReplay) ? 1 : 0) {
                heard[address, default: []].append(.message(Self.text(message)))
            }
        case .refused(let connection, let topic, _, let reason):
            heard[ConnectionAddress(loop: loop, connection: connection), default: []]
                .append(.refused(topic, reason: reason))
        case .published(let outcome):
            outcomes.append(
                Outcome(
                    ticket: outcome.ticket, topic: outcome.topic, offset: outcome.offset,
                    delivered: outcome.delivered + (fails(.miscounts) ? 1 : 0)))
        case .heard(let publication):
            for connection in publication.subscribers where !fails(.losesOwn) {
                heard[ConnectionAddress(loop: loop, connection: connection), default: []]
                    .append(.own(Self.text(publication.message)))
            }
        case .occupied(let topic): occupation.append("+" + topic)
        case .vacated(let topic): occupation.append("-" + topic)
        }
    }

    private mutating func carryOut(_ loop: Int) {
        for effect in effects.list {
            switch effect {
            case .join(let connection, let group):
                precondition(groups[loop][group]?.contains(connection) != true, "joins a group twice")
                if fails(.forgetsJoin) { continue }
                groups[loop][group, default: []].append(connection)
            case .leave(let connection, let group):
                let isMember = groups[loop][group]?.contains(connection) == true
                precondition(isMember || fault == .forgetsJoin, "leaves a group that it is not in")
                groups[loop][group]?.removeAll { $0 == connection }
                if groups[loop][group]?.isEmpty == true { groups[loop][group] = nil }
            case .multicast(let place): multicast(effects.multicasts[place], loop)
            case .post(let place, let other):
                precondition(other != loop, "a parcel to itself")
                guard case .channels(.hub(let parcel)) = effects.parcels[place] else { continue }
                mail[loop][other].append(parcel)
            default: preconditionFailure("a hub does not ask for \(effect)")
            }
        }
    }

    private mutating func multicast(_ multicast: Multicast, _ loop: Int) {
        multicastCount += 1
        policies.append(multicast.policy)
        let text = String(decoding: effects.bytes[multicast.message.range], as: UTF8.self)
        let members = groups[loop][multicast.group] ?? []
        precondition(!members.isEmpty || fault == .forgetsJoin, "encoded for nobody")
        for member in members where member != multicast.except || fails(.ignoresException) {
            let count = fails(.skipsMember) ? 0 : fails(.repeatsMember) ? 2 : 1
            for _ in 0..<count {
                heard[ConnectionAddress(loop: loop, connection: member), default: []].append(.message(text))
            }
        }
    }

    private static func text(_ message: TopicMessage) -> String {
        var bytes: [UInt8] = []
        message.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
