import SessionBase

/// When a picture that has changed is drawn anew: at once, but not more often than an eye follows.
struct RedrawPace: Equatable, Sendable {
    private var drawnAt: Instant?
    private var isStale = false

    /// Twenty pictures a second.
    static let interval = Duration.milliseconds(50)

    /// When the picture must be drawn; `nil` while the one on the screen is right.
    var deadline: Instant? {
        guard isStale else { return nil }
        return drawnAt.map { $0 + Self.interval } ?? .zero
    }

    /// Records that the picture on the screen is no longer right.
    mutating func changed() { isStale = true }

    /// Whether to draw now, which is then recorded as done.
    mutating func isDue(at now: Instant) -> Bool {
        guard let deadline, now >= deadline else { return false }
        drawnAt = now
        isStale = false
        return true
    }
}
