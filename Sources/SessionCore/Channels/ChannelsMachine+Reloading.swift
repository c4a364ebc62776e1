package import SessionBase
import SessionCodec

/// Rules that change under those who are subscribed (PROTOCOLS C12).
extension ChannelsMachine {
    /// Takes over a configuration, and ends the subscriptions that its rules do not allow any more.
    ///
    /// Whoever is subscribed gets the error that subscribing would get now. A subscription whose owner has not answered is
    /// judged when that does (``mayStay(_:on:as:_:at:effects:)``).
    ///
    /// - Complexity: O(subscriptions × rules) where it matters who may hear what, otherwise O(rules).
    package mutating func reload(_ new: ChannelsConfiguration, at moment: Moment, effects: inout Effects) {
        let isSame = new.rules == configuration.rules && new.isOpen == configuration.isOpen
        configuration = new
        guard !isSame else { return }
        for connection in openConnections {
            for channel in hub.topics(of: connection)
            where isOpen(connection) && !hub.isWaiting(connection, for: channel) {
                _ = mayStay(connection, on: channel, as: channel, nil, at: moment, effects: &effects)
            }
        }
    }

    /// Whether the rules let a connection hear a channel that it is subscribed to. Where they do not, the subscription ends,
    /// and the connection is told; one that came for this channel alone is closed, as it would be if it came now.
    ///
    /// - Parameter spelling: What the connection calls the channel.
    mutating func mayStay(
        _ connection: ConnectionID, on channel: String, as spelling: String, _ tag: MessageTag?, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        guard let error = access.refusal(toHear: channel, as: spelling, by: caller(of: connection)) else { return true }
        if ownChannel(of: connection) == channel {
            return mayWatch(connection, channel, at: moment, effects: &effects)
        }
        _ = hub.unsubscribe(connection, from: channel, at: moment, effects: &effects)
        reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        settle(at: moment, effects: &effects)
        return false
    }

    /// The channel that a connection's endpoint is about; `nil` where it is about none in particular.
    private func ownChannel(of connection: ConnectionID) -> String? {
        switch route(of: connection) {
        case .progress(let report): ChannelName.progress(of: report)
        case .stream(let template): ChannelName.data(of: template)
        case .hub, .notifications, .health: nil
        }
    }
}
