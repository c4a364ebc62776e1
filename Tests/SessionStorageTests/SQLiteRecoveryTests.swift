import SessionBase
import SessionCore
import SessionIO
import SessionStorage
import TestSupport
import Testing

/// What survives a process that ended in the middle, a log that was torn, and a disk that is full.
@Suite struct SQLiteRecoveryTests {
    /// Copies the files of a running engine, as a crash leaves them.
    private static func copy(_ source: String, to target: String, logBytes: Int = .max) throws {
        let file = try Files.read(source)
        let log = Array(try Files.read(source + "-wal").prefix(logBytes))
        try Files.write(file.span, to: target, mode: 0o600)
        try Files.write(log.span, to: target + "-wal", mode: 0o600)
    }

    private static func addGarbage(to path: String) throws {
        let garbage = [UInt8](repeating: 0xA5, count: 5000)
        try Files.append(garbage.span, to: path, mode: 0o600)
    }

    @Test func `what was answered is in the files before the engine has stopped`() async throws {
        let folder = TemporaryFolder()
        let engine = try RunningEngine(SQLiteEngine(path: folder.path + "/store.db"))
        for version in UInt64(1)...20 {
            #expect(await engine.write("a", expecting: .anything, version: version) == .written)
        }
        try Self.copy(folder.path + "/store.db", to: folder.path + "/copy.db")
        let copy = try RunningEngine(SQLiteEngine(path: folder.path + "/copy.db"))
        #expect(await copy.read("a")?.version == 20)
    }

    @Test(arguments: [(0.0, 0), (0.3, 0), (0.5, 1), (0.77, 10), (0.9, 20), (0.999, 29)])
    func `a torn log loses its last transactions and nothing else`(share: Double, versionMin: UInt64) async throws {
        let folder = TemporaryFolder()
        let engine = try RunningEngine(SQLiteEngine(path: folder.path + "/store.db"))
        for version in UInt64(1)...30 {
            #expect(await engine.write("a", [UInt8(version)], expecting: .anything, version: version) == .written)
        }
        let size = try Files.read(folder.path + "/store.db-wal").count
        try Self.copy(folder.path + "/store.db", to: folder.path + "/torn.db", logBytes: Int(Double(size) * share))
        let torn = try RunningEngine(SQLiteEngine(path: folder.path + "/torn.db"))
        // Whole, of one version, and the older the more is missing.
        let document = await torn.read("a")
        let version = document?.version ?? 0
        #expect((document?.body ?? [0]) == [UInt8(version)])
        #expect(version >= versionMin)
        #expect(version < 30)
        #expect(await torn.write("b") == .written)
    }

    @Test func `garbage behind the last transaction of the log is not read`() async throws {
        let folder = TemporaryFolder()
        let engine = try RunningEngine(SQLiteEngine(path: folder.path + "/store.db"))
        #expect(await engine.write("a", version: 3) == .written)
        try Self.copy(folder.path + "/store.db", to: folder.path + "/torn.db")
        try Self.addGarbage(to: folder.path + "/torn.db-wal")
        let torn = try RunningEngine(SQLiteEngine(path: folder.path + "/torn.db"))
        #expect(await torn.read("a")?.version == 3)
    }

    @Test func `a full disk refuses writes, serves reads, and recovers by itself`() async throws {
        let folder = TemporaryFolder()
        var options = SQLiteEngine.Options()
        options.pagesMax = 64
        options.housekeepingInterval = .milliseconds(5)
        let engine = try RunningEngine(SQLiteEngine(path: folder.path + "/store.db", options))
        #expect(await engine.write("a", [1]) == .written)
        var random = SeededRandom(seed: 1)
        let noise = (0..<60_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var written: [String] = []
        var refusal: String?
        while refusal == nil, written.count < 50 {
            let name = "d\(written.count)"
            refusal = await engine.write(name, noise).refusal
            if refusal == nil { written.append(name) }
        }
        #expect(refusal == "the disk of the store is full")
        #expect(await engine.read("a")?.body == [1])
        #expect(await engine.read("d0")?.body == noise)
        #expect(await engine.page().total == written.count + 1)
        // Small writes may still fit; what makes room does so for ever.
        for name in written { _ = await engine.ask(.remove(DocumentKey(.sessions, name))) }
        #expect(await engine.write("e", noise) == .written)
        #expect(engine.engine.health == .up)
    }

    @Test func `rows whose time is over leave the file`() async throws {
        let folder = TemporaryFolder()
        var options = SQLiteEngine.Options()
        options.housekeepingInterval = .milliseconds(2)
        let path = folder.path + "/store.db"
        let engine = try RunningEngine(SQLiteEngine(path: path, options))
        let writes = (0..<1200).map { number in
            StoreRequest.write(
                DocumentWrite(
                    key: DocumentKey(.sessions, "d\(number)"), expecting: .absence, version: 1, body: [1],
                    expiresAt: Timestamp(milliseconds: number % 3 == 0 ? 5000 : 1000)))
        }
        #expect(await engine.ask(writes).allSatisfy { $0 == .written })
        _ = await engine.write("now", at: 2000)
        var left = ""
        var attempts = 0
        while left != "401\n", attempts < 1000 {
            attempts += 1
            left = try SQLiteTool.run(path, "SELECT count(*) FROM sessions")
            _ = await engine.write("now", expecting: .anything, at: 2000)
        }
        #expect(left == "401\n")
    }

    @Test func `the log stays short however much is written`() async throws {
        let folder = TemporaryFolder()
        var options = SQLiteEngine.Options()
        options.checkpointPages = 16
        let path = folder.path + "/store.db"
        let engine = try RunningEngine(SQLiteEngine(path: path, options))
        let body = [UInt8](repeating: 1, count: 3000)
        for round in UInt64(1)...400 {
            #expect(
                await engine.write("d\(round % 50)", body, expecting: .anything, version: round) == .written)
        }
        // Hundreds of commits of at least a page each, and the log never held much more than it may.
        #expect(try Files.read(path + "-wal").count < 200 * 4120)
    }
}
