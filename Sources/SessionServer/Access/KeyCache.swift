import SessionBase
import SessionCodec

/// The keys that were fetched from JWK Set URLs, and when to fetch them again.
///
/// `empty` → `fetching` → `kept`; `kept` → `fetching` when an hour is over or a token names an unknown key, but never
/// within ten seconds of the last attempt. A fetch that fails leaves the keys that are there.
struct KeyCache: Sendable {
    /// How long fetched keys are taken for current.
    static let lifeMilliseconds: Int64 = 3_600_000
    /// The least time between two attempts: tokens with invented names must not make us flood the issuer.
    static let pauseMilliseconds: Int64 = 10_000

    /// What was fetched last, without those of the configuration.
    private(set) var keys = KeySet()
    /// Whether a fetch is under way.
    private(set) var isFetching = false
    private var fetchedAt: Timestamp?
    private var attemptedAt: Timestamp?

    /// Whether the keys are missing or an hour old.
    func isStale(at time: Timestamp) -> Bool { Self.hasPassed(Self.lifeMilliseconds, since: fetchedAt, at: time) }

    /// Whether a fetch may begin; records that it does.
    mutating func begin(at time: Timestamp) -> Bool {
        guard !isFetching, Self.hasPassed(Self.pauseMilliseconds, since: attemptedAt, at: time) else { return false }
        isFetching = true
        attemptedAt = time
        return true
    }

    /// Takes what a fetch brought; `nil` where it failed.
    mutating func end(_ fetched: KeySet?, at time: Timestamp) {
        isFetching = false
        guard let fetched else { return }
        keys = fetched
        fetchedAt = time
    }

    /// A clock that was set back has passed everything; a caller whose time is a little older has not set it back.
    private static func hasPassed(_ milliseconds: Int64, since start: Timestamp?, at time: Timestamp) -> Bool {
        guard let start else { return true }
        return abs(time.milliseconds - start.milliseconds) >= milliseconds
    }
}
