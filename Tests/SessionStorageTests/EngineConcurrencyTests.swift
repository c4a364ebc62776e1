import SessionBase
import SessionCore
import SessionStorage
import Testing

/// What holds when many ask at once.
@Suite struct EngineConcurrencyTests {
    @Test(arguments: EngineKind.allCases)
    func `of writers that race for a version exactly one wins each`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", [0]) == .written)
            let wins = await withTaskGroup(of: Int.self) { group in
                for asker in 0..<4 { group.addTask { await Self.increment("a", 50, engine, asker) } }
                return await group.reduce(0, +)
            }
            #expect(wins == 200)
            let document = await engine.read("a")
            #expect(document?.version == 201)
            #expect(document?.body == [200])
        }
    }

    /// Adds one to a document as many times as told, trying again after each conflict.
    private static func increment(_ name: String, _ times: Int, _ engine: RunningEngine, _ asker: Int) async -> Int {
        var wins = 0
        var present = await engine.read(name)
        while wins < times, let document = present {
            let reply = await engine.write(
                name, [document.body[0] + 1], expecting: .version(document.version), version: document.version + 1,
                asker: asker)
            switch reply {
            case .written:
                wins += 1
                present = await engine.read(name)
            case .conflict(let other): present = other
            default: return wins
            }
        }
        return wins
    }

    @Test(arguments: EngineKind.allCases)
    func `an owner's limit holds against many at once`(kind: EngineKind) async throws {
        try await kind.run { engine in
            let written = await withTaskGroup(of: StoreReply.self) { group in
                for number in 0..<40 {
                    group.addTask { await engine.write("d\(number)", owner: "ann", limit: 10, asker: number % 4) }
                }
                return await group.reduce(0) { $0 + ($1 == .written ? 1 : 0) }
            }
            #expect(written == 10)
            #expect(await engine.page(owner: "ann").total == 10)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `an asker reads what it wrote before, without waiting for the answer`(kind: EngineKind) async throws {
        try await kind.run { engine in
            for round in 0..<20 {
                let name = "d\(round)"
                let replies = await engine.ask([
                    .write(DocumentWrite(key: DocumentKey(.devices, name), expecting: .absence, version: 1, body: [7])),
                    .read(DocumentKey(.devices, name)),
                    .remove(DocumentKey(.devices, name)),
                    .read(DocumentKey(.devices, name)),
                ])
                #expect(replies[0] == .written)
                #expect(replies[1].document?.body == [7])
                #expect(replies[2] == .removed(true))
                #expect(replies[3] == .found(nil))
            }
        }
    }

    @Test func `a board is loaded from a file beside what is counted there`() async throws {
        try await EngineKind.sqlite.run { engine in
            for number in 0..<200 { _ = await engine.write("d\(number)") }
            #expect(await engine.write("r 1", owner: "r", in: .boardChanges) == .written)
            let figures = StoreRequest.statistics(.sessions, createdSince: Timestamp(milliseconds: 0))
            let scans = engine.submit(Array(repeating: figures, count: 2_000))
            #expect(await engine.page(owner: "r", in: .boardChanges).names == ["r 1"])
            #expect(!engine.isAnswered(scans.lowerBound))
            _ = await engine.replies(to: scans)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `every call is answered before the engine has stopped, and refused afterwards`(kind: EngineKind)
        async throws
    {
        try await kind.run { engine in
            async let replies = engine.ask(
                (0..<500).map {
                    .write(
                        DocumentWrite(
                            key: DocumentKey(.sessions, "d\($0)"), expecting: .absence, version: 1, body: [1]))
                })
            #expect(await replies.allSatisfy { $0 == .written })
            engine.engine.stop()
            #expect(await engine.ask(.read(DocumentKey(.sessions, "d0"))).refusal != nil)
            engine.engine.stop()
        }
    }
}
