/// The message tables of sync (PROTOCOLS §3.4), for completion, help and man pages.
extension SyncProtocol {
    private static func schema(
        _ kind: SyncKind, _ summary: String, _ fields: [FieldSchema] = []
    ) -> MessageSchema {
        MessageSchema(kind.name, number: kind.rawValue, summary, container: "payload", fields: fields)
    }

    private static let key = FieldSchema("key", .text, "which key of the state")
    private static let operation = FieldSchema(
        "operation", .choice(StateOperation.allCases.map(\.name)), "what is done with it")
    private static let version = FieldSchema("version", .integer, "the version of the state")
    private static let serverTime = FieldSchema("server_time", .integer, "the server's time, in milliseconds")
    private static let clientTime = FieldSchema(
        "client_time", .integer, "the client's time, in milliseconds", isRequired: false)
    private static let message = FieldSchema("message", .text, "a sentence for people")
    private static let device = FieldSchema("device_id", .identifier, "which device")
    private static let deviceTypes = SyncDeviceType.allCases.map(\.rawValue)

    static let clientMessages = [
        schema(.heartbeat, "shows that the device is there", [clientTime]),
        schema(
            .snapshotRequest, "asks for the state",
            [
                FieldSchema("session_id", .identifier, "of another session of the user", isRequired: false),
                FieldSchema("known_version", .integer, "the version the client has", isRequired: false),
            ]),
        schema(
            .stateUpdate, "changes one key of the state",
            [
                key, FieldSchema("value", .any, "what with; absent for DELETE", isRequired: false), operation,
                FieldSchema("base_version", .integer, "the version the client changed", isRequired: false),
            ]),
        schema(
            .auth, "says who it is",
            [
                FieldSchema("token", .text, "the credential, a JWT"), device,
                FieldSchema("device_type", .choice(deviceTypes), "what kind of machine", isRequired: false),
                FieldSchema("device_name", .text, "its name", isRequired: false),
                FieldSchema("os_version", .text, "the version of its system", isRequired: false),
                FieldSchema("app_version", .text, "the version of the application", isRequired: false),
                FieldSchema("resume", .object, "epoch and seq to go on from", isRequired: false),
            ]),
        schema(.deviceList, "asks for the session's devices"),
        schema(
            .broadcast, "tells the other devices something",
            [
                FieldSchema("event", .identifier, "what it is about"),
                FieldSchema("data", .any, "anything, up to 32 KiB", isRequired: false),
            ]),
    ]

    private static let deviceFields = [
        device,
        FieldSchema("device_type", .choice(deviceTypes), "what kind of machine"),
        FieldSchema("device_name", .text, "its name, or null"),
        FieldSchema("os_version", .text, "the version of its system, or null"),
        FieldSchema("status", .choice(["online", "offline"]), "whether it is connected"),
        FieldSchema("connected_at", .timestamp, "when it came, or null"),
    ]

    static let serverMessages = [
        schema(.heartbeatAck, "answers a HEARTBEAT", [clientTime, serverTime]),
        schema(
            .snapshotResponse, "gives the state",
            [
                FieldSchema("found", .boolean, "whether there is one"),
                FieldSchema("unchanged", .boolean, "whether the client has it already", isRequired: false), version,
                FieldSchema("state_data", .object, "the state", isRequired: false),
                FieldSchema("updated_at", .timestamp, "when it was changed last", isRequired: false),
            ]),
        schema(
            .stateUpdate, "tells of a change, or acknowledges it",
            [
                key, FieldSchema("value", .any, "what with", isRequired: false), operation, version,
                FieldSchema("device_id", .identifier, "who did it", isRequired: false),
                FieldSchema("ack", .boolean, "true for the sender", isRequired: false),
            ]),
        schema(
            .error, "refuses a message",
            [
                FieldSchema("code", .choice(SyncErrorCode.allCases.map(\.name)), "why"), message,
                FieldSchema("details", .object, "such as the field at fault", isRequired: false),
            ]),
        schema(
            .authSuccess, "tells that the credential is good",
            [
                FieldSchema("session_id", .identifier, "the session"),
                FieldSchema("user_id", .identifier, "who the client is"), device,
                FieldSchema("roles", .any, "what it may do"),
                FieldSchema("expires_at", .integer, "when the credential runs out, in milliseconds, or null"),
                FieldSchema("heartbeat_interval", .integer, "how often to send a HEARTBEAT, in milliseconds"),
                version, FieldSchema("devices_online", .integer, "how many devices are there"), serverTime,
                FieldSchema("epoch", .identifier, "what a resume must name"),
                FieldSchema("seq", .integer, "the place of the last push"),
                FieldSchema("recovered", .boolean, "true after a resume", isRequired: false),
                FieldSchema("replayed", .integer, "how many missed pushes follow", isRequired: false),
            ]),
        schema(
            .authFailure, "tells that the credential is no good",
            [FieldSchema("code", .choice(SyncAuthFailureCode.allCases.map(\.name)), "why"), message]),
        schema(.deviceJoined, "tells that a device came", [FieldSchema("device", .object, "the device")]),
        schema(
            .deviceLeft, "tells that a device is gone",
            [
                device, FieldSchema("reason", .choice(SyncLeaveReason.allCases.map(\.rawValue)), "why"),
                FieldSchema("last_seen", .timestamp, "when it was heard last"),
            ]),
        schema(
            .deviceList, "lists the session's devices",
            [
                FieldSchema("devices", .list(deviceFields), "in the order of their coming"),
                FieldSchema("count", .integer, "how many"),
            ]),
        schema(
            .broadcast, "tells what another device or the server has to tell",
            [FieldSchema("event", .identifier, "what it is about"), FieldSchema("data", .any, "the particulars")]),
        schema(
            .adminUpdate, "tells administrators what happens",
            [
                FieldSchema(
                    "kind", .choice(SyncAdminUpdate.Kind.allCases.map(\.rawValue)), "what it is about"),
                FieldSchema("type", .text, "the type of a notification", isRequired: false),
                FieldSchema("message", .text, "a sentence for people", isRequired: false),
                FieldSchema("data", .object, "the particulars"),
            ]),
    ]
}
