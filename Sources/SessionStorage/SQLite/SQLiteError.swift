internal import CSQLite

/// What SQLite refused: its result code, and its sentence.
struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// The extended result code, such as `SQLITE_IOERR_FSYNC`.
    let code: Int32
    /// What SQLite says about it.
    let message: String

    /// Reads what the last call on a connection left.
    init(_ connection: OpaquePointer?, code: Int32) {
        self.code = code
        message = String(cString: connection == nil ? sqlite3_errstr(code) : sqlite3_errmsg(connection))
    }

    /// Whether the file itself is the trouble, so that no later attempt can go better.
    var isDamage: Bool {
        let primary = code & 0xFF
        return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB
    }

    /// Whether the disk, or what the file may have of it, is full.
    var isFull: Bool { code & 0xFF == SQLITE_FULL }

    /// Whether another process holds the file.
    var isBusy: Bool { code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED }

    var description: String { "\(message) (SQLite \(code))" }
}
