/// What the channels of one loop tell those of another.
package enum ChannelsParcel: Sendable {
    /// About a topic.
    case hub(HubParcel)
}
