import SessionBase
import SessionCodec
import SessionCore

/// What one subscription heard, compared with the sequence of its topic.
///
/// One that takes the place of another hears as that one did until it is answered.
struct HubBooks {
    /// A message in the order of its topic.
    struct Message {
        var number: Int
        var at: Instant
    }

    /// How many messages topics keep, for 60 s.
    static let kept = 6

    private let connection: ConnectionAddress
    private let topic: String
    private let since: TopicSince?
    /// Whether the snapshot is still to come.
    private var lacksSnapshot: Bool
    private(set) var isAnswered = false
    private var position: TopicPosition?
    /// The offset of the last message, or where it would be; only for those with positions.
    private var last: UInt64 = 0
    /// The place of the last message in the topic's sequence; at the beginning, the one before the first that is owed.
    private var lastPlace: Int?
    /// How many messages the topic had when the owner granted it.
    private var start: Int?
    /// The subscription that goes on until the answer; empty where there is none.
    private var before: [HubBooks]
    /// The messages that this heard in the meantime.
    private var heardBefore: Set<Int> = []
    private var hasReplayed = false

    init(
        _ connection: ConnectionAddress, _ topic: String, since: TopicSince?, wantsSnapshot: Bool,
        after before: HubBooks?
    ) {
        self.connection = connection
        lacksSnapshot = wantsSnapshot
        self.topic = topic
        self.since = since
        self.before = before.map { $0.isAnswered ? [$0] : $0.before } ?? []
    }

    /// Whether the answer has come with all that belongs to it.
    var isBegun: Bool { start != nil && !lacksSnapshot }

    /// Whether messages may come.
    var isHearing: Bool { isAnswered || !before.isEmpty }

    /// Where the subscriber would go on; `nil` without positions.
    var place: TopicPosition? {
        guard isAnswered else { return before.first?.place }
        return position.map { TopicPosition(epoch: $0.epoch, offset: last) }
    }

    /// Whether a message was sent before the subscription began.
    func isReplay(_ offset: UInt64) -> Bool {
        guard isAnswered else { return before.first?.isReplay(offset) ?? false }
        return position.map { offset <= $0.offset } ?? false
    }

    /// Notes the owner's answer.
    mutating func take(_ answer: TopicAnswer, _ sequence: [Message], at now: Instant) -> [String] {
        isAnswered = true
        lastPlace = before.first?.lastPlace
        position = answer.position
        guard let since else { return answer == TopicAnswer() ? [] : ["\(topic): an answer to no question"] }
        guard let position else { return ["\(topic): no position"] }
        last = position.offset
        guard case .position(let wanted) = since else {
            return answer.isRecovered == nil ? [] : ["\(topic): recovered what was not asked for"]
        }
        guard answer.isRecovered == true else { return excuse(wanted, position, sequence, at: now) }
        last = wanted.offset
        return wanted.epoch == position.epoch ? [] : ["\(topic): recovered from another epoch"]
    }

    /// Notes the snapshot that comes with the answer, which says how many messages the topic had.
    mutating func take(snapshot count: Int) -> [String] {
        guard lacksSnapshot, count == start else { return ["\(topic): a snapshot that is none, or another's"] }
        lacksSnapshot = false
        return []
    }

    /// Notes how many messages the topic had when the owner granted it. From there on all are owed.
    mutating func begin(after count: Int, _ sequence: [Message], _ excepted: [ConnectionAddress?]) -> [String] {
        start = count
        let complaints = before.first?.complaints(atTheEndOf: Array(sequence.prefix(count)), excepted) ?? []
        if let lastPlace, lastPlace >= count { return complaints + ["\(topic): heard what came behind the grant"] }
        lastPlace = count - 1
        return complaints
    }

    /// Finds out why a place was not recovered from.
    private func excuse(
        _ wanted: TopicPosition, _ position: TopicPosition, _ sequence: [Message], at now: Instant
    ) -> [String] {
        guard wanted.epoch == position.epoch, position.offset - wanted.offset <= UInt64(Self.kept) else { return [] }
        // The sequence of an epoch is the end of what was ever published, so far as the owner has come.
        let isOld = sequence.suffix(2 * Self.kept).contains { $0.at + .seconds(60) <= now }
        return isOld ? [] : ["\(topic): not recovered from \(wanted.offset) to \(position.offset)"]
    }

    /// Notes a message.
    mutating func take(
        _ number: Int, _ offset: UInt64?, _ sequence: [Message], _ excepted: [ConnectionAddress?]
    ) -> [String] {
        guard !isAnswered || isBegun else { return ["\(topic): an answer without a snapshot"] }
        guard isAnswered else {
            heardBefore.insert(number)
            return before[0].take(number, offset, sequence, excepted)
        }
        let place = sequence.firstIndex { $0.number == number }!
        let isReplay = offset.map { self.isReplay($0) } ?? false
        var complaints: [String] = []
        if isReplay, !hasReplayed {
            // Who asks for more than what came meanwhile gets that, too.
            hasReplayed = true
            if heardBefore.contains(number) { complaints.append("\(topic): message \(number) came twice") }
        }
        if let offset, position != nil {
            // What lies between is what it was left out of.
            let skipped = offset > last ? Int(offset - last - 1) : -1
            if skipped < 0 || skipped > place { complaints.append("\(topic): offset \(offset) after \(last)") }
            complaints += missing(sequence[max(0, place - max(0, skipped))..<place], excepted)
            last = offset
        }
        if let lastPlace, !isReplay {
            if place <= lastPlace { complaints.append("\(topic): message \(number) out of order") }
            complaints += missing(sequence[min(place, lastPlace + 1)..<place], excepted)
        }
        lastPlace = max(place, lastPlace ?? place)
        return complaints
    }

    /// Checks that nothing is missing at the end.
    func complaints(atTheEndOf sequence: [Message], _ excepted: [ConnectionAddress?]) -> [String] {
        guard let lastPlace, let start else { return [] }
        var complaints = missing(sequence.dropFirst(lastPlace + 1), excepted)
        if let position, last < position.offset {
            // Recovered, and nothing came behind that.
            let lack = Int(min(position.offset - last, UInt64(start)))
            complaints += missing(sequence[(start - lack)..<start], excepted)
        }
        return complaints
    }

    private func missing(_ messages: ArraySlice<Message>, _ excepted: [ConnectionAddress?]) -> [String] {
        messages.filter { excepted[$0.number] != connection && !heardBefore.contains($0.number) }.map {
            "\(topic): message \($0.number) is missing"
        }
    }
}
