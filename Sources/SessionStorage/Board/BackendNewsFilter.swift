import SessionBase
import SessionCore

/// Makes few news of many replies: one where the backend is lost or found, and one where it begins to refuse
/// or to be changed by others.
struct BackendNewsFilter {
    /// How often the same trouble is told at most.
    private static let interval = Duration.seconds(60)

    private var isLost = false
    private var nextLoss = Instant.zero
    private var refusal: (status: Int, until: Instant)?
    private var nextConflict = Instant.zero
    private let listener: BoardBackend.Listener

    /// Assumes that all is well.
    init(_ listener: @escaping BoardBackend.Listener) { self.listener = listener }

    /// Hears of a reply, and tells what it changes.
    mutating func note(_ reply: BackendReply, at now: Instant) {
        switch reply {
        case .board, .absent, .stored: recover()
        case .conflict:
            recover()
            guard now >= nextConflict else { return }
            nextConflict = now + Self.interval
            listener(.conflict)
        case .refused(let status):
            recover()
            if let refusal, refusal.status == status, now < refusal.until { return }
            refusal = (status, now + Self.interval)
            listener(.refused(status: status))
        case .unavailable(let reason):
            guard !isLost, now >= nextLoss else { return }
            (isLost, nextLoss) = (true, now + Self.interval)
            listener(.lost(reason))
        }
    }

    /// Any answer shows that somebody is there.
    private mutating func recover() {
        guard isLost else { return }
        isLost = false
        listener(.found)
    }
}
