import SessionBase
import SessionCodec

/// What is kept for one connection, ready or not.
struct SyncConnection: Sendable {
    enum Phase: UInt8 {
        /// The slot belongs to no connection of this machine.
        case vacant
        /// Nobody knows who it is.
        case open
        /// Its credential is being verified, or its session looked up; it is paused.
        case joining
        /// It belongs to a device of a session.
        case ready
        /// A close was ordered; what still arrives is ignored.
        case doomed
    }

    /// Generation of the connection that has the slot.
    var generation: UInt32 = 0
    var phase = Phase.vacant
    /// Whether it speaks Protobuf in binary messages (PROTOCOLS 1-1).
    var isBinary = false
    /// Whether it has the role admin.
    var isAdmin = false
    /// Whether there was no credential: open mode (PROTOCOLS §3.5).
    var isAssumed = false
    /// Whether it is paused because too many of its operations wait (C6).
    var isHeld = false
    /// Operations that were not answered yet.
    var waiting: UInt16 = 0
    /// Slot of its session while it is ready.
    var session = noIndex
    /// Slot of its device while it is ready.
    var device = noIndex
    /// Where its AUTH is while it is joining, or authenticates again.
    var join = noIndex
    /// Where its counters of misbehaviour are, or ``noIndex`` as long as it behaves.
    var trouble = noIndex
    /// The node's number for it, which device lists show.
    var number: UInt64 = 0
    /// When its handshake was done.
    var openedAt = Instant.zero
    /// The last sign of life, a Pong included.
    var lastHeard = Instant.zero
    /// When it is looked at next: silence, a credential that did not come, or one that ends.
    var watchDue = Instant.distantFuture
    /// All messages.
    var messages = TokenBucket()
    /// HEARTBEAT messages.
    var heartbeats = TokenBucket()
    /// BROADCAST messages.
    var broadcasts = TokenBucket()
    /// Who is at the other end.
    var user = ""
    /// `jti` of the credential.
    var tokenID: String?
    /// When the credential was issued, in milliseconds; 0 where it does not say.
    var issuedAt: Int64 = 0
    /// When the credential ends, in milliseconds; `.max` for never.
    var expiresAt = Int64.max
}

extension SyncConnection {
    /// Whether it gets what all administrators are told: in open mode, where everybody is one, nobody does who brought no
    /// credential.
    var isListener: Bool { isAdmin && !isAssumed }
}

/// What an AUTH, or the handshake, said about a connection that is on its way to its session.
struct SyncJoin: TableRecord {
    static let vacant = SyncJoin(SyncAuthentication(token: nil, deviceID: nil), SyncEnvelope())

    /// What was said, without the token.
    var authentication: SyncAuthentication
    var envelope: SyncEnvelope
    /// Who it is, once the credential is verified.
    var identity: Identity?
    /// Where it goes, once that is known.
    var session: SessionKey?

    init(_ authentication: SyncAuthentication, _ envelope: SyncEnvelope) {
        self.authentication = authentication
        self.authentication.token = nil
        self.envelope = envelope
    }
}

/// One session of which something is in memory: devices, pushes that may be asked for again, work.
struct SyncSession: TableRecord {
    static let vacant = SyncSession(SessionKey.none, epoch: 0)

    let key: SessionKey
    /// Whose it is; `nil` as long as nobody asked the store.
    var owner: String?
    /// The version of its state, where ``owner`` is known.
    var version: UInt64 = 0
    /// Slot of the first of its devices, online or not, from which ``SyncDeviceRecord/next`` leads on.
    var firstDevice = noIndex
    /// Where its work is, or ``noIndex`` while nothing is under way.
    var work = noIndex
    /// Where its stored content is cached, or ``noIndex``.
    var cached = noIndex
    /// Where its handoffs are, or ``noIndex``.
    var handoffs = noIndex
    /// Where its last pushes are, or ``noIndex``.
    var ring = noIndex
    /// The version of the stored registry of its devices that was read or written last; 0 for none.
    var registryRevision: UInt64 = 0
    /// Whether an entry of the queue of registries stands for this one.
    var isRegistryDue = false
    /// When a device that stays made the session live longer the last time.
    var touchedAt = Instant(nanoseconds: .min / 2)
    /// Names this life of the session's push sequence (EXT resume).
    let epoch: UInt64
    /// How many pushes there were.
    var sequence: UInt64 = 0
    /// Pushes up to this one are forgotten.
    var forgotten: UInt64 = 0
    /// Pushes up to this one were for nobody but ``soloDevice``, and not kept.
    var soloUntil: UInt64 = 0
    /// Serial of the device that was alone; 0 for none.
    var soloDevice: UInt32 = 0

    init(_ key: SessionKey, epoch: UInt64) {
        self.key = key
        self.epoch = epoch
    }
}

/// One device of a session, as long as the session is in memory.
struct SyncDeviceRecord: TableRecord {
    static let vacant = SyncDeviceRecord(id: "", session: noIndex, serial: 0)

    let id: String
    let session: UInt32
    /// No other device of this machine ever has it.
    let serial: UInt32
    /// The next device of the session, or ``noIndex``.
    var next = noIndex
    var type = SyncDeviceType.other
    var name: String?
    var osVersion: String?
    var appVersion: String?
    /// The connection that has it; the newest wins (C3).
    var connection: ConnectionID?
    /// Until when it may return unnoticed after its connection broke; `nil` where it is online, or offline for good.
    var graceEnds: Instant?
    var connectedAt: Timestamp?
    var lastSeen: Timestamp
    /// When the registry that names it was written last.
    var writtenAt = Instant(nanoseconds: .min / 2)

    init(id: String, session: UInt32, serial: UInt32) {
        self.id = id
        self.session = session
        self.serial = serial
        lastSeen = Timestamp(milliseconds: 0)
    }

    /// Whether it has a connection, or may still return to one unnoticed (PROTOCOLS 1-24).
    var isPresent: Bool { connection != nil || graceEnds != nil }
}
