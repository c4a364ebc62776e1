import SessionBase

/// When rooms that were forgotten since were stored last, for as long as another store would come too soon: somebody who
/// draws, leaves and comes back again and again has the board stored once in two seconds, not each time.
struct RecentStores: Sendable {
    /// Oldest first, from ``first`` on.
    private var entries: [(room: String, begin: Instant)] = []
    private var first = 0
    private var begins = TextMap<Instant>()

    /// When the oldest one is to be forgotten; `nil` while there is none.
    func deadline(_ spacing: Duration) -> Instant? { first < entries.count ? entries[first].begin + spacing : nil }

    /// When a room's last store began, where that is not long ago.
    func begin(of room: String) -> Instant? { begins[room] }

    /// Remembers a store.
    mutating func note(_ room: String, begin: Instant) {
        entries.append((room, begin))
        begins[room] = begin
    }

    /// Forgets what is long ago.
    mutating func forget(at now: Instant, _ spacing: Duration) {
        while let deadline = deadline(spacing), deadline <= now {
            let entry = entries[first]
            first += 1
            if begins[entry.room] == entry.begin { begins[entry.room] = nil }
        }
        guard first > 0, first >= entries.count - first else { return }
        entries.removeFirst(first)
        first = 0
        if entries.isEmpty { self = RecentStores() }
    }
}
