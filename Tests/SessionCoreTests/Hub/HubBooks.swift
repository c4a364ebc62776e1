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
    private(set) var isAnswered = false
    private var position: TopicPosition?
    /// The offset of the last message, or where it would be; only for those with positions.
    private var last: UInt64 = 0
    /// The place of the last message in the topic's sequence.
    private var lastPlace: Int?
    /// The subscription that goes on until the answer; empty where there is none.
    private var before: [HubBooks]
    /// The messages that this heard in the meantime.
    private var heardBefore: Set<Int> = []
    private var hasReplayed = false

    init(_ connection: ConnectionAddress, _ topic: String, since: TopicSince?, after before: HubBooks?) {
        self.connection = connection
        self.topic = topic
        self.since = since
        self.before = before.map { $0.isAnswered ? [$0] : $0.before } ?? []
    }

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
        guard let lastPlace else { return [] }
        return missing(sequence[(lastPlace + 1)...], excepted)
    }

    private func missing(_ messages: ArraySlice<Message>, _ excepted: [ConnectionAddress?]) -> [String] {
        messages.filter { excepted[$0.number] != connection && !heardBefore.contains($0.number) }.map {
            "\(topic): message \($0.number) is missing"
        }
    }
}
