package import SessionBase

/// A place in the sequence of a topic: which sequence, and after how many messages.
package struct TopicPosition: Hashable, Sendable {
    /// Names the sequence: drawn when the owner makes the topic, so that no position outlives what it counts. Twelve
    /// hexadecimal digits.
    package var epoch: String
    /// The number of the last message of the sequence at this place; the first one is 1.
    package var offset: UInt64

    /// Names a place.
    package init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}

/// From where on a subscriber wants a topic's messages (EXT, PROTOCOLS §4.3 and §6.3).
package enum TopicStart: Equatable, Sendable {
    /// From now on.
    case now
    /// All that came after a position.
    case after(TopicPosition)
    /// All that was sent at or after a time. Clocks count milliseconds, so the last messages that a subscriber saw may
    /// come again; none is lost.
    case since(Timestamp)
}

/// How much of a topic is kept for those who come back.
package struct HistoryPolicy: Equatable, Sendable {
    /// How many messages; at least 1.
    package var countMax: Int
    /// For how long each.
    package var life: Duration

    /// Keeps some messages.
    ///
    /// - Returns: `nil` where `countMax` is 0: nothing is kept.
    package init?(countMax: Int, life: Duration) {
        guard countMax > 0, life > .zero else { return nil }
        self.countMax = countMax
        self.life = life
    }
}
