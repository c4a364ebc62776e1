package import SessionBase

/// The planned times of one worker's requests, one after the other.
///
/// The run's request number `k` belongs to the connection `k` modulo those that send requests; a worker walks through those that belong to its
/// own connections, so that all workers together make exactly the profile, and none has to know of the others.
package struct Schedule {
    private let integral: RateIntegral
    private let share: WorkerShare
    private let requesters: Range<Int>
    private let jitter: Double
    private let startsAt: Instant
    /// How often every connection that sends requests has had its turn.
    private var round = 0
    /// Whose request is next, as the worker's own number of the connection.
    package private(set) var connection: Int
    /// When the next request is planned; the distant future where the profile has no more.
    package private(set) var next = Instant.distantFuture

    /// Begins with the worker's first request.
    ///
    /// - Parameters:
    ///   - profile: The rate of the whole run, from `startsAt` on.
    ///   - share: Whose requests these are.
    ///   - startsAt: The time of request number 0.
    package init(_ profile: RateProfile, share: WorkerShare, startsAt: Instant) {
        integral = RateIntegral(profile)
        self.share = share
        self.startsAt = startsAt
        requesters = share.requesters
        connection = requesters.lowerBound
        jitter = min(max(share.plan.jitter, 0), 1)
        plan()
    }

    /// Goes on to the worker's next request.
    package mutating func advance() {
        connection += 1
        if connection == requesters.upperBound {
            connection = requesters.lowerBound
            round += 1
        }
        plan()
    }

    private mutating func plan() {
        guard !requesters.isEmpty else { return }
        let place = connection - requesters.lowerBound
        let number = round * share.plan.requesters + share.globalNumber(place)
        guard let offset = integral.nanoseconds(of: Double(number) + shift(of: number)) else {
            next = .distantFuture
            return
        }
        next = Instant(nanoseconds: startsAt.nanoseconds &+ offset)
    }

    /// How far a request is moved, in parts of the gap to its neighbours: never past the middle of a gap, so that requests
    /// keep their order.
    private func shift(of number: Int) -> Double {
        guard jitter > 0 else { return 0 }
        var random = SeededRandom(seed: share.plan.seed ^ UInt64(truncatingIfNeeded: number) &* 0xD6E8_FEB8_6659_FD93)
        let unit = Double(random.next() >> 11) * 0x1p-53
        return max(-Double(number), jitter * (unit - 0.5))
    }
}
