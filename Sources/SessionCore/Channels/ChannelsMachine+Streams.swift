import SessionBase
import SessionCodec

/// A stream at the loop that owns it.
struct FeedRecord: Sendable {
    var feed = StreamFeed()
    /// When it may be forgotten.
    var forgottenAt: Instant

    /// Bytes of its rows, and an allowance for itself.
    var cost: Int { feed.byteCount + 512 }
}

/// Streams of rows: at the owner the last ones, elsewhere the connections that watch (PROTOCOLS 2-24 … 2-26).
///
/// A connection that wants every row is a member of its channel's group; one with a filter or an interval is served row by
/// row.
extension ChannelsMachine {
    /// How long the rows of a stream are remembered after the last one.
    private static let feedLife = Duration.seconds(86_400)

    // MARK: Watching

    /// Subscribes a connection to its stream; the answer brings the last rows.
    mutating func watch(
        _ connection: ConnectionID, stream: String, at moment: Moment, effects: inout Effects
    ) {
        connections[Int(connection.slot)].watch = watches.insert(ChannelsWatch(id: stream, isStream: true))
        let channel = ChannelName.data(of: stream)
        guard mayWatch(connection, channel, at: moment, effects: &effects) else { return }
        joinStream(connection, nil, at: moment, effects: &effects)
    }

    /// Answers `apply_filter` with the rows that pass, and from then on those.
    mutating func apply(
        _ filter: StreamFilter, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        let slot = connections[Int(connection.slot)].watch
        watches[slot: slot].pace.filter = filter
        watches[slot: slot].pace.restart()
        joinStream(connection, tag, at: moment, effects: &effects)
    }

    /// Answers `update_interval`: silently, unless the client shows that it knows of an answer (PROTOCOLS 2-25).
    mutating func setInterval(
        _ milliseconds: Int64, _ mode: StreamMode?, _ tag: MessageTag?, from connection: ConnectionID,
        at moment: Moment, effects: inout Effects
    ) {
        let slot = connections[Int(connection.slot)].watch
        let wasPlain = watches[slot: slot].pace.isPlain
        let rows = watches[slot: slot].pace.set(.milliseconds(milliseconds), mode ?? .latest, at: moment.instant)
        // While the connection still has its own group.
        send(rows, to: connection, at: moment, effects: &effects)
        schedule(connection)
        let isPlain = watches[slot: slot].pace.isPlain
        if isPlain != wasPlain {
            separate(connection, effects: &effects)
            _ = hub.setDelivery(
                isPlain ? .group : .own, of: connection, to: ChannelName.data(of: watches[slot: slot].id),
                effects: &effects)
        }
        guard mode != nil || tag != nil else { return }
        let answer = ChannelsServerMessage.intervalUpdated(milliseconds, mode: mode ?? .latest)
        reply(answer, tag, to: connection, at: moment, effects: &effects)
    }

    /// Subscribes to the stream, or anew: the rows that come with the answer and those that follow leave no gap.
    private mutating func joinStream(
        _ connection: ConnectionID, _ tag: MessageTag?, at moment: Moment, effects: inout Effects
    ) {
        separate(connection, effects: &effects)
        let watch = watches[slot: connections[Int(connection.slot)].watch]
        var terms = SubscriptionTerms()
        terms.delivery = watch.pace.isPlain ? .group : .own
        terms.wantsSnapshot = true
        terms.renews = true
        join(connection, ChannelName.data(of: watch.id), terms, .stream, tag, at: moment, effects: &effects)
    }

    /// Sends the rows that came with the answer, newest first, as far as they pass the filter.
    mutating func showRows(
        _ rows: [[UInt8]], to connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        let filter = watches[slot: connections[Int(connection.slot)].watch].pace.filter
        let shown = rows.compactMap { StreamRow(JSONFragment(trusted: $0)) }.filter { filter.allows($0) }
        let tag = tags.removeValue(forKey: connection)
        reply(.initialData(shown), tag, to: connection, at: moment, effects: &effects)
    }

    // MARK: Delivering

    /// Puts a connection that is served row by row into a group of its own, or takes it out: what is sent to a group may
    /// give way to newer rows where the connection does not read (PROTOCOLS 2-32).
    private mutating func separate(_ connection: ConnectionID, effects: inout Effects) {
        let slot = connections[Int(connection.slot)].watch
        let isAlone = !watches[slot: slot].pace.isPlain
        guard isAlone != watches[slot: slot].isAlone else { return }
        watches[slot: slot].isAlone = isAlone
        if isAlone {
            effects.join(connection, Self.group(ofWatch: slot))
        } else {
            effects.leave(connection, Self.group(ofWatch: slot))
        }
    }

    /// Takes a connection that goes out of its own group, where it has one.
    mutating func leaveAlone(_ connection: ConnectionID, effects: inout Effects) {
        let slot = connections[Int(connection.slot)].watch
        guard slot != noIndex, watches[slot: slot].isAlone else { return }
        watches[slot: slot].isAlone = false
        effects.leave(connection, Self.group(ofWatch: slot))
    }

    /// The group of a connection alone; the hub's groups have the numbers below 2³¹.
    private static func group(ofWatch slot: UInt32) -> GroupID { GroupID(.channels, 1 << 31 | slot) }

