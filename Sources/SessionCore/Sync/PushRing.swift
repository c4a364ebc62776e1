import SessionBase

/// The last pushes of a session, for devices that were cut off (PROTOCOLS §3.4, EXT resume): at most 500 of them and so
/// many bytes, none older than 120 s.
///
/// The messages lie one after the other in one array, as they were sent, so that a push costs no allocation of its own.
struct PushRing: TableRecord {
    static let vacant = PushRing()

    /// One push.
    struct Entry: Sendable {
        /// Its place in the session's sequence.
        var sequence: UInt64
        var pushedAt: Instant
        /// Serial of the device that does not get it; 0 where there is none.
        var origin: UInt32
        /// Serial of the only device that gets it; 0 where all others do.
        var only: UInt32
        /// Where its JSON ends in ``bytes``; it begins where the one before ends.
        var end: Int
    }

    /// How many are kept.
    static let countMax = 500
    /// For how long they are kept.
    static let ageMax = Duration.seconds(120)
    /// How many bytes are kept in one of several rings: up to 256 KiB, and 32 MiB in all as long as that leaves each 4 KiB.
    static func bytesMax(of rings: Int) -> Int { min(256 << 10, max(4 << 10, (32 << 20) / max(1, rings))) }

    /// Oldest first, from ``first`` on.
    private var entries: [Entry] = []
    /// The place of the oldest one that is kept.
    private var first = 0
    private var bytes: [UInt8] = []
    /// Where the oldest one that is kept begins.
    private var start = 0

    /// Whether nothing is kept.
    var isEmpty: Bool { first == entries.count }

    /// When the oldest one was pushed.
    var oldest: Instant? { isEmpty ? nil : entries[first].pushedAt }

    /// Bytes that are kept.
    var byteCount: Int { bytes.count - start }

    /// Adds a push, the last one in any case.
    ///
    /// - Returns: The place up to which pushes are forgotten, where some had to go.
    mutating func append(_ entry: Entry, _ message: Span<UInt8>, bytesMax: Int) -> UInt64? {
        bytes.append(copying: message)
        var entry = entry
        entry.end = bytes.count
        entries.append(entry)
        var forgotten: UInt64?
        while entries.count - first > Self.countMax || (byteCount > bytesMax && entries.count - first > 1) {
            forgotten = dropOldest()
        }
        compact()
        return forgotten
    }

    /// Forgets what is older than allowed.
    ///
    /// - Returns: The place up to which pushes are forgotten, where some had to go.
    mutating func trim(at now: Instant) -> UInt64? {
        var forgotten: UInt64?
        while let oldest, oldest + Self.ageMax <= now { forgotten = dropOldest() }
        compact()
        return forgotten
    }

    /// The messages after a place that a device did not cause and may see.
    func messages(after sequence: UInt64, for device: UInt32) -> [[UInt8]] {
        var begin = start
        var messages: [[UInt8]] = []
        for entry in entries[first...] {
            if entry.sequence > sequence, entry.origin != device, entry.only == 0 || entry.only == device {
                messages.append(Array(bytes[begin..<entry.end]))
            }
            begin = entry.end
        }
        return messages
    }

    private mutating func dropOldest() -> UInt64 {
        let entry = entries[first]
        start = entry.end
        first += 1
        return entry.sequence
    }

    /// Frees what was dropped once that is more than what is kept, so that an entry is moved once at most on average.
    private mutating func compact() {
        guard first > 8, first > entries.count - first else { return }
        for place in first..<entries.count { entries[place].end -= start }
        entries.removeFirst(first)
        bytes.removeFirst(start)
        (first, start) = (0, 0)
    }
}
