/// What the lockers of one loop tell those of another.
package enum LockersParcel: Sendable {
    /// About a topic.
    case hub(HubParcel)
}
