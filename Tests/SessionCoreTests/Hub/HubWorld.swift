import SessionBase
import SessionCodec
import SessionCore

/// Random work on hubs; ``HubBooks`` judge what comes of it.
struct HubWorld {
    /// Somebody who connects again and again, each time as a new connection.
    struct Client {
        var loop: Int
        var connection: ConnectionAddress?
        /// How much of what it heard was looked at.
        var readCount = 0
        /// What it is subscribed to, or asked for.
        var books: [String: HubBooks] = [:]
        /// Where it was in each topic when a subscription ended.
        var places: [String: TopicPosition] = [:]
    }

    var network: HubNetwork
    private(set) var complaints: [String] = []
    private(set) var recoveredCount = 0
    private var random: SeededRandom
    private let topics = (0..<4).map { "topic-\($0)" }
    private var clients: [Client]
    private var excepted: [ConnectionAddress?] = []
    private var hearers: [Int] = []
    private var lastNote: UInt64 = 0
    /// By loop: connections of different loops have the same slots.
    private var connectionCounts: [UInt32]

    init(loops: Int, seed: UInt64) {
        network = HubNetwork(loops: loops)
        network.grantsAtOnce = false
        random = SeededRandom(seed: seed)
        connectionCounts = Array(repeating: 0, count: loops)
        clients = (0..<6).map { Client(loop: $0 % loops) }
    }

    /// Does something.
    mutating func step() {
        let client = Int.random(in: clients.indices, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case ..<12: connect(client)
        case ..<16: disconnect(client)
        case ..<34: subscribe(client)
        case ..<38: unsubscribe(client)
        case ..<42: change(client)
        case ..<62: publish()
        case ..<90: deliver()
        case ..<98: answer()
        default: wait()
        }
        for client in clients.indices { read(client) }
    }

    /// Lets everything come to rest, checks that everybody heard all, and that nothing stays when all are gone.
    mutating func end() {
        settle()
        for client in clients.indices {
            for (topic, books) in clients[client].books.sorted(by: { $0.key < $1.key }) {
                if !books.isBegun { complain("\(topic) was never answered, or without a snapshot") }
                complaints += books.complaints(atTheEndOf: sequence(topic), excepted)
            }
        }
        for client in clients.indices { disconnect(client) }
        settle()
        checkCounts()
        network.wait(.seconds(61))
        network.wait(.seconds(61))
        for hub in network.hubs {
            if hub.topicCount > 0 || hub.deadline != nil || hub.keptBytes > 0 { complain("something stays") }
        }
        if network.groups.contains(where: { !$0.isEmpty }) { complain("a group stays") }
    }

    private mutating func settle() {
        repeat {
            network.settle()
            if !network.asked.isEmpty { grant(0) }
            for client in clients.indices { read(client) }
        } while !network.asked.isEmpty || !network.routes.isEmpty
    }

    private mutating func checkCounts() {
        let delivered = network.outcomes.sorted { $0.ticket < $1.ticket }.map(\.delivered)
        if delivered != hearers { complain("the counts are \(delivered), those who heard \(hearers)") }
        for (topic, changes) in Dictionary(grouping: network.occupation, by: { $0.dropFirst() }) {
            for (place, change) in changes.enumerated() where change.hasPrefix("+") != place.isMultiple(of: 2) {
                complain("\(topic) was occupied or vacated twice")
            }
            if !changes.count.isMultiple(of: 2) { complain("\(topic) was never vacated") }
        }
    }

    private mutating func complain(_ text: String) { complaints.append(text) }

    // MARK: What clients do

    private mutating func connect(_ client: Int) {
        guard clients[client].connection == nil else { return }
        let loop = clients[client].loop
        connectionCounts[loop] += 1
        clients[client].connection = HubNetwork.connection(connectionCounts[loop], on: loop)
        clients[client].readCount = 0
    }

    private mutating func disconnect(_ client: Int) {
        guard let connection = clients[client].connection else { return }
        network.close(connection)
        for topic in clients[client].books.keys { forget(client, topic) }
        clients[client].connection = nil
    }

    private mutating func subscribe(_ client: Int) {
        guard let connection = clients[client].connection else { return }
        let topic = topics.randomElement(using: &random)!
        let (renews, isOwn, wantsSnapshot) = (random.chance(0.3), random.chance(0.2), random.chance(0.3))
        let isSubscribed = clients[client].books[topic] != nil
        var before: HubBooks?
        if isSubscribed, renews {
            // Some know where they are, others go back.
            if !wantsSnapshot { before = clients[client].books[topic] }
            if random.chance(0.7) { forget(client, topic) }
        }
        let since: TopicSince? =
            random.chance(0.7) ? clients[client].places[topic].map { .position($0) } ?? .now : nil
        lastNote += 1
        let action = network.subscribe(connection, topic, since: since, keeping: HubBooks.kept, note: lastNote) {
            $0.wantsSnapshot = wantsSnapshot
            $0.renews = renews
            if isOwn { $0.delivery = .own }
        }
        if (action == .already) != (isSubscribed && !renews) { complain("\(action) for \(topic)") }
        if action != .already {
            clients[client].books[topic] = HubBooks(
                connection, topic, since: since, wantsSnapshot: wantsSnapshot, after: before)
        }
    }

