package import SessionBase
package import SessionCodec

/// What others may know of a hub.
extension Hub {
    /// Whether a connection is subscribed to a topic, or waits for the answer.
    package func isSubscribed(_ connection: ConnectionID, to topic: String) -> Bool {
        guard let slot = slots[topic] else { return false }
        return subscription(of: connection, slot) != nil
    }

    /// Whether a connection waits for any owner's answer.
    package func isWaiting(_ connection: ConnectionID) -> Bool {
        subscriptions[connection]?.contains { $0.awaited != nil } ?? false
    }

    /// Whether a connection waits for the answer of a topic's owner.
    package func isWaiting(_ connection: ConnectionID, for topic: String) -> Bool {
        slots[topic].flatMap { subscription(of: connection, $0) }?.awaited != nil
    }

    /// Whether a connection gets the messages of a topic with their numbers.
    package func isPositioned(_ connection: ConnectionID, to topic: String) -> Bool {
        slots[topic].flatMap { subscription(of: connection, $0) }?.isPositioned ?? false
    }

    /// How many topics a connection is subscribed to or waits for.
    package func subscriptionCount(of connection: ConnectionID) -> Int { subscriptions[connection]?.count ?? 0 }

    /// The topics of a connection, in the order in which it came to them.
    package func topics(of connection: ConnectionID) -> [String] {
        (subscriptions[connection] ?? []).map { topics[slot: $0.slot].name }
    }

    /// How many subscribers of this loop a topic has.
    package func localCount(of topic: String) -> Int { slots[topic].map { topics[slot: $0].localCount } ?? 0 }

    /// How many subscribers a topic of this loop's has on all loops; 0 where another loop owns it.
    package func subscriberCount(of topic: String) -> Int { slots[topic].map { topics[slot: $0].sequence.total } ?? 0 }

    /// Where the sequence of a topic of this loop's is; `nil` where nobody asked for a position yet.
    package func position(of topic: String) -> TopicPosition? {
        guard let slot = slots[topic], !topics[slot: slot].sequence.epoch.isEmpty else { return nil }
        return TopicPosition(epoch: topics[slot: slot].sequence.epoch, offset: topics[slot: slot].sequence.offset)
    }

    /// What is kept of a topic of this loop's, oldest first.
    package func history(of topic: String, at moment: Moment) -> [TopicMessage] {
        guard let slot = slots[topic] else { return [] }
        var sequence = topics[slot: slot].sequence
        if let life = sequence.life { sequence.history.trim(until: moment.instant - life) }
        let messages = sequence.history.last(UInt64(sequence.history.count)) ?? []
        let first = sequence.offset - UInt64(messages.count) + 1
        return messages.enumerated().map { TopicMessage(offset: first + UInt64($0), message: $1) }
    }

    /// The topics of this loop's that have subscribers, by name.
    ///
    /// - Parameters:
    ///   - prefix: What their names begin with.
    ///   - after: The name before the first one wanted; `nil` from the beginning.
    ///   - limit: How many at most.
    /// - Complexity: O(n log n) of those that fit.
    package func topicList(
        prefix: String = "", after: String? = nil, limit: Int = .max
    ) -> [(topic: String, subscribers: Int)] {
        let wanted = topics.slots.filter { slot in
            let name = topics[slot: slot].name
            return topics[slot: slot].sequence.total > 0 && name.hasPrefix(prefix) && (after.map { name > $0 } ?? true)
        }
        return wanted.map { (topics[slot: $0].name, topics[slot: $0].sequence.total) }
            .sorted { $0.0 < $1.0 }.prefix(limit).map { (topic: $0.0, subscribers: $0.1) }
    }

    /// How many topics of this loop's have subscribers.
    package var occupiedCount: Int { topics.slots.count { topics[slot: $0].sequence.total > 0 } }

    /// How many topics of this loop's have subscribers and a name that is wanted.
    ///
    /// - Complexity: O(n).
    package func occupiedCount(where isWanted: (String) -> Bool) -> Int {
        topics.slots.count { topics[slot: $0].sequence.total > 0 && isWanted(topics[slot: $0].name) }
    }

    /// How many topics this loop knows, its own and those of its subscribers.
    package var topicCount: Int { topics.count }

    /// How many subscriptions this loop's connections have.
    package var localSubscriptionCount: Int {
        topics.slots.reduce(0) { $0 + topics[slot: $1].localCount }
    }

    /// How many bytes of messages this loop keeps.
    package var keptBytes: Int { historyBytes }
}
