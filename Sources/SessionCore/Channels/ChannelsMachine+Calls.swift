package import SessionBase
package import SessionCodec

/// What producers and administrators ask over HTTP (PROTOCOLS §4.5, §1.6).
///
/// Whether somebody may ask at all, `ChannelsCall.need` says and the server judges; only what it takes to watch a report is
/// judged here, by the rules of its channel.
extension ChannelsMachine {
    /// Which loop's machine should be asked: any can be, but that one need not ask others.
    package func shard(of call: ChannelsCall) -> Int {
        switch call {
        case .broadcast(let broadcast): hub.owner(of: broadcast.channel)
        case .updateReport(let update): hub.owner(of: ChannelName.progress(of: update.report))
        case .completeReport(let report, _), .getReport(let report): hub.owner(of: ChannelName.progress(of: report))
        case .pushRows(let template, _): hub.owner(of: ChannelName.data(of: template))
        case .sendToUser, .sendToConnection, .batch, .listConnections, .listChannels: configuration.shard
        }
    }

    /// Whether a call does nothing but publish, and that as soon as the machine has it that ``shard(of:)-(ChannelsCall)`` names:
    /// on each channel such calls keep the order in which they are handed on, answered or not.
    ///
    /// Who is left out must first be found; and news of reports and streams go to everybody's channels over their own loops.
    package func publishesAtOnce(_ call: ChannelsCall) -> Bool {
        switch call {
        case .broadcast(let broadcast): return broadcast.excluded == nil
        case .batch(let items):
            return items.allSatisfy { item in if case .success(let item) = item { item.excluded == nil } else { true } }
        case .sendToUser, .sendToConnection, .updateReport, .completeReport, .getReport, .pushRows, .listConnections,
            .listChannels:
            return false
        }
    }

    /// Which loop's machine must be asked.
    package func shard(of call: ChannelsAdminCall) -> Int {
        switch call {
        case .history(let channel): hub.owner(of: channel)
        case .list, .presence: configuration.shard
        }
    }

    /// Answers a request of the HTTP API; requests about a report or a stream must come to the loop that
    /// ``shard(of:)-(ChannelsCall)`` names.
    package mutating func requested(
        _ ticket: RequestTicket, _ call: ChannelsCall, by identity: Identity?, at moment: Moment,
        effects: inout Effects
    ) {
        counters.requests += 1
        switch call {
        case .broadcast(let broadcast):
            publish([BroadcastOrder(broadcast, asker: .request(ticket))], at: moment, effects: &effects)
        case .batch(let items): take(ticket, items, at: moment, effects: &effects)
        case .sendToUser(let user, let message):
            ask(.sendToUser(user, message), for: .delivery(ticket, isToOne: false), at: moment, effects: &effects)
        case .sendToConnection(let text, let message):
            guard let name = ConnectionName(text) else {
                return fail(ticket, ChannelsFailure(.connectionNotFound), effects: &effects)
            }
            ask(.sendToConnection(name, message), for: .delivery(ticket, isToOne: true), at: moment, effects: &effects)
        case .updateReport(let update): self.update(ticket, update, at: moment, effects: &effects)
        case .completeReport(let report, let completion):
            complete(ticket, report, completion, at: moment, effects: &effects)
        case .getReport(let report): show(ticket, report, to: ChannelCaller(identity), effects: &effects)
        case .pushRows(let template, let rows): push(ticket, rows, to: template, at: moment, effects: &effects)
        case .listConnections: ask(.connections, for: .connections(ticket), at: moment, effects: &effects)
        case .listChannels: ask(.channels(prefix: ""), for: .channels(ticket), at: moment, effects: &effects)
        }
    }

    /// Answers a request of the admin API; it must come to the loop that ``shard(of:)-(ChannelsAdminCall)`` names.
    package mutating func requested(
        _ ticket: RequestTicket, _ call: ChannelsAdminCall, at moment: Moment, effects: inout Effects
    ) {
        counters.requests += 1
        switch call {
        case .list(let prefix, let after, let limit):
            let purpose = ChannelsPurpose.adminChannels(ticket, after: after, limit: limit)
            ask(.channels(prefix: prefix), for: purpose, at: moment, effects: &effects)
        case .presence(let channel):
            guard access.rule(for: channel)?.hasPresence ?? true else {
                let message = "the rule of the channel \(channel) says presence=off"
                return fail(ticket, ChannelsFailure(.forbidden, message: message), effects: &effects)
            }
            ask(.members(channel), for: .presence(ticket, channel: channel), at: moment, effects: &effects)
        case .history(let channel): showHistory(ticket, of: channel, at: moment, effects: &effects)
        }
    }

