package import SessionBase
package import SessionCore
import Synchronization

/// Later ends of documents that were only read: kept here for a minute, so that reading needs no write of its own.
///
/// Shared by the engine's threads. The one that writes takes a few of them along with what it writes anyway. An extension
/// that a crash loses makes a document end when it was written to end.
package final class SlidingExpiry: Sendable {
    /// A later end, and the end that stands in the file.
    package struct Extension: Equatable {
        /// The end that the file knows.
        package let from: Timestamp
        /// The end that the document has.
        package let until: Timestamp

        /// Describes an extension.
        package init(from: Timestamp, until: Timestamp) {
            self.from = from
            self.until = until
        }
    }

    /// An extension and whose it is.
    package typealias Entry = (key: DocumentKey, extension: Extension)

    /// Where the end in the file is this near, the extension is written at once. Longer than ``patience``, so that no
    /// document ends in the file while its extension waits.
    package static let urgency = Duration.seconds(300)

    /// How long an extension waits.
    package static let patience = Duration.seconds(60)

    /// How many wait at most; the oldest of more are written earlier.
    package static let countMax = 65_536

    private struct State {
        var extensions: [DocumentKey: Extension] = [:]
        /// The documents in the order in which their first extension came; some have none any longer.
        var order = FIFO<(key: DocumentKey, since: Instant)>()
        /// No end in the file that was extended lies before it.
        var earliest: Timestamp?
    }

    private let state = Mutex(State())

    /// Nothing waits.
    package init() {}

    /// Whether a document may be over in the file although it is not.
    package func isOverdue(at now: Timestamp) -> Bool { state.withLock { $0.earliest.map { $0 <= now } ?? false } }

    /// Gives a document that was read the end that it has, and a later one where it is asked for.
    ///
    /// - Parameters:
    ///   - until: The end that is asked for; `nil` leaves it as it is.
    ///   - time: When it is asked for, which ends are compared with.
    ///   - now: The same on the clock that ``patience`` is measured by.
    /// - Returns: The document; `nil` where its end has to be written at once instead.
    package func extend(_ document: Document, to until: Timestamp?, at time: Timestamp, now: Instant) -> Document? {
        guard let stored = document.expiresAt else { return document }
        return state.withLock { state in
            var document = document
            let known = state.extensions[document.key].flatMap { $0.from == stored ? $0.until : nil }
            document.expiresAt = known ?? stored
            guard let until, until > known ?? stored else { return document }
            if stored.milliseconds - time.milliseconds < Self.urgency.milliseconds { return nil }
            if state.extensions.updateValue(Extension(from: stored, until: until), forKey: document.key) == nil {
                state.order.append((document.key, now))
            }
            state.earliest = state.earliest.map { min($0, stored) } ?? stored
            document.expiresAt = until
            return document
        }
    }

    /// The end that a document has, which may be later than the one in the file.
    package func current(_ document: Document) -> Document {
        guard let stored = document.expiresAt else { return document }
        return state.withLock { state in
            guard let known = state.extensions[document.key], known.from == stored else { return document }
            var document = document
            document.expiresAt = known.until
            return document
        }
    }

    /// Some that have waited long enough; they stay until ``forget(_:)``, because readers need them until they are written.
    package func due(atMost limit: Int, now: Instant) -> [Entry] {
        state.withLock { state in
            var entries: [Entry] = []
            while entries.count < limit, let next = state.order.first,
                now >= next.since + Self.patience || state.extensions.count > Self.countMax
            {
                _ = state.order.popFirst()
                if let value = state.extensions[next.key] { entries.append((next.key, value)) }
            }
            return entries
        }
    }

    /// All that wait.
    package func all() -> [Entry] { state.withLock { $0.extensions.map { ($0.key, $0.value) } } }

    /// Forgets what the file knows now; what was extended again meanwhile waits on.
    package func forget(_ written: [Entry], now: Instant) {
        guard !written.isEmpty else { return }
        state.withLock { state in
            for (key, value) in written {
                guard let present = state.extensions.removeValue(forKey: key), present != value else { continue }
                state.extensions[key] = Extension(from: value.until, until: present.until)
                state.order.append((key, now))
            }
            // The true one would have to be looked for; one that is too early costs a look at the file.
            if state.extensions.isEmpty { state.earliest = nil }
        }
    }

    /// Lets those wait again that could not be written.
    package func retry(_ entries: [Entry], now: Instant) {
        state.withLock { state in
            for (key, _) in entries { state.order.append((key, now)) }
            // Those of ``all()`` stood in the line all the time; without this it would grow with every attempt.
            guard state.order.count > 2 * state.extensions.count + entries.count else { return }
            state.order = FIFO()
            for key in state.extensions.keys { state.order.append((key, now)) }
        }
    }

    /// Forgets the extension of a document that was written or removed, which settles its end.
    ///
    /// - Returns: What was forgotten, for ``restore(_:now:)``.
    @discardableResult
    package func forget(_ key: DocumentKey) -> Extension? {
        state.withLock { state -> Extension? in
            let value = state.extensions.removeValue(forKey: key)
            if state.extensions.isEmpty { state.earliest = nil }
            return value
        }
    }

    /// Takes back what was forgotten, in that order, where what settled the ends did not happen.
    package func restore(_ entries: [Entry], now: Instant) {
        state.withLock { state in
            // Backwards, so that of several of one document the first stays: the one that the file knows.
            for (key, value) in entries.reversed() {
                state.extensions[key] = value
                state.order.append((key, now))
                state.earliest = state.earliest.map { min($0, value.from) } ?? value.from
            }
        }
    }

    /// Looks anew for the earliest end in the file that was extended.
    package func review() {
        state.withLock { state in state.earliest = state.extensions.values.lazy.map(\.from).min() }
    }
}
