package import SessionBase

/// Sends a number of Pings one after the other and keeps how long each Pong took (`sessionctl ping`).
package struct RoundTrips: Sendable {
    /// What to do after an event.
    package enum Action: Equatable, Sendable {
        /// Send a Ping with this payload.
        case send([UInt8])
        /// Tell that the Pong of this Ping came; numbers count from 1.
        case tell(number: Int, took: Duration)
        /// Tell that the Pong of this Ping did not come in time.
        case miss(number: Int)
        /// Nothing is left to do.
        case finish
    }

    /// How long each answered Ping took, in the order of sending.
    package private(set) var durations: [Duration] = []
    /// How many Pings were sent.
    package private(set) var sentCount = 0

    private let count: Int
    private let interval: Duration
    private let timeout: Duration
    private let nonce: UInt64
    private var sentAt: Instant?
    private var nextAt: Instant?

    /// Plans round trips.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - interval: From one Ping to the next.
    ///   - timeout: How long a Pong may take.
    ///   - nonce: Marks the payloads, so that the Pongs of nobody else are taken for ours.
    package init(count: Int, interval: Duration, timeout: Duration = .seconds(5), nonce: UInt64) {
        self.count = count
        self.interval = interval
        self.timeout = timeout
        self.nonce = nonce
    }

    /// Sends the first Ping.
    package mutating func opened(at now: Instant) -> [Action] { [send(at: now)] }

    /// Records a Pong.
    package mutating func ponged(_ payload: [UInt8], at now: Instant) -> [Action] {
        guard let sentAt, payload == self.payload else { return [] }
        durations.append(now - sentAt)
        self.sentAt = nil
        let told = Action.tell(number: sentCount, took: now - sentAt)
        if sentCount == count { return [told, .finish] }
        nextAt = max(sentAt + interval, now)
        return [told]
    }

    /// When ``tick(at:)`` must be called.
    package var deadline: Instant? { sentAt.map { $0 + timeout } ?? nextAt }

    /// Does what is due: the next Ping, or giving up on the last one.
    package mutating func tick(at now: Instant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        let missed = sentAt == nil ? [] : [Action.miss(number: sentCount)]
        sentAt = nil
        return missed + (sentCount == count ? [.finish] : [send(at: now)])
    }

    /// Some Pongs are missing: what was asked is not true. All are: nobody could find out.
    package var verdict: Verdict {
        if durations.isEmpty { return .tryAgain }
        return durations.count == sentCount ? .success : .failed
    }

    /// `5 sent, 5 received, min 80 µs, median 95 µs, max 1.2 ms`.
    package var summary: String {
        let sorted = durations.sorted()
        guard let least = sorted.first, let most = sorted.last else { return "\(sentCount) sent, 0 received" }
        let median = sorted[(sorted.count - 1) / 2]
        return "\(sentCount) sent, \(sorted.count) received, "
            + "min \(least.spelled), median \(median.spelled), max \(most.spelled)"
    }

    private mutating func send(at now: Instant) -> Action {
        sentCount += 1
        sentAt = now
        nextAt = nil
        return .send(payload)
    }

    private var payload: [UInt8] { Array("\(String(nonce, radix: 16))-\(sentCount)".utf8) }
}
