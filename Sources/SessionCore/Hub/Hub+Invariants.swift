import SessionBase

extension Hub {
    /// Traps where the hub's books contradict each other.
    package func checkInvariants() {
        precondition(slots.count == topics.count, "\(slots.count) names for \(topics.count) topics")
        for slot in topics.slots { check(slot) }
        checkSubscriptions()
        let asking = topics.slots.reduce(0) { $0 + topics[slot: $1].sequence.askedCount }
        precondition(asking == asked.count, "\(asked.count) requests are kept, the topics know of \(asking)")
        let rings = topics.slots.map { topics[slot: $0].sequence.history }
        precondition(rings.count { !$0.isEmpty } == historyCount, "topics with messages are miscounted")
        precondition(rings.reduce(0) { $0 + $1.byteCount } == historyBytes, "kept bytes are miscounted")
        let remembered = topics.slots.count { topics[slot: $0].sequence.keptUntil != nil }
        precondition(remembered == rememberedCount, "\(rememberedCount) topics are remembered, not \(remembered)")
    }

    private func check(_ slot: UInt32) {
        let record = topics[slot: slot]
        let sequence = record.sequence
        precondition(slots[record.name] == slot, "the topic \(record.name) is not found where it is")
        precondition(record.isOwned == (owner(of: record.name) == loop), "a topic is taken for another loop's")
        precondition(sequence.counts.reduce(0, +) == sequence.total, "the subscribers of \(record.name) are miscounted")
        precondition(!record.isUnusedHere || (record.isOwned && !sequence.isOver), "\(record.name) is not forgotten")
        guard record.isOwned else {
            precondition(sequence.isOver && sequence.offset == 0, "\(record.name) has two owners")
            return
        }
        precondition(!sequence.isOccupied || !sequence.isVacant, "\(record.name) is vacant, and nobody was told")
        precondition(sequence.total == 0 || sequence.isOccupied, "\(record.name) is occupied, and nobody was told")
        precondition(sequence.total == 0 || sequence.keptUntil == nil, "\(record.name) is remembered and occupied")
        if let due = sequence.due {
            precondition(sequence.scheduledAt.map { $0 <= due } == true, "\(record.name) is looked at too late")
        }
    }

    private func checkSubscriptions() {
        var counts: [UInt32: [Int]] = [:]
        for (connection, list) in subscriptions {
            precondition(!list.isEmpty, "a connection is kept that is subscribed to nothing")
            precondition(Set(list.map(\.slot)).count == list.count, "a connection is subscribed to a topic twice")
            for subscription in list {
                for kind in kinds(of: subscription, connection) {
                    counts[subscription.slot, default: [0, 0, 0, 0]][kind] += 1
                }
            }
        }
        for slot in topics.slots {
            let record = topics[slot: slot]
            let known = [record.plainCount, record.positionedCount, record.own.count, record.waitingCount]
            let found = counts[slot] ?? [0, 0, 0, 0]
            precondition(known == found, "\(record.name) has \(found) subscribers and counts \(known)")
        }
        let waiting = topics.slots.reduce(0) { $0 + topics[slot: $1].waitingCount }
        precondition(waiting == requests.count, "\(requests.count) requests are kept, \(waiting) connections wait")
    }

    /// Where a subscription counts: among those who hear in its form, and among those who wait.
    private func kinds(of subscription: Subscription, _ connection: ConnectionID) -> [Int] {
        var kinds: [Int] = []
        switch subscription.form {
        case .plain: kinds = [0]
        case .positioned: kinds = [1]
        case .own:
            precondition(topics[slot: subscription.slot].own.contains(connection), "a subscriber is not served")
            kinds = [2]
        case nil: precondition(subscription.awaited != nil, "a subscription neither hears nor waits")
        }
        if let number = subscription.awaited {
            precondition(requests[number]?.connection == connection, "a subscription waits for nothing")
            kinds.append(3)
        }
        return kinds
    }
}
