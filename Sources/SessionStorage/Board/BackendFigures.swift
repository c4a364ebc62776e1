package import SessionBase
import SessionCore

/// What the backend's front says of itself at `/metrics` (PROTOCOLS §1.7).
package struct BackendFigures: Equatable, Sendable {
    /// How often requests of one kind came to what.
    package struct Results: Equatable, Sendable {
        /// It was done: a board came, there was none, or one was stored.
        package var done: UInt64 = 0
        /// The backend has a later version.
        package var conflicts: UInt64 = 0
        /// The backend does not want it.
        package var refused: UInt64 = 0
        /// Nobody was there, or not in time, or with a failure of its own.
        package var unavailable: UInt64 = 0

        /// Nothing has happened yet.
        package init() {}

        mutating func count(_ reply: BackendReply) {
            switch reply {
            case .board, .absent, .stored: done += 1
            case .conflict: conflicts += 1
            case .refused: refused += 1
            case .unavailable: unavailable += 1
            }
        }

        /// The counts with their label `result`.
        package var labelled: [(result: String, count: UInt64)] {
            [("ok", done), ("conflict", conflicts), ("refused", refused), ("unavailable", unavailable)]
        }
    }

    /// Exchanges that are under way.
    package var inFlight = 0
    /// The most that ever were.
    package var inFlightMax = 0
    /// Requests that wait for one of the exchanges to end.
    package var waiting = 0
    /// What `PUT` came to: `_store_flush_total`.
    package var stores = Results()
    /// How long each took, from the first step of its exchange: `_store_flush_seconds`.
    package var storeTimes = Histogram()
    /// What `GET` came to.
    package var loads = Results()

    /// Nothing has happened yet.
    package init() {}
}

/// What operators should hear of the backend: told when it changes, not with every request.
package enum BackendNews: Equatable, Sendable {
    /// It cannot be used any longer, for this reason, in which no secret stands.
    case lost(String)
    /// It can be used again.
    case found
    /// It refuses what it is asked, with this status; nothing is lost, and it is asked again.
    case refused(status: Int)
    /// It has a board that somebody else stored meanwhile; ours is kept, and stored over it (PROTOCOLS §5.4).
    case conflict
}
