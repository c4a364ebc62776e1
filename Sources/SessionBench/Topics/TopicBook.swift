import SessionBase

/// Which publications each subscriber has heard of, and which it still has to: exact counts of what never came, came twice,
/// or came at another place than at the others'.
///
/// A place is one topic of one subscriber. Publications of a publisher in a topic carry numbers one after the other from 1
/// on; the topic's sequence is a ``TopicLog``. A place that is handed something later than what is next for it has skipped
/// what lies between, until that comes late or never. Each publisher's last publication in a topic says how many there
/// were, by which a place knows that nothing more comes, and how much it lacks.
///
/// *absent* → *owed* (``join(_:_:)``) → *away* (``pause(_:)``) → *owed* (``resume(_:)``); *absent* → *visiting*
/// (``visit(_:_:)``), which is owed nothing before what it hears first, and nothing at the end; all → *absent*
/// (``leave(_:)``). What the sequence is, only those say who are owed all of it.
struct TopicBook: ~Copyable {
    /// What the arrival of a publication is.
    enum Arrival {
        /// The next one, whatever was skipped.
        case next
        /// One that was skipped before, or whose publisher's later one came first.
        case late
        /// One that this place has heard of.
        case again
        /// One whose topic the subscriber has not, or not yet, or no more.
        case foreign
        /// One from before what is remembered.
        case forgotten
    }

    enum Presence: UInt8, BitwiseCopyable { case absent, owed, away, visiting }

    /// One topic of one subscriber.
    struct Place: BitwiseCopyable {
        var presence = Presence.absent
        var topic: Int32 = 0
        /// What of the sequence is next.
        var cursor: UInt64 = 0
        /// From where on it is among those that a publication waits for.
        var waitsFrom: UInt64 = 0
        /// How many it has heard of, each once.
        var heard: UInt64 = 0
        /// How many publishers' last publications it has not heard of.
        var endsLeft: Int32 = 0
        /// How many it had not heard of when they were forgotten.
        var forgotten: UInt64 = 0
    }

    /// What one publisher has published in one topic.
    struct Source: BitwiseCopyable {
        /// The highest number that anybody heard of, and how many of all.
        var highest: UInt64 = 0
        var seen: UInt64 = 0
        /// How many the server accepted, the last one included; 0 while that is not known.
        var accepted: UInt64 = 0
        /// The highest number that is no longer kept.
        var forgotten: UInt64 = 0
    }

    private struct Topic {
        var log: TopicLog
        /// How many places a new publication waits for.
        var owed: Int32 = 0
        /// How many publishers it has.
        var publishers: Int32
        var order = TopicOrder()
    }

    /// A publication that a place has skipped, or one that nobody has heard of although a later one came.
    private struct Key: Hashable {
        /// `nil` for one that nobody has heard of.
        var place: Int?
        var topic: Int
        var publisher: Int
        var number: UInt64
    }

    /// The most publications that are remembered as skipped, so that a server that loses everything costs no more.
    private static let skippedMax = 1 << 18
    /// How many publications all sequences together keep, and each at least.
    private static let (keptMax, keptMin) = (1 << 18, 4096)

    private var places: Slab<Place>
    private var sources: Slab<Source>
    private var topics: [Topic]
    private let publishers: Int
    private var skipped: Set<Key> = []
    private var completed: [TopicLog.Entry] = []
    /// How many last publications are still to come, over all places that are owed them.
    private(set) var endsOwed = 0

    /// Makes a book in which nobody has joined.
    ///
    /// - Parameters:
    ///   - places: How many places there are.
    ///   - publishers: How many publishers the whole run has.
    ///   - publishersOfTopics: How many of them each topic has.
    init(places: Int, publishers: Int, publishersOfTopics: [Int]) {
        self.places = Slab(repeating: Place(), count: places)
        sources = Slab(repeating: Source(), count: publishers * publishersOfTopics.count)
        self.publishers = publishers
        let kept = max(Self.keptMin, Self.keptMax / max(1, publishersOfTopics.count))
        topics = publishersOfTopics.map { Topic(log: TopicLog(capacityMax: kept), publishers: Int32($0)) }
    }

    // MARK: Places

