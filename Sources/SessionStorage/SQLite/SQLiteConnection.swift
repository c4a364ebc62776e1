internal import CSQLite

/// A connection to a database file, used by one thread at a time.
final class SQLiteConnection {
    private let handle: OpaquePointer

    /// How a file is opened.
    enum Access {
        /// To read and write; created where it is missing.
        case writing
        /// To read alone.
        case reading
    }

    /// Opens a file.
    init(_ path: String, _ access: Access) throws(SQLiteError) {
        let mode = access == .writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE
        var opened: OpaquePointer?
        // One thread at a time uses the connection, so SQLite need not lock it.
        let code = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(opened, code: code)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_busy_timeout(opened, 5000)
        if access == .reading { try execute("PRAGMA query_only = ON") }
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that give no rows.
    func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(handle, code: code) }
    }

    /// Compiles a statement that is kept.
    func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw SQLiteError(handle, code: code) }
        return SQLiteStatement(statement, of: handle)
    }

    /// Reads one number, such as a pragma's; 0 where there is no row.
    func number(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Reads one text, such as a pragma's; empty where there is no row.
    func text(_ sql: String) throws(SQLiteError) -> String {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) ?? "" : ""
    }

    /// How many rows the last statement changed.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    /// Whether a transaction is open.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Bytes of pages that are kept in memory.
    var cacheBytes: Int {
        var (used, peak): (Int32, Int32) = (0, 0)
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_USED, &used, &peak, 0)
        return Int(used)
    }

    /// Frees the pages that are kept in memory and not in use.
    func releaseCache() { sqlite3_db_release_memory(handle) }

    /// How a checkpoint went.
    struct Checkpoint {
        /// Pages that the log held.
        var pages: Int
        /// How many of them the file has too.
        var moved: Int
    }

    /// Copies what the log holds into the file, without waiting for anybody.
    ///
    /// - Parameter isLast: Whether nobody reads or writes any longer, so that the log is cut to nothing.
    @discardableResult
    func checkpoint(isLast: Bool = false) throws(SQLiteError) -> Checkpoint {
        var pages: Int32 = 0
        var moved: Int32 = 0
        let mode = isLast ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &pages, &moved)
        guard code == SQLITE_OK else { throw SQLiteError(handle, code: code) }
        return Checkpoint(pages: Int(pages), moved: Int(moved))
    }

    /// Has the pages that the log holds after each commit written to a place that outlives the connection.
    func reportLog(to pages: UnsafeMutablePointer<Int>) {
        _ = sqlite3_wal_hook(
            handle,
            { place, _, _, pages in
                place?.assumingMemoryBound(to: Int.self).pointee = Int(pages)
                return SQLITE_OK
            }, pages)
    }
}
