import SessionBase
import SessionCore

/// Carries out requests on one connection; transactions are the caller's.
///
/// Versions are stored as SQLite's signed numbers, bit for bit.
final class SQLiteTables {
    /// The connection, for transactions.
    let connection: SQLiteConnection
    private var statements: [SQLiteStatement?]

    /// Works on a connection; nothing is read yet.
    init(_ connection: SQLiteConnection) {
        self.connection = connection
        statements = Array(repeating: nil, count: DocumentCollection.allCases.count * SQLiteQuery.allCases.count)
    }

    private func statement(_ query: SQLiteQuery, _ collection: DocumentCollection) throws(SQLiteError)
        -> SQLiteStatement
    {
        let index = collection.ordinal * SQLiteQuery.allCases.count + query.rawValue
        if let statement = statements[index] { return statement }
        let statement = try connection.prepare(query.sql(collection.rawValue))
        statements[index] = statement
        return statement
    }
}

/// Reading.
extension SQLiteTables {
    /// A document as it was found: whole, or damaged.
    enum Found {
        /// There is none.
        case nothing
        /// It is whole.
        case document(Document)
        /// Its content cannot be read.
        case damaged(DocumentKey)
    }

    /// Reads one document.
    func find(_ key: DocumentKey, at now: Timestamp) throws(SQLiteError) -> Found {
        let statement = try statement(.find, key.collection)
        statement.bind(key.name, at: 1)
        statement.bind(now.milliseconds, at: 2)
        return try first(statement, key.collection)
    }

    /// Reads the owner's document that was updated last.
    func newest(_ collection: DocumentCollection, of owner: String, at now: Timestamp) throws(SQLiteError) -> Found {
        let statement = try statement(.newest, collection)
        statement.bind(owner, at: 1)
        statement.bind(now.milliseconds, at: 2)
        return try first(statement, collection)
    }

    /// A page, or why there is none.
    enum FoundPage {
        /// What is on it.
        case page(StorePage)
        /// A document that must not be left out cannot be read.
        case damaged(DocumentKey)
    }

    /// Reads a page, which leaves out damaged documents, but for an owner's in a collection that is walked.
    func page(
        _ collection: DocumentCollection, of owner: String?, after name: String?, limit: Int, at now: Timestamp
    ) throws(SQLiteError) -> FoundPage {
        let limit = max(1, limit)
        let statement = try statement(owner == nil ? .page : .ownedPage, collection)
        statement.bind(name ?? "", at: 1)
        statement.bind(now.milliseconds, at: 2)
        // One more than is shown tells whether there is a next page.
        statement.bind(Int64(limit) + 1, at: 3)
        if let owner { statement.bind(owner, at: 4) }
        var documents: [Document] = []
        var names: [String] = []
        while try statement.step() {
            names.append(statement.text(0) ?? "")
            guard names.count <= limit else { continue }
            switch Self.document(statement, collection) {
            case .document(let document): documents.append(document)
            case .damaged(let key) where owner != nil && collection.isWalked:
                statement.reset()
                return .damaged(key)
            case .damaged, .nothing: break
            }
        }
        let next = names.count > limit ? names[limit - 1] : nil
        let total = collection.isWalked ? 0 : try count(collection, of: owner, at: now)
        return .page(StorePage(documents: documents, next: next, total: total))
    }

