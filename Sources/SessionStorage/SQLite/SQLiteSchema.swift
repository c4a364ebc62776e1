import SessionCore

/// The layout of the database file, and how files of older versions of this program get there.
///
/// Each collection is a table. A row is found by `id` (its place in the file), by `name`, or by `owner`; neither of the
/// indexes holds anything that a rewrite changes, so that a rewrite touches the row's page alone:
///
/// ```text
/// id INTEGER PRIMARY KEY | name TEXT UNIQUE | owner TEXT? | version | created_at | updated_at | expires_at | size | body
/// ```
///
/// Times are milliseconds since 1970; ``never`` stands for no expiry. `body` is what ``StoredBody`` makes of `size` bytes,
/// and stands last, so that counting does not read it.
enum SQLiteSchema {
    /// What `PRAGMA application_id` says of our files: `sctl`.
    static let applicationID: Int64 = 0x7363_746C

    /// What `expires_at` says where a document lives for ever.
    static let never = Int64.max

    /// The version that this program writes, told by `PRAGMA user_version`.
    static var version: Int64 { Int64(migrations.count) }

    /// Step `n` leads from version `n` to the next. What a step says is never changed: files are at every version.
    private static let migrations: [String] = [
        // 1: a table for each collection.
        firstCollections.map(table).joined(),
        // 2: documents are found by their owners; a row that is written to learn whether the disk takes anything.
        firstCollections.map(ownerIndex).joined()
            + "CREATE TABLE probe (id INTEGER PRIMARY KEY, tried_at INTEGER NOT NULL);",
        // 3: boards.
        boardCollections.map { table($0) + ownerIndex($0) }.joined(),
    ]

    /// The collections that there were in version 1.
    private static let firstCollections: [DocumentCollection] = [
        .sessions, .devices, .handoffs, .refreshFamilies, .revocations, .lockerSessions,
    ]

    private static let boardCollections: [DocumentCollection] = [.boards, .boardChanges]

    private static func table(_ collection: DocumentCollection) -> String {
        """
        CREATE TABLE \(collection.rawValue) (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, owner TEXT, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
            size INTEGER NOT NULL, body BLOB NOT NULL);
        """
    }

    private static func ownerIndex(_ collection: DocumentCollection) -> String {
        """
        CREATE INDEX \(collection.rawValue)_owner ON \(collection.rawValue) (owner, name)
            WHERE owner IS NOT NULL;
        """
    }

    /// Makes the tables of a new file, or brings those of an older version up to date, all or nothing.
    static func migrate(_ connection: SQLiteConnection) throws(SQLiteError) {
        let found = try connection.number("PRAGMA user_version")
        guard found < version else { return }
        try connection.execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            for step in migrations[Int(found)...] { try connection.execute(step) }
            try connection.execute("PRAGMA application_id = \(applicationID)")
            try connection.execute("PRAGMA user_version = \(version)")
            try connection.execute("COMMIT")
        } catch {
            // What failed first is what is told; a file that cannot roll back does so when it is opened next.
            try? connection.execute("ROLLBACK")
            throw error
        }
    }
}
