import SessionCodec
import Testing

/// What the catalogue of protocols promises to those who iterate it.
@Suite struct CatalogTests {
    @Test func `ports, paths and subprotocols belong to one protocol each`() {
        let descriptors = ProtocolID.allCases.map(\.descriptor)
        #expect(descriptors.map(\.id) == ProtocolID.allCases)
        // Channels and lockers share the one listener of their seeds.
        #expect(ProtocolID.lockers.descriptor.defaultPort == ProtocolID.channels.descriptor.defaultPort)
        #expect(Set(descriptors.map(\.defaultPort)).count == descriptors.count - 1)
        #expect(Set(ProtocolID.allCases.map(\.mountedPath)).count == descriptors.count)
        let subprotocols = descriptors.flatMap(\.subprotocols)
        #expect(Set(subprotocols).count == subprotocols.count)
    }

    @Test func `awareness listens where its seed says, on any path (0-2)`() {
        let awareness = ProtocolID.awareness.descriptor
        #expect(awareness.defaultHost == "0.0.0.0" && awareness.defaultPort == 8765)
        #expect(awareness.acceptsAnyPath)
        #expect(ProtocolID.awareness.mountedPath == "/awareness")
        #expect(awareness.subprotocols == ["sessionctl.awareness.v2"])
        #expect(awareness.messageBytesMax == 65_536)
    }

    @Test func `echo is for this machine and takes 64 MiB`() {
        let echo = ProtocolID.echo.descriptor
        #expect(echo.defaultHost == "127.0.0.1" && echo.defaultPort == 9001 && echo.nativePaths == ["/echo"])
        #expect(echo.messageBytesMax == 67_108_864 && echo.acceptsBinary && !echo.isRateLimited)
    }

