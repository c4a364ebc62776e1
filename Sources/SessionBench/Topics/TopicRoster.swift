import SessionBase

/// Who hears what and who publishes where, in one worker's share of a run.
///
/// Topics, subscribers and publishers are numbered in the whole run; subscribers and publishers also have the worker's own
/// numbers, by which methods know them unless they say otherwise. Channels are the topics `0..<channels`. Of lockers the
/// namespaces come first, then the rooms, namespace after namespace.
struct TopicRoster: Sendable {
    /// What a broadcast of lockers goes to.
    enum Scope { case namespaces, rooms }

    let load: TopicLoad
    private let share: WorkerShare
    /// The worker's subscribers and publishers, whose own numbers are 0 up to these.
    let subscribers: Int
    let publishers: Int
    /// All topics, and all publishers of the run.
    let topics: Int
    let allPublishers: Int
    private let topicsOfPublisher: [(namespaces: [Int], rooms: [Int])]

    /// Reads a share of a run.
    init(_ share: WorkerShare, _ load: TopicLoad) {
        self.load = load
        self.share = share
        subscribers = share.connections
        publishers = share.requestConnections
        allPublishers = load.publishers
        let scopes = Self.scopes(load)
        topics = scopes.rooms.upperBound
        topicsOfPublisher = (0..<share.requestConnections).map { publisher in
            let number = share.globalNumber(publisher)
            return (
                Self.part(of: scopes.namespaces, number, load.publishers),
                Self.part(of: scopes.rooms, number, load.publishers)
            )
        }
    }

    /// Which topics are channels or namespaces, and which are rooms.
    private static func scopes(_ load: TopicLoad) -> (namespaces: Range<Int>, rooms: Range<Int>) {
        let first = load.kind == .fanout ? load.channels : load.namespaces.count
        return (0..<first, first..<first + (load.kind == .fanout ? 0 : load.namespaces.count * load.rooms))
    }

    // MARK: Publishers

    /// Shares topics out among publishers: to one each where there are fewer publishers, else one to each publisher.
    private static func part(of topics: Range<Int>, _ publisher: Int, _ publishers: Int) -> [Int] {
        guard publishers > topics.count else {
            return Array(stride(from: topics.lowerBound + publisher, to: topics.upperBound, by: publishers))
        }
        return topics.isEmpty ? [] : [topics.lowerBound + publisher % topics.count]
    }

    /// How many publishers of the run each topic has.
    var publishersOfTopics: [Int] {
        let scopes = Self.scopes(load)
        return [scopes.namespaces, scopes.rooms].flatMap { topics in
            topics.map { topic in
                guard load.publishers > topics.count else { return 1 }
                let place = topic - topics.lowerBound
                return (load.publishers - 1 - place) / topics.count + 1
            }
        }
    }

    /// All topics of a publisher.
    func topics(ofPublisher publisher: Int) -> [Int] {
        topicsOfPublisher[publisher].namespaces + topicsOfPublisher[publisher].rooms
    }

    /// The topic of a publisher's n-th publication: each of its topics in turn.
    ///
    /// - Parameter scope: What it goes to, where the publisher has such.
    func topic(ofPublisher publisher: Int, turn: Int, scope: Scope) -> Int {
        let own = topicsOfPublisher[publisher]
        let wanted = scope == .rooms && !own.rooms.isEmpty || own.namespaces.isEmpty ? own.rooms : own.namespaces
        return wanted[turn % wanted.count]
    }

    /// The number of a publisher in the whole run.
    @inline(__always)
    func number(ofPublisher publisher: Int) -> Int { share.globalNumber(publisher) }

    /// The worker's own number of a publisher; `nil` for another worker's.
    @inline(__always)
    func ownPublisher(_ number: Int) -> Int? {
        number % share.plan.workers == share.index && number < allPublishers ? number / share.plan.workers : nil
    }

    // MARK: Subscribers

    /// The number of a subscriber in the whole run.
    func number(ofSubscriber subscriber: Int) -> Int { share.globalNumber(subscriber) }

    /// How many places there are: topics of subscribers.
    var places: Int { subscribers * load.slots }

    /// The first place of a subscriber; the others follow.
    @inline(__always)
    func firstPlace(of subscriber: Int) -> Int { subscriber * load.slots }

    /// Where a subscriber hears a topic; `nil` where it does not.
    @inline(__always)
    func place(of topic: Int, at subscriber: Int) -> Int? {
        guard topic < topics else { return nil }
        let slot: Int
        if load.kind == .fanout {
            let offset = (topic - share.globalNumber(subscriber) * load.slots) % load.channels
            slot = offset < 0 ? offset + load.channels : offset
        } else {
            slot = topic < load.namespaces.count ? 0 : 1
        }
        return slot < load.slots ? firstPlace(of: subscriber) + slot : nil
    }

    /// The topic of a subscriber's slot: its channel, or its namespace and the room that it is in or moves to.
    func topic(of slot: Int, at subscriber: Int) -> Int {
        let number = share.globalNumber(subscriber)
        if load.kind == .fanout { return (number * load.slots + slot) % load.channels }
        let namespace = number % load.namespaces.count
        return slot == 0 ? namespace : load.namespaces.count + namespace * load.rooms + room(of: number)
    }

    private func room(of number: Int) -> Int { number / load.namespaces.count % max(1, load.rooms) }

    /// Whether a subscriber never reads.
    func isStuck(_ subscriber: Int) -> Bool { SlowLinks.isAmong(load.stuckRatio, share.globalNumber(subscriber)) }

    /// Whether a kiosk stays in its room.
    func staysInRoom(_ subscriber: Int) -> Bool {
        load.rooms > 0 && SlowLinks.isAmong(load.roomRatio, share.globalNumber(subscriber) / load.namespaces.count)
    }

    // MARK: Names

    /// What a channel is called, its number being the last eight digits.
    static func channel(_ name: String, _ digits: String) -> String { "test:bench-\(name):\(digits)" }

    /// What a room is called, its number in the namespace being the last eight digits.
    static func room(_ digits: String) -> String { "bench-\(digits)" }

    /// A topic of lockers as its namespace, and the number of its room in it.
    func namespace(of topic: Int) -> (index: Int, room: Int?) {
        let count = load.namespaces.count
        return topic < count ? (topic, nil) : ((topic - count) / load.rooms, (topic - count) % load.rooms)
    }
}
