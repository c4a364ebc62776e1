import SessionBase
import SessionCore
import SessionIO
import SessionStorage
import TestSupport
import Testing

/// The file behind the embedded store: whose it is, who may read it, and what happens to one that cannot be used.
@Suite struct SQLiteFileTests {
    /// A folder, and the place of a store in it.
    private struct Place: ~Copyable {
        let folder = TemporaryFolder()
        var path: String { folder.path + "/data/store.db" }

        func put(_ bytes: [UInt8]) throws {
            try Files.makeFolder(folder.path + "/data", mode: 0o700)
            try Files.write(bytes.span, to: path, mode: 0o600)
        }

        /// Why the file is not opened; fails the test where it is.
        func refusal() -> String {
            do throws(StorageError) {
                _ = try SQLiteEngine(path: path)
                Issue.record("the file was opened")
                return ""
            } catch {
                return error.description
            }
        }
    }

    @Test func `only the owner may enter the folder and read the files`() async throws {
        let place = Place()
        let engine = try RunningEngine(SQLiteEngine(path: place.path))
        #expect(await engine.write("a") == .written)
        #expect(try Files.mode(place.folder.path + "/data") == 0o700)
        for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try Files.mode(place.path + suffix) == 0o600) }
    }

    @Test func `what was written is there after the engine was stopped and opened again`() async throws {
        let place = Place()
        do {
            let engine = try RunningEngine(SQLiteEngine(path: place.path))
            #expect(await engine.write("a", [1, 2], owner: "ann", expiresAt: 700_000) == .written)
            #expect(await engine.read("a", extendingTo: 900_000) != nil)
        }
        let engine = try RunningEngine(SQLiteEngine(path: place.path))
        let document = await engine.read("a")
        #expect(document?.body == [1, 2])
        #expect(document?.expiresAt?.milliseconds == 900_000)
    }

    @Test func `an engine that stops leaves a file without a log`() async throws {
        let place = Place()
        do {
            let engine = try RunningEngine(SQLiteEngine(path: place.path))
            for number in 0..<50 { #expect(await engine.write("d\(number)") == .written) }
        }
        #expect(!Files.exists(place.path + "-wal"))
        #expect(try SQLiteTool.run(place.path, "SELECT count(*) FROM sessions") == "50\n")
    }

    @Test func `a file that is no database is refused and left as it is`() throws {
        let place = Place()
        let bytes = Array("These are my notes, and not a database at all.".utf8)
        try place.put(bytes)
        #expect(
            place.refusal()
                == "\(place.path) is no SQLite database; move it away, or name another file with --store sqlite:PATH")
        #expect(try Files.read(place.path) == bytes)
    }

    @Test func `the database of another program is refused and left as it is`() throws {
        let place = Place()
        try place.put([])
        _ = try SQLiteTool.run(place.path, "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')")
        let bytes = try Files.read(place.path)
        #expect(place.refusal().hasPrefix("\(place.path) is the database of another program; move it away"))
        #expect(try Files.read(place.path) == bytes)
    }

    @Test func `a file of a newer version is refused and left as it is`() async throws {
        let place = Place()
        do { _ = try await RunningEngine(SQLiteEngine(path: place.path)).write("a") }
        _ = try SQLiteTool.run(place.path, "PRAGMA user_version = 99")
        let bytes = try Files.read(place.path)
        #expect(place.refusal().hasPrefix("\(place.path) was written by a newer sessionctl (layout 99"))
        #expect(try Files.read(place.path) == bytes)
    }

    @Test func `a damaged file is refused with what to do, and left as it is`() async throws {
        let place = Place()
        do {
            let engine = try RunningEngine(SQLiteEngine(path: place.path))
            for number in 0..<200 { _ = await engine.write("d\(number)", Array(repeating: 7, count: 1000)) }
        }
        var bytes = try Files.read(place.path)
        for index in stride(from: 8192, to: bytes.count, by: 4096) { bytes[index] = 0xEE }
        try Files.write(bytes.span, to: place.path, mode: 0o600)
        let refusal = place.refusal()
        #expect(refusal.hasPrefix("the store \(place.path) is damaged ("))
        #expect(refusal.contains("restore it from a backup"))
        #expect(try Files.read(place.path) == bytes)
    }

    @Test func `a second process is told who has the file`() async throws {
        let place = Place()
        let engine = try RunningEngine(SQLiteEngine(path: place.path))
        #expect(await engine.write("a") == .written)
        let refusal = place.refusal()
        #expect(refusal.hasPrefix("the store \(place.path) is in use by process "))
        #expect(await engine.write("b") == .written)
    }

    /// The collections that files of versions 1 and 2 have.
    private static let firstCollections = [
        "sessions", "devices", "handoffs", "refresh_families", "revocations", "locker_sessions",
    ]

    @Test(arguments: [1, 2])
    func `a file of an earlier version gets what later versions have`(version: Int) async throws {
        let place = Place()
        try place.put([])
        let tables = Self.firstCollections.map { collection in
            """
            CREATE TABLE \(collection) (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, owner TEXT,
                version INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL);
            """
        }
        let additions = Self.firstCollections.map { collection in
            "CREATE INDEX \(collection)_owner ON \(collection) (owner, name) WHERE owner IS NOT NULL;"
        }
        let probe = "CREATE TABLE probe (id INTEGER PRIMARY KEY, tried_at INTEGER NOT NULL);"
        _ = try SQLiteTool.run(
            place.path,
            tables.joined() + (version > 1 ? additions.joined() + probe : "") + """
                INSERT INTO sessions VALUES (1, 'a', 'ann', 5, 10, 20, 9223372036854775807, 2, x'000708');
                PRAGMA application_id = 0x7363746C; PRAGMA user_version = \(version);
                """)
        let engine = try RunningEngine(SQLiteEngine(path: place.path))
        #expect(await engine.read("a")?.body == [7, 8])
        #expect(await engine.ask(.newest(.sessions, owner: "ann")).document?.version == 5)
        #expect(await engine.write("a", [9], expecting: .version(5), version: 6, owner: "ann") == .written)
        #expect(await engine.write("r 1", owner: "r", in: .boardChanges) == .written)
        #expect(await engine.page(owner: "r", in: .boardChanges).names == ["r 1"])
        #expect(try SQLiteTool.run(place.path, "PRAGMA user_version") == "3\n")
    }

    @Test func `a document whose content is damaged is reported, and the others are served`() async throws {
        let place = Place()
        do {
            let engine = try RunningEngine(SQLiteEngine(path: place.path))
            #expect(await engine.write("a", Array(repeating: 65, count: 20_000)) == .written)
            #expect(await engine.write("b") == .written)
        }
        _ = try SQLiteTool.run(place.path, "UPDATE sessions SET body = x'01789c00' WHERE name = 'a'")
        let engine = try RunningEngine(SQLiteEngine(path: place.path))
        let reply = await engine.ask(.read(DocumentKey(.sessions, "a")))
        #expect(reply == .unavailable("the document a of sessions is damaged in the store"))
        #expect(await engine.read("b") != nil)
        #expect(await engine.page().names == ["b"])
    }

    @Test func `a journal with a damaged record is unavailable to its room, and others are found`() async throws {
        let place = Place()
        do {
            let engine = try RunningEngine(SQLiteEngine(path: place.path))
            for name in ["a 1", "a 2", "b 1"] {
                #expect(await engine.write(name, owner: String(name.prefix(1)), in: .boardChanges) == .written)
            }
        }
        _ = try SQLiteTool.run(place.path, "UPDATE board_changes SET body = x'00' WHERE name = 'a 1'")
        let engine = try RunningEngine(SQLiteEngine(path: place.path))
        let reply = await engine.ask(.list(.boardChanges, owner: "a", limit: 10))
        #expect(reply == .unavailable("the document a 1 of board_changes is damaged in the store"))
        #expect(await engine.page(owner: "a", after: "a 1", in: .boardChanges).names == ["a 2"])
        #expect(await engine.page(limit: 1, in: .boardChanges) == ([], 0, "a 1"))
        #expect(await engine.page(after: "a g", limit: 1, in: .boardChanges).names == ["b 1"])
    }
}
