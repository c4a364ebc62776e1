import SessionBase
import SessionCodec

/// What one socket heard of one topic, from its subscription on: all of it, in order, once.
///
/// One that takes the place of another goes on where that ended: nothing is lost in between, and nothing comes again but
/// what was asked for again.
struct TopicEar {
    let topic: String
    /// What the client wanted to go on from.
    let since: TopicSince?
    /// The place of the last message that the client heard before, where it goes on by time.
    private let heardUntil: UInt64?
    private(set) var answer = TopicAnswer()
    /// The place of the last message; only with positions.
    private(set) var last: UInt64 = 0
    /// What was heard, by number.
    private(set) var numbers: [Int] = []
    /// Places that were left out, to be explained at the end.
    private var gaps: [UInt64] = []
    /// What was heard by those whose place this one took, by number.
    private let before: [Int]

    init(_ topic: String, since: TopicSince?, heardUntil: UInt64? = nil, after before: TopicEar? = nil) {
        self.topic = topic
        self.before = before.map { $0.before + $0.numbers } ?? []
        self.since = since
        self.heardUntil = heardUntil
    }

    /// Whether every message carries its place.
    var isPositioned: Bool { answer.position != nil }

    /// Where the client would go on; `nil` without positions.
    var place: TopicPosition? { answer.position.map { TopicPosition(epoch: $0.epoch, offset: last) } }

    /// Takes the answer to the subscription.
    ///
    /// - Parameters:
    ///   - kept: How many messages the topic keeps; 0 for none.
    ///   - isFresh: Whether the message with a place must still be kept.
    mutating func confirm(_ answer: TopicAnswer, kept: Int, isFresh: (UInt64) -> Bool) throws {
        self.answer = answer
        guard let since else {
            if answer != TopicAnswer() { throw SimulationFailure("\(topic): an answer to no question") }
            return
        }
        guard kept > 0 else {
            if answer.position != nil { throw SimulationFailure("\(topic) keeps nothing and has positions") }
            return
        }
        guard let position = answer.position else { throw SimulationFailure("\(topic): no position in the answer") }
        last = position.offset
        switch (since, answer.isRecovered) {
        case (.now, nil): break
        case (.position(let wanted), true):
            if wanted.epoch != position.epoch || wanted.offset > position.offset {
                throw SimulationFailure("\(topic): recovered from a place that there is not")
            }
            last = wanted.offset
        case (.position(let wanted), false):
            let missed = wanted.epoch == position.epoch ? position.offset - wanted.offset : .max
            if missed <= UInt64(kept), (position.offset - missed + 1..<position.offset + 1).allSatisfy(isFresh) {
                throw SimulationFailure("\(topic): not recovered from \(wanted.offset) to \(position.offset)")
            }
        // What was heard before must not be followed by a gap; some of it may come again.
        case (.time, true): last = min(heardUntil ?? position.offset, position.offset)
        case (.time, false): break
        default: throw SimulationFailure("\(topic): recovered \(answer.isRecovered.debugDescription) for \(since)")
        }
    }

    /// Whether a message with this place was published before the subscription began.
    func isReplay(_ offset: UInt64?) -> Bool {
        guard let offset, let position = answer.position else { return false }
        return offset <= position.offset
    }

    /// Takes a message.
    mutating func take(_ number: Int, offset: UInt64?) throws {
        if numbers.contains(number) || (before.contains(number) && !isReplay(offset)) {
            throw SimulationFailure("\(topic): message \(number) came twice")
        }
        numbers.append(number)
        guard isPositioned else {
            if offset != nil { throw SimulationFailure("\(topic): a position that nobody asked for") }
            return
        }
        guard let offset else { throw SimulationFailure("\(topic): a message without its position") }
        if case .time = since, numbers.count == 1, isReplay(offset) { last = min(last, offset - 1) }
        if offset <= last { throw SimulationFailure("\(topic): offset \(offset) after \(last)") }
        gaps += Array(last + 1..<offset)
        last = offset
    }

    /// Checks at the end that what is missing was left out, and that messages came in their topic's order.
    func finish(_ name: String, _ ledger: PublicationLedger) throws {
        let heardBefore = Set(before.compactMap { ledger.entries[$0].offset })
        for gap in gaps where !heardBefore.contains(gap) && !ledger.isLeftOut(name, at: gap, of: topic) {
            throw SimulationFailure("\(topic): the message at \(gap) is missing")
        }
        // A message whose publisher was cut off has no known place.
        let offsets = numbers.compactMap { ledger.entries[$0].offset }
        if heardBefore.count == Set(before).count, offsets.count == numbers.count {
            try checkTransition(heardBefore, Set(offsets), name, ledger)
        }
        for (before, after) in zip(offsets, offsets.dropFirst()) {
            if after <= before { throw SimulationFailure("\(topic): \(after) came after \(before)") }
            guard !isPositioned, offsets.count == numbers.count else { continue }
            for gap in before + 1..<after where !ledger.isLeftOut(name, at: gap, of: topic) {
                throw SimulationFailure("\(topic): the message at \(gap) is missing")
            }
        }
    }

    /// Checks that nothing was lost between the last message that was heard before and those from the answer on.
    private func checkTransition(
        _ heardBefore: Set<UInt64>, _ offsets: Set<UInt64>, _ name: String, _ ledger: PublicationLedger
    ) throws {
        guard let first = heardBefore.max(),
            let last = [answer.position?.offset, offsets.max()].compactMap(\.self).max()
        else { return }
        for offset in first..<max(first, last) where !offsets.contains(offset + 1) {
            guard !ledger.isLeftOut(name, at: offset + 1, of: topic) else { continue }
            throw SimulationFailure("\(topic): the message at \(offset + 1) was lost while somebody subscribed anew")
        }
    }
}
