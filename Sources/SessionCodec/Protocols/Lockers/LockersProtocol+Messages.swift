/// The message tables of lockers (PROTOCOLS §6.3), for completion, help and man pages.
extension LockersProtocol {
    private static func schema(
        _ kind: LockersClientKind, _ summary: String, _ fields: [FieldSchema] = [], isExtension: Bool = false
    ) -> MessageSchema {
        let id = FieldSchema("id", .identifier, "comes back in the answer", isRequired: false)
        return MessageSchema(kind.name, summary, fields: fields + [id], isExtension: isExtension)
    }

    private static func schema(
        _ kind: LockersServerKind, _ summary: String, _ fields: [FieldSchema], isExtension: Bool = false
    ) -> MessageSchema {
        MessageSchema(kind.name, summary, container: "data", fields: fields, isExtension: isExtension)
    }

    private static let room = FieldSchema("room", .identifier, "which room")
    private static let command = FieldSchema("commandId", .identifier, "which command")

    static let clientMessages = [
        schema(
            .joinRoom, "hears a room",
            [room, FieldSchema("since", .any, "epoch and offset to go on from, a time, or now", isRequired: false)]),
        schema(.leaveRoom, "hears a room no more", [room]),
        schema(.ping, "asks for a pong"),
        schema(.ack, "tells that a command was received; on /ws/events", [command], isExtension: true),
    ]

    // MARK: What the server says

    private static let connection = FieldSchema("connectionId", .identifier, "the connection's name")
    private static let user = FieldSchema("userId", .identifier, "whose session it is", isRequired: false)
    private static let timestamp = FieldSchema("timestamp", .timestamp, "when")
    private static let number = FieldSchema("id", .integer, "the request's number")
    private static let position = [
        FieldSchema("epoch", .identifier, "which life of the namespace or room", isRequired: false),
        FieldSchema("offset", .integer, "the place in its order", isRequired: false),
        FieldSchema("recovered", .boolean, "whether what was missed follows", isRequired: false),
    ]

    static let serverMessages = [
        schema(
            .connection, "greets a connection",
            [connection, FieldSchema("namespace", .text, "the path of the namespace"), user, timestamp] + position),
        schema(.roomJoined, "confirms a join_room", [room] + position),
        schema(.roomLeft, "confirms a leave_room", [room]),
        MessageSchema(LockersServerKind.pong.name, "answers a ping", fields: [timestamp]),
        schema(
            .error, "refuses a message or the connection",
            [
                FieldSchema("code", .choice(LockersErrorCode.allCases.map(\.name)), "why"),
                FieldSchema("message", .text, "a sentence for people"),
            ]),
        schema(
            .lockerStateChanged, "tells that a locker changed; on /ws/lockers",
            [
                FieldSchema("lockerId", .identifier, "which locker"),
                FieldSchema("oldState", .text, "what it was"), FieldSchema("newState", .text, "what it is"),
                FieldSchema("kioskId", .identifier, "where it stands"), timestamp,
            ]),
        schema(
            .helpRequested, "tells that help is needed; on /ws/help",
            [
                number, FieldSchema("kiosk_id", .identifier, "where"),
                FieldSchema("locker_no", .integer, "which locker", isRequired: false),
                FieldSchema("category", .text, "what kind of help"),
                FieldSchema("note", .text, "what the person wrote", isRequired: false),
                FieldSchema("photo_url", .text, "where a photo lies", isRequired: false),
                FieldSchema("status", .text, "where the request stands"),
                FieldSchema("created_at", .timestamp, "when it was made"), timestamp,
            ]),
        schema(
            .helpStatusUpdated, "tells that a request for help moved on; on /ws/help",
            [
                number, FieldSchema("old_status", .text, "where it stood"),
                FieldSchema("new_status", .text, "where it stands"), timestamp,
            ], isExtension: true),
        schema(
            .commandApplied, "tells what became of a command; on /ws/events",
            [
                FieldSchema("command", .object, "type, lockerId, kioskId, parameters"),
                FieldSchema("result", .object, "success, message, timestamp, error"), timestamp,
            ]),
        schema(.ackReceived, "confirms an ack", [command], isExtension: true),
        schema(
            .commandAcknowledged, "tells who received a command; in the room command:ID of /ws/events",
            [
                command, connection, user,
                FieldSchema("kioskId", .identifier, "which kiosk", isRequired: false), timestamp,
            ], isExtension: true),
    ]
}
