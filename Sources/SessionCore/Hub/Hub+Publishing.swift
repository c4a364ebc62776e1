package import SessionBase

extension Hub {
    /// Sends a message to all subscribers of a topic, wherever they are.
    ///
    /// Messages of one loop keep their order; all subscribers get those of all loops in the same order.
    ///
    /// - Complexity: O(1) and one look into a dictionary, whatever the number of subscribers.
    package mutating func publish(
        _ publication: Publication, to topic: String, at moment: Moment, effects: inout Effects
    ) {
        let owner = owner(of: topic)
        if owner == loop {
            sequence(publication, to: topic, from: loop, sentAt: moment.timestamp, at: moment, effects: &effects)
        } else {
            post(.publish(topic: topic, publication, at: moment.timestamp), to: owner, &effects)
        }
    }

    /// Numbers a message of any loop and hands it to the loops that have subscribers.
    mutating func sequence(
        _ publication: Publication, to topic: String, from origin: Int, sentAt: Timestamp, at moment: Moment,
        effects: inout Effects
    ) {
        guard let slot = slots[topic] ?? (publication.history == nil ? nil : slot(of: topic, at: moment)) else {
            // Nobody hears it, nothing is kept: the first message of a sequence that ends with it.
            return conclude(publication.ticket, topic, offset: 1, delivered: 0, origin, &effects)
        }
        let offset = number(publication, slot, sentAt: sentAt, at: moment)
        var delivery = HubDelivery(
            topic: topic, message: TopicMessage(offset: offset, message: publication.message),
            except: publication.except, policy: publication.policy, detail: publication.detail)
        let others = otherLoops(slot)
        let delivered = distribute(delivery, slot, &effects)
        guard !others.isEmpty else {
            return conclude(publication.ticket, topic, offset: offset, delivered: delivered, origin, &effects)
        }
        if let ticket = publication.ticket {
            lastTally += 1
            delivery.tally = lastTally
            let outcome = PublicationOutcome(ticket: ticket, topic: topic, offset: offset, delivered: delivered)
            tallies[lastTally] = Tally(outcome: outcome, loop: origin, missing: others.count)
        }
        for other in others { post(.publication(delivery), to: other, &effects) }
    }

    /// Takes a numbered message for this loop's subscribers; drops it where the last of them left meanwhile.
    mutating func receive(_ delivery: HubDelivery, from owner: Int, effects: inout Effects) {
        var delivered = 0
        if let slot = slots[delivery.topic] { delivered = distribute(delivery, slot, &effects) }
        guard let tally = delivery.tally else { return }
        post(.count(tally: tally, delivered: delivered), to: owner, &effects)
    }

    /// Adds a loop's count of those who got a message.
    mutating func count(_ tally: UInt64, _ delivered: Int, effects: inout Effects) {
        guard var pending = tallies[tally] else { preconditionFailure("a count for a publication that is concluded") }
        pending.outcome.delivered += delivered
        pending.missing -= 1
        guard pending.missing == 0 else {
            tallies[tally] = pending
            return
        }
        tallies[tally] = nil
        tell(pending.outcome, pending.loop, &effects)
    }

    private mutating func conclude(
        _ ticket: UInt64?, _ topic: String, offset: UInt64, delivered: Int, _ origin: Int, _ effects: inout Effects
    ) {
        guard let ticket else { return }
        let outcome = PublicationOutcome(ticket: ticket, topic: topic, offset: offset, delivered: delivered)
        tell(outcome, origin, &effects)
    }

    private mutating func tell(_ outcome: PublicationOutcome, _ origin: Int, _ effects: inout Effects) {
        if origin == loop { emit(.published(outcome)) } else { post(.outcome(outcome), to: origin, &effects) }
    }

    /// Gives a message its number, and keeps it where the topic keeps messages.
    private mutating func number(
        _ publication: Publication, _ slot: UInt32, sentAt: Timestamp, at moment: Moment
    ) -> UInt64 {
        topics[slot: slot].sequence.offset += 1
        if let history = publication.history {
            topics[slot: slot].sequence.life = history.life
            let bytesMax = HistoryRing.bytesMax(of: historyCount)
            changeHistory(slot) {
                $0.append(
                    publication.message, keptAt: moment.instant, sentAt: sentAt, countMax: history.countMax,
                    bytesMax: bytesMax)
            }
            schedule(slot)
            makeRoom(besides: slot)
        } else if topics[slot: slot].sequence.life != nil {
            changeHistory(slot) { $0.clear(sentAt: sentAt) }
        }
        return topics[slot: slot].sequence.offset
    }

    /// The loops with subscribers, without this one.
    private func otherLoops(_ slot: UInt32) -> [Int] {
        guard loopCount > 1 else { return [] }
        let counts = topics[slot: slot].sequence.counts
        return counts.indices.filter { $0 != loop && counts[$0] > 0 }
    }

    /// Hands a message to this loop's subscribers.
    ///
    /// - Returns: To how many.
    private mutating func distribute(_ delivery: HubDelivery, _ slot: UInt32, _ effects: inout Effects) -> Int {
        let except = delivery.except.flatMap { $0.loop == loop ? $0.connection : nil }
        topics[slot: slot].heard = delivery.message.offset
        if topics[slot: slot].plainCount > 0 {
            let encoded = effects.encode { $0.append(contentsOf: delivery.message.message) }
            effects.multicast(Multicast(encoded, to: plainGroup(slot), except: except, policy: delivery.policy))
        }
        if topics[slot: slot].positionedCount > 0 {
            let encoded = effects.encode { delivery.message.append(to: &$0) }
            // Whatever the rule says: a number that gave way would be a gap, and one that waited too long out of order.
            effects.multicast(Multicast(encoded, to: positionedGroup(slot), except: except, policy: .disconnect))
        }
        if !topics[slot: slot].own.isEmpty { hand(delivery, to: topics[slot: slot].own.all.filter { $0 != except }) }
        let isExceptHere = except.flatMap { subscription(of: $0, slot) }.map { $0.form != nil } ?? false
        return topics[slot: slot].localCount - (isExceptHere ? 1 : 0)
    }

    private mutating func hand(_ delivery: HubDelivery, to subscribers: [ConnectionID]) {
        guard !subscribers.isEmpty else { return }
        emit(
            .heard(
                HeardPublication(
                    topic: delivery.topic, message: delivery.message, detail: delivery.detail,
                    policy: delivery.policy, subscribers: subscribers)))
    }
}
