import SessionBase
import SessionCore
import SessionStorage
import Testing

/// What every engine answers, whatever lies behind it.
@Suite struct EngineTests {
    @Test(arguments: EngineKind.allCases)
    func `what was written is read`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(
                await engine.write("a", [1, 2, 3], version: 7, owner: "ann", expiresAt: 500_000, at: 10) == .written)
            #expect(
                await engine.read("a", at: 20)
                    == Document(
                        key: DocumentKey(.sessions, "a"), version: 7, body: [1, 2, 3], owner: "ann",
                        createdAt: Timestamp(milliseconds: 10), updatedAt: Timestamp(milliseconds: 10),
                        expiresAt: Timestamp(milliseconds: 500_000)))
            #expect(await engine.read("b") == nil)
            #expect(await engine.read("a", in: .devices) == nil)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a rewrite keeps when it was created`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", [1], at: 10) == .written)
            #expect(await engine.write("a", [2], expecting: .version(1), version: 2, at: 30) == .written)
            let document = await engine.read("a", at: 40)
            #expect(document?.body == [2])
            #expect(document?.version == 2)
            #expect(document?.createdAt.milliseconds == 10)
            #expect(document?.updatedAt.milliseconds == 30)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a write that expects something else changes nothing, and is told what stands there`(kind: EngineKind)
        async throws
    {
        try await kind.run { engine in
            #expect(await engine.write("a", expecting: .version(1), version: 2) == .conflict(nil))
            #expect(await engine.write("a", [1]) == .written)
            let present = await engine.read("a")
            #expect(await engine.write("a", [9]) == .conflict(present))
            #expect(await engine.write("a", [9], expecting: .version(3), version: 4) == .conflict(present))
            #expect(await engine.read("a") == present)
            #expect(await engine.write("a", [9], expecting: .anything, version: 5) == .written)
            #expect(await engine.read("a")?.version == 5)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a removal takes the version that is expected, or any`(kind: EngineKind) async throws {
        try await kind.run { engine in
            let key = DocumentKey(.handoffs, "a")
            #expect(await engine.ask(.remove(key)) == .removed(false))
            #expect(await engine.write("a", version: 3, owner: "ann", in: .handoffs) == .written)
            #expect(await engine.ask(.remove(key, expecting: 2)) == .removed(false))
            #expect(await engine.ask(.remove(key, expecting: 3)) == .removed(true))
            #expect(await engine.read("a", in: .handoffs) == nil)
            #expect(await engine.write("a", version: 1, in: .handoffs) == .written)
            #expect(await engine.ask(.remove(key)) == .removed(true))
            #expect(await engine.ask(.newest(.handoffs, owner: "ann")) == .found(nil))
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a document whose time is over is not there, and its name is free`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", owner: "ann", expiresAt: 100) == .written)
            #expect(await engine.write("b", owner: "ann", expiresAt: 101) == .written)
            #expect(await engine.read("a", at: 99) != nil)
            #expect(await engine.read("a", at: 100) == nil)
            #expect(await engine.ask(.newest(.sessions, owner: "ann"), at: 100).document?.key.name == "b")
            #expect(await engine.page(at: 100) == (["b"], 1, nil))
            #expect(await engine.statistics(at: 100)?.documents == 1)
            #expect(await engine.ask(.remove(DocumentKey(.sessions, "a")), at: 100) == .removed(false))
            #expect(await engine.write("a", expecting: .version(1), version: 2, at: 100) == .conflict(nil))
            #expect(await engine.write("a", [2], version: 1, at: 100) == .written)
            #expect(await engine.read("a", at: 100)?.createdAt.milliseconds == 100)
        }
    }

    @Test(arguments: EngineKind.allCases, [200, 100_000, 900_000] as [Int64])
    func `reading makes a document live longer, never shorter`(kind: EngineKind, end: Int64) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", owner: "ann", expiresAt: end) == .written)
            #expect(await engine.read("a", extendingTo: end / 2)?.expiresAt?.milliseconds == end)
            #expect(await engine.read("a", extendingTo: end * 3)?.expiresAt?.milliseconds == end * 3)
            #expect(await engine.read("a")?.expiresAt?.milliseconds == end * 3)
            #expect(await engine.read("a", extendingTo: end * 4, at: end * 2)?.expiresAt?.milliseconds == end * 4)
            #expect(await engine.page(at: end * 3).names == ["a"])
            #expect(await engine.ask(.newest(.sessions, owner: "ann"), at: end * 3).document != nil)
            #expect(await engine.read("a", at: end * 4) == nil)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a write settles the end anew, and what lives for ever goes on to`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", expiresAt: 100_000) == .written)
            #expect(await engine.read("a", extendingTo: 900_000) != nil)
            #expect(await engine.write("a", expecting: .version(1), version: 2, expiresAt: 200_000) == .written)
            #expect(await engine.read("a")?.expiresAt?.milliseconds == 200_000)
            #expect(await engine.write("a", expecting: .version(2), version: 3) == .written)
            #expect(await engine.read("a", extendingTo: 5)?.expiresAt == nil)
            #expect(await engine.read("a", at: .max / 2)?.version == 3)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `the newest of an owner is the one that was written last`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.ask(.newest(.sessions, owner: "ann")) == .found(nil))
            #expect(await engine.write("a", owner: "ann", at: 10) == .written)
            #expect(await engine.write("b", owner: "ann", at: 20) == .written)
            #expect(await engine.write("c", owner: "bob", at: 30) == .written)
            #expect(await engine.ask(.newest(.sessions, owner: "ann"), at: 40).document?.key.name == "b")
            #expect(await engine.write("a", expecting: .version(1), version: 2, owner: "ann", at: 50) == .written)
            #expect(await engine.ask(.newest(.sessions, owner: "ann"), at: 60).document?.key.name == "a")
            #expect(await engine.write("a", expecting: .version(2), version: 3, owner: "bob", at: 70) == .written)
            #expect(await engine.ask(.newest(.sessions, owner: "ann"), at: 80).document?.key.name == "b")
            #expect(await engine.ask(.newest(.sessions, owner: "bob"), at: 80).document?.version == 3)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `an owner has no more documents than it may, and goes on to write those it has`(kind: EngineKind)
        async throws
    {
        try await kind.run { engine in
            #expect(await engine.write("a", owner: "ann", limit: 2, expiresAt: 100) == .written)
            #expect(await engine.write("b", owner: "ann", limit: 2) == .written)
            #expect(await engine.write("c", owner: "ann", limit: 2) == .ownerIsFull)
            #expect(await engine.write("c", owner: "bob", limit: 2) == .written)
            #expect(await engine.write("b", expecting: .version(1), version: 2, owner: "ann", limit: 1) == .written)
            #expect(await engine.write("d", owner: "ann", limit: 2, at: 100) == .written)
            #expect(await engine.ask(.remove(DocumentKey(.sessions, "b")), at: 100) == .removed(true))
            #expect(await engine.write("e", owner: "ann", limit: 2, at: 100) == .written)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `pages follow each other in the order of bytes`(kind: EngineKind) async throws {
        try await kind.run { engine in
            let names = ["B", "a", "b", "\u{e9}", "\u{1f600}", "z"]
            for name in names {
                #expect(await engine.write(name, owner: name == "b" ? "bob" : "ann") == .written)
            }
            #expect(await engine.page(limit: 4) == (["B", "a", "b", "z"], 6, "z"))
            #expect(await engine.page(after: "z", limit: 2) == (["\u{e9}", "\u{1f600}"], 6, nil))
            #expect(await engine.page(owner: "ann", limit: 2) == (["B", "a"], 5, "a"))
            #expect(await engine.page(owner: "ann", after: "a", limit: 9) == (["z", "\u{e9}", "\u{1f600}"], 5, nil))
            #expect(await engine.page(owner: "eve") == ([], 0, nil))
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `statistics count documents, their age and their bytes`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.statistics()?.documents == 0)
            #expect(await engine.write("a", [1, 2, 3], at: 10) == .written)
            #expect(await engine.write("b", [], at: 20) == .written)
            #expect(await engine.write("b", [7], expecting: .version(1), version: 2, at: 30) == .written)
            #expect(await engine.ask(.remove(DocumentKey(.sessions, "a")), at: 30) == .removed(true))
            #expect(await engine.write("a", [1, 2], at: 40) == .written)
            var expected = StoreStatistics()
            (expected.documents, expected.createdSince, expected.bytes, expected.storedBytes) = (2, 1, 3, 3)
            #expect(await engine.statistics(createdSince: 21, at: 50) == expected)
            expected.createdSince = 2
            #expect(await engine.statistics(createdSince: 20, at: 50) == expected)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a large content comes back whole, and takes less room where it can`(kind: EngineKind) async throws {
        try await kind.run { engine in
            var random = SeededRandom(seed: 5)
            let noise = (0..<(1 << 20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = [UInt8](repeating: 65, count: 1 << 20)
            let small = [UInt8](repeating: 65, count: 8191)
            #expect(await engine.write("noise", noise) == .written)
            #expect(await engine.write("text", text) == .written)
            #expect(await engine.write("small", small) == .written)
            #expect(await engine.read("noise")?.body == noise)
            #expect(await engine.read("text")?.body == text)
            #expect(await engine.read("small")?.body == small)
            let statistics = await engine.statistics()
            #expect(statistics?.bytes == noise.count + text.count + small.count)
            #expect(statistics?.compressed == (kind == .memory ? 0 : 1))
            if kind != .memory { #expect((statistics?.storedBytes ?? 0) < noise.count + 64 << 10) }
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `versions use all 64 bits`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", version: .max - 1) == .written)
            #expect(await engine.write("a", expecting: .version(.max - 1), version: .max) == .written)
            #expect(await engine.read("a")?.version == .max)
            #expect(await engine.ask(.remove(DocumentKey(.sessions, "a"), expecting: .max)) == .removed(true))
        }
    }
}
