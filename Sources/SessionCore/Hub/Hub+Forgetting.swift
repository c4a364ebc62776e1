package import SessionBase

/// How topics end: messages grow old, topics without subscribers are remembered for a while, the rest is forgotten.
extension Hub {
    /// The next instant at which ``tick(at:)`` must be called; `nil` while nothing becomes due.
    package var deadline: Instant? { watches.earliest }

    /// Forgets what is older than allowed.
    package mutating func tick(at moment: Moment) {
        while let watch = watches.popDue(at: moment.instant) {
            let slot = watch.slot
            // The topic may be gone, its slot another's, or what was due put off or brought forward.
            guard topics.contains(slot: slot), topics[slot: slot].sequence.scheduledAt == watch.due else { continue }
            topics[slot: slot].sequence.scheduledAt = nil
            trim(slot, at: moment.instant)
            if let keptUntil = topics[slot: slot].sequence.keptUntil, keptUntil <= moment.instant { recall(slot) }
            settle(slot)
        }
    }

    /// Tells the machine where the last subscriber of all loops is gone, and begins to remember the topic for those who
    /// come back.
    mutating func vacate(_ slot: UInt32, at moment: Moment) {
        guard topics[slot: slot].sequence.isVacant else { return }
        if topics[slot: slot].sequence.isOccupied {
            topics[slot: slot].sequence.isOccupied = false
            emit(.vacated(topics[slot: slot].name))
        }
        let sequence = topics[slot: slot].sequence
        if let life = sequence.life, sequence.keptUntil == nil, rememberedCount < Self.rememberedMax {
            topics[slot: slot].sequence.keptUntil = moment.instant + life
            rememberedCount += 1
        }
        settle(slot)
    }

    /// Ends the remembering of a topic: it has a subscriber again, or its time is over.
    mutating func recall(_ slot: UInt32) {
        guard topics[slot: slot].sequence.keptUntil != nil else { return }
        topics[slot: slot].sequence.keptUntil = nil
        rememberedCount -= 1
    }

    /// Forgets the messages of a topic that are too old.
    mutating func trim(_ slot: UInt32, at now: Instant) {
        guard let life = topics[slot: slot].sequence.life else { return }
        changeHistory(slot) { $0.trim(until: now - life) }
    }

    /// Forgets a topic where nothing holds on to it any more, or sees to it that it is looked at in time.
    mutating func settle(_ slot: UInt32) {
        guard topics.contains(slot: slot) else { return }
        let isNeeded = topics.show(slot) { !$0.isUnusedHere || ($0.isOwned && !$0.sequence.isOver) }
        guard isNeeded else {
            slots[topics[slot: slot].name] = nil
            topics.remove(slot: slot)
            return
        }
        schedule(slot)
    }

    /// Has a topic looked at when its oldest message or its remembrance ends.
    mutating func schedule(_ slot: UInt32) {
        let due: Instant? = topics.show(slot) { record in
            guard let due = record.sequence.due, due < record.sequence.scheduledAt ?? .distantFuture else { return nil }
            record.sequence.scheduledAt = due
            return due
        }
        if let due { watches.push(Watch(slot: slot, due: due), due: due) }
    }

    /// Forgets all messages of the topics that were quiet for longest where those of all topics cost too much.
    ///
    /// - Parameter current: The topic that got a message just now; it keeps its own.
    /// - Complexity: O(n log n) of all topics, once in 8 MiB of messages.
    mutating func makeRoom(besides current: UInt32) {
        guard historyCost > Self.historyCostMax else { return }
        let rings = topics.slots.compactMap { slot in
            slot == current ? nil : topics[slot: slot].sequence.history.newest.map { (slot: slot, newest: $0) }
        }
        for ring in rings.sorted(by: { $0.newest < $1.newest }) {
            guard historyCost > Self.historyCostMax / 8 * 7 else { break }
            changeHistory(ring.slot) { $0.clear() }
            settle(ring.slot)
        }
        let known = topics
        watches.keep { known.contains(slot: $0.slot) && known[slot: $0.slot].sequence.scheduledAt == $0.due }
    }

    /// What the kept messages cost, in bytes: a topic with an empty message is not free.
    private var historyCost: Int { historyBytes + 512 * historyCount }

    /// What they may cost on a loop.
    private static let historyCostMax = 64 << 20

    /// Changes what is kept of a topic's messages, and keeps the books of it.
    mutating func changeHistory(_ slot: UInt32, _ change: (inout HistoryRing) -> Void) {
        let (bytes, wasEmpty, isEmpty) = topics.show(slot) { record in
            let (before, wasEmpty) = (record.sequence.history.byteCount, record.sequence.history.isEmpty)
            change(&record.sequence.history)
            return (record.sequence.history.byteCount - before, wasEmpty, record.sequence.history.isEmpty)
        }
        historyBytes += bytes
        historyCount += (wasEmpty ? 0 : -1) + (isEmpty ? 0 : 1)
    }
}
