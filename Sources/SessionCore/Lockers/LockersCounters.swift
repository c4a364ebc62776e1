package import SessionBase
package import SessionCodec

/// What a lockers machine has done since it started: plain sums, of which those of several loops add up.
package struct LockersCounters: Equatable, MachineCounters {
    /// Messages and refusals.
    package var messages = MessageCounters<LockersClientKind, LockersServerKind, LockersErrorCode>()
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
    /// From the acceptance of a broadcast until all loops had handed it to their kiosks and this one had written.
    package internal(set) var fanout = Histogram()

    /// Nothing counted yet.
    package init() {}

    mutating func recovery(_ isRecovered: Bool?) {
        guard let isRecovered else { return }
        if isRecovered { recovered += 1 } else { notRecovered += 1 }
    }

    /// Adds the sums of another machine; both must be looked at in the same moment.
    package mutating func merge(_ other: LockersCounters) {
        messages.merge(other.messages)
        peakConnections += other.peakConnections
        rateLimited += other.rateLimited
        requests += other.requests
        requestFailures += other.requestFailures
        repetitions += other.repetitions
        recovered += other.recovered
        notRecovered += other.notRecovered
        expired += other.expired
        roundTrips.merge(other.roundTrips)
        fanout.merge(other.fanout)
    }
}
