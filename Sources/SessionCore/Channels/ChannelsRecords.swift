import SessionBase
import SessionCodec

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
    /// Whether it came to the notifications.
    var isNotified = false
}

/// Who is at the other end of a connection with a credential.
struct ChannelsPerson: TableRecord {
    static let vacant = ChannelsPerson(Identity(user: ""))

    let user: String
    let roles: [String]
    let tokenID: String?
    let session: String?
    let issuedAt: Timestamp?
    let expiresAt: Timestamp?

    init(_ identity: Identity) {
        user = identity.user
        roles = identity.roles
        tokenID = identity.tokenID
        session = identity.session
        issuedAt = identity.issuedAt
        expiresAt = identity.expiresAt
    }

    /// The credential as far as revocations ask (PROTOCOLS C17).
    var identity: Identity {
        var identity = Identity(user: user)
        identity.roles = roles
        identity.tokenID = tokenID
        identity.session = session
        identity.issuedAt = issuedAt
        identity.expiresAt = expiresAt
        return identity
    }
}

/// The counters of a connection that misbehaved at least once.
struct ChannelsTrouble: TableRecord {
    static let vacant = ChannelsTrouble()
    var invalid = InvalidMessageCounter()
    var excess = ExcessCounter()
}

/// The report or stream that a connection came for.
struct ChannelsWatch: TableRecord {
    static let vacant = ChannelsWatch(id: "", isStream: false)

    /// The report's or template's id.
    let id: String
    let isStream: Bool
    /// `request_update` messages.
    var updates = TokenBucket()
    /// How the rows of a stream are wanted.
    var pace = StreamPace()
    /// Whether the connection is in a group of its own, because it is served row by row.
    var isAlone = false

    init(id: String, isStream: Bool) {
        self.id = id
        self.isStream = isStream
    }
}
