/// Session awareness (seed 000): the windows of one user register the cases they show and are warned of several.
package enum AwarenessProtocol: WireProtocol {
    package typealias ClientMessage = AwarenessClientMessage
    package typealias ServerMessage = AwarenessServerMessage

    /// The subprotocol by which a client asks for acknowledgements and `warning_cleared` (PROTOCOLS 0-11, 0-13).
    package static let version2 = "sessionctl.awareness.v2"

    /// The verbatim text of every `multi-case` warning (PROTOCOLS §2.4).
    package static let multiCaseMessage: StaticString = "Multiple cases are open in this session"

    /// Everything about the protocol that is data.
    package static let descriptor = ProtocolDescriptor(
        id: .awareness,
        summary: "Warns the windows of one user when they show different cases",
        defaultHost: "0.0.0.0",
        defaultPort: 8765,
        nativePaths: ["/"],
        acceptsAnyPath: true,
        subprotocols: [version2],
        messageBytesMax: 64 << 10,
        acceptsBinary: false,
        compressesByDefault: false,
        isRateLimited: true,
        clientMessages: clientMessages,
        serverMessages: serverMessages)

    // MARK: Message tables (PROTOCOLS §2.5)

    private static let user = FieldSchema("userId", .identifier, "whose windows they are")
    private static let window = FieldSchema("windowId", .identifier, "which window")
    private static let `case` = FieldSchema("caseId", .identifier, "the case it shows")

    private static let clientMessages = [
        MessageSchema(
            "register", "shows a case in a window", container: "payload",
            fields: [
                user, window, `case`,
                FieldSchema("slideId", .identifier, "the slide it shows", isRequired: false),
                FieldSchema("timestamp", .timestamp, "the client's time", isRequired: false),
                FieldSchema("meta", .object, "anything, up to 2 KiB", isRequired: false),
            ]),
        MessageSchema("deregister", "closes a window", container: "payload", fields: [user, window]),
        MessageSchema("heartbeat", "keeps a window alive", container: "payload", fields: [user, window]),
        MessageSchema("focus", "brings a window to the front", container: "payload", fields: [user, window]),
        MessageSchema("ping", "asks for a pong", container: "payload"),
        MessageSchema("list", "asks for the user's windows", container: "payload", fields: [user], isExtension: true),
    ]

    private static let warningTypes = FieldSchema(
        "type", .choice(AwarenessWarning.Kind.allCases.map(\.name)), "what is wrong")

    private static let serverMessages = [
        MessageSchema("registered", "confirms a register", container: "payload", fields: [window, `case`]),
        MessageSchema(
            "warning", "tells that several cases are open", container: "payload",
            fields: [
                warningTypes,
                FieldSchema("cases", .list([`case`, window]), "the cases and their windows"),
                FieldSchema("message", .text, "a sentence for people"),
            ]),
        MessageSchema(
            "error", "refuses a message", container: "payload",
            fields: [
                FieldSchema("code", .choice(AwarenessErrorCode.allCases.map(\.name)), "why"),
                FieldSchema("message", .text, "a sentence for people"),
                FieldSchema("details", .object, "field or retry_after_ms", isRequired: false),
            ]),
        MessageSchema(
            "pong", "answers a ping", container: "payload",
            fields: [FieldSchema("timestamp", .timestamp, "the server's time")]),
        MessageSchema(
            "warning_cleared", "tells that one case is left", container: "payload", fields: [warningTypes],
            isExtension: true),
        MessageSchema(
            "deregistered", "confirms a deregister", container: "payload", fields: [window], isExtension: true),
        MessageSchema(
            "heartbeat_ack", "confirms a heartbeat", container: "payload",
            fields: [
                FieldSchema("serverTime", .timestamp, "the server's time"),
                FieldSchema("nextHeartbeatMs", .integer, "when to send the next one, in milliseconds"),
            ], isExtension: true),
        MessageSchema("focused", "confirms a focus", container: "payload", fields: [window], isExtension: true),
        MessageSchema(
            "state", "lists the user's windows", container: "payload",
            fields: [
                FieldSchema(
                    "windows",
                    .list([
                        window, `case`,
                        FieldSchema("slideId", .identifier, "the slide it shows, or null"),
                        FieldSchema("focused", .boolean, "whether it was active last"),
                        FieldSchema("connected", .boolean, "whether its connection lives"),
                        FieldSchema("since", .timestamp, "when it was registered"),
                    ]), "in the order of registration")
            ], isExtension: true),
    ]
}
