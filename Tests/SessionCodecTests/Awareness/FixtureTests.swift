import SessionBase
import SessionCodec
import Testing

/// Every type of message has a file in `Tests/Fixtures`, named for its type; the seed's examples stand there unchanged.
@Suite struct FixtureTests {
    /// A file named `warning.case-mismatch.json` is a second example of `warning`.
    private static func type(ofFile name: String) -> String { String(name.prefix { $0 != "." }) }

    @Test(arguments: ProtocolID.allCases, MessageSender.allCases)
    func `every type of message has a fixture, and every fixture a type`(id: ProtocolID, sender: MessageSender) {
        let folder = FixtureFolder("Tests/Fixtures/\(id.rawValue)/\(sender.rawValue)")
        let schemas = sender == .client ? id.descriptor.clientMessages : id.descriptor.serverMessages
        #expect(Set(folder.names.map(Self.type(ofFile:))) == Set(schemas.map(\.type)))
    }

    @Test(arguments: ProtocolID.allCases, MessageSender.allCases)
    func `every fixture is read, and what is written of it is read as the same`(
        id: ProtocolID, sender: MessageSender
    ) throws {
        let folder = FixtureFolder("Tests/Fixtures/\(id.rawValue)/\(sender.rawValue)")
        let schemas = sender == .client ? id.descriptor.clientMessages : id.descriptor.serverMessages
        for name in folder.names {
            let bytes = try #require(folder.bytes(of: name))
            let schema = try #require(schemas.first { $0.type == Self.type(ofFile: name) })
            #expect(try JSONValue.parse(bytes.span)["type"] == schema.spelledType)
            let canonical = try #require(try id.canonical(bytes.span, from: sender))
            let again = try #require(try id.canonical(canonical.span, from: sender))
            #expect(again == canonical, "\(name)")
            let original = try JSONValue.parse(bytes.span)
            #expect(try JSONValue.parse(canonical.span).hasSameShape(as: original), "\(name)")
        }
    }

    private static let seeds = FixtureFolder("../shared/seeds")

    @Test(.enabled(if: seeds.bytes(of: "awareness.md") != nil, "the seeds are not here"))
    func `the seed's JSON blocks are our fixtures, byte by byte`() throws {
        let seed = String(decoding: try #require(Self.seeds.bytes(of: "awareness.md")), as: UTF8.self)
        let blocks = Self.blocks(of: seed)
        #expect(blocks.count == 7)
        for block in blocks {
            let type = try #require(try JSONValue.parse(block)["type"]?.string)
            let isClient = AwarenessProtocol.descriptor.clientMessages.contains { $0.type == type }
            let folder = FixtureFolder("Tests/Fixtures/awareness/\(isClient ? "client" : "server")")
            let fixture = String(decoding: try #require(folder.bytes(of: type + ".json")), as: UTF8.self)
            #expect(fixture == block + "\n")
        }
    }

    @Test(.enabled(if: seeds.bytes(of: "channels.md") != nil, "the seeds are not here"))
    func `the health check of seed 002 is our fixture, byte by byte`() throws {
        let seed = String(decoding: try #require(Self.seeds.bytes(of: "channels.md")), as: UTF8.self)
        let folder = FixtureFolder("Tests/Fixtures/channels/server")
        let fixture = String(decoding: try #require(folder.bytes(of: "health.json")), as: UTF8.self)
        #expect(Self.blocks(of: seed).map { $0 + "\n" } == [fixture])
    }

    @Test(.enabled(if: seeds.bytes(of: "lockers.md") != nil, "the seeds are not here"))
    func `the blocks of seed 004 are a status and a broadcast`() throws {
        let seed = String(decoding: try #require(Self.seeds.bytes(of: "lockers.md")), as: UTF8.self)
        let blocks = Self.blocks(of: seed)
        #expect(blocks.count == 2)
        #expect(try JSONValue.parse(blocks[0])["status"] == "active")
        let call = try LockersCall.parse(
            method: "POST", path: ["api", "websocket", "broadcast"], body: Array(blocks[1].utf8))
        #expect(call.name == "broadcast")
    }

    @Test(.enabled(if: seeds.bytes(of: "board.md") != nil, "the seeds are not here"))
    func `the blocks of seed 003 are our fixtures, byte by byte`() throws {
        let seed = String(decoding: try #require(Self.seeds.bytes(of: "board.md")), as: UTF8.self)
        let blocks = Self.blocks(of: seed)
        #expect(blocks.count == 5)
        for block in blocks {
            let type = try JSONValue.parse(block)["type"]?.string
            let folder = FixtureFolder("Tests/Fixtures/board/\(type == nil ? "server" : "client")")
            let fixture = String(decoding: try #require(folder.bytes(of: (type ?? "board") + ".json")), as: UTF8.self)
            #expect(fixture == block + "\n")
        }
    }

    /// The fenced blocks marked `json` of a text in Markdown.
    private static func blocks(of text: String) -> [String] {
        var blocks: [String] = []
        var lines: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```json" {
                lines = []
            } else if line == "```", let finished = lines {
                blocks.append(finished.joined(separator: "\n"))
                lines = nil
            } else {
                lines?.append(line)
            }
        }
        return blocks
    }
}

extension JSONValue {
    /// The same but for the text of strings that are times, which have many spellings.
    fileprivate func hasSameShape(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.members.count == right.members.count
                && left.members.allSatisfy { right[$0.key].map($0.value.hasSameShape(as:)) ?? false }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.hasSameShape(as: $1) }
        case (.string(let left), .string(let right)):
            left == right || Timestamp(parsing: [UInt8](left.utf8).span) == Timestamp(parsing: [UInt8](right.utf8).span)
        default: self == other
        }
    }
}
