import SessionBase

/// What will happen when, in virtual time; events of the same instant happen in the order in which they were planned.
struct EventQueue<Event> {
    private struct Entry {
        let due: Instant
        let number: Int
        let event: Event

        func precedes(_ other: Entry) -> Bool { due == other.due ? number < other.number : due < other.due }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var count = 0

    /// When the next event happens.
    var earliest: Instant? { entries.first?.due }

    /// Plans an event.
    mutating func plan(_ event: Event, at due: Instant) {
        entries.append(Entry(due: due, number: count, event: event))
        count += 1
        var child = entries.count - 1
        while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the next event, and lets the time come at which it happens.
    mutating func next(at now: inout Instant) -> Event? {
        guard let due = earliest else { return nil }
        now = max(now, due)
        return next()
    }

    /// Takes out the next event.
    mutating func next() -> Event? {
        guard let first = entries.first else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            let least = [2 * parent + 1, 2 * parent + 2].filter { $0 < entries.count }
                .reduce(parent) { entries[$1].precedes(entries[$0]) ? $1 : $0 }
            if least == parent { return first.event }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
