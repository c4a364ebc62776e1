import SessionBase
import SessionCodec

/// What a subscription is for, and therefore what follows its answer; travels with it as the hub's note.
enum SubscriptionPurpose: UInt64, Sendable {
    /// A `subscribe`.
    case channel
    /// A `subscribe` to `user:alerts`, which stands for another name (PROTOCOLS 2-11).
    case ownAlerts
    /// A `subscribe_template` (PROTOCOLS 2-23).
    case template
    /// The report of a connection.
    case report
    /// The stream of a connection, first or with another filter.
    case stream
    /// One of the channels that the notifications hear without asking (PROTOCOLS 2-27).
    case notification

    /// Set in a note beside the purpose: positions are wanted of a channel that keeps nothing, hence has none.
    static let lacksHistory: UInt64 = 1 << 8

    /// Reads the purpose of a note.
    init?(note: UInt64) { self.init(rawValue: note & ~Self.lacksHistory) }
}

/// Who hears what.
extension ChannelsMachine {
    // MARK: Wishes

    /// Answers `subscribe`.
    mutating func subscribe(
        _ connection: ConnectionID, to channel: String, since: TopicSince?, _ tag: MessageTag?, at moment: Moment,
        effects: inout Effects
    ) {
        let caller = caller(of: connection)
        let topic = ChannelAccess.resolved(channel, for: caller)
        if let error = access.refusal(toHear: topic, as: channel, by: caller) {
            return reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        }
        var terms = SubscriptionTerms()
        terms.since = since
        let purpose = topic == channel ? SubscriptionPurpose.channel : .ownAlerts
        begin(connection, topic, as: channel, terms, purpose, tag, at: moment, effects: &effects)
    }

    /// Answers `subscribe_template`.
    mutating func subscribe(
        _ connection: ConnectionID, toTemplate template: String, _ tag: MessageTag?, at moment: Moment,
        effects: inout Effects
    ) {
        let channel = ChannelName.data(of: template)
        if let error = access.refusal(toHear: channel, as: channel, by: caller(of: connection)) {
            return reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        }
        begin(connection, channel, as: channel, SubscriptionTerms(), .template, tag, at: moment, effects: &effects)
    }

    /// Subscribes to the channels that notifications hear without asking.
    mutating func notify(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        for channel in notificationChannels(of: connection) {
            var terms = SubscriptionTerms()
            terms.wantsSnapshot = true
            join(connection, channel, terms, .notification, nil, at: moment, effects: &effects)
        }
    }

    /// The channels that notifications hear without asking, as far as the connection may (PROTOCOLS 2-27).
    func notificationChannels(of connection: ConnectionID) -> [String] {
        let caller = caller(of: connection)
        let channels = ChannelName.notifications + (caller.user.map { [ChannelName.reports(of: $0)] } ?? [])
        return channels.filter { access.refusal(toHear: $0, as: $0, by: caller) == nil }
    }

    /// Answers `unsubscribe`, whether or not there is a subscription (PROTOCOLS 2-5).
    mutating func unsubscribe(
        _ connection: ConnectionID, from channel: String, _ tag: MessageTag?, at moment: Moment,
        effects: inout Effects
    ) {
        let topic = ChannelAccess.resolved(channel, for: caller(of: connection))
        _ = hub.unsubscribe(connection, from: topic, at: moment, effects: &effects)
        reply(.unsubscribed(channel: channel), tag, to: connection, at: moment, effects: &effects)
        settle(at: moment, effects: &effects)
    }

    private mutating func begin(
        _ connection: ConnectionID, _ topic: String, as channel: String, _ terms: SubscriptionTerms,
        _ purpose: SubscriptionPurpose, _ tag: MessageTag?, at moment: Moment, effects: inout Effects
    ) {
        if hub.isSubscribed(connection, to: topic) {
            guard terms.since == nil else {
                var terms = terms
                terms.renews = true
                return join(connection, topic, terms, purpose, tag, at: moment, effects: &effects)
            }
            let answer = ChannelsSubscription(channel: channel, isRepeated: true)
            return reply(.subscribed(answer), tag, to: connection, at: moment, effects: &effects)
        }
        guard hub.subscriptionCount(of: connection) < configuration.subscriptionsMax else {
            let error = ChannelsError(.limitExceeded, channel: channel)
            return reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        }
        join(connection, topic, terms, purpose, tag, at: moment, effects: &effects)
    }

