package import SessionBase

/// What a service asks of the store: values, so that machines stay pure and a simulation can delay, fail and reorder them.
///
/// Every request is atomic by itself. A document whose time is over does not exist for any of them.
package enum StoreRequest: Equatable, Sendable {
    /// Reads one document → ``StoreReply/found(_:)``. Where `until` is given, the document's life is extended to it
    /// (sliding expiry); that part alone need not survive a crash.
    case read(DocumentKey, extendingTo: Timestamp? = nil)
    /// Writes one document if what stands there is as expected → `written`, `conflict` or `ownerIsFull`.
    /// `written` is told only once the write survives `kill -9` (C20).
    case write(DocumentWrite)
    /// Removes one document if its version is as expected (`nil`: whatever it is) → ``StoreReply/removed(_:)``.
    case remove(DocumentKey, expecting: UInt64? = nil)
    /// Removes all documents of an owner whose names are, by their bytes, at most `through`
    /// → ``StoreReply/removed(_:)``, told only once it survives `kill -9`.
    case trim(DocumentCollection, owner: String, through: String)
    /// Reads the document of an owner that was updated last → ``StoreReply/found(_:)``.
    case newest(DocumentCollection, owner: String)
    /// Reads a page of a collection in the order of names, of one owner or of all → ``StoreReply/page(_:)``.
    case list(DocumentCollection, owner: String? = nil, after: String? = nil, limit: Int)
    /// Counts a collection → ``StoreReply/statistics(_:)``.
    case statistics(DocumentCollection, createdSince: Timestamp)
}

/// A compare-and-set.
package struct DocumentWrite: Equatable, Sendable {
    /// What must stand there for the write to happen.
    package enum Expectation: Equatable, Sendable {
        /// Whatever.
        case anything
        /// Nothing.
        case absence
        /// A document of this version.
        case version(UInt64)
    }

    /// What it is found by.
    package var key: DocumentKey
    /// What must stand there.
    package var expecting: Expectation
    /// The version it then has; greater than the one it replaces.
    package var version: UInt64
    /// The new content.
    package var body: [UInt8]
    /// Whose it is.
    package var owner: String?
    /// How many documents the owner may have in the collection; only the first write of one is held against it.
    package var ownerLimit: Int?
    /// When it ceases to exist; `nil` for never.
    package var expiresAt: Timestamp?

    /// Describes a write.
    package init(
        key: DocumentKey, expecting: Expectation, version: UInt64, body: [UInt8], owner: String? = nil,
        ownerLimit: Int? = nil, expiresAt: Timestamp? = nil
    ) {
        self.key = key
        self.expecting = expecting
        self.version = version
        self.body = body
        self.owner = owner
        self.ownerLimit = ownerLimit
        self.expiresAt = expiresAt
    }
}

/// What the store answers.
package enum StoreReply: Equatable, Sendable {
    /// The document that was read; `nil` where there is none.
    case found(Document?)
    /// The write happened and is durable.
    case written
    /// The expectation did not hold; this is what stands there.
    case conflict(Document?)
    /// The owner has as many documents as it may.
    case ownerIsFull
    /// Whether there was a document to remove, or several.
    case removed(Bool)
    /// Part of a collection.
    case page(StorePage)
    /// Counts of a collection.
    case statistics(StoreStatistics)
    /// The engine cannot do it now: down, disk full. A write may or may not have happened; the text is for logs.
    case unavailable(String)
}

/// Part of a collection, in the order of names.
package struct StorePage: Equatable, Sendable {
    /// The documents.
    package var documents: [Document]
    /// Where the next page goes on; `nil` on the last.
    package var next: String?
    /// How many documents there are on all pages together; 0 where ``DocumentCollection/isWalked``.
    package var total: Int

    /// Describes a page.
    package init(documents: [Document], next: String?, total: Int) {
        self.documents = documents
        self.next = next
        self.total = total
    }
}

/// Counts of a collection.
package struct StoreStatistics: Equatable, Sendable {
    /// How many documents there are.
    package var documents = 0
    /// How many of them are at most as old as was asked.
    package var createdSince = 0
    /// Bytes of all contents.
    package var bytes = 0
    /// Bytes that these take in the store, compressed where that pays.
    package var storedBytes = 0
    /// How many contents are compressed.
    package var compressed = 0

    /// An empty collection.
    package init() {}
}

/// Pairs a request with what its reply must carry.
package struct StoreCall: Equatable, Sendable {
    /// The asker's own number for it.
    package var ticket: UInt64
    /// What is asked.
    package var request: StoreRequest
    /// When it is asked: what is expired then does not exist.
    package var time: Timestamp

    /// Describes a call.
    package init(ticket: UInt64, request: StoreRequest, time: Timestamp) {
        self.ticket = ticket
        self.request = request
        self.time = time
    }
}
