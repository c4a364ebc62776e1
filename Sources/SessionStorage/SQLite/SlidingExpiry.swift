import SessionBase
import SessionCore
import Synchronization

/// Later ends of documents that were only read: kept here for some seconds, so that reading needs no write of its own.
///
/// Shared by the engine's threads. An extension that a crash loses makes a document end when it was written to end.
final class SlidingExpiry: Sendable {
    /// A later end, and the end that stands in the file.
    struct Extension: Equatable {
        /// The end that the file knows.
        var from: Timestamp
        /// The end that the document has.
        var until: Timestamp
    }

    /// Where the end in the file is this near, the extension is written at once.
    static let urgency = Duration.seconds(60)

    /// How many may wait without their time having come.
    static let countMax = 1024

    private struct State {
        var extensions: [DocumentKey: Extension] = [:]
        /// No end in the file that was extended lies before it.
        var earliest: Timestamp?
    }

    private let state = Mutex(State())

    /// How many wait.
    var count: Int { state.withLock { $0.extensions.count } }

    /// Whether a document may be over in the file although it is not.
    func isOverdue(at now: Timestamp) -> Bool { state.withLock { $0.earliest.map { $0 <= now } ?? false } }

    /// Gives a document that was read the end that it has, and a later one where it is asked for.
    ///
    /// - Parameter until: The end that is asked for; `nil` leaves it as it is.
    /// - Returns: The document; `nil` where its end has to be written at once instead.
    func extend(_ document: Document, to until: Timestamp?, at now: Timestamp) -> Document? {
        guard let stored = document.expiresAt else { return document }
        return state.withLock { state in
            var document = document
            let known = state.extensions[document.key].flatMap { $0.from == stored ? $0.until : nil } ?? stored
            document.expiresAt = known
            guard let until, until > known else { return document }
            if stored.milliseconds - now.milliseconds < Self.urgency.milliseconds { return nil }
            state.extensions[document.key] = Extension(from: stored, until: until)
            state.earliest = state.earliest.map { min($0, stored) } ?? stored
            document.expiresAt = until
            return document
        }
    }

    /// Some or all that wait; they stay, because readers need them until they are written.
    func waiting(atMost limit: Int = .max) -> [(key: DocumentKey, extension: Extension)] {
        state.withLock { $0.extensions.prefix(limit).map { ($0.key, $0.value) } }
    }

    /// Forgets what the file knows now, unless it was extended again.
    func forget(_ written: [(key: DocumentKey, extension: Extension)]) {
        state.withLock { state in
            for (key, value) in written {
                guard let present = state.extensions[key] else { continue }
                // Extended again meanwhile: the file holds the end that was written.
                state.extensions[key] = present == value ? nil : Extension(from: value.until, until: present.until)
            }
            state.earliest = state.extensions.values.map(\.from).min()
        }
    }

    /// Forgets the extension of a document that was written or removed, which settles its end.
    func forget(_ key: DocumentKey) {
        state.withLock { state in
            guard !state.extensions.isEmpty else { return }
            state.extensions[key] = nil
            if state.extensions.isEmpty { state.earliest = nil }
        }
    }
}
