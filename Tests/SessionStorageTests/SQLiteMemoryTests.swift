import SessionBase
import SessionCore
import TestSupport
import Testing

@testable import SessionStorage

/// What the embedded store keeps in memory to be faster.
@Suite struct SQLiteMemoryTests {
    @Test func `a connection frees the pages it keeps, and finds its rows again`() throws {
        let folder = TemporaryFolder()
        let connection = try SQLiteConnection(folder.path + "/some.db", .writing)
        try connection.execute("CREATE TABLE some (body BLOB)")
        for _ in 0..<100 { try connection.execute("INSERT INTO some VALUES (randomblob(10000))") }
        let kept = connection.cacheBytes
        connection.releaseCache()
        #expect(kept > 500_000 && connection.cacheBytes < kept / 10)
        #expect(try connection.number("SELECT sum(length(body)) FROM some") == 1_000_000)
    }
}

extension EngineTests {
    @Test(arguments: EngineKind.allCases)
    func `an engine without its caches answers as before`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", [1, 2, 3]) == .written)
            engine.engine.releaseCaches()
            #expect(await engine.read("a")?.body == [1, 2, 3])
            #expect(await engine.write("a", [4], expecting: .version(1), version: 2) == .written)
            #expect(await engine.read("a")?.body == [4])
        }
    }
}
