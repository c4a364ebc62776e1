/// The message tables of channels (PROTOCOLS §4.3, §4.4), for completion, help and man pages.
extension ChannelsProtocol {
    private static func schema(
        _ kind: ChannelsClientKind, _ summary: String, _ fields: [FieldSchema] = [], isExtension: Bool = false
    ) -> MessageSchema {
        MessageSchema(kind.name, summary, fields: fields + [id], isExtension: isExtension)
    }

    private static func schema(
        _ kind: ChannelsServerKind, _ summary: String, container: String? = nil, _ fields: [FieldSchema] = [],
        isExtension: Bool = false
    ) -> MessageSchema {
        MessageSchema(kind.name, summary, container: container, fields: fields, isExtension: isExtension)
    }

    private static let id = FieldSchema("id", .identifier, "comes back in the answer", isRequired: false)
    private static let channel = FieldSchema("channel", .identifier, "which channel")
    private static let epoch = FieldSchema("epoch", .identifier, "which life of the channel", isRequired: false)
    private static let offset = FieldSchema("offset", .integer, "the place in the channel's order", isRequired: false)
    private static let mode = FieldSchema(
        "mode", .choice(StreamMode.allCases.map(\.rawValue)), "the newest row of an interval, or all",
        isRequired: false)

    static let clientMessages = [
        schema(
            .subscribe, "hears a channel",
            [
                channel,
                FieldSchema("since", .object, "epoch and offset to go on from, or nothing", isRequired: false),
            ]),
        schema(.unsubscribe, "hears a channel no more", [channel]),
        schema(
            .publish, "tells a channel something, where a rule allows it; answered by published",
            [channel, FieldSchema("message", .object, "what is said, with a type")], isExtension: true),
        schema(.ping, "asks for a pong"),
        schema(.getStatus, "asks for the connection's status"),
        schema(
            .subscribeTemplate, "hears a template's rows; on a report's progress",
            [FieldSchema("templateId", .identifier, "which template")]),
        schema(
            .cancelReport, "ends the generation of a report; on its progress",
            [FieldSchema("reason", .text, "why, up to 256 characters", isRequired: false)]),
        schema(.requestUpdate, "asks where a report stands; on its progress"),
        schema(
            .updateInterval, "says how often rows are wanted; on a stream",
            [FieldSchema("interval", .integer, "in milliseconds: 0, or 250 to 3600000"), mode]),
        schema(
            .applyFilter, "says which rows are wanted; on a stream",
            [FieldSchema("filter", .object, "fields and the values that they must have")]),
    ]

    // MARK: What the server says

    private static let connection = FieldSchema("connectionId", .identifier, "the connection's name")
    private static let user = FieldSchema("userId", .identifier, "who the peer is", isRequired: false)
    private static let serverTime = FieldSchema("serverTime", .timestamp, "the server's time")
    private static let message = FieldSchema("message", .text, "a sentence for people")
    private static let report = FieldSchema("reportId", .identifier, "which report")
    private static let timestamp = FieldSchema("timestamp", .timestamp, "when")

    static let serverMessages = [
        schema(
            .welcome, "greets a connection", container: "data",
            [
                connection, user, serverTime,
                FieldSchema("availableChannels", .any, "what may be subscribed to"),
            ]),
        schema(
            .subscribed, "confirms a subscribe",
            [
                channel, FieldSchema("already", .boolean, "whether it was subscribed before", isRequired: false), epoch,
                offset, FieldSchema("recovered", .boolean, "whether what was missed follows", isRequired: false),
                timestamp,
            ]),
        schema(.unsubscribed, "confirms an unsubscribe", [channel, timestamp]),
        schema(.pong, "answers a ping", [timestamp]),
        schema(
            .status, "answers a get_status", container: "data",
            [
                connection, user, FieldSchema("channels", .any, "what it is subscribed to"),
                FieldSchema("connectedAt", .timestamp, "when it came"),
                FieldSchema("lastActivity", .timestamp, "when it was heard last"),
                FieldSchema("uptimeMs", .integer, "how long it has been there, in milliseconds"), serverTime,
            ]),
        schema(
            .reportStatus, "tells where a report stands", container: "data",
            [
                report, FieldSchema("status", .choice(ReportState.allCases.map(\.rawValue)), "its state"),
                FieldSchema("progress", .integer, "0 to 100"),
                FieldSchema("message", .text, "a sentence for people", isRequired: false),
            ]),
        schema(
            .reportCompleted, "tells where a report can be fetched", container: "data",
            [
                report, FieldSchema("downloadUrl", .text, "where"), FieldSchema("format", .text, "such as pdf"),
                FieldSchema("fileSize", .integer, "in bytes"),
            ]),
        schema(
            .initialData, "gives the rows of a stream, newest first",
            [FieldSchema("data", .list([]), "the rows"), timestamp]),
        schema(
            .dataUpdate, "gives a new row of a stream, or the rows of an interval",
            [FieldSchema("data", .any, "a row, or a list of rows"), timestamp]),
        schema(
            .systemAlert, "warns of something", container: "data",
            [
                FieldSchema("level", .choice(["info", "warning", "error", "critical"]), "how grave it is"), message,
                FieldSchema("action", .text, "what to do", isRequired: false),
            ]),
        schema(
            .maintenanceNotice, "announces maintenance", container: "data",
            [
                message, FieldSchema("startTime", .timestamp, "when it begins", isRequired: false),
                FieldSchema("duration", .text, "how long it takes, such as PT30M", isRequired: false),
                FieldSchema("affectedServices", .any, "what it is about", isRequired: false),
            ]),
        schema(
            .error, "refuses a message, or tells that a report failed",
            [
                FieldSchema("code", .choice(ChannelsErrorCode.allCases.map(\.name)), "why"), message,
                FieldSchema("channel", .text, "which channel", isRequired: false),
                FieldSchema("retry_after_ms", .integer, "when to try again", isRequired: false), timestamp,
            ]),
        schema(
            .health, "tells how the server is; on /ws/health",
            [FieldSchema("status", .choice(ChannelsHealth.allCases.map(\.rawValue)), "how"), timestamp]),
        schema(
            .published, "confirms a publish",
            [channel, FieldSchema("delivered", .integer, "how many connections it was sent to"), offset, timestamp],
            isExtension: true),
        schema(
            .intervalUpdated, "confirms an update_interval that has an id or a mode", container: "data",
            [FieldSchema("interval", .integer, "in milliseconds"), mode], isExtension: true),
    ]
}