    /// Serves the subscribers that want rows in their own way.
    mutating func deliver(_ publication: HeardPublication, at moment: Moment, effects: inout Effects) {
        let row = publication.detail.isEmpty ? nil : StreamRow(JSONFragment(trusted: publication.detail))
        var whole: EncodedMessage?
        for connection in publication.subscribers where isOpen(connection) {
            let slot = connections[Int(connection.slot)].watch
            switch row.map({ watches[slot: slot].pace.take($0, at: moment.instant) }) ?? .send {
            case .skip: break
            case .send:
                if let row, watches[slot: slot].pace.mode == .batch {
                    send([row], to: connection, at: moment, effects: &effects)
                } else {
                    let message = whole ?? effects.encode { $0.append(contentsOf: publication.message.message) }
                    whole = message
                    effects.multicast(
                        Multicast(message, to: Self.group(ofWatch: slot), policy: publication.policy))
                }
            case .wait(isFirst: true): schedule(connection)
            case .wait(isFirst: false):
                if watches[slot: slot].pace.mode == .latest { counters.conflatedRows += 1 }
            }
        }
    }

    /// Sends the rows whose time has come.
    mutating func sendDueRows(at moment: Moment, effects: inout Effects) {
        while let entry = paces.popDue(at: moment.instant) {
            guard isMeaningful(entry) else { continue }
            let slot = connections[Int(entry.connection.slot)].watch
            watches[slot: slot].scheduledAt = nil
            let rows = watches[slot: slot].pace.release(at: moment.instant)
            send(rows, to: entry.connection, at: moment, effects: &effects)
            schedule(entry.connection)
        }
    }

    /// Has a connection looked at when its rows are due, unless it will be before.
    private mutating func schedule(_ connection: ConnectionID) {
        let slot = connections[Int(connection.slot)].watch
        guard let due = watches[slot: slot].pace.due, due < watches[slot: slot].scheduledAt ?? .distantFuture else {
            return
        }
        watches[slot: slot].scheduledAt = due
        paces.push(PaceEntry(connection: connection, due: due), due: due)
        forgetStalePaces()
    }

    /// Keeps the entries of connections that are gone, or were brought forward again and again, from piling up.
    mutating func forgetStalePaces() {
        guard paces.count > pacesMax else { return }
        var entries = paces
        entries.keep { isMeaningful($0) }
        paces = entries
    }

    /// How many entries there may be: each watch has one that means something.
    var pacesMax: Int { 64 + 2 * watches.count }

    private func isMeaningful(_ entry: PaceEntry) -> Bool {
        guard isOpen(entry.connection) else { return false }
        let slot = connections[Int(entry.connection.slot)].watch
        return slot != noIndex && watches[slot: slot].scheduledAt == entry.due
    }

    /// Sends rows that a connection waited for: the newest one, or in batch mode all.
    private mutating func send(
        _ rows: [StreamRow], to connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        guard let newest = rows.last else { return }
        let slot = connections[Int(connection.slot)].watch
        let channel = ChannelName.data(of: watches[slot: slot].id)
        let isBatch = watches[slot: slot].pace.mode == .batch
        let update =
            isBatch
            ? ChannelsServerMessage.dataBatch(rows, channel: channel) : .dataUpdate(newest, channel: channel)
        counters.sent(.dataUpdate)
        let message = effects.encode { update.encode(at: moment.timestamp, to: &$0) }
        effects.multicast(
            Multicast(
                message, to: Self.group(ofWatch: slot),
                policy: isBatch ? .dropOldest : .conflate(key: key(of: .dataUpdate, channel, on: channel))))
    }

    // MARK: Producers

    /// Takes the rows that a producer pushes, in the order of their arrival.
    mutating func push(
        _ ticket: RequestTicket, _ rows: [StreamRow], to template: String, at moment: Moment, effects: inout Effects
    ) {
        let channel = ChannelName.data(of: template)
        let isNew = feeds[channel] == nil
        let forgottenAt = moment.instant + Self.feedLife
        feeds[channel, default: FeedRecord(forgottenAt: forgottenAt)].forgottenAt = forgottenAt
        if isNew { feedsCost += FeedRecord(forgottenAt: forgottenAt).cost }
        if isNew { retirements.push(.feed(channel), due: forgottenAt) }
        guard !rows.isEmpty else {
            let nothing = ChannelsDelivery(delivered: 0, channel: channel)
            return effects.respond(ticket, ChannelsResponse.delivered(nothing))
        }
        for (index, row) in rows.enumerated() {
            keep(row, of: channel)
            publish(
                .dataUpdate(row, channel: channel), to: channel, about: channel, detail: row.fragment.bytes,
                asker: index == rows.count - 1 ? .request(ticket) : .nobody, at: moment, effects: &effects)
            publish(
                .dataUpdate(row, channel: ChannelName.dataUpdates), to: ChannelName.dataUpdates, about: channel,
                at: moment, effects: &effects)
        }
    }

    /// Remembers a row; where streams cost too much, those that were quiet for longest are forgotten.
    private mutating func keep(_ row: StreamRow, of channel: String) {
        guard var record = feeds.removeValue(forKey: channel) else { return }
        feedsCost -= record.cost
        record.feed.append(row, countMax: configuration.rowsMax)
        feedsCost += record.cost
        if feedsCost > Self.feedsCostMax {
            for (name, other) in feeds.sorted(by: { $0.forgottenAt < $1.forgottenAt }) {
                guard feedsCost > Self.feedsCostMax / 8 * 7 else { break }
                feedsCost -= other.cost
                feeds[name] = nil
            }
        }
        feeds[channel] = record
        arrangeRetirements()
    }

    /// What the streams of a loop may cost, in bytes.
    private static let feedsCostMax = 64 << 20

    /// Forgets a stream whose time has come.
    mutating func retire(feed channel: String, at moment: Moment) {
        guard let record = feeds[channel] else { return }
        if record.forgottenAt > moment.instant {
            retirements.push(.feed(channel), due: record.forgottenAt)
        } else {
            feedsCost -= record.cost
            feeds[channel] = nil
        }
    }
}
