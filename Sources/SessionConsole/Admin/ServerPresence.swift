import SessionBase
import SessionIO

/// Notices that the server of a console is gone while nobody asks it anything.
///
/// The end of the kept connection alone says little: servers end idle ones. So it is a reason to knock, at once and a moment
/// later, as a server that is leaving may still take connections.
struct ServerPresence {
    /// Whether it was told that the server is gone, which is told once.
    var isGone = false
    /// Whether something was asked since, so that there may be another connection to watch.
    var hasAsked = true
    private var watched: Int32?
    private var looks: [Instant] = []

    private static let delays: [Duration] = [.zero, .milliseconds(300), .seconds(2)]

    /// When ``look(_:at:)`` is due.
    var nextLook: Instant? { looks.first }

    /// Watches the kept connection.
    mutating func watch(_ api: APIClient, with poller: inout Poller, token: UInt64) {
        guard hasAsked else { return }
        hasAsked = false
        // Fails where the connection was closed meanwhile, which has removed it.
        if let watched { try? poller.remove(watched) }
        watched = api.idleDescriptor
        // Not being told is no reason to stop.
        if let watched { try? poller.add(watched, token: token, .readable) }
    }

    /// Records that the kept connection has something to say, which can only be its end.
    mutating func heard(_ api: APIClient, at now: Instant) {
        watched = nil
        api.dropIdle()
        if !isGone { looks = Self.delays.map { now + $0 } }
    }

    /// Knocks where that is due.
    ///
    /// - Returns: Whether the server is found gone for the first time.
    mutating func look(_ api: APIClient, at now: Instant) -> Bool {
        guard let due = looks.first, now >= due else { return false }
        looks.removeFirst()
        guard !isGone, !api.isReachable else { return false }
        isGone = true
        looks = []
        return true
    }
}
