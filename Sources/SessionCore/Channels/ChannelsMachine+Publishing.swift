package import SessionBase
import SessionCodec

/// Who wants to know what became of a publication.
enum PublicationAsker: Sendable {
    case nobody
    /// A producer's HTTP request.
    case request(RequestTicket)
    /// An item of a batch of this loop.
    case item(batch: UInt32, index: Int)
    /// A connection that published.
    case connection(ConnectionID, MessageTag?, channel: String)
    /// Another loop, whose notice this loop published.
    case loop(Int, ticket: UInt64)
}

/// A publication whose outcome is not known yet.
struct PendingPublication: TableRecord {
    static let vacant = PendingPublication(channel: "", kind: .other, asker: .nobody, since: .zero)

    let channel: String
    let kind: ChannelsServerKind
    let asker: PublicationAsker
    let since: Instant
}

/// A batch of broadcasts whose outcomes are not all known yet.
struct PendingBatch: TableRecord {
    static let vacant = PendingBatch(ticket: RequestTicket(loop: 0, number: 0), results: [])

    let ticket: RequestTicket
    /// In the order of the items.
    var results: [Result<ChannelsDelivery, ChannelsFailure>?]
    var missing = 0
}

/// Who is told, and how many were.
extension ChannelsMachine {
    /// Answers a client's `publish` (EXT, PROTOCOLS 2-13).
    mutating func publish(
        _ message: ProducerMessage, to channel: String, _ tag: MessageTag?, from connection: ConnectionID,
        at moment: Moment, effects: inout Effects
    ) {
        let caller = caller(of: connection)
        let topic = ChannelAccess.resolved(channel, for: caller)
        if let error = access.refusal(toPublishTo: topic, as: channel, by: caller) {
            return reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        }
        guard !Self.isReserved(message.type) else {
            let error = ChannelsError(
                .invalidMessage, message: "The type \(message.type) is the server's own", channel: channel)
            return reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        }
        let slot = broadcast(
            message, to: topic, asker: .connection(connection, tag, channel: channel), at: moment, effects: &effects)
        // Where other loops have to say how many heard it, the answer comes later.
        if publications.contains(slot: slot) { awaitAnswer(slot, for: connection, effects: &effects) }
    }

    /// Whether clients would take a message of such a type for the server's own words.
    private static func isReserved(_ type: String) -> Bool {
        switch ChannelsServerKind(name: type) {
        case .systemAlert, .maintenanceNotice, .other: false
        case .welcome, .subscribed, .unsubscribed, .pong, .status, .reportStatus, .reportCompleted, .initialData,
            .dataUpdate, .error, .health, .published, .intervalUpdated:
            true
        }
    }

    /// Sends a producer's message to the subscribers of a channel (PROTOCOLS 2-15).
    ///
    /// - Returns: The place in ``publications`` of what is not known yet; vacant where it is known already.
    @discardableResult
    mutating func broadcast(
        _ message: ProducerMessage, to channel: String, except: ConnectionAddress? = nil, asker: PublicationAsker,
        at moment: Moment, effects: inout Effects
    ) -> UInt32 {
        let isNotice = message.type == NoticeBoard.kind && ChannelName.notifications.contains(channel)
        let slot = publications.insert(
            PendingPublication(
                channel: channel, kind: ChannelsServerKind(name: message.type), asker: asker, since: moment.instant))
        guard !isNotice || hub.owner(of: channel) == configuration.shard else {
            // Remembering and publishing must be one step, or a newcomer would see the notice twice or never.
            let order = NoticeOrder(channel: channel, message: message, except: except, ticket: UInt64(slot))
            effects.post(.channels(.notice(order)), to: hub.owner(of: channel))
            return slot
        }
        var frame: [UInt8] = []
        message.append(channel: channel, at: moment.timestamp, to: &frame)
        if isNotice { notices.put(message, frame: frame, on: channel, at: moment.timestamp) }
        var publication = Publication(frame, policy: policy(of: channel), history: history(of: channel))
        publication.except = except
        publication.ticket = UInt64(slot)
        hub.publish(publication, to: channel, at: moment, effects: &effects)
        settle(at: moment, effects: &effects)
        return slot
    }

    /// Remembers and publishes a notice that came in over another loop.
    mutating func publish(_ order: NoticeOrder, from loop: Int, at moment: Moment, effects: inout Effects) {
        broadcast(
            order.message, to: order.channel, except: order.except, asker: .loop(loop, ticket: order.ticket),
            at: moment,
            effects: &effects)
    }