    /// Counts a collection, of one owner or of all.
    func count(
        _ collection: DocumentCollection, of owner: String?, at now: Timestamp
    ) throws(SQLiteError) -> Int {
        let statement = try statement(owner == nil ? .count : .ownedCount, collection)
        if let owner { statement.bind(owner, at: 1) }
        statement.bind(now.milliseconds, at: owner == nil ? 1 : 2)
        defer { statement.reset() }
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    /// Reads the figures of a collection.
    func statistics(
        _ collection: DocumentCollection, createdSince: Timestamp, at now: Timestamp
    ) throws(SQLiteError) -> StoreStatistics {
        let statement = try statement(.statistics, collection)
        statement.bind(now.milliseconds, at: 1)
        statement.bind(createdSince.milliseconds, at: 2)
        defer { statement.reset() }
        var statistics = StoreStatistics()
        guard try statement.step() else { return statistics }
        statistics.documents = Int(statement.integer(0))
        statistics.createdSince = Int(statement.integer(1))
        statistics.bytes = Int(statement.integer(2))
        statistics.storedBytes = Int(statement.integer(3))
        statistics.compressed = Int(statement.integer(4))
        return statistics
    }

    private func first(_ statement: SQLiteStatement, _ collection: DocumentCollection) throws(SQLiteError) -> Found {
        defer { statement.reset() }
        return try statement.step() ? Self.document(statement, collection) : .nothing
    }

    private static func document(_ statement: SQLiteStatement, _ collection: DocumentCollection) -> Found {
        let key = DocumentKey(collection, statement.text(0) ?? "")
        guard let body = StoredBody.decode(statement.bytes(7), size: Int(statement.integer(6))) else {
            return .damaged(key)
        }
        let expiresAt = statement.integer(5)
        return .document(
            Document(
                key: key, version: UInt64(bitPattern: statement.integer(2)), body: body, owner: statement.text(1),
                createdAt: Timestamp(milliseconds: statement.integer(3)),
                updatedAt: Timestamp(milliseconds: statement.integer(4)),
                expiresAt: expiresAt == SQLiteSchema.never ? nil : Timestamp(milliseconds: expiresAt)))
    }
}

/// Writing, inside of the caller's transaction.
extension SQLiteTables {
    /// How a write went; what stands in the way of one is the caller's to read.
    enum Written {
        /// It happened.
        case written
        /// The expectation does not hold.
        case conflict
        /// The owner has as many documents as it may.
        case ownerIsFull
    }

    /// Writes one document if what stands there is as expected.
    func write(_ write: DocumentWrite, at now: Timestamp) throws(SQLiteError) -> Written {
        let body = StoredBody.encode(write.body)
        // By far the most writes are this one: one statement, which touches one page.
        if case .version(let version) = write.expecting, try rewrite(write, of: version, body, at: now) {
            return .written
        }
        let row = try peek(write.key)
        let isLive = row.map { $0.expiresAt > now.milliseconds } ?? false
        switch write.expecting {
        case .anything: break
        case .absence: if isLive { return .conflict }
        case .version(let version): if !isLive || row?.version != version { return .conflict }
        }
        if !isLive, let owner = write.owner, let limit = write.ownerLimit {
            guard try count(write.key.collection, of: owner, at: now) < limit else { return .ownerIsFull }
        }
        if let row {
            try replace(row, with: write, body, createdAt: isLive ? row.createdAt : now.milliseconds, at: now)
        } else {
            try insert(write, body, at: now)
        }
        return .written
    }

    /// Removes one document.
    ///
    /// - Returns: Whether there was one, of the expected version.
    func remove(_ key: DocumentKey, expecting version: UInt64?, at now: Timestamp) throws(SQLiteError) -> Bool {
        let statement = try statement(.remove, key.collection)
        statement.bind(key.name, at: 1)
        statement.bind(now.milliseconds, at: 2)
        if let version { statement.bind(Int64(bitPattern: version), at: 3) } else { statement.bindNothing(at: 3) }
        try statement.run()
        return connection.changes > 0
    }

    /// Removes an owner's documents up to a name.
    ///
    /// - Returns: The names that were removed.
    func trim(
        _ collection: DocumentCollection, of owner: String, through name: String, at now: Timestamp
    ) throws(SQLiteError) -> [String] {
        let statement = try statement(.trim, collection)
        statement.bind(owner, at: 1)
        statement.bind(name, at: 2)
        statement.bind(now.milliseconds, at: 3)
        var removed: [String] = []
        while try statement.step() { removed.append(statement.text(0) ?? "") }
        return removed
    }

