/// What a machine sends to the machine of the same service on another loop; it arrives after everything that was sent there
/// before.
package enum Parcel: Sendable {
    /// For channels.
    case channels(ChannelsParcel)
    /// For lockers.
    case lockers(LockersParcel)
}