    /// Subscribes a connection; the answer comes at once, or from another loop.
    mutating func join(
        _ connection: ConnectionID, _ topic: String, _ terms: SubscriptionTerms, _ purpose: SubscriptionPurpose,
        _ tag: MessageTag?, at moment: Moment, effects: inout Effects
    ) {
        var terms = terms
        terms.history = access.rule(for: topic)?.historyPolicy
        let lacksHistory = terms.since != nil && terms.history == nil
        let note = purpose.rawValue | (lacksHistory ? SubscriptionPurpose.lacksHistory : 0)
        let action = hub.subscribe(connection, to: topic, terms, note: note, at: moment, effects: &effects)
        switch action {
        case .asked:
            // The answer is among the events.
            if let tag { tags[connection] = tag }
        case .waiting: hold(connection, tag, effects: &effects)
        case .already: return
        }
        settle(at: moment, effects: &effects)
    }

    // MARK: Events

    /// Handles what the hub tells, after every call that may have led to something.
    mutating func settle(at moment: Moment, effects: inout Effects) {
        while let event = hub.nextEvent() { handle(event, at: moment, effects: &effects) }
    }

    private mutating func handle(_ event: HubEvent, at moment: Moment, effects: inout Effects) {
        switch event {
        case .subscribing(let request): grant(request, at: moment, effects: &effects)
        case .subscribed(let answer): subscribed(answer, at: moment, effects: &effects)
        case .refused(let connection, let topic, _, _):
            guard isOpen(connection) else { return }
            if hub.owner(of: topic) != configuration.shard { release(connection, effects: &effects) }
            refuseReport(connection, at: moment, effects: &effects)
        case .published(let outcome): published(outcome, at: moment, effects: &effects)
        case .heard(let publication): deliver(publication, at: moment, effects: &effects)
        case .occupied(let channel): occupied(channel, at: moment, effects: &effects)
        case .vacated(let channel): vacated(channel, at: moment)
        }
    }

    /// At the owner: adds what a new subscriber is to see at once.
    private mutating func grant(_ request: SubscriptionRequest, at moment: Moment, effects: inout Effects) {
        switch SubscriptionPurpose(note: request.note) {
        case .report: grantReport(request, at: moment, effects: &effects)
        case .stream:
            let rows = feeds[request.topic]?.feed.newestFirst.map(\.fragment.bytes) ?? []
            hub.grant(request, snapshot: rows, at: moment, effects: &effects)
        case .notification:
            let active = notices.active(on: request.topic, at: moment.timestamp)
            hub.grant(request, snapshot: active, at: moment, effects: &effects)
        case .channel, .ownAlerts, .template, nil:
            hub.grant(request, snapshot: [], at: moment, effects: &effects)
        }
    }

    /// On the subscriber's loop: sends the reply, what was missed, and what is to be seen at once.
    private mutating func subscribed(_ answer: SubscriptionAnswer, at moment: Moment, effects: inout Effects) {
        let connection = answer.connection
        guard isOpen(connection), let purpose = SubscriptionPurpose(note: answer.note) else { return }
        let spelling = purpose == .ownAlerts ? ChannelName.ownAlerts : answer.topic
        let isRemote = hub.owner(of: answer.topic) != configuration.shard
        // The rules may have changed while the owner was asked.
        if isRemote,
            !mayStay(connection, on: answer.topic, as: spelling, tags[connection], at: moment, effects: &effects)
        {
            tags[connection] = nil
            if isOpen(connection) { release(connection, effects: &effects) }
            return
        }
        switch purpose {
        case .channel, .ownAlerts, .template: confirm(answer, as: spelling, at: moment, effects: &effects)
        case .report, .notification:
            for frame in answer.snapshot {
                counters.sent(purpose == .report ? .reportStatus : .maintenanceNotice)
                effects.send(effects.encode { $0.append(contentsOf: frame) }, to: connection)
            }
        case .stream: showRows(answer.snapshot, to: connection, at: moment, effects: &effects)
        }
        if isRemote { release(connection, effects: &effects) }
    }

    private mutating func confirm(
        _ answer: SubscriptionAnswer, as channel: String, at moment: Moment, effects: inout Effects
    ) {
        var place = answer.answer
        if answer.note & SubscriptionPurpose.lacksHistory != 0 { place.isRecovered = false }
        let isPositioned = place.position != nil || place.isRecovered != nil
        let subscription = ChannelsSubscription(channel: channel, answer: isPositioned ? place : nil)
        let tag = tags.removeValue(forKey: answer.connection)
        reply(.subscribed(subscription), tag, to: answer.connection, at: moment, effects: &effects)
        if let isRecovered = place.isRecovered {
            if isRecovered { counters.recovered += 1 } else { counters.notRecovered += 1 }
        }
        for message in answer.missed {
            counters.sent(.other)
            effects.send(effects.encode { message.append(to: &$0) }, to: answer.connection)
        }
    }
}
