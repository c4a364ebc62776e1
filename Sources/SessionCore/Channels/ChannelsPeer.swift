import SessionBase

/// What is kept for one connection: no closure, no timer, and for an anonymous peer of `/ws` nothing elsewhere but its
/// subscriptions.
struct ChannelsPeer: Sendable {
    enum Phase: UInt8 {
        /// The slot belongs to no connection of this machine.
        case vacant
        case open
        /// A close was ordered; what still arrives is ignored.
        case doomed
    }

    /// Generation of the connection that has the slot.
    var generation: UInt32 = 0
    var phase = Phase.vacant
    /// Whether it came to the notifications.
    var isNotified = false
    /// Answers of other loops that the connection waits for; it is paused meanwhile.
    var awaited: UInt16 = 0
    /// Where its identity is, or ``noIndex`` for an anonymous peer.
    var person = noIndex
    /// Where its counters of misbehaviour are, or ``noIndex`` as long as it behaves.
    var trouble = noIndex
    /// Where its interest in a report or stream is, or ``noIndex`` on other routes.
    var watch = noIndex
    /// What clients call it.
    var name = ConnectionName.none
    /// When its handshake was done.
    var openedAt = Instant.zero
    /// The last sign of life that counts.
    var lastActivity = Instant.zero
    /// All messages.
    var messages = TokenBucket()
    /// The peer's address.
    var host = ""
    /// What the peer says it is.
    var userAgent: String?
}
