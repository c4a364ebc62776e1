import SessionBase

/// Who is to be looked at when, earliest first: a binary heap in one array, 16 bytes an entry.
///
/// Entries are never taken out before they are due. Whoever pops one looks whether it still means something and, where it
/// became due later in the meantime, pushes it again: that is cheaper than moving it with every message.
struct DeadlineQueue<Key: Sendable>: Sendable {
    private var entries: [(due: Instant, key: Key)] = []

    /// How many entries there are, stale ones included.
    var count: Int { entries.count }

    /// When the first entry is due; `nil` while there is none.
    var earliest: Instant? { entries.first?.due }

    /// Adds an entry.
    mutating func push(_ key: Key, due: Instant) {
        entries.append((due, key))
        siftUp(from: entries.count - 1)
    }

    /// Takes out the first entry that is due at or before `now`.
    mutating func popDue(at now: Instant) -> Key? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        siftDown(from: 0)
        return first.key
    }

    /// Keeps only the entries that still mean something.
    mutating func keep(where isMeaningful: (Key) -> Bool) {
        entries.removeAll { !isMeaningful($0.key) }
        for index in (0..<entries.count / 2).reversed() { siftDown(from: index) }
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].due < entries[parent].due else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            let left = 2 * parent + 1
            guard left < entries.count else { return }
            let right = left + 1
            let least = right < entries.count && entries[right].due < entries[left].due ? right : left
            guard entries[least].due < entries[parent].due else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
