import SessionBase
import SessionCodec

/// Which rows of a stream a connection wants, and how often (PROTOCOLS 2-25, 2-26).
///
/// The first row goes out at once; what comes before the interval is over waits: the newest row, or in batch mode all.
struct StreamPace: Sendable {
    /// Which rows.
    var filter = StreamFilter.everything
    /// The time between two messages; zero where every row is sent at once.
    private(set) var interval = Duration.zero
    /// What becomes of the rows of an interval.
    private(set) var mode = StreamMode.latest
    /// What waits, oldest first.
    private var waiting: [StreamRow] = []
    /// When the next message may go out.
    private var nextAt = Instant(nanoseconds: .min / 2)

    /// How many rows a batch holds; beyond that the oldest is left out.
    static let batchMax = 100

    /// Whether every row is sent at once and as it is, so that a group serves the connection.
    var isPlain: Bool { filter.isEmpty && interval == .zero && mode == .latest }

    /// When rows that wait are due; `nil` while none waits.
    var due: Instant? { waiting.isEmpty ? nil : nextAt }

    /// What is to be done with a row.
    enum RowAction: Equatable, Sendable {
        /// It does not pass the filter.
        case skip
        /// It goes out now.
        case send
        /// It waits; where it is the first that does, the connection is to be looked at when ``due`` says.
        case wait(isFirst: Bool)
    }

    /// Takes a new row.
    mutating func take(_ row: StreamRow, at now: Instant) -> RowAction {
        guard filter.allows(row) else { return .skip }
        if interval == .zero { return .send }
        if waiting.isEmpty, nextAt <= now {
            nextAt = now + interval
            return .send
        }
        let isFirst = waiting.isEmpty
        if mode == .latest { waiting.removeAll(keepingCapacity: true) }
        if waiting.count == Self.batchMax { waiting.removeFirst() }
        waiting.append(row)
        return .wait(isFirst: isFirst)
    }

    /// Takes out what waits, where its time has come; empty where not.
    mutating func release(at now: Instant) -> [StreamRow] {
        guard let due, due <= now else { return [] }
        nextAt = now + interval
        defer { waiting = [] }
        return waiting
    }

    /// Changes interval and mode.
    ///
    /// - Returns: What waited and is now to be sent: with an interval of zero nothing waits.
    mutating func set(_ interval: Duration, _ mode: StreamMode, at now: Instant) -> [StreamRow] {
        let last = nextAt - self.interval
        nextAt = self.interval == .zero ? now : last + interval
        self.interval = interval
        self.mode = mode
        if mode == .latest, waiting.count > 1 { waiting.removeFirst(waiting.count - 1) }
        guard interval == .zero else { return [] }
        defer { waiting = [] }
        return waiting
    }

    /// Forgets what waits, because all rows are sent anew.
    mutating func restart() { waiting = [] }
}