    /// Notes that a place hears of all that is published from now on.
    mutating func join(_ place: Int, _ topic: Int) {
        guard places[place].presence == .absent else { return }
        enter(place, topic, .owed)
        places[place].waitsFrom = topics[topic].log.end
        places[place].endsLeft = topics[topic].publishers
        topics[topic].owed += 1
        endsOwed += Int(topics[topic].publishers)
    }

    /// Notes that a place hears of what is published until it leaves, from some publication on that nobody knows.
    mutating func visit(_ place: Int, _ topic: Int) {
        guard places[place].presence == .absent else { return }
        enter(place, topic, .visiting)
        // Until the first arrival says where it is.
        places[place].cursor = .max
        places[place].waitsFrom = .max
    }

    private mutating func enter(_ place: Int, _ topic: Int, _ presence: Presence) {
        places[place] = Place()
        places[place].presence = presence
        places[place].topic = Int32(topic)
        places[place].cursor = topics[topic].log.end
    }

    /// Notes that a place hears of nothing for a while; what it misses it is owed all the same.
    mutating func pause(_ place: Int) {
        guard places[place].presence == .owed else { return }
        stopWaiting(for: place)
        places[place].presence = .away
    }

    /// Notes that a place is back.
    mutating func resume(_ place: Int) {
        guard places[place].presence == .away else { return }
        places[place].presence = .owed
        places[place].waitsFrom = topics[Int(places[place].topic)].log.end
        topics[Int(places[place].topic)].owed += 1
    }

    /// Notes that a place hears of nothing any more.
    ///
    /// - Returns: How many publications it never heard of.
    mutating func leave(_ place: Int) -> UInt64 {
        let left = places[place]
        guard left.presence != .absent else { return 0 }
        if left.presence == .owed { stopWaiting(for: place) }
        places[place].presence = .absent
        guard left.presence != .visiting else { return 0 }
        endsOwed -= Int(left.endsLeft)
        let due = due(in: Int(left.topic))
        return due - min(due, left.heard)
    }

    /// Whether a place takes part, or will again.
    func isPresent(_ place: Int) -> Bool { places[place].presence != .absent }

    /// Takes a place out of those that publications wait for.
    private mutating func stopWaiting(for place: Int) {
        let topic = Int(places[place].topic)
        topics[topic].owed -= 1
        let first = max(places[place].cursor, places[place].waitsFrom, topics[topic].log.start)
        for index in first..<max(first, topics[topic].log.end) { pass(index, in: topic) }
    }

    /// How many publications of a topic everybody must have heard of: all that were accepted, and all that anybody heard of.
    private func due(in topic: Int) -> UInt64 {
        (0..<publishers).reduce(0) { sum, publisher in
            let source = sources[topic * publishers + publisher]
            return sum + max(source.accepted, source.seen)
        }
    }

    /// Notes how many publications of a publisher the server accepted, the last one included.
    mutating func accept(_ count: UInt64, of publisher: Int, in topic: Int) {
        sources[topic * publishers + publisher].accepted = count
    }

    /// How many places a publication of a topic waits for now.
    func waiting(in topic: Int) -> Int { Int(topics[topic].owed) }

    // MARK: Arrivals

    /// Notes that a place heard of a publication of its topic.
    @inline(__always)
    mutating func arrive(_ publication: Publication, at place: Int) -> Arrival {
        let cursor = places[place].cursor
        let topic = Int(places[place].topic)
        guard topic == publication.topic, places[place].presence != .absent else { return .foreign }
        guard cursor >= topics[topic].log.start, cursor < topics[topic].log.end,
            topics[topic].log[cursor].publication.isSame(as: publication)
        else { return arriveElsewhere(publication, at: place, topic) }
        hear(cursor, at: place, topic)
        return .next
    }

    /// Notes an arrival at another place of the sequence, or of what nobody has heard of.
    @inline(never)
    private mutating func arriveElsewhere(_ publication: Publication, at place: Int, _ topic: Int) -> Arrival {
        if isNew(publication, topic) {
            guard places[place].presence != .visiting else {
                // Where that stands, those will say who hear of all.
                count(publication, at: place)
                return .next
            }
            let isLate = add(publication, to: topic)
            advance(place, to: topics[topic].log.end - 1, topic)
            return isLate ? .late : .next
        }
        let cursor = places[place].cursor
        let isKept = publication.number > sources[topic * publishers + publication.publisher].forgotten
        // A visitor that has heard of nothing begins wherever that is, which is near the end.
        let known = isKept ? topics[topic].log.place(of: publication, near: cursor) : nil
        if let known, known >= cursor || cursor == .max {
            advance(place, to: known, topic)
            return .next
        }
        if skipped.remove(key(publication, topic, place)) != nil {
            count(publication, at: place)
            return .late
        }
        guard known == nil else { return .again }
        catchUp(place, topic)
        guard places[place].forgotten > 0 else { return .again }
        places[place].forgotten -= 1
        count(publication, at: place)
        return .forgotten
    }