    @Test(arguments: ProtocolID.allCases)
    func `types and fields are named once, and every message has a template`(id: ProtocolID) throws {
        let descriptor = id.descriptor
        for schemas in [descriptor.clientMessages, descriptor.serverMessages] {
            #expect(Set(schemas.map(\.type)).count == schemas.count)
            for schema in schemas {
                #expect(Set(schema.fields.map(\.name)).count == schema.fields.count)
                #expect(!schema.summary.isEmpty && !schema.summary.hasSuffix("."))
                let template = try JSONValue.parse(schema.template)
                #expect(template["type"] == schema.spelledType)
                let fields = schema.container.map { template[$0] } ?? template
                for field in schema.fields where field.isRequired { #expect(fields?[field.name] != nil) }
            }
        }
    }

    @Test func `the tables of awareness name exactly the messages that exist`() {
        let descriptor = ProtocolID.awareness.descriptor
        #expect(descriptor.clientMessages.map(\.type) == AwarenessClientKind.allCases.map(\.name))
        #expect(descriptor.serverMessages.map(\.type) == AwarenessServerKind.allCases.map(\.name))
        #expect(AwarenessServerKind.allCases.allSatisfy { AwarenessServerKind(name: $0.name) == $0 })
        #expect(AwarenessErrorCode.allCases.allSatisfy { AwarenessErrorCode(name: $0.name) == $0 })
    }

    @Test func `a template to be filled in looks like the seed's example`() {
        let register = ProtocolID.awareness.descriptor.clientMessages[0]
        #expect(register.template == #"{"type":"register","payload":{"userId":"","windowId":"","caseId":""}}"#)
        #expect(ProtocolID.awareness.descriptor.clientMessages[4].template == #"{"type":"ping"}"#)
    }

    @Test func `the tables of sync name exactly the messages that exist`() {
        let descriptor = ProtocolID.sync.descriptor
        #expect(descriptor.clientMessages.map(\.number) == SyncKind.allCases.filter(\.isFromClient).map(\.rawValue))
        #expect(descriptor.serverMessages.map(\.number) == SyncKind.allCases.filter(\.isFromServer).map(\.rawValue))
        for schema in descriptor.clientMessages + descriptor.serverMessages {
            #expect(SyncKind(name: schema.type)?.rawValue == schema.number)
        }
        #expect(SyncErrorCode.allCases.allSatisfy { SyncErrorCode(name: $0.name) == $0 })
        #expect(SyncAuthFailureCode.allCases.allSatisfy { SyncAuthFailureCode(name: $0.name) == $0 })
        #expect(StateOperation.allCases.allSatisfy { StateOperation(name: $0.name) == $0 })
    }

    @Test func `the tables of channels name exactly the messages that exist`() {
        let descriptor = ProtocolID.channels.descriptor
        #expect(descriptor.clientMessages.map(\.type) == ChannelsClientKind.allCases.map(\.name))
        let kinds = ChannelsServerKind.allCases.filter { $0 != .other }
        #expect(descriptor.serverMessages.map(\.type) == kinds.map(\.name))
        #expect(ChannelsClientKind.allCases.allSatisfy { ChannelsClientKind(name: $0.name) == $0 })
        #expect(ChannelsServerKind.allCases.allSatisfy { ChannelsServerKind(name: $0.name) == $0 })
        #expect(ChannelsErrorCode.allCases.allSatisfy { ChannelsErrorCode(name: $0.name) == $0 })
        #expect(ChannelsServerKind(name: "vital_signs_update") == .other)
    }

    @Test func `the tables of lockers name exactly the messages that exist`() {
        let descriptor = ProtocolID.lockers.descriptor
        #expect(descriptor.clientMessages.map(\.type) == LockersClientKind.allCases.map(\.name))
        let kinds = LockersServerKind.allCases.filter { $0 != .other }
        #expect(descriptor.serverMessages.map(\.type) == kinds.map(\.name))
        #expect(LockersClientKind.allCases.allSatisfy { LockersClientKind(name: $0.name) == $0 })
        #expect(LockersServerKind.allCases.allSatisfy { LockersServerKind(name: $0.name) == $0 })
        #expect(LockersErrorCode.allCases.allSatisfy { LockersErrorCode(name: $0.name) == $0 })
        #expect(LockersServerKind(name: "test_event") == .other)
    }

    @Test func `the tables of board name exactly the messages that exist, and the seed's board has no type`() {
        let descriptor = ProtocolID.board.descriptor
        #expect(descriptor.clientMessages.map(\.type) == BoardClientKind.allCases.map(\.name))
        #expect(descriptor.serverMessages.map(\.type) == BoardServerKind.allCases.map(\.name))
        #expect(BoardClientKind.allCases.allSatisfy { BoardClientKind(name: $0.name) == $0 })
        #expect(BoardServerKind.allCases.allSatisfy { BoardServerKind(name: $0.name) == $0 })
        #expect(BoardErrorCode.allCases.allSatisfy { BoardErrorCode(name: $0.name) == $0 })
        #expect(descriptor.clientMessages.filter(\.isExtension).map(\.type) == ["ping", "resync", "flush"])
        #expect(descriptor.serverMessages.filter { !$0.hasType }.map(\.type) == ["board"])
    }

    @Test func `board listens where its seed says`() {
        let board = ProtocolID.board.descriptor
        #expect(board.defaultHost == "0.0.0.0" && board.defaultPort == 8000 && board.nativePaths == ["/"])
        #expect(ProtocolID.board.mountedPath == "/board" && !board.acceptsAnyPath)
        #expect(board.subprotocols == ["sessionctl.board.v2"] && board.messageBytesMax == 65_536)
        #expect(board.clientMessages[1].template == #"{"type":"shape_create","shapeType":"","x":0,"y":0}"#)
    }

    @Test func `channels and lockers listen where their seeds say`() {
        let channels = ProtocolID.channels.descriptor
        #expect(channels.defaultPort == 3000 && channels.messageBytesMax == 1_048_576)
        #expect(channels.clientMessages[0].template == #"{"type":"subscribe","channel":""}"#)
        let lockers = ProtocolID.lockers.descriptor
        #expect(lockers.defaultPort == 3000 && lockers.nativePaths == ["/ws/lockers", "/ws/help", "/ws/events"])
        #expect(lockers.clientMessages[0].template == #"{"type":"join_room","room":""}"#)
    }

    @Test func `a template of sync spells its type as a number`() {
        #expect(
            ProtocolID.sync.descriptor.clientMessages[2].template
                == #"{"type":5,"payload":{"key":"","operation":"SET"}}"#)
    }
}

extension MessageSchema {
    /// The value that the field `type` has in messages of this type; `nil` where they have no such field.
    var spelledType: JSONValue? {
        guard hasType else { return nil }
        return number.map { JSONValue.number(String($0)) } ?? .string(type)
    }
}