    /// Moves the end of a document that still ends when it did.
    func extend(_ key: DocumentKey, from: Timestamp, to until: Timestamp) throws(SQLiteError) {
        let statement = try statement(.extend, key.collection)
        statement.bind(key.name, at: 1)
        statement.bind(from.milliseconds, at: 2)
        statement.bind(until.milliseconds, at: 3)
        try statement.run()
    }

    /// Removes what is over among the rows that follow a row.
    ///
    /// - Parameters:
    ///   - row: Where the last slice ended; 0 for the beginning.
    ///   - limit: How many rows are looked at.
    /// - Returns: Where this slice ends; 0 behind the last row.
    func sweep(
        _ collection: DocumentCollection, after row: Int64, limit: Int, at now: Timestamp
    ) throws(SQLiteError) -> Int64 {
        let search = try statement(.sweepEnd, collection)
        search.bind(row, at: 1)
        search.bind(Int64(limit), at: 2)
        let end = try search.step() ? search.integer(0) : 0
        search.reset()
        guard end > 0 else { return 0 }
        let removal = try statement(.sweep, collection)
        removal.bind(row, at: 1)
        removal.bind(end, at: 2)
        removal.bind(now.milliseconds, at: 3)
        try removal.run()
        return end
    }

    private struct Row {
        var id: Int64
        var version: UInt64
        var createdAt: Int64
        var expiresAt: Int64
    }

    private func peek(_ key: DocumentKey) throws(SQLiteError) -> Row? {
        let statement = try statement(.peek, key.collection)
        statement.bind(key.name, at: 1)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return Row(
            id: statement.integer(0), version: UInt64(bitPattern: statement.integer(1)),
            createdAt: statement.integer(2), expiresAt: statement.integer(3))
    }

    private func rewrite(
        _ write: DocumentWrite, of version: UInt64, _ body: [UInt8], at now: Timestamp
    ) throws(SQLiteError) -> Bool {
        let statement = try statement(.rewrite, write.key.collection)
        statement.bind(write.key.name, at: 1)
        statement.bind(Int64(bitPattern: version), at: 2)
        statement.bind(write.owner, at: 3)
        statement.bind(now.milliseconds, at: 4)
        statement.bind(Int64(bitPattern: write.version), at: 5)
        bind(write, body, at: now, to: statement, from: 6)
        try statement.run()
        return connection.changes > 0
    }

    private func replace(
        _ row: Row, with write: DocumentWrite, _ body: [UInt8], createdAt: Int64, at now: Timestamp
    ) throws(SQLiteError) {
        let statement = try statement(.replace, write.key.collection)
        statement.bind(row.id, at: 1)
        statement.bind(write.owner, at: 2)
        statement.bind(Int64(bitPattern: write.version), at: 3)
        statement.bind(createdAt, at: 4)
        bind(write, body, at: now, to: statement, from: 5)
        try statement.run()
    }

    private func insert(_ write: DocumentWrite, _ body: [UInt8], at now: Timestamp) throws(SQLiteError) {
        let statement = try statement(.insert, write.key.collection)
        statement.bind(write.key.name, at: 1)
        statement.bind(write.owner, at: 2)
        statement.bind(Int64(bitPattern: write.version), at: 3)
        statement.bind(now.milliseconds, at: 4)
        bind(write, body, at: now, to: statement, from: 5)
        try statement.run()
    }

    /// Binds what all writes end with: update, expiry, size, body.
    private func bind(
        _ write: DocumentWrite, _ body: [UInt8], at now: Timestamp, to statement: SQLiteStatement, from index: Int32
    ) {
        statement.bind(now.milliseconds, at: index)
        statement.bind(write.expiresAt?.milliseconds ?? SQLiteSchema.never, at: index + 1)
        statement.bind(Int64(write.body.count), at: index + 2)
        statement.bind(body, at: index + 3)
    }
}
