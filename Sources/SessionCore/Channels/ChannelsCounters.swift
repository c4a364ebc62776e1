package import SessionBase
package import SessionCodec

/// What a channels machine has done since it started: plain sums, of which those of several loops add up.
package struct ChannelsCounters: MachineCounters {
    /// Messages and refusals.
    package var messages = MessageCounters<ChannelsClientKind, ChannelsServerKind, ChannelsErrorCode>()
    /// The most connections that there were at once.
    package internal(set) var peakConnections = 0
    /// HTTP requests about channels.
    package internal(set) var requests = 0
    /// HTTP requests that got an error.
    package internal(set) var requestFailures = 0
    /// Messages that were published to channels.
    package internal(set) var publications = 0
    /// Messages that were refused because of a limit of rate.
    package internal(set) var rateLimited = 0
    /// Connections that were silent for too long.
    package internal(set) var idleConnections = 0
    /// Subscriptions that went on where they were cut off (EXT `since`).
    package internal(set) var recovered = 0
    /// Subscriptions that wanted to and could not.
    package internal(set) var notRecovered = 0
    /// Rows of streams that a newer one replaced before they were sent.
    package internal(set) var conflatedRows = 0
    /// Channels that were occupied or vacated without the operator's endpoint being told, because too many were.
    package internal(set) var untoldChannels = 0
    /// From the acceptance of a publication until all loops had handed it to their subscribers and this one had written.
    package internal(set) var fanout = Histogram()

    /// Nothing counted yet.
    package init() {}

    /// Adds the sums of another machine.
    package mutating func merge(_ other: ChannelsCounters) {
        messages.merge(other.messages)
        peakConnections += other.peakConnections
        requests += other.requests
        requestFailures += other.requestFailures
        publications += other.publications
        rateLimited += other.rateLimited
        idleConnections += other.idleConnections
        recovered += other.recovered
        notRecovered += other.notRecovered
        conflatedRows += other.conflatedRows
        untoldChannels += other.untoldChannels
        fanout.merge(other.fanout)
    }
}
