import SessionBase

/// When boards are stored (PROTOCOLS 3-17, 3-18, 3-20, §5.4).
package struct PersistRules: Equatable, Sendable {
    /// How long after the last change.
    package var debounce: Duration = .seconds(2)
    /// How long after the first change that is not stored at most.
    package var debounceMax: Duration = .seconds(10)
    /// The least time between two stores of a room, from when they are sent, whatever hurries.
    package var spacing: Duration = .seconds(2)
    /// How long a failed store waits before it is tried again: at first, and twice as long each time up to the second.
    package var backoff: ClosedRange<Duration> = .seconds(1) ... .seconds(30)
    /// How long a store waits that the backend refused.
    package var refusedDelay: Duration = .seconds(30)

    /// The decisions' numbers.
    package init() {}
}

/// Decides when a room's board is stored: the debounce alone, without board, store or clock.
///
/// It is *clean* → (a change) → *dirty* → (its time has come) → *storing*, and from there clean, or dirty where something
/// changed meanwhile or the store failed. However many changes come during a store, one store follows it
/// (Hocuspocus PR#1110).
struct PersistDebounce: Sendable {
    private let rules: PersistRules
    /// The first change that is not stored, and that no store under way will bring; `nil` while there is none.
    private var firstChange: Instant?
    private var lastChange = Instant.zero
    /// The first change that is not known to be stored; survives failures.
    private(set) var dirtySince: Instant?
    /// When the last store began, or was sent after it had waited; `nil` before the first.
    private(set) var lastBegin: Instant?
    /// Before this nothing is tried again.
    private var blockedUntil: Instant?
    private var failures = 0
    private var isHurried = false
    /// Whether a store is under way.
    private(set) var isStoring = false

    /// Starts clean.
    ///
    /// - Parameter lastBegin: When the last store began that somebody else decided; it counts for the distance.
    init(_ rules: PersistRules, lastBegin: Instant? = nil) {
        self.rules = rules
        self.lastBegin = lastBegin
    }

    /// Whether something is not stored.
    var isDirty: Bool { dirtySince != nil }

    /// When a store is to begin; `nil` while none is to.
    var due: Instant? {
        guard !isStoring, let firstChange else { return nil }
        var due = min(lastChange + rules.debounce, firstChange + rules.debounceMax)
        if isHurried { due = firstChange }
        if let lastBegin { due = max(due, lastBegin + rules.spacing) }
        if let blockedUntil { due = max(due, blockedUntil) }
        return due
    }

    /// Records a change that must be stored.
    mutating func changed(at now: Instant) {
        if firstChange == nil { firstChange = now }
        if dirtySince == nil { dirtySince = now }
        lastChange = now
    }

    /// Has what is not stored be stored as soon as allowed: the last member is gone, or somebody waits for it.
    mutating func hurry() { isHurried = true }

    /// The same where somebody waits for the answer, and so will not wait for the next attempt after a failure.
    mutating func insist() { (isHurried, blockedUntil) = (true, nil) }

    /// Notes that the store begins; what changes from now on needs another one.
    mutating func begin(at now: Instant) {
        precondition(!isStoring && firstChange != nil, "a store begins beside another one, or for nothing")
        isStoring = true
        isHurried = false
        firstChange = nil
        lastBegin = now
    }

    /// Notes when the store under way was sent, where it had waited for those of other rooms.
    mutating func sent(at time: Instant) {
        precondition(isStoring, "a store is sent that never began")
        lastBegin = lastBegin.map { max($0, time) }
    }

    /// Notes that the store is done.
    mutating func stored() {
        precondition(isStoring, "a store is done that never began")
        isStoring = false
        failures = 0
        blockedUntil = nil
        dirtySince = firstChange
        if firstChange == nil { isHurried = false }
    }

    /// Notes that the store failed; everything is still to be stored.
    ///
    /// - Parameter isRefused: Whether trying again soon is no use.
    mutating func failed(isRefused: Bool = false, at now: Instant) {
        precondition(isStoring, "a store fails that never began")
        isStoring = false
        // The change is as old as it was; the backoff alone says when it is tried again.
        firstChange = dirtySince
        lastChange = dirtySince ?? lastChange
        let doubled = Duration.nanoseconds(rules.backoff.lowerBound.nanoseconds << min(failures, 20))
        blockedUntil = now + (isRefused ? rules.refusedDelay : min(doubled, rules.backoff.upperBound))
        failures += 1
    }
}
