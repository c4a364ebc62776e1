package import SessionCodec

/// What the lockers of one loop tell those of another.
package enum LockersParcel: Sendable {
    /// About a topic.
    case hub(HubParcel)
    /// To the loop that keeps a command: somebody acknowledges it.
    case acknowledged(command: String, CommandAck)
    /// Asks for a loop's part of the status.
    case question(number: UInt64)
    /// A loop's part of it.
    case status(number: UInt64, LoopStatus)
}
