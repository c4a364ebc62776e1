import SessionBase
import SessionCodec
import SessionCore

/// A message that waits, framed for a connection without compression.
struct HeldMessage: Sendable {
    let kind: MessageKind
    let frame: [UInt8]
    let headerBytes: Int
}

/// What was sent to one connection after its socket took no more (PROTOCOLS C4): messages that nobody has framed for this
/// socket alone yet, so that one may still be dropped, or make way for a later one.
///
/// A message to a group is the same one in memory however many wait for it, so a stuck member costs a few words a message.
struct HeldMessages: Sendable {
    private struct Entry {
        /// `nil` where the message has made way.
        var message: HeldMessage?
        let policy: OverflowPolicy
        let since: Instant

        var byteCount: Int { message?.frame.count ?? 0 }
    }

    /// How many messages made way for others, or were never held.
    struct Losses: Equatable {
        /// Those that were the oldest when there was no room.
        var dropped = 0
        /// Those whose key came again.
        var conflated = 0
        /// Those that passed a connection by.
        var skipped = 0
    }

    private var entries: [Entry] = []
    /// Every entry before it has gone out, or made way.
    private var head = 0
    /// No entry before it makes way for others.
    private var firstYielding = 0
    /// Where the message of a key waits.
    private var places: [UInt64: Int] = [:]
    /// How many messages wait.
    private(set) var count = 0
    /// How many bytes wait.
    private(set) var byteCount = 0
    /// How many of those bytes make way for nothing.
    private(set) var firmByteCount = 0

    /// So many entries that made way are not worth a new list.
    private static let slack = 64

    var isEmpty: Bool { count == 0 }

    /// Adds a message; older ones make way where it needs their room, or their key is its own.
    ///
    /// - Parameter room: How many bytes may wait; the newest message does in any case.
    mutating func add(
        _ message: HeldMessage, _ policy: OverflowPolicy, at now: Instant, room: Int = .max
    ) -> Losses {
        var losses = Losses()
        if case .conflate(let key) = policy, let place = places[key] {
            // The new one goes behind everything that was said since, as it was said.
            vacate(place)
            losses.conflated = 1
        }
        append(Entry(message: message, policy: policy, since: now))
        while byteCount > room, dropOldest() { losses.dropped += 1 }
        return losses
    }

    private mutating func append(_ entry: Entry) {
        compactIfSparse()
        if case .conflate(let key) = entry.policy { places[key] = entries.count }
        count += 1
        byteCount += entry.byteCount
        if entry.policy == .disconnect { firmByteCount += entry.byteCount }
        entries.append(entry)
    }

    /// Drops the oldest message that makes way, but not the newest of all.
    private mutating func dropOldest() -> Bool {
        firstYielding = max(firstYielding, head)
        while firstYielding < entries.count - 1 {
            let place = firstYielding
            firstYielding += 1
            guard entries[place].message != nil, entries[place].policy != .disconnect else { continue }
            vacate(place)
            return true
        }
        return false
    }

    /// Takes the message out of an entry.
    private mutating func vacate(_ place: Int) {
        count -= 1
        byteCount -= entries[place].byteCount
        if entries[place].policy == .disconnect { firmByteCount -= entries[place].byteCount }
        if case .conflate(let key) = entries[place].policy { places[key] = nil }
        entries[place].message = nil
    }

    /// Takes out the message that is next, and tells whether it would have made way for others.
    mutating func removeFirst() -> (message: HeldMessage, yields: Bool)? {
        while head < entries.count, entries[head].message == nil { head += 1 }
        guard head < entries.count, let message = entries[head].message else {
            self = HeldMessages()
            return nil
        }
        let yields = entries[head].policy != .disconnect
        vacate(head)
        head += 1
        return (message, yields)
    }

    /// Whether a message that makes way for nothing has waited for longer than `age`.
    func isOlder(than age: Duration, at now: Instant) -> Bool {
        guard firmByteCount > 0 else { return false }
        let oldest = entries[head...].first { $0.message != nil && $0.policy == .disconnect }
        return oldest.map { now - $0.since > age } ?? false
    }

    private mutating func compactIfSparse() {
        guard entries.count - count > max(Self.slack, count) else { return }
        entries.removeAll { $0.message == nil }
        (head, firstYielding) = (0, 0)
        for place in entries.indices { if case .conflate(let key) = entries[place].policy { places[key] = place } }
    }
}
