package import SessionBase
import SessionCodec

/// What servers, tests and checkers may look at.
extension ChannelsMachine {
    /// How much there is now.
    package struct Statistics: Equatable, Sendable {
        /// Open connections.
        package var connections = 0
        /// Users with a connection; one with connections on several loops counts on each.
        package var users = 0
        /// Channels of these loops that have subscribers.
        package var channels = 0
        /// Subscriptions of the connections.
        package var subscriptions = 0
        /// Reports that are remembered.
        package var reports = 0
        /// Streams that are remembered.
        package var streams = 0
        /// Bytes of messages that are kept for those who come back.
        package var keptBytes = 0

        /// Nothing.
        package init() {}

        /// Adds what another loop has.
        package mutating func merge(_ other: Statistics) {
            connections += other.connections
            users += other.users
            channels += other.channels
            subscriptions += other.subscriptions
            reports += other.reports
            streams += other.streams
            keptBytes += other.keptBytes
        }
    }

    /// How much there is now.
    package var statistics: Statistics {
        var statistics = Statistics()
        statistics.connections = connectionCount
        statistics.users = users.count
        statistics.channels = hub.occupiedCount
        statistics.subscriptions = hub.localSubscriptionCount
        statistics.reports = reports.count
        statistics.streams = feeds.count
        statistics.keptBytes = hub.keptBytes
        return statistics
    }

    /// The user of a connection, where it has one.
    package func user(of connection: ConnectionID) -> String? {
        guard isKnown(connection) else { return nil }
        let person = connections[Int(connection.slot)].person
        return person == noIndex ? nil : people[slot: person].user
    }

    /// What clients call a connection; `nil` where it is not this machine's.
    package func name(of connection: ConnectionID) -> String? {
        isKnown(connection) ? connections[Int(connection.slot)].name.text : nil
    }

    /// What a connection is subscribed to, or waits for.
    package func channels(of connection: ConnectionID) -> [String] { hub.topics(of: connection) }

    /// How many subscribers a channel has on all loops; 0 where another loop owns it.
    package func subscriberCount(of channel: String) -> Int { hub.subscriberCount(of: channel) }

    /// What a `get_status` is told (PROTOCOLS 2-28).
    func status(of connection: ConnectionID, at moment: Moment) -> ChannelsConnectionStatus {
        let record = connections[Int(connection.slot)]
        return ChannelsConnectionStatus(
            connection: record.name.text, user: user(of: connection), channels: hub.topics(of: connection),
            connectedAt: Timestamp(milliseconds: record.name.milliseconds),
            lastActivity: Self.time(of: record.lastActivity, at: moment),
            uptimeMilliseconds: (moment.instant - record.openedAt).milliseconds, serverTime: moment.timestamp)
    }

    /// What debugging views show of a connection (seed 002, *Connection Tracking*).
    func view(of connection: ConnectionID, at moment: Moment) -> ChannelsConnection {
        let record = connections[Int(connection.slot)]
        return ChannelsConnection(
            id: record.name.text, user: user(of: connection), channels: hub.topics(of: connection),
            lastActivity: Self.time(of: record.lastActivity, at: moment), userAgent: record.userAgent ?? "",
            address: record.host, connectedAt: Timestamp(milliseconds: record.name.milliseconds))
    }

    /// What the wall clock shows for an instant, as it runs now.
    private static func time(of instant: Instant, at moment: Moment) -> Timestamp {
        Timestamp(milliseconds: moment.timestamp.milliseconds - (moment.instant - instant).milliseconds)
    }
}
