import SessionBase
import Synchronization

/// How far a graceful stop has come (PROTOCOLS C11).
enum DrainState: UInt8, AtomicRepresentable, Comparable, Sendable {
    /// New connections are welcome.
    case serving
    /// Load balancers are told to look elsewhere; everything is still served.
    case announced
    /// New WebSockets get 503, and the open ones are closed one after the other.
    case closing

    static func < (left: DrainState, right: DrainState) -> Bool { left.rawValue < right.rawValue }
}

/// A loop's part of a graceful stop: which sockets to close when.
///
/// `serving` → `announced` (signal or `POST /admin/drain`) → `closing` (after `lb_wait`) → the loop stops; `announced` →
/// `serving` (`POST /admin/undrain`).
struct Drain {
    private(set) var state = DrainState.serving
    /// When `announced` becomes `closing`; kept by loop 0.
    var closesAt: Instant?
    /// When what is still being stored is no longer waited for; set once the last socket is gone.
    var settlesBy: Instant?
    /// Whether the node knows that this loop has nothing left to close.
    var isReported = false
    /// The sockets that are still to be closed, latest first.
    private var victims: [(at: Instant, id: ConnectionID)] = []

    /// The next instant at which there is something to do.
    var deadline: Instant? { [closesAt, victims.last?.at, isReported ? nil : settlesBy].compactMap(\.self).min() }

    /// Enters a state and forgets what an earlier one planned.
    mutating func enter(_ state: DrainState) {
        self.state = state
        closesAt = nil
        victims = []
    }

    /// Spreads the closing of `connections` evenly over `duration`, the first at once.
    mutating func plan(_ connections: [ConnectionID], from start: Instant, over duration: Duration) {
        let step = duration / max(connections.count, 1)
        victims = connections.enumerated().map { (start + step * $0.offset, $0.element) }.reversed()
    }

    /// Adds a socket that arrived after the plan was made; it is closed at once.
    mutating func add(_ connection: ConnectionID, at now: Instant) { victims.append((now, connection)) }

    /// Takes the next socket whose time has come.
    mutating func next(at now: Instant) -> ConnectionID? {
        guard let last = victims.last, last.at <= now else { return nil }
        victims.removeLast()
        return last.id
    }
}
