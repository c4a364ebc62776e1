/// The message tables of board (PROTOCOLS §5.3), for completion, help and man pages.
extension BoardProtocol {
    private static func schema(
        _ kind: BoardClientKind, _ summary: String, _ fields: [FieldSchema] = []
    ) -> MessageSchema {
        let id = FieldSchema("id", .identifier, "comes back in the answer", isRequired: false)
        return MessageSchema(kind.name, summary, fields: fields + [id], isExtension: kind.isExtension)
    }

    private static func schema(_ kind: BoardServerKind, _ summary: String, _ fields: [FieldSchema]) -> MessageSchema {
        MessageSchema(kind.name, summary, fields: fields, isExtension: true)
    }

    private static let shape = FieldSchema("shapeId", .identifier, "which shape")
    private static let position = [
        FieldSchema("x", .number, "how far to the right"), FieldSchema("y", .number, "how far down"),
    ]
    private static let looks = [
        FieldSchema("width", .number, "how wide", isRequired: false),
        FieldSchema("height", .number, "how high", isRequired: false),
        FieldSchema("text", .text, "what is written on it", isRequired: false),
        FieldSchema("fill", .text, "the colour of its inside", isRequired: false),
        FieldSchema("stroke", .text, "the colour of its outline", isRequired: false),
        FieldSchema("rotation", .number, "how far it is turned, in degrees", isRequired: false),
    ]
    private static let optionalPosition = position.map { field in
        FieldSchema(field.name, field.kind, field.summary, isRequired: false)
    }

    static let clientMessages = [
        schema(.cursorMove, "tells where the user's cursor is", position),
        schema(
            .shapeCreate, "draws a shape",
            [FieldSchema("shapeType", .text, "what it is, such as rectangle")] + position + looks + [
                FieldSchema("clientId", .identifier, "the client's name for it; in version 2", isRequired: false)
            ]),
        schema(.shapeUpdate, "changes fields of a shape; null takes one away", [shape] + optionalPosition + looks),
        schema(.shapeDelete, "takes a shape away", [shape]),
        schema(.ping, "asks for a pong; in version 2"),
        schema(.resync, "asks for a snapshot; in version 2"),
        schema(.flush, "asks for an ack when everything is in the backend; in version 2"),
    ]

    // MARK: What the server says

    private static let version = FieldSchema("version", .integer, "how many changes the room had")
    private static let timestamp = FieldSchema("timestamp", .timestamp, "when")
    private static let cursors = FieldSchema(
        "cursors",
        .list(
            [FieldSchema("userId", .identifier, "whose")] + position + [
                FieldSchema("timestamp", .timestamp, "when", isRequired: false)
            ]), "where the users' cursors are")
    private static let shapes = FieldSchema(
        "shapes",
        .list(
            [FieldSchema("id", .identifier, "which"), FieldSchema("type", .text, "what it is")] + position + looks + [
                FieldSchema("userId", .identifier, "who drew it"), timestamp,
            ]), "what is drawn")
    private static let state = [
        FieldSchema("connectedUsers", .any, "who is there"), cursors, shapes,
    ]

    static let serverMessages = [
        MessageSchema(untyped: BoardServerKind.board.name, "tells everything about the room", fields: state),
        schema(
            .snapshot, "tells everything about the room; in version 2",
            [
                FieldSchema("room", .identifier, "which room"), version,
                FieldSchema("epoch", .identifier, "which life of the room"),
                FieldSchema("you", .identifier, "who is told"),
            ] + state),
        schema(
            .patch, "tells what changed; in version 2",
            [
                version, FieldSchema("put", .any, "shapes that were drawn or changed"),
                FieldSchema("full", .any, "which of them are said whole"),
                FieldSchema("del", .any, "shapes that were taken away"), cursors,
                FieldSchema("join", .any, "users that came"), FieldSchema("leave", .any, "users that left"),
            ]),
        schema(
            .ack, "confirms a message; in version 2",
            [
                version, FieldSchema("shapeId", .identifier, "which shape", isRequired: false),
                FieldSchema("clientId", .identifier, "the client's name for it", isRequired: false),
                FieldSchema("persisted", .boolean, "whether it is in the backend"),
            ]),
        schema(
            .error, "refuses a message; in version 2",
            [
                FieldSchema("code", .choice(BoardErrorCode.allCases.map(\.name)), "why"),
                FieldSchema("message", .text, "a sentence for people"),
            ]),
        schema(.pong, "answers a ping; in version 2", [timestamp]),
        schema(
            .storage, "tells whether changes reach the backend; in version 2",
            [FieldSchema("status", .choice(BoardStorage.allCases.map(\.rawValue)), "whether they do")]),
    ]
}
