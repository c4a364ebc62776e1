package import SessionBase
import SessionCodec

/// The channels of one loop (PROTOCOLS §4): its connections, and the topics, reports and streams that it owns.
///
/// A connection stays on its loop. What belongs to a channel is at the loop that owns the channel's name, the hub's topic,
/// and beside it the report that `reports:progress:{id}` is about, or the rows of `reports:data:{template}`. A connection
/// that waits for another loop's answer is paused, so that its replies keep their order; one that publishes goes on, and
/// the answers wait for each other.
///
/// The parts, in the order of life: `+Lifetime` (connections come and go, time), `+Limits` (too much, too wrong),
/// `+Subscriptions` (who hears what), `+Publishing` (who is told, and how many were), `+Reports`, `+Streams`, `+Calls` (what
/// producers and administrators ask over HTTP), `+Gathering` (what concerns every loop), `+Hooks`; beside them `+View` and
/// `+Invariants`. Who may do what is ``ChannelAccess``'s.
package struct ChannelsMachine: Sendable {
    /// How it behaves; may change at any time.
    package var configuration: ChannelsConfiguration
    /// What it has done so far.
    package internal(set) var counters = ChannelsCounters()

    let entropy: Entropy
    var hub: Hub
    /// By slot.
    var connections: [ChannelsPeer] = []
    /// Connections that are not vacant.
    var connectionCount = 0
    /// The connections by what clients call them.
    var names: [ConnectionName: ConnectionID] = [:]
    /// What the peers say they are, each text once.
    var userAgents: Set<String> = []
    var people = Table<ChannelsPerson>()
    /// The connections of each user, in the order in which they came.
    var users = TextMap<ConnectionList>()
    var troubles = Table<ConnectionTrouble>()
    var watches = Table<ChannelsWatch>()
    /// What the replies that connections wait for are to repeat.
    var tags: [ConnectionID: MessageTag] = [:]

    /// The reports of this loop.
    var reports = TextMap<ReportRecord>()
    /// Runs of reports that wait for the operator's endpoint, by the ticket of the call.
    var cancellations: [UInt64: ReportCancellation] = [:]
    var lastHookTicket: UInt64 = 0
    /// The streams of this loop.
    var feeds = TextMap<FeedRecord>()
    /// What streams and reports cost, in bytes.
    var feedsCost = 0
    var reportsCost = 0
    var notices = NoticeBoard()

    /// Publications whose outcome is not known yet.
    var publications = Table<PendingPublication>()
    var batches = Table<PendingBatch>()
    var tallies = Tallies<ChannelsPurpose, ChannelsAnswer>()
    /// Channels of this loop that lost their last subscriber, until the operator's endpoint is told.
    var vacancies = TextMap<Instant>()

    /// What the operator's endpoint is told without being asked.
    var tellings = TokenBucket()

    /// Connections, by when their credential ends.
    var expiries = DeadlineQueue<ConnectionID>()
    /// Connections with rows that wait.
    var paces = DeadlineQueue<PaceEntry>()
    /// Reports and streams that may be forgotten.
    var retirements = DeadlineQueue<Retirement>()
    /// Channels that may be vacant for good.
    var vacanciesDue = DeadlineQueue<String>()
    /// When silent connections are looked for next; `nil` while there are none.
    var nextSweep: Instant?
    /// The answers that publishing connections are still to get.
    var lines: [ConnectionID: AnswerLine] = [:]
    /// When the messages were accepted that all loops have handed to their subscribers and that are not written yet.
    var unwritten: [Instant] = []
    /// Whether the server drains.
    var isStopping = false

    /// Starts with nobody.
    package init(configuration: ChannelsConfiguration, entropy: Entropy) {
        precondition(
            (0..<configuration.shardCount).contains(configuration.shard), "a shard's number must be below their count")
        self.configuration = configuration
        self.entropy = entropy
        hub = Hub(
            service: .channels, loop: configuration.shard, loopCount: configuration.shardCount,
            hash: configuration.hash, entropy: entropy)
    }

    /// Handles one complete text message, valid UTF-8, not yet decoded.
    package mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects
    ) {
        guard isOpen(connection) else { return }
        connections[Int(connection.slot)].lastActivity = moment.instant
        do throws(ChannelsRefusal) {
            let request = try ChannelsRequest.decode(message)
            if request.kind != .publish, putsAside(message, from: connection, effects: &effects) { return }
            counters.received(request.kind)
            let tag = request.tag(in: message)
            guard takes(request.kind, on: connection) else { throw ChannelsRefusal(.unknownType, tag: tag) }
            guard admits(request.kind, tag, from: connection, at: moment, effects: &effects) else { return }
            try carryOut(request, tag, from: connection, in: message, at: moment, effects: &effects)
        } catch {
            refuse(error, from: connection, at: moment, effects: &effects)
        }
    }

    private mutating func carryOut(
        _ request: ChannelsRequest, _ tag: MessageTag?, from connection: ConnectionID, in message: Span<UInt8>,
        at moment: Moment, effects: inout Effects
    ) throws(ChannelsRefusal) {
        switch request.kind {
        case .ping: reply(.pong, tag, to: connection, at: moment, effects: &effects)
        case .getStatus:
            reply(.status(status(of: connection, at: moment)), tag, to: connection, at: moment, effects: &effects)
        case .subscribe:
            subscribe(
                connection, to: request.channel(in: message), since: request.since(in: message), tag, at: moment,
                effects: &effects)
        case .unsubscribe:
            unsubscribe(connection, from: request.channel(in: message), tag, at: moment, effects: &effects)
        case .publish:
            let producerMessage = try request.message(in: message)
            publish(
                producerMessage, to: request.channel(in: message), tag, from: connection, at: moment, effects: &effects)
        case .subscribeTemplate:
            subscribe(
                connection, toTemplate: request.template(in: message), tag, at: moment, effects: &effects)
        case .cancelReport:
            ask(.cancel(reason: request.reason(in: message)), tag, from: connection, at: moment, effects: &effects)
        case .requestUpdate: ask(.update, tag, from: connection, at: moment, effects: &effects)
        case .updateInterval:
            setInterval(
                request.interval(in: message), request.mode(in: message), tag, from: connection, at: moment,
                effects: &effects)
        case .applyFilter:
            apply(request.filter(in: message), tag, from: connection, at: moment, effects: &effects)
        }
    }

    /// Whether a type exists on the route of a connection, and for these rules (PROTOCOLS §4.3, 2-13).
    private func takes(_ kind: ChannelsClientKind, on connection: ConnectionID) -> Bool {
        if kind == .publish, !access.knowsPublishing { return false }
        return route(of: connection).takes(kind)
    }

    // MARK: Replying

    /// Sends a message to one connection.
    mutating func reply(
        _ message: ChannelsServerMessage, _ tag: MessageTag? = nil, to connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        counters.sent(message.kind)
        if case .error(let error) = message { counters.failed(error.code) }
        if !lines.isEmpty, lines[connection] != nil {
            // Answers to earlier messages are still to be given.
            var frame: [UInt8] = []
            message.encode(at: moment.timestamp, tag: tag, to: &frame)
            lines[connection]?.append(AnswerLine.Answer(publication: noIndex, frame: frame))
            return
        }
        effects.send(effects.encode { message.encode(at: moment.timestamp, tag: tag, to: &$0) }, to: connection)
    }

    // MARK: Connections

    /// Whether a connection is this machine's, and no close was ordered for it.
    func isOpen(_ connection: ConnectionID) -> Bool {
        isKnown(connection) && connections[Int(connection.slot)].phase == .open
    }

    /// Whether a connection is this machine's.
    func isKnown(_ connection: ConnectionID) -> Bool {
        let slot = Int(connection.slot)
        return slot < connections.count && connections[slot].generation == connection.generation
            && connections[slot].phase != .vacant
    }

    /// Which endpoint a connection came to.
    func route(of connection: ConnectionID) -> ChannelsRoute {
        let record = connections[Int(connection.slot)]
        guard record.watch != noIndex else { return record.isNotified ? .notifications : .hub }
        let watch = watches[slot: record.watch]
        return watch.isStream ? .stream(template: watch.id) : .progress(report: watch.id)
    }

    /// Who a connection is, as far as rules ask.
    func caller(of connection: ConnectionID) -> ChannelCaller {
        let person = connections[Int(connection.slot)].person
        guard person != noIndex else { return .anonymous }
        return ChannelCaller(user: people[slot: person].user, roles: people[slot: person].roles)
    }

    /// The rules as they are now.
    var access: ChannelAccess { ChannelAccess(rules: configuration.rules, isOpen: configuration.isOpen) }

    // MARK: Waiting

    /// Holds a connection until another loop has answered.
    mutating func hold(_ connection: ConnectionID, _ tag: MessageTag?, effects: inout Effects) {
        let slot = Int(connection.slot)
        if connections[slot].awaited == 0 { effects.pause(connection) }
        connections[slot].awaited += 1
        if let tag { tags[connection] = tag }
    }

    /// Lets a connection go on for which another loop has answered.
    mutating func release(_ connection: ConnectionID, effects: inout Effects) {
        let slot = Int(connection.slot)
        precondition(connections[slot].awaited > 0, "a connection is released that does not wait")
        connections[slot].awaited -= 1
        if connections[slot].awaited == 0 { effects.resume(connection) }
    }
}
