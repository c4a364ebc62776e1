package import SessionBase
import SessionCodec

/// What concerns every loop: parcels, and questions that all loops answer.
extension ChannelsMachine {
    /// Takes what the machine of another loop sent.
    package mutating func delivered(
        _ parcel: ChannelsParcel, from loop: Int, at moment: Moment, effects: inout Effects
    ) {
        switch parcel {
        case .hub(let parcel):
            hub.delivered(parcel, from: loop, at: moment, effects: &effects)
            settle(at: moment, effects: &effects)
        case .notice(let order): publish(order, from: loop, at: moment, effects: &effects)
        case .noticed(let ticket, let offset, let delivered):
            published(UInt32(ticket), offset: offset, delivered: delivered, at: moment, effects: &effects)
        case .report(let question): answer(question, at: moment, effects: &effects)
        case .reported(let answer): hear(answer, at: moment, effects: &effects)
        case .question(let number, let question):
            let answer = answer(question, at: moment, effects: &effects)
            effects.post(.channels(.answer(number: number, answer)), to: loop)
        case .answer(let number, let answer):
            record(answer, from: loop, for: number, at: moment, effects: &effects)
        }
    }

    /// Asks all loops, this one too; once all have answered, the purpose is served.
    mutating func ask(
        _ question: ChannelsQuestion, for purpose: ChannelsPurpose, at moment: Moment, effects: inout Effects
    ) {
        let number = tallies.begin(purpose, loopCount: configuration.shardCount)
        for loop in 0..<configuration.shardCount where loop != configuration.shard {
            effects.post(.channels(.question(number: number, question)), to: loop)
        }
        let own = answer(question, at: moment, effects: &effects)
        record(own, from: configuration.shard, for: number, at: moment, effects: &effects)
    }

    private mutating func record(
        _ answer: ChannelsAnswer, from loop: Int, for number: UInt64, at moment: Moment, effects: inout Effects
    ) {
        guard let (purpose, answers) = tallies.record(answer, from: loop, for: number) else { return }
        serve(purpose, answers, at: moment, effects: &effects)
    }

    // MARK: Answering

    private mutating func answer(
        _ question: ChannelsQuestion, at moment: Moment, effects: inout Effects
    ) -> ChannelsAnswer {
        switch question {
        case .sendToUser(let user, let message):
            let connections = (users[user]?.all ?? []).filter { isOpen($0) }
            return .count(send(message, to: connections, at: moment, effects: &effects))
        case .sendToConnection(let name, let message):
            let connections = [names[name]].compactMap { $0 }.filter { isOpen($0) }
            return .count(send(message, to: connections, at: moment, effects: &effects))
        case .find(let wanted):
            let found = wanted.compactMap { name in names[name].map { (name, $0) } }
            return .found(Dictionary(found) { first, _ in first })
        case .connections: return .connections(openConnections.map { view(of: $0, at: moment) })
        case .channels(let prefix): return .channels(hub.topicList(prefix: prefix))
        case .members(let channel):
            let members = openConnections.filter { hub.isSubscribed($0, to: channel) }
            return .connections(members.map { view(of: $0, at: moment) })
        }
    }

    /// Sends a producer's message to some connections of this loop.
    ///
    /// - Returns: To how many.
    private mutating func send(
        _ message: ProducerMessage, to connections: [ConnectionID], at moment: Moment, effects: inout Effects
    ) -> Int {
        guard !connections.isEmpty else { return 0 }
        counters.sent(ChannelsServerKind(name: message.type), times: connections.count)
        let encoded = effects.encode { message.append(channel: nil, at: moment.timestamp, to: &$0) }
        effects.publish(encoded, to: connections)
        return connections.count
    }

    // MARK: Serving

    private mutating func serve(
        _ purpose: ChannelsPurpose, _ answers: [ChannelsAnswer], at moment: Moment, effects: inout Effects
    ) {
        switch purpose {
        case .delivery(let ticket, let isToOne):
            let delivered = answers.reduce(0) { if case .count(let count) = $1 { $0 + count } else { $0 } }
            if isToOne, delivered == 0 {
                return fail(ticket, ChannelsFailure(.connectionNotFound), effects: &effects)
            }
            effects.respond(ticket, ChannelsResponse.delivered(ChannelsDelivery(delivered: delivered)))
        case .exclusions(let orders):
            var addresses: [ConnectionName: ConnectionAddress] = [:]
            for (loop, answer) in answers.enumerated() {
                guard case .found(let connections) = answer else { continue }
                for (name, connection) in connections {
                    addresses[name] = ConnectionAddress(loop: loop, connection: connection)
                }
            }
            publish(orders, besides: addresses, at: moment, effects: &effects)
        case .connections(let ticket):
            effects.respond(ticket, ChannelsResponse.connections(Self.connections(of: answers)))
        case .channels(let ticket):
            let channels = Self.channels(of: answers).map { (name: $0.topic, subscribers: $0.subscribers) }
            effects.respond(ticket, ChannelsResponse.channels(channels))
        case .adminChannels(let ticket, let after, let limit):
            effects.respond(ticket, Self.page(Self.channels(of: answers), after: after, limit: limit))
        case .presence(let ticket, let channel):
            effects.respond(ticket, Self.presence(Self.connections(of: answers), channel))
        }
    }

    private static func connections(of answers: [ChannelsAnswer]) -> [ChannelsConnection] {
        answers.flatMap { answer -> [ChannelsConnection] in
            if case .connections(let list) = answer { list } else { [] }
        }
    }

    /// The channels of all owners, by name.
    private static func channels(of answers: [ChannelsAnswer]) -> [(topic: String, subscribers: Int)] {
        let all = answers.flatMap { answer -> [(topic: String, subscribers: Int)] in
            if case .channels(let list) = answer { list } else { [] }
        }
        return all.sorted { $0.topic < $1.topic }
    }

    /// A page of `GET /admin/channels` (PROTOCOLS §1.6).
    private static func page(
        _ channels: [(topic: String, subscribers: Int)], after: String?, limit: Int
    ) -> HTTPResponse {
        let rest = channels.drop { channel in after.map { channel.topic <= $0 } ?? false }
        let items = rest.prefix(limit)
        var json = JSONWriter()
        json.object { json in
            json.field("items") { json in
                json.array { json in
                    for item in items {
                        json.object { json in
                            json.field("channel", item.topic)
                            json.field("subscribers", item.subscribers)
                        }
                    }
                }
            }
            json.field("next_cursor", items.count < rest.count ? items.last?.topic : nil)
            json.field("total", channels.count)
            json.field("nodes", 1)
        }
        return .json(.ok, json.takeBytes())
    }

    /// The answer of `GET /admin/channels/{name}/presence`.
    private static func presence(_ members: [ChannelsConnection], _ channel: String) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.field("channel", channel)
            json.field("items") { json in
                json.array { json in
                    for member in members.prefix(presenceMax) {
                        json.object { json in
                            json.field("id", member.id)
                            if let user = member.user { json.field("userId", user) }
                            json.field("connectedAt", member.connectedAt)
                        }
                    }
                }
            }
            json.field("total", members.count)
            json.field("nodes", 1)
        }
        return .json(.ok, json.takeBytes())
    }

    /// How many members a presence lists; their number is exact (PROTOCOLS §1.6, *Paging*).
    private static let presenceMax = 1000
}
