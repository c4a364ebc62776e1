package import SessionBase

/// Remembers for a short time which frames went to which connections, so that the same is not said twice.
///
/// One list serves all connections of a machine, and holds only what is younger than ``window``: a connection that gets
/// nothing costs nothing (PROTOCOLS §2.4, duplicate suppression).
package struct DuplicateFilter: Sendable {
    /// For how long a frame is remembered.
    package static let window = Duration.seconds(1)

    private struct Key: Hashable {
        let connection: ConnectionID
        let frame: UInt64
    }

    private struct Entry {
        let key: Key
        let sent: Instant
    }

    /// Everything sent within the window, oldest first from `first` on.
    private var entries: [Entry] = []
    private var first = 0
    /// The same, for look-up only.
    private var known: Set<Key> = []

    /// Starts without memory.
    package init() {}

    /// Records that a frame is about to be sent.
    ///
    /// - Parameter frame: A keyed hash of its bytes.
    /// - Returns: Whether it is to be sent; `false` where the same was sent within the window.
    package mutating func admit(_ frame: UInt64, to connection: ConnectionID, at now: Instant) -> Bool {
        forget(before: now)
        let key = Key(connection: connection, frame: frame)
        guard known.insert(key).inserted else { return false }
        entries.append(Entry(key: key, sent: now))
        return true
    }

    /// Forgets what was sent to a connection, because something that contradicts it was sent since.
    package mutating func forget(_ connection: ConnectionID) {
        entries.removeFirst(first)
        first = 0
        for entry in entries where entry.key.connection == connection { known.remove(entry.key) }
        entries.removeAll { $0.key.connection == connection }
    }

    private mutating func forget(before now: Instant) {
        while first < entries.count, now - entries[first].sent >= Self.window {
            known.remove(entries[first].key)
            first += 1
        }
        // Moving the rest to the front costs no more than was dropped before it.
        guard first > entries.count / 2 else { return }
        entries.removeFirst(first)
        first = 0
    }
}
