package import SessionBase
import SessionCodec

/// The owner's side: counts, positions, recovery.
extension Hub {
    /// Lets a subscription begin that ``HubEvent/subscribing(_:)`` told of; nothing where it was withdrawn meanwhile.
    package mutating func grant(
        _ request: SubscriptionRequest, snapshot: [[UInt8]], at moment: Moment, effects: inout Effects
    ) {
        guard let slot = answered(request) else { return }
        admit(request, slot, snapshot: snapshot, at: moment, effects: &effects)
    }

    /// Refuses what ``HubEvent/subscribing(_:)`` told of; nothing where it was withdrawn meanwhile.
    package mutating func refuse(
        _ request: SubscriptionRequest, reason: UInt64, at moment: Moment, effects: inout Effects
    ) {
        guard let slot = answered(request) else { return }
        vacate(slot, at: moment)
        answer(request, .refused(reason: reason), at: moment, effects: &effects)
    }

    private mutating func answered(_ request: SubscriptionRequest) -> UInt32? {
        let key = RequestKey(loop: request.subscriber.loop, number: request.number)
        guard asked.removeValue(forKey: key) != nil, let slot = slots[request.topic] else { return nil }
        topics[slot: slot].sequence.askedCount -= 1
        return slot
    }

    /// Takes a request of any loop.
    mutating func ask(_ request: SubscriptionRequest, at moment: Moment, effects: inout Effects) {
        let slot = slot(of: request.topic, at: moment)
        precondition(
            topics[slot: slot].isOwned, "a request for the topic \(request.topic) at a loop that does not own it")
        if let history = request.terms.history { topics[slot: slot].sequence.life = history.life }
        guard request.terms.wantsSnapshot else {
            return admit(request, slot, snapshot: [], at: moment, effects: &effects)
        }
        topics[slot: slot].sequence.askedCount += 1
        asked[RequestKey(loop: request.subscriber.loop, number: request.number)] = request
        emit(.subscribing(request))
    }

    /// Takes back a request that the machine has not answered; where it has, the answer is under way.
    mutating func withdraw(_ key: RequestKey, at moment: Moment) {
        guard let request = asked.removeValue(forKey: key), let slot = slots[request.topic] else { return }
        topics[slot: slot].sequence.askedCount -= 1
        vacate(slot, at: moment)
    }

    /// Counts one subscriber less.
    mutating func left(_ topic: String, by loop: Int, at moment: Moment) {
        guard let slot = slots[topic], !topics[slot: slot].sequence.counts.isEmpty else {
            preconditionFailure("a subscriber left a topic that has none")
        }
        topics[slot: slot].sequence.counts[loop] -= 1
        topics[slot: slot].sequence.total -= 1
        precondition(topics[slot: slot].sequence.counts[loop] >= 0, "more subscribers left than came")
        vacate(slot, at: moment)
    }

    private mutating func admit(
        _ request: SubscriptionRequest, _ slot: UInt32, snapshot: [[UInt8]], at moment: Moment,
        effects: inout Effects
    ) {
        recall(slot)
        if topics[slot: slot].sequence.counts.isEmpty {
            topics[slot: slot].sequence.counts = Array(repeating: 0, count: loopCount)
        }
        topics[slot: slot].sequence.counts[request.subscriber.loop] += 1
        topics[slot: slot].sequence.total += 1
        if !topics[slot: slot].sequence.isOccupied {
            topics[slot: slot].sequence.isOccupied = true
            emit(.occupied(request.topic))
        }
        let grant = position(request.terms, slot, snapshot, at: moment)
        answer(request, .granted(grant), at: moment, effects: &effects)
    }

    private mutating func answer(
        _ request: SubscriptionRequest, _ answer: HubAnswer, at moment: Moment, effects: inout Effects
    ) {
        if request.subscriber.loop == loop {
            accept(answer, to: request.number, about: request.topic, at: moment, effects: &effects)
        } else {
            let parcel = HubParcel.answer(number: request.number, topic: request.topic, answer)
            post(parcel, to: request.subscriber.loop, &effects)
        }
    }

    /// Finds where a subscription begins and what it missed: all of it or nothing.
    private mutating func position(
        _ terms: SubscriptionTerms, _ slot: UInt32, _ snapshot: [[UInt8]], at moment: Moment
    ) -> HubGrant {
        let offset = topics[slot: slot].sequence.offset
        guard let since = terms.since else { return HubGrant(offset: offset, snapshot: snapshot) }
        guard terms.history != nil else {
            let answer = TopicAnswer(isRecovered: since == .now ? nil : false)
            return HubGrant(offset: offset, answer: answer, snapshot: snapshot)
        }
        trim(slot, at: moment.instant)
        if topics[slot: slot].sequence.epoch.isEmpty { topics[slot: slot].sequence.epoch = drawEpoch() }
        let sequence = topics[slot: slot].sequence
        var answer = TopicAnswer(position: TopicPosition(epoch: sequence.epoch, offset: offset))
        guard since != .now else { return HubGrant(offset: offset, answer: answer, snapshot: snapshot) }
        let missed = Self.missed(since, sequence)
        answer.isRecovered = missed != nil
        return HubGrant(offset: offset, answer: answer, missed: missed ?? [], snapshot: snapshot)
    }

    /// All messages that came after a place or time; `nil` where one of them may be forgotten.
    ///
    /// Clocks count milliseconds, and those of two loops differ: after a time comes everything that was sent at it or, in
    /// the topic's order, after something sent at it. The last messages that a subscriber saw may come again; the offsets
    /// tell. None is lost.
    private static func missed(_ since: TopicSince, _ sequence: TopicSequence) -> [TopicMessage]? {
        let count: UInt64?
        switch since {
        case .now: count = 0
        case .position(let position):
            let isKnown = position.epoch == sequence.epoch && position.offset <= sequence.offset
            count = isKnown ? sequence.offset - position.offset : nil
        case .time(let time): count = sequence.history.countSince(time)
        }
        guard let count, let messages = sequence.history.last(count) else { return nil }
        let first = sequence.offset - count + 1
        return messages.enumerated().map { TopicMessage(offset: first + UInt64($0), message: $1) }
    }

    private func drawEpoch() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = entropy.bytes(6).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