    /// Whether nobody has heard of a publication.
    private func isNew(_ publication: Publication, _ topic: Int) -> Bool {
        let highest = sources[topic * publishers + publication.publisher].highest
        return publication.number > highest || skipped.contains(key(publication, topic, nil))
    }

    /// Puts a publication at the end of its topic's sequence.
    ///
    /// - Returns: Whether a later one of its publisher stands there already.
    private mutating func add(_ publication: Publication, to topic: Int) -> Bool {
        let source = topic * publishers + publication.publisher
        let highest = sources[source].highest
        let entry = TopicLog.Entry(publication: publication, waiting: topics[topic].owed)
        if let forgotten = topics[topic].log.append(entry) {
            let source = topic * publishers + forgotten.publisher
            sources[source].forgotten = max(sources[source].forgotten, forgotten.number)
        }
        topics[topic].order.append(publication)
        sources[source].seen += 1
        if let accepted = publication.accepted { sources[source].accepted = accepted + 1 }
        guard publication.number > highest else {
            skipped.remove(key(publication, topic, nil))
            return true
        }
        sources[source].highest = publication.number
        var missing = publication
        // A number of somebody else's making may be any.
        let end = min(publication.number, highest + 1 + UInt64(max(0, Self.skippedMax - skipped.count)))
        for number in highest + 1..<max(end, highest + 1) {
            missing.number = number
            skipped.insert(key(missing, topic, nil))
        }
        return false
    }

    /// Skips what lies before a place of the sequence, and hears of what stands there.
    private mutating func advance(_ place: Int, to index: UInt64, _ topic: Int) {
        if places[place].cursor == .max { places[place].cursor = index }
        catchUp(place, topic)
        for missed in places[place].cursor..<index {
            if skipped.count < Self.skippedMax {
                skipped.insert(key(topics[topic].log[missed].publication, topic, place))
            }
            if missed >= places[place].waitsFrom {
                topics[topic].log[missed].isWhole = false
                pass(missed, in: topic)
            }
        }
        hear(index, at: place, topic)
    }

    /// Goes on to the oldest that is kept; what lies before is counted as forgotten.
    private mutating func catchUp(_ place: Int, _ topic: Int) {
        let (cursor, start) = (places[place].cursor, topics[topic].log.start)
        guard cursor < start else { return }
        places[place].forgotten += start - cursor
        places[place].cursor = start
    }

    @inline(__always)
    private mutating func hear(_ index: UInt64, at place: Int, _ topic: Int) {
        places[place].cursor = index &+ 1
        count(topics[topic].log[index].publication, at: place)
        if places[place].presence == .owed, index >= places[place].waitsFrom { pass(index, in: topic) }
    }

    @inline(__always)
    private mutating func count(_ publication: Publication, at place: Int) {
        places[place].heard &+= 1
        guard publication.accepted != nil, places[place].presence != .visiting else { return }
        places[place].endsLeft -= 1
        endsOwed -= 1
    }

    /// Lets a publication wait for one less.
    @inline(__always)
    private mutating func pass(_ index: UInt64, in topic: Int) {
        topics[topic].log[index].waiting &-= 1
        if topics[topic].log[index].waiting == 0 { completed.append(topics[topic].log[index]) }
    }

    private func key(_ publication: Publication, _ topic: Int, _ place: Int?) -> Key {
        Key(place: place, topic: topic, publisher: publication.publisher, number: publication.number)
    }

    // MARK: Whole publications

    /// Takes a publication that nobody waits for any more, and whether all who did have heard of it.
    @inline(__always)
    mutating func takeCompleted() -> (publication: Publication, isWhole: Bool)? {
        guard let entry = completed.popLast() else { return nil }
        return (entry.publication, entry.isWhole)
    }

    /// The sequences of all topics, to compare with those of other workers.
    var orders: [TopicOrder] { topics.map(\.order) }
}
