import SessionBase
import SessionCore
import SessionStorage
import Testing

/// Engines against the reference: the same random requests, the same answers.
@Suite struct EngineModelTests {
    @Test(arguments: [EngineKind.sqlite, .redis], [1, 2, 3, 4] as [UInt64])
    func `an engine answers as the reference does`(kind: EngineKind, seed: UInt64) async throws {
        try await kind.run { engine in
            var model = MemoryStore()
            var script = RequestScript(seed: seed)
            for step in 0..<300 {
                let (request, time) = script.next()
                let expected = model.handle(request, at: Timestamp(milliseconds: time))
                let reply = await engine.ask(request, at: time)
                try #require(reply == expected, "seed \(seed), step \(step): \(request) at \(time)")
            }
        }
    }
}

/// Random requests about few documents of few owners, as time passes.
private struct RequestScript {
    private var random: SeededRandom
    private var time: Int64 = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func next() -> (request: StoreRequest, time: Int64) {
        // Far enough that later ends wait in memory, and near enough that they are written at once.
        time += Int64(pick(4) == 0 ? pick(200_000) : pick(10))
        let collections: [DocumentCollection] = [.devices, .boardChanges, .sessions, .sessions]
        let key = DocumentKey(collections[pick(4)], "d\(pick(6))")
        return (request(about: key), time)
    }

    private mutating func request(about key: DocumentKey) -> StoreRequest {
        switch pick(13) {
        case 0..<5: return .write(write(key))
        case 5..<7: return .read(key, extendingTo: pick(2) == 0 ? nil : Timestamp(milliseconds: time + end()))
        case 7: return .remove(key, expecting: pick(2) == 0 ? nil : UInt64(pick(4)))
        case 12: return .trim(key.collection, owner: owner, through: "d\(pick(6))")
        case 8: return .newest(key.collection, owner: owner)
        case 9:
            return .list(
                key.collection, owner: pick(2) == 0 ? nil : owner, after: pick(2) == 0 ? nil : "d\(pick(6))",
                limit: 1 + pick(3))
        default:
            return .statistics(key.collection, createdSince: Timestamp(milliseconds: time - Int64(pick(60_000))))
        }
    }

    private mutating func write(_ key: DocumentKey) -> DocumentWrite {
        let version = UInt64(pick(4))
        let expectations: [DocumentWrite.Expectation] = [.anything, .absence, .version(version), .version(version)]
        return DocumentWrite(
            key: key, expecting: expectations[pick(4)], version: version + 1,
            body: (0..<pick(20)).map { _ in UInt8(pick(256)) }, owner: pick(4) == 0 ? nil : owner,
            ownerLimit: pick(2) == 0 ? nil : 1 + pick(3),
            expiresAt: pick(3) == 0 ? nil : Timestamp(milliseconds: time + end()))
    }

    private var owner: String { mutating get { ["ann", "bob", "eve \u{e9}"][pick(3)] } }

    /// How much longer something lives, in milliseconds.
    private mutating func end() -> Int64 { Int64(pick(2) == 0 ? pick(1000) : pick(2_000_000)) }

    private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}