    private mutating func unsubscribe(_ client: Int) {
        guard let connection = clients[client].connection,
            let topic = clients[client].books.keys.sorted().randomElement(using: &random)
        else { return }
        if !network.unsubscribe(connection, topic) { complain("\(topic) cannot be left") }
        forget(client, topic)
    }

    /// Has the messages of a subscription come to the group's members, or to each by itself.
    private mutating func change(_ client: Int) {
        guard let connection = clients[client].connection, let topic = topics.randomElement(using: &random) else {
            return
        }
        let isChanged = network.setDelivery(random.chance(0.5) ? .own : .group, of: connection, topic)
        if isChanged != (clients[client].books[topic]?.isAnswered ?? false) { complain("\(topic) is changed wrongly") }
    }

    /// Ends a subscription, and remembers where it was.
    private mutating func forget(_ client: Int, _ topic: String) {
        guard let books = clients[client].books.removeValue(forKey: topic), books.isHearing else { return }
        clients[client].places[topic] = books.place
    }

    private mutating func publish() {
        let topic = topics.randomElement(using: &random)!
        let except = random.chance(0.2) ? clients.randomElement(using: &random)!.connection : nil
        let number = hearers.count
        hearers.append(0)
        excepted.append(except)
        let loop = Int.random(in: network.hubs.indices, using: &random)
        network.publish("\(number)", to: topic, on: loop, keeping: HubBooks.kept, ticket: UInt64(number)) {
            $0.except = except
        }
    }

    // MARK: What happens by itself

    private mutating func deliver() {
        guard let route = network.routes.randomElement(using: &random) else { return }
        network.deliver(from: route.from, to: route.to)
    }

    private mutating func answer() {
        guard let place = network.asked.indices.randomElement(using: &random) else { return }
        if random.chance(0.2) { network.refuse(place) } else { grant(place) }
    }

    /// Grants with a snapshot that says how many messages there were.
    private mutating func grant(_ place: Int) {
        network.grant(place, ["\(sequence(network.asked[place].request.topic).count)"])
    }

    private mutating func wait() { network.wait(.seconds(Int.random(in: 1...40, using: &random))) }

    // MARK: What clients hear

    private func sequence(_ topic: String) -> [HubBooks.Message] {
        (network.sequences[topic] ?? []).map { HubBooks.Message(number: Self.number($0.text), at: $0.at) }
    }

    private mutating func read(_ client: Int) {
        guard let connection = clients[client].connection else { return }
        let heard = network.heard[connection] ?? []
        var latest: String?
        for item in heard[clients[client].readCount...] {
            if case .subscribed(let topic, _) = item { latest = topic }
            take(item, client, latest)
        }
        clients[client].readCount = heard.count
    }

    /// - Parameter latest: The topic of the answer that came last.
    private mutating func take(_ item: HubNetwork.Heard, _ client: Int, _ latest: String?) {
        switch item {
        case .snapshot(let text):
            guard let topic = latest, let count = Int(text), clients[client].books[topic] != nil else {
                return complain("a snapshot without an answer")
            }
            complaints += clients[client].books[topic]!.take(snapshot: count)
        case .granted(let topic, let count):
            guard clients[client].books[topic] != nil else { return complain("\(topic): granted to nobody") }
            complaints += clients[client].books[topic]!.begin(after: count, sequence(topic), excepted)
        case .refused(let topic, _):
            if clients[client].books.removeValue(forKey: topic)?.isAnswered != false { complain("\(topic): refused") }
        case .subscribed(let topic, let answer):
            guard clients[client].books[topic]?.isAnswered == false else { return complain("\(topic): answered twice") }
            if answer.isRecovered == true { recoveredCount += 1 }
            complaints += clients[client].books[topic]!.take(answer, sequence(topic), at: network.moment.instant)
        case .message(let text), .own(let text): take(text, client)
        }
    }

    private mutating func take(_ text: String, _ client: Int) {
        let number = Self.number(text)
        guard let topic = topics.first(where: { sequence($0).contains { $0.number == number } }),
            clients[client].books[topic]?.isHearing == true
        else { return complain("message \(number) is heard by somebody who is not subscribed") }
        let offset = text.split(separator: ":").last.flatMap { UInt64($0.dropLast()) }
        let isReplay = offset.map { clients[client].books[topic]!.isReplay($0) } ?? false
        if !isReplay { hearers[number] += 1 }
        if !isReplay, let except = excepted[number], except == clients[client].connection {
            complain("message \(number) is heard by whom it leaves out")
        }
        complaints += clients[client].books[topic]!.take(number, offset, sequence(topic), excepted)
    }

    /// The number in `{"m":"NUMBER"}`.
    private static func number(_ text: String) -> Int { Int(text.dropFirst(6).prefix { $0 != "\"" })! }
}
