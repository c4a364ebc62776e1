import SessionBase

/// When each subscriber of a worker is cut off once: one after the other, spread evenly over the measured part, so that
/// the last one is back before its end.
struct Departures {
    private let subscribers: [Int]
    private let away: Duration
    private var next = 0
    private var span: (start: Instant, length: Duration)?

    /// Plans the departures of subscribers, each for so long.
    init(_ subscribers: [Int], away: Duration) {
        self.subscribers = subscribers
        self.away = away
    }

    /// Says when the measured part begins, and how long it lasts.
    mutating func start(at instant: Instant, duration: Duration) {
        if span == nil { span = (instant, max(.zero, duration - away - away / 2)) }
    }

    /// Takes a subscriber that is to be cut off, and when it is to come back; `nil` while none is.
    mutating func take(at now: Instant) -> (subscriber: Int, back: Instant)? {
        guard next < subscribers.count, let span else { return nil }
        let due = span.start + span.length * (Double(next) + 0.5) / Double(subscribers.count)
        guard now >= due else { return nil }
        defer { next += 1 }
        return (subscribers[next], now + away)
    }
}
