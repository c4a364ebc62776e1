package import SessionBase

/// The kinds of document that services keep; each is a table of its own in an engine.
package enum DocumentCollection: String, CaseIterable, Hashable, Sendable {
    /// A session's state (sync), by session id.
    case sessions
    /// A session's registered devices (sync), by session id.
    case devices
    /// A session's handoff offers (sync), by session id.
    case handoffs
    /// The families of refresh tokens, by family id (PROTOCOLS 1-6).
    case refreshFamilies = "refresh_families"
    /// What was revoked, by the revocation's id (PROTOCOLS C17).
    case revocations
    /// The sessions of locker kiosks (lockers), by session id (PROTOCOLS 4-3).
    case lockerSessions = "locker_sessions"
    /// Whole boards (board), by room; without a backend this is where they are kept (PROTOCOLS 3-19).
    case boards
    /// What changed since a board was stored last (board): the journal, whose records belong to their room and are named
    /// so that their bytes are in its order (PROTOCOLS 3-18).
    case boardChanges = "board_changes"

    /// Where it stands among all collections, from 0 on.
    package var ordinal: Int {
        switch self {
        case .sessions: 0
        case .devices: 1
        case .handoffs: 2
        case .refreshFamilies: 3
        case .revocations: 4
        case .lockerSessions: 5
        case .boards: 6
        case .boardChanges: 7
        }
    }

    /// Whether it is read from end to end by the one who wrote it, and not shown to anybody page by page.
    ///
    /// Its pages carry no total, so that a walk through them is not quadratic. And as what is rebuilt from an owner's
    /// documents must not lack one of them, a page of an owner's is `unavailable` where a document on it is damaged.
    package var isWalked: Bool {
        switch self {
        case .sessions, .devices, .handoffs, .refreshFamilies, .revocations, .lockerSessions: false
        case .boards, .boardChanges: true
        }
    }
}

/// What a document is found by.
package struct DocumentKey: Hashable, Sendable {
    /// The table.
    package var collection: DocumentCollection
    /// The name within it; never empty, and compared by its bytes.
    package var name: String

    /// Names a document.
    package init(_ collection: DocumentCollection, _ name: String) {
        self.collection = collection
        self.name = name
    }
}

/// One stored document: bytes that only their service understands, and what the store knows about them.
package struct Document: Equatable, Sendable {
    /// What it is found by.
    package var key: DocumentKey
    /// Rises with every write; what compare-and-set compares.
    package var version: UInt64
    /// The content, uncompressed.
    package var body: [UInt8]
    /// Whose it is, where the collection is searched by owner.
    package var owner: String?
    /// When it was written first.
    package var createdAt: Timestamp
    /// When it was written last.
    package var updatedAt: Timestamp
    /// When it ceases to exist; `nil` for never.
    package var expiresAt: Timestamp?

    /// Describes a document.
    package init(
        key: DocumentKey, version: UInt64, body: [UInt8], owner: String? = nil, createdAt: Timestamp,
        updatedAt: Timestamp, expiresAt: Timestamp? = nil
    ) {
        self.key = key
        self.version = version
        self.body = body
        self.owner = owner
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.expiresAt = expiresAt
    }
}
