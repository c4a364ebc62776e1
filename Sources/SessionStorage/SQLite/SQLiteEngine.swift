package import SessionCore

/// The embedded store: one SQLite file in WAL mode, with `synchronous = FULL` (PROTOCOLS C20, 1-32).
///
/// Three threads with a connection each:
///
/// | Thread | What it does |
/// | --- | --- |
/// | `store-write` | takes everything that waits as one transaction and one fsync, and answers after the commit |
/// | `store-read` | answers `read` and `newest` at once, beside the commit that is under way |
/// | `store-scan` | answers pages and statistics, which may take long, and copies the log into the file |
///
/// A read of a document that a waiting write changes goes behind that write, so that an asker sees what it wrote.
package final class SQLiteEngine: StorageEngine {
    /// What can be changed for tests and for other disks.
    package struct Options: Equatable, Sendable {
        /// How often later ends are written, and rows looked at whose time may be over.
        package var housekeepingInterval = Duration.seconds(1)
        /// The log's pages from which on it is copied into the file; about 4 KiB each.
        package var checkpointPages = 2048
        /// The most pages that the file may have; `nil` for as many as the disk has.
        package var pagesMax: Int?

        /// The usual choice.
        package init() {}
    }

    private let file: SQLiteFile
    private let shared: SQLiteShared
    private let writer: SQLiteWriter
    private let reader: SQLiteReader
    private let scanner: SQLiteReader

    /// Opens the file, or makes it.
    ///
    /// - Throws: ``StorageError`` where the file is another program's, damaged, newer, in use, or cannot be made; it is
    ///   left as it was then.
    package init(path: String, _ options: Options = Options()) throws(StorageError) {
        file = try SQLiteFile(path)
        shared = try SQLiteShared()
        writer = try SQLiteWriter(try file.open(), shared, options)
        reader = try SQLiteReader(try file.openReader(), shared, shared.readQueue)
        scanner = try SQLiteReader(try file.openReader(), shared, shared.scanQueue)
    }

    package func start(
        _ sink: @escaping @Sendable (_ asker: Int, _ answers: [StoreAnswer]) -> Void
    ) throws(StorageError) {
        shared.open(sink)
        try shared.writeThread.start("store-write", writer.run)
        try shared.readThread.start("store-read", reader.run)
        try shared.scanThread.start("store-scan", scanner.runAside)
    }

    package func submit(_ calls: [StoreCall], from asker: Int) { shared.submit(calls, from: asker) }

    package func releaseCaches() {
        shared.writeQueue.post(.releaseCache)
        shared.readQueue.post(.releaseCache)
        shared.scanQueue.post(.releaseCache)
    }

    package func stop() {
        guard shared.close() else { return }
        // The readers first: they may hand calls to the writer.
        shared.readQueue.post(.stop)
        shared.scanQueue.post(.stop)
        shared.readThread.join()
        shared.scanThread.join()
        shared.writeQueue.post(.stop)
        shared.writeThread.join()
    }

    package var health: StorageHealth { shared.health }

    package var figures: StorageFigures {
        var figures = StorageFigures()
        figures.walBytes = shared.logBytes
        return figures
    }
}
