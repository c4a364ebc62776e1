import SessionBase

/// What a hub knows of one topic: its own subscribers, and, where it is the owner, the sequence.
struct TopicRecord: TableRecord {
    static let vacant = TopicRecord(name: "", isOwned: false)

    /// Its name.
    let name: String
    /// Whether this loop owns it.
    let isOwned: Bool
    /// How many of this loop's subscribers get messages as they are.
    var plainCount = 0
    /// How many of this loop's subscribers get messages with their numbers.
    var positionedCount = 0
    /// This loop's subscribers that the machine serves, in the order in which they came.
    var own = ConnectionList()
    /// The number of the last message that this loop's subscribers heard; means nothing while there are none.
    var heard: UInt64 = 0
    /// How many of this loop's connections wait for the owner's answer.
    var waitingCount = 0
    /// What only the owner knows.
    var sequence = TopicSequence()

    /// How many subscribers this loop has.
    var localCount: Int { plainCount + positionedCount + own.count }

    /// Whether nothing of this loop holds on to it.
    var isUnusedHere: Bool { localCount == 0 && waitingCount == 0 }
}

/// The owner's part of a topic.
struct TopicSequence: Sendable {
    /// Names the sequence; empty as long as nobody asked for a position.
    var epoch = ""
    /// The number of the last message.
    var offset: UInt64 = 0
    /// The last messages.
    var history = HistoryRing()
    /// How many subscribers each loop has; empty as long as none had any.
    var counts: [Int] = []
    /// How many subscribers there are on all loops.
    var total = 0
    /// How many requests the machine has not answered yet.
    var askedCount = 0
    /// Whether the machine was told that the topic has subscribers.
    var isOccupied = false
    /// How long the sequence is remembered after its last subscriber; `nil` where the topic keeps nothing.
    var life: Duration?
    /// Until when it is remembered, while it has no subscribers.
    var keptUntil: Instant?
    /// When it is looked at next; `nil` where nothing becomes due.
    var scheduledAt: Instant?

    /// Whether no loop has subscribers, and none may get any by an answer that is still owed.
    var isVacant: Bool { total == 0 && askedCount == 0 }

    /// Whether nothing of it is worth keeping.
    var isOver: Bool { isVacant && !isOccupied && history.isEmpty && keptUntil == nil }

    /// When something of it ends; `nil` where nothing does.
    var due: Instant? {
        guard let life else { return keptUntil }
        let historyEnd = history.oldest.map { $0 + life } ?? .distantFuture
        let due = min(historyEnd, keptUntil ?? .distantFuture)
        return due == .distantFuture ? nil : due
    }
}
