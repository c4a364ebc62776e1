import SessionBase

/// The last messages of a topic, oldest first, without a gap up to the topic's last one.
///
/// A message is one array that the parcels to other loops and the answers to those who come back share.
struct HistoryRing: Sendable {
    private struct Entry: Sendable {
        var message: [UInt8]
        /// By the owner's clock, which never goes back.
        var keptAt: Instant
        /// By the publisher's clock, as the message itself says; may go back a little from one to the next.
        var sentAt: Timestamp
    }

    /// How many bytes are kept in one of several rings: up to 512 KiB, so that a recovery fits into the queue of a socket
    /// (PROTOCOLS C4), and 64 MiB in all as long as that leaves each 16 KiB; beyond that ``Hub/makeRoom(besides:)`` helps.
    static func bytesMax(of rings: Int) -> Int { min(512 << 10, max(16 << 10, (64 << 20) / max(1, rings))) }

    private var entries: [Entry] = []
    /// The place of the oldest one that is kept.
    private var first = 0
    /// Bytes of the messages that are kept.
    private(set) var byteCount = 0
    /// Everything that was sent before or at this time may be forgotten.
    private(set) var forgottenUntil = Timestamp(milliseconds: .min)

    /// How many messages are kept.
    var count: Int { entries.count - first }

    /// Whether nothing is kept.
    var isEmpty: Bool { first == entries.count }

    /// When the newest message came; `nil` while there is none.
    var newest: Instant? { isEmpty ? nil : entries[entries.count - 1].keptAt }

    /// When the oldest message came; `nil` while there is none.
    var oldest: Instant? { isEmpty ? nil : entries[first].keptAt }

    /// Notes that whatever was sent until `time` is not here: the topic began after it.
    mutating func begin(at time: Timestamp) { forgottenUntil = max(forgottenUntil, time) }

    /// Adds a message, and forgets old ones until there are at most so many messages and bytes; the last one always stays.
    mutating func append(_ message: [UInt8], keptAt: Instant, sentAt: Timestamp, countMax: Int, bytesMax: Int) {
        entries.append(Entry(message: message, keptAt: keptAt, sentAt: sentAt))
        byteCount += message.count
        while count > countMax || (byteCount > bytesMax && count > 1) { dropOldest() }
        compact()
    }

    /// Forgets everything, because a message was sent that is not kept.
    mutating func clear(sentAt: Timestamp) {
        while !isEmpty { dropOldest() }
        forgottenUntil = max(forgottenUntil, sentAt)
        compact()
    }

    /// Forgets everything, because other topics need the room.
    mutating func clear() {
        while !isEmpty { dropOldest() }
        compact()
    }

    /// Forgets what came before `instant` or then.
    mutating func trim(until instant: Instant) {
        while let oldest, oldest <= instant { dropOldest() }
        compact()
    }

    /// The last `wanted` messages; `nil` where that many are not kept.
    func last(_ wanted: UInt64) -> [[UInt8]]? {
        guard wanted <= UInt64(count) else { return nil }
        return entries[(entries.count - Int(wanted))...].map(\.message)
    }

    /// How many messages came since the first one that was sent at or after `time`; `nil` where some of those may be
    /// forgotten.
    func countSince(_ time: Timestamp) -> UInt64? {
        guard time > forgottenUntil else { return nil }
        guard let place = entries[first...].firstIndex(where: { $0.sentAt >= time }) else { return 0 }
        return UInt64(entries.count - place)
    }

    private mutating func dropOldest() {
        let entry = entries[first]
        forgottenUntil = max(forgottenUntil, entry.sentAt)
        byteCount -= entry.message.count
        entries[first].message = []
        first += 1
    }

    /// Closes the gap of what was dropped once that is more than what is kept, so that an entry is moved once at most on
    /// average.
    private mutating func compact() {
        guard isEmpty || (first > 8 && first > count) else { return }
        entries.removeFirst(first)
        first = 0
    }
}
