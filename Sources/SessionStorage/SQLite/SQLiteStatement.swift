internal import CSQLite

/// A compiled statement: values are bound from 1 on, columns read from 0 on, as in SQLite itself.
final class SQLiteStatement {
    /// Tells SQLite to copy what is bound, since Swift's storage is only lent for the call.
    private static let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private let handle: OpaquePointer
    private let connection: OpaquePointer

    /// Takes over a compiled statement.
    init(_ handle: OpaquePointer, of connection: OpaquePointer) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds a number.
    func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

    /// Binds nothing.
    func bindNothing(at index: Int32) { sqlite3_bind_null(handle, index) }

    /// Binds a text, or nothing.
    func bind(_ value: String?, at index: Int32) {
        guard let value else { return bindNothing(at: index) }
        sqlite3_bind_text(handle, index, value, Int32(value.utf8.count), Self.copying)
    }

    /// Binds bytes.
    func bind(_ value: [UInt8], at index: Int32) {
        value.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), Self.copying)
        }
    }

    /// Goes on to the next row.
    ///
    /// - Returns: Whether there is one; after the last one the statement can run again.
    func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let error = SQLiteError(connection, code: code)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement without rows, or leaves the rows that are left.
    func run() throws(SQLiteError) {
        if try step() { reset() }
    }

    /// Ends a run early, which also ends the reading of the file.
    func reset() { sqlite3_reset(handle) }

    /// A column's number; 0 for nothing.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// A column's text; `nil` for nothing.
    func text(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(handle, column) else { return nil }
        // Valid until the next step; copied here.
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// A column's bytes.
    func bytes(_ column: Int32) -> [UInt8] {
        let bytes = sqlite3_column_blob(handle, column)
        // Valid until the next step; copied here.
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
