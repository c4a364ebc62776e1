package import SessionBase
package import SessionCodec

/// Names a group of connections of one loop: who is in it, the driver knows; what it means, the machine.
///
/// A group exists while it has members. Numbers are the machine's own and differ between services.
package struct GroupID: Hashable, Sendable {
    /// Which service's it is, so that two machines of a loop never mean the same group.
    package var service: ProtocolID
    /// The machine's number for it.
    package var number: UInt32

    /// Names a group.
    package init(_ service: ProtocolID, _ number: UInt32) {
        self.service = service
        self.number = number
    }
}

/// What becomes of a message for a member whose socket takes no more (PROTOCOLS C4).
package enum OverflowPolicy: Equatable, Sendable {
    /// It waits; where too much waits for too long, the connection is closed with 4511.
    case disconnect
    /// It waits, and the oldest that waits for this policy's sake gives way where there is no room.
    case dropOldest
    /// It takes the place of what waits under the same key.
    case conflate(key: UInt64)
    /// The member gets none of it, nor of what follows under this policy, until its socket has taken everything else; then
    /// the machine is told once that it missed something.
    case skip
}

/// A message to a group.
package struct Multicast: Equatable, Sendable {
    /// What is sent.
    package var message: EncodedMessage
    /// To whose members.
    package var group: GroupID
    /// A member that does not get it.
    package var except: ConnectionID?
    /// What becomes of it for those who do not read.
    package var policy: OverflowPolicy

    /// Describes a message to a group.
    package init(
        _ message: EncodedMessage, to group: GroupID, except: ConnectionID? = nil, policy: OverflowPolicy = .disconnect
    ) {
        self.message = message
        self.group = group
        self.except = except
        self.policy = policy
    }
}
