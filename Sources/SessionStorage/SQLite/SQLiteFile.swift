import SessionIO

/// The database's file: whose it is, whether it is ours, and whether it is whole. Nothing foreign is ever written to.
struct SQLiteFile: ~Copyable, Sendable {
    /// Up to this size the whole file is checked when it is opened, which takes about a millisecond for each MiB.
    private static let checkedBytesMax: Int64 = 64 << 20

    /// What every SQLite file begins with (its file format, §1.3.1).
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Where it is.
    let path: String
    private let lock: FileLock

    /// Takes the file for this process alone; it is created, with mode 0600, where it is missing, and its folder with 0700.
    init(_ path: String) throws(StorageError) {
        do throws(SystemError) {
            if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
                try Files.makeFolder(String(path[..<slash]), mode: 0o700)
            }
        } catch {
            throw StorageError("\(error)")
        }
        let lock = try Self.lock(path)
        try Self.checkBeginning(path)
        self.path = path
        self.lock = lock
    }

    private static func lock(_ path: String) throws(StorageError) -> FileLock {
        do throws(FileLock.Failure) {
            return try FileLock(path + ".lock")
        } catch {
            switch error {
            case .failed(let error): throw StorageError("\(error)")
            case .isHeld(let process):
                let who = process.map { "process \($0)" } ?? "another process"
                throw StorageError(
                    "the store \(path) is in use by \(who); stop that one, or name another file with --store sqlite:PATH"
                )
            }
        }
    }

    /// Creates an empty file, or looks at how the file begins.
    private static func checkBeginning(_ path: String) throws(StorageError) {
        let nothing: [UInt8] = []
        let beginning: [UInt8]
        do throws(SystemError) {
            // Opening it for appending creates it with the right mode, which SQLite's own files beside it take over.
            try Files.append(nothing.span, to: path, mode: 0o600)
            beginning = try Files.beginning(of: path, count: magic.count)
        } catch {
            throw StorageError("\(error)")
        }
        guard beginning.isEmpty || beginning == magic else { throw foreign(path, "is no SQLite database") }
    }

    private static func foreign(_ path: String, _ what: String) -> StorageError {
        StorageError("\(path) \(what); move it away, or name another file with --store sqlite:PATH")
    }

    /// Opens the connection that writes, and makes sure that the database is whole, ours, and of the present version.
    func open() throws(StorageError) -> SQLiteConnection {
        let connection = try explaining { () throws(SQLiteError) in try SQLiteConnection(path, .writing) }
        try checkOwner(of: connection)
        try checkContents(of: connection)
        try configure(connection)
        try explaining { () throws(SQLiteError) in try SQLiteSchema.migrate(connection) }
        return connection
    }

    /// Opens a further connection, which reads alone.
    func openReader() throws(StorageError) -> SQLiteConnection {
        try explaining { () throws(SQLiteError) in
            let connection = try SQLiteConnection(path, .reading)
            try connection.execute("PRAGMA cache_size = -8192")
            return connection
        }
    }

    /// Our files carry our number; a new one has neither number nor tables.
    private func checkOwner(of connection: SQLiteConnection) throws(StorageError) {
        let (owner, version, tables) = try explaining { () throws(SQLiteError) in
            (
                try connection.number("PRAGMA application_id"), try connection.number("PRAGMA user_version"),
                try connection.number("SELECT count(*) FROM sqlite_schema")
            )
        }
        guard owner == SQLiteSchema.applicationID || (owner == 0 && tables == 0) else {
            throw Self.foreign(path, "is the database of another program")
        }
        guard version <= SQLiteSchema.version else {
            throw StorageError(
                "\(path) was written by a newer sessionctl (layout \(version), this one knows \(SQLiteSchema.version)); "
                    + "start that version, or name another file with --store sqlite:PATH")
        }
    }

    private func checkContents(of connection: SQLiteConnection) throws(StorageError) {
        let verdict = try explaining { () throws(SQLiteError) in
            let bytes = try connection.number("PRAGMA page_count") * connection.number("PRAGMA page_size")
            return bytes <= Self.checkedBytesMax ? try connection.text("PRAGMA quick_check(1)") : "ok"
        }
        guard verdict == "ok" else { throw Self.damaged(path, verdict) }
    }

    private func configure(_ connection: SQLiteConnection) throws(StorageError) {
        let mode = try explaining { () throws(SQLiteError) in try connection.text("PRAGMA journal_mode = WAL") }
        guard mode == "wal" else {
            throw StorageError(
                "\(path) is on a file system without shared memory, which SQLite's log needs; "
                    + "name a file on a local disk with --store sqlite:PATH")
        }
        try explaining { () throws(SQLiteError) in
            // FULL: a commit returns once the log is on the disk (C20). Checkpoints are the engine's own.
            try connection.execute("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768")
            _ = try connection.number("PRAGMA wal_autocheckpoint = 0")
        }
    }

    private func explaining<Result>(_ body: () throws(SQLiteError) -> Result) throws(StorageError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            if error.isDamage { throw Self.damaged(path, error.message) }
            if error.isBusy {
                throw StorageError("the store \(path) is in use by another program; end it, or wait until it is done")
            }
            if error.isFull { throw StorageError("cannot open the store \(path): the disk is full; make room first") }
            throw StorageError("cannot open the store \(path): \(error)")
        }
    }

    private static func damaged(_ path: String, _ what: String) -> StorageError {
        StorageError(
            "the store \(path) is damaged (\(what)); restore it from a backup, or save what is left with "
                + "sqlite3 \(path) .recover, and move it away")
    }
}