    /// Answers a request with an error.
    mutating func fail(_ ticket: RequestTicket, _ failure: ChannelsFailure, effects: inout Effects) {
        counters.requestFailures += 1
        effects.respond(ticket, failure.response)
    }

    // MARK: Broadcasts

    /// Publishes broadcasts in their order, once it is known where the connections are that they leave out.
    private mutating func publish(_ orders: [BroadcastOrder], at moment: Moment, effects: inout Effects) {
        let excluded = orders.compactMap(\.excluded)
        guard configuration.shardCount > 1, excluded.contains(where: { names[$0] == nil }) else {
            let own = excluded.compactMap { name in
                names[name].map { (name, ConnectionAddress(loop: configuration.shard, connection: $0)) }
            }
            return publish(orders, besides: Dictionary(own) { first, _ in first }, at: moment, effects: &effects)
        }
        ask(.find(excluded), for: .exclusions(orders), at: moment, effects: &effects)
    }

    /// Publishes broadcasts, now that it is known where connections are.
    mutating func publish(
        _ orders: [BroadcastOrder], besides addresses: [ConnectionName: ConnectionAddress], at moment: Moment,
        effects: inout Effects
    ) {
        for order in orders {
            broadcast(
                order.message, to: order.channel, except: order.excluded.flatMap { addresses[$0] }, asker: order.asker,
                at: moment, effects: &effects)
        }
    }

    /// Publishes the items of a batch in their order; the answer comes once all outcomes are known.
    private mutating func take(
        _ ticket: RequestTicket, _ items: [Result<ChannelsBroadcast, ChannelsFailure>], at moment: Moment,
        effects: inout Effects
    ) {
        guard !items.isEmpty else { return effects.respond(ticket, ChannelsResponse.batch([])) }
        let results = [Result<ChannelsDelivery, ChannelsFailure>?](repeating: nil, count: items.count)
        let batch = batches.insert(PendingBatch(ticket: ticket, results: results, missing: items.count))
        var orders: [BroadcastOrder] = []
        for (index, item) in items.enumerated() {
            switch item {
            case .success(let broadcast):
                orders.append(BroadcastOrder(broadcast, asker: .item(batch: batch, index: index)))
            case .failure(let failure): finish(batch, index, .failure(failure), effects: &effects)
            }
        }
        publish(orders, at: moment, effects: &effects)
    }

    // MARK: Views

    private mutating func show(
        _ ticket: RequestTicket, _ report: String, to caller: ChannelCaller, effects: inout Effects
    ) {
        let channel = ChannelName.progress(of: report)
        if let error = access.refusal(toHear: channel, as: channel, by: caller) {
            let code = error.code == .unauthorized ? ChannelsFailureCode.unauthorized : .forbidden
            return fail(ticket, ChannelsFailure(code), effects: &effects)
        }
        guard let status = self.report(report) else {
            return fail(ticket, ChannelsFailure(.reportNotFound), effects: &effects)
        }
        effects.respond(ticket, ChannelsResponse.report(status))
    }

    private func showHistory(
        _ ticket: RequestTicket, of channel: String, at moment: Moment, effects: inout Effects
    ) {
        var json = JSONWriter()
        json.object { json in
            json.field("channel", channel)
            if let position = hub.position(of: channel) {
                json.field("epoch", position.epoch)
                json.field("offset", position.offset)
            }
            json.field("items") { json in
                json.array { json in
                    for message in hub.history(of: channel, at: moment) {
                        json.object { json in
                            json.field("offset", message.offset)
                            json.field("message", JSONFragment(trusted: message.message))
                        }
                    }
                }
            }
            json.field("nodes", 1)
        }
        effects.respond(ticket, .json(.ok, json.takeBytes()))
    }
}

extension BroadcastOrder {
    fileprivate init(_ broadcast: ChannelsBroadcast, asker: PublicationAsker) {
        channel = broadcast.channel
        message = broadcast.message
        excluded = broadcast.excluded.flatMap { ConnectionName($0) }
        self.asker = asker
    }
}
