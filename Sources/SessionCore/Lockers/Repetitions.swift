import SessionBase
import SessionCodec

/// Whose `Idempotency-Key` it is, and which: two producers may choose the same.
struct RepetitionKey: Hashable, Sendable {
    var user: ExactText
    var key: ExactText
}

/// The answers to requests with an `Idempotency-Key`: a repetition gets the same and is not carried out again (PROTOCOLS §6.3).
///
/// *unknown* → *under way* (repetitions wait) → *answered* (for ten minutes) → *unknown*. A loop remembers a bounded number;
/// the oldest that is answered gives way.
struct Repetitions: Sendable {
    /// How long an answer is remembered.
    static let life = Duration.seconds(600)
    /// How many a loop remembers.
    static let countMax = 10_000

    /// What a request with a key is.
    enum Standing: Equatable {
        /// To be carried out, and then ``Repetitions/finish(_:_:)``.
        case new
        /// A repetition of one that is under way; it is answered with that one.
        case waits
        /// A repetition of one that was answered so.
        case answered(HTTPResponse)
        /// Another request with a key that was used.
        case reused
    }

    private struct Entry {
        var fingerprint: UInt64
        var since: Instant
        var response: HTTPResponse?
        var waiting: [RequestTicket] = []
    }

    private var entries: [RepetitionKey: Entry] = [:]
    /// The keys in the order of their requests, from `first` on.
    private var order: [RepetitionKey] = []
    private var first = 0

    /// How many are remembered.
    var count: Int { entries.count }

    /// When the oldest is forgotten; `nil` while there is none, or it is under way.
    var deadline: Instant? {
        guard first < order.count, let oldest = entries[order[first]], oldest.response != nil else { return nil }
        return oldest.since + Self.life
    }

    /// Takes a request.
    ///
    /// - Parameter fingerprint: A keyed hash of all that the request says.
    mutating func begin(
        _ key: RepetitionKey, fingerprint: UInt64, _ ticket: RequestTicket, at now: Instant
    ) -> Standing {
        forget(at: now)
        if let entry = entries[key] {
            guard entry.fingerprint == fingerprint else { return .reused }
            if let response = entry.response { return .answered(response) }
            entries[key]?.waiting.append(ticket)
            return .waits
        }
        entries[key] = Entry(fingerprint: fingerprint, since: now)
        order.append(key)
        if entries.count > Self.countMax { dropOldest() }
        return .new
    }

    /// Remembers an answer.
    ///
    /// - Returns: The repetitions that wait for it.
    mutating func finish(_ key: RepetitionKey, _ response: HTTPResponse) -> [RequestTicket] {
        guard var entry = entries[key] else { return [] }
        let waiting = entry.waiting
        entry.waiting = []
        entry.response = response
        entries[key] = entry
        return waiting
    }

    /// Forgets what is too old.
    mutating func forget(at now: Instant) {
        while let deadline, deadline <= now { dropOldest() }
    }

    /// Forgets the oldest, unless it is under way.
    private mutating func dropOldest() {
        guard entries[order[first]]?.response != nil else { return }
        entries[order[first]] = nil
        first += 1
        // Moving the rest to the front costs no more than was dropped before it.
        if first > order.count / 2 {
            order.removeFirst(first)
            first = 0
        }
    }
}