    /// Publishes what this machine itself has to say of a report or stream; the newest is enough for those who do not read
    /// (PROTOCOLS 2-32).
    ///
    /// - Parameters:
    ///   - subject: What it is about, and what newer messages replace.
    ///   - detail: The row, for those who filter.
    mutating func publish(
        _ message: ChannelsServerMessage, to channel: String, about subject: String, detail: [UInt8] = [],
        asker: PublicationAsker = .nobody, at moment: Moment, effects: inout Effects
    ) {
        var frame: [UInt8] = []
        message.encode(at: moment.timestamp, to: &frame)
        var publication = Publication(
            frame, policy: .conflate(key: key(of: message.kind, subject, on: channel)), history: history(of: channel))
        publication.detail = detail
        publication.ticket = UInt64(
            publications.insert(
                PendingPublication(channel: channel, kind: message.kind, asker: asker, since: moment.instant)))
        hub.publish(publication, to: channel, at: moment, effects: &effects)
        settle(at: moment, effects: &effects)
    }

    /// What becomes of a producer's messages for those who do not read.
    private func policy(of channel: String) -> OverflowPolicy {
        switch access.rule(for: channel)?.overflow ?? .disconnect {
        case .disconnect: .disconnect
        case .dropOldest: .dropOldest
        case .conflate: .conflate(key: key(of: .other, channel, on: channel))
        }
    }

    private func history(of channel: String) -> HistoryPolicy? { access.rule(for: channel)?.historyPolicy }

    /// What messages replace each other: those of one kind about one thing on one channel.
    func key(of kind: ChannelsServerKind, _ subject: String, on channel: String) -> UInt64 {
        let hash = configuration.hash
        let place = hash.hash(hash.hash(channel.utf8.span) &+ UInt64(kind.rawValue))
        return hash.hash(hash.hash(subject.utf8.span) ^ place)
    }

    // MARK: Outcomes

    /// Tells whoever wants to know what became of a publication.
    mutating func published(_ outcome: PublicationOutcome, at moment: Moment, effects: inout Effects) {
        published(
            UInt32(outcome.ticket), offset: outcome.offset, delivered: outcome.delivered, at: moment, effects: &effects)
    }

    /// The same for the place in ``publications``.
    mutating func published(
        _ slot: UInt32, offset: UInt64, delivered: Int, at moment: Moment, effects: inout Effects
    ) {
        let publication = publications.remove(slot: slot)
        let delivery = ChannelsDelivery(delivered: delivered, channel: publication.channel, offset: offset)
        if case .loop(let loop, let ticket) = publication.asker {
            // The other loop counts it.
            return effects.post(
                .channels(.noticed(ticket: ticket, offset: offset, delivered: delivered)), to: loop)
        }
        counters.publications += 1
        counters.sent(publication.kind, times: delivered)
        unwritten.append(publication.since)
        switch publication.asker {
        case .nobody, .loop: break
        case .request(let ticket): effects.respond(ticket, ChannelsResponse.delivered(delivery))
        case .item(let batch, let index): finish(batch, index, .success(delivery), effects: &effects)
        case .connection(let connection, let tag, let channel):
            guard isOpen(connection) else { return }
            let answer = ChannelsPublication(channel: channel, delivered: delivered, offset: offset)
            self.answer(slot, .published(answer), tag, to: connection, at: moment, effects: &effects)
        }
    }

    /// Whether messages were published whose writing is to be told with ``wrote(at:)``.
    package var isWriting: Bool { !unwritten.isEmpty }

    /// Records that everything that was published is written, or queued for those who do not read.
    package mutating func wrote(at now: Instant) {
        for since in unwritten { counters.fanout.record(now - since) }
        unwritten.removeAll(keepingCapacity: true)
    }

    /// Records the result of an item; the last one answers the batch.
    mutating func finish(
        _ batch: UInt32, _ index: Int, _ result: Result<ChannelsDelivery, ChannelsFailure>, effects: inout Effects
    ) {
        batches[slot: batch].results[index] = result
        batches[slot: batch].missing -= 1
        guard batches[slot: batch].missing == 0 else { return }
        let done = batches.remove(slot: batch)
        effects.respond(done.ticket, ChannelsResponse.batch(done.results.compactMap { $0 }))
    }
}
