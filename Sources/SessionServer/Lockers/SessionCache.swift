import SessionBase

/// What another service said about sessions in the last 30 seconds (PROTOCOLS 4-3), bounded: the oldest gives way.
struct SessionCache: Sendable {
    /// How long an answer holds.
    static let lifeMilliseconds: Int64 = 30_000
    /// How many answers are kept.
    static let countMax = 10_000

    private struct Entry {
        var answer: SessionAnswer
        var time: Timestamp
    }

    private var entries: [String: Entry] = [:]
    /// The names in the order of their answers, as a ring once it is full.
    private var order: [String] = []
    private var oldest = 0

    /// What was said about a session; `nil` where nothing was, or too long ago.
    func answer(_ name: String, at time: Timestamp) -> SessionAnswer? {
        guard let entry = entries[name] else { return nil }
        // A clock that was set back makes every answer old; a caller whose time is a little older has not set it back.
        return abs(time.milliseconds - entry.time.milliseconds) < Self.lifeMilliseconds ? entry.answer : nil
    }

    /// Keeps what was said.
    ///
    /// - Parameter time: When it was asked.
    mutating func insert(_ answer: SessionAnswer, for name: String, at time: Timestamp) {
        let isNew = entries.updateValue(Entry(answer: answer, time: time), forKey: name) == nil
        guard isNew else { return }
        if order.count < Self.countMax { return order.append(name) }
        entries[order[oldest]] = nil
        order[oldest] = name
        oldest = (oldest + 1) % Self.countMax
    }
}
