import SessionBase
import SessionCore
import SessionStorage
import Testing

/// What a journal needs of every engine: records in order, the next room without the ones before it, and trimming.
@Suite struct EngineJournalTests {
    /// A record's name, as boards write them: the room, a space, and 16 hexadecimal digits.
    private static func name(_ room: String, _ number: Int) -> String {
        let digits = String(number, radix: 16)
        return room + " " + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Writes records of a room, all at once.
    private static func write(_ numbers: ClosedRange<Int>, of room: String, to engine: RunningEngine) async {
        let writes = numbers.map { number in
            StoreRequest.write(
                DocumentWrite(
                    key: DocumentKey(.boardChanges, name(room, number)), expecting: .absence, version: 1, body: [1],
                    owner: room))
        }
        #expect(await engine.ask(writes).allSatisfy { $0 == .written })
    }

    private static func trim(_ room: String, through number: Int, _ engine: RunningEngine) async -> StoreReply {
        await engine.ask(.trim(.boardChanges, owner: room, through: name(room, number)))
    }

    @Test(arguments: EngineKind.allCases)
    func `trimming removes an owner's documents up to a name, and nobody else's`(kind: EngineKind) async throws {
        try await kind.run { engine in
            await Self.write(1...20, of: "r", to: engine)
            await Self.write(1...3, of: "q", to: engine)
            #expect(await engine.write("q 0", owner: "r", in: .boards) == .written)
            #expect(await Self.trim("r", through: 17, engine) == .removed(true))
            #expect(
                await engine.page(owner: "r", in: .boardChanges).names == (18...20).map { Self.name("r", $0) })
            #expect(await engine.page(owner: "q", in: .boardChanges).names.count == 3)
            #expect(await engine.read("q 0", in: .boards) != nil)
            #expect(await engine.read(Self.name("r", 17), in: .boardChanges) == nil)
            #expect(await Self.trim("r", through: 17, engine) == .removed(false))
            #expect(await Self.trim("nobody", through: 99, engine) == .removed(false))
            #expect(await Self.trim("r", through: 99, engine) == .removed(true))
            #expect(await engine.page(owner: "r", in: .boardChanges) == ([], 0, nil))
            #expect(await engine.page(in: .boardChanges).names.count == 3)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `names are trimmed by their bytes, and need not exist`(kind: EngineKind) async throws {
        try await kind.run { engine in
            // In the order of bytes; a locale would put them otherwise.
            let names = ["A", "Z", "a", "b", "\u{e9}", "\u{1f600}"]
            for name in names { #expect(await engine.write(name, owner: "o", in: .boards) == .written) }
            #expect(await engine.ask(.trim(.boards, owner: "o", through: "M")) == .removed(true))
            #expect(await engine.page(owner: "o", in: .boards).names == ["Z", "a", "b", "\u{e9}", "\u{1f600}"])
            #expect(await engine.ask(.trim(.boards, owner: "o", through: "c")) == .removed(true))
            #expect(await engine.page(owner: "o", in: .boards).names == ["\u{e9}", "\u{1f600}"])
            #expect(await engine.ask(.trim(.boards, owner: "o", through: "\u{ffff}")) == .removed(true))
            #expect(await engine.page(owner: "o", in: .boards).names == ["\u{1f600}"])
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `what is over is not there to be trimmed`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", owner: "o", expiresAt: 100, in: .boards) == .written)
            #expect(await engine.ask(.trim(.boards, owner: "o", through: "z"), at: 100) == .removed(false))
            #expect(await engine.write("b", owner: "o", expiresAt: 101, in: .boards, at: 100) == .written)
            #expect(await engine.ask(.trim(.boards, owner: "o", through: "z"), at: 100) == .removed(true))
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a name that was trimmed is free, also for another owner`(kind: EngineKind) async throws {
        try await kind.run { engine in
            #expect(await engine.write("a", [1], owner: "o", expiresAt: 900_000, in: .boards) == .written)
            #expect(await engine.read("a", in: .boards, extendingTo: 950_000) != nil)
            #expect(await engine.ask(.trim(.boards, owner: "o", through: "a")) == .removed(true))
            #expect(await engine.write("a", [2], owner: "p", expiresAt: 900_000, in: .boards, at: 5) == .written)
            let document = await engine.read("a", in: .boards, at: 5)
            #expect(document?.owner == "p")
            #expect(document?.createdAt.milliseconds == 5)
            #expect(document?.expiresAt?.milliseconds == 900_000)
            #expect(await engine.page(owner: "o", in: .boards).names == [])
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `a made-up name leads to the next room`(kind: EngineKind) async throws {
        try await kind.run { engine in
            // Neighbours in every sense: a prefix, and characters on both sides of the space.
            let rooms = ["a", "a!", "a-b", "aa", "b", "\u{e9}"]
            for room in rooms { await Self.write(1...300, of: room, to: engine) }
            var found: [String] = []
            var last: String?
            while let record = await engine.page(after: last.map { $0 + " g" }, limit: 1, in: .boardChanges).names.first
            {
                try #require(found.count < rooms.count)
                let room = String(record.dropLast(17))
                #expect(record == Self.name(room, 1))
                found.append(room)
                last = room
            }
            #expect(found == rooms)
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `the pages of an owner with many documents hold each of them once, in order`(kind: EngineKind) async throws {
        try await kind.run { engine in
            await Self.write(1...1500, of: "r", to: engine)
            await Self.write(1...10, of: "s", to: engine)
            var names: [String] = []
            var next: String?
            repeat {
                let page = await engine.page(owner: "r", after: next, limit: 256, in: .boardChanges)
                #expect(page.total == 0)
                names += page.names
                next = page.next
            } while next != nil
            #expect(names == (1...1500).map { Self.name("r", $0) })
        }
    }

    @Test(arguments: EngineKind.allCases)
    func `trimming beside writers takes what is covered and nothing behind it`(kind: EngineKind) async throws {
        try await kind.run { engine in
            await withTaskGroup(of: Void.self) { group in
                for (asker, room) in ["a", "b", "c"].enumerated() {
                    group.addTask {
                        for round in 1...20 {
                            // What is not covered yet is written while what is covered goes.
                            let next = (10 * round + 1)...(10 * round + 10)
                            async let written: Void = Self.write(next, of: room, to: engine)
                            let through = Self.name(room, 10 * round)
                            let reply = await engine.ask(
                                .trim(.boardChanges, owner: room, through: through), asker: asker)
                            #expect(reply == .removed(round > 1))
                            await written
                            let names = await engine.page(owner: room, in: .boardChanges).names
                            #expect(names == next.map { Self.name(room, $0) })
                        }
                    }
                }
            }
        }
    }
}
