package import SessionBase
package import SessionCodec

/// What a lockers machine has done since it started: plain sums, of which those of several loops add up.
package struct LockersCounters: Equatable, Sendable {
    private var received = [Int](repeating: 0, count: LockersClientKind.allCases.count)
    private var sent = [Int](repeating: 0, count: LockersServerKind.allCases.count)
    private var refused = [Int](repeating: 0, count: LockersErrorCode.allCases.count)
    /// The most connections that there were at once.
    package internal(set) var peakConnections = 0
    /// Messages that were refused because of a limit of rate.
    package internal(set) var rateLimited = 0
    /// HTTP requests.
    package internal(set) var requests = 0
    /// HTTP requests that got an error.
    package internal(set) var requestFailures = 0
    /// HTTP requests that repeated an earlier one, and were not carried out again.
    package internal(set) var repetitions = 0
    /// Subscriptions that went on where they were cut off (EXT `since`).
    package internal(set) var recovered = 0
    /// Subscriptions that wanted to and could not.
    package internal(set) var notRecovered = 0
    /// Connections whose session ended, or was ended, while they lived (PROTOCOLS 4-4).
    package internal(set) var expired = 0
    /// Round trips of Pings.
    package internal(set) var roundTrips = Histogram()

    /// Nothing counted yet.
    package init() {}

    /// Messages received of a type, refused ones included.
    package func received(of kind: LockersClientKind) -> Int { received[kind.rawValue] }

    /// Messages sent of a type, each receiver counted; events count on the loop that was asked to send them.
    package func sent(of kind: LockersServerKind) -> Int { sent[kind.rawValue] }

    /// Errors sent with a code.
    package func errors(_ code: LockersErrorCode) -> Int { refused[code.rawValue] }

    mutating func received(_ kind: LockersClientKind) { received[kind.rawValue] += 1 }
    mutating func sent(_ kind: LockersServerKind, times: Int = 1) { sent[kind.rawValue] += times }
    mutating func failed(_ code: LockersErrorCode) { refused[code.rawValue] += 1 }
    mutating func recovery(_ isRecovered: Bool?) {
        guard let isRecovered else { return }
        if isRecovered { recovered += 1 } else { notRecovered += 1 }
    }

    /// Adds the sums of another machine; both must be looked at in the same moment.
    package mutating func merge(_ other: LockersCounters) {
        for index in received.indices { received[index] += other.received[index] }
        for index in sent.indices { sent[index] += other.sent[index] }
        for index in refused.indices { refused[index] += other.refused[index] }
        peakConnections += other.peakConnections
        rateLimited += other.rateLimited
        requests += other.requests
        requestFailures += other.requestFailures
        repetitions += other.repetitions
        recovered += other.recovered
        notRecovered += other.notRecovered
        expired += other.expired
        roundTrips.merge(other.roundTrips)
    }
}
