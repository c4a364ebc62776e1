package import CommandKit
package import SessionCodec

/// Where the messages of a `publish` go.
package enum PublishTarget: Equatable, Sendable {
    /// To all who subscribe to a channel but one connection.
    case channel(String, exclude: String?)
    /// To all connections of a user.
    case user(String)
    /// To one connection.
    case connection(String)

    /// Reads the command line, and which of its operands is the message.
    package static func read(
        _ parsed: ParsedCommand, _ settings: Settings
    ) throws(CommandError) -> (target: PublishTarget, message: String?) {
        let words = [parsed.operand("CHANNEL"), parsed.operand("MESSAGE")].compactMap { $0 }
        let (user, connection) = (settings[PublishOptions.user], settings[PublishOptions.connection])
        guard user != nil || connection != nil else {
            guard let channel = words.first else {
                throw .usage("CHANNEL is missing; or send to --user ID or --connection ID")
            }
            return (.channel(channel, exclude: settings[PublishOptions.exclude]), words.dropFirst().first)
        }
        guard words.count < 2 else { throw .usage("a message goes to a channel, a user or a connection; choose one") }
        if let user, connection == nil, !settings.isSet(PublishOptions.exclude) { return (.user(user), words.first) }
        guard let connection, user == nil, !settings.isSet(PublishOptions.exclude) else {
            throw .usage("--user, --connection and --exclude exclude each other; leave all but one out")
        }
        return (.connection(connection), words.first)
    }

    /// The request that sends one message there (PROTOCOLS §4.5).
    package func request(_ message: JSONValue) -> APIRequest {
        switch self {
        case .channel: APIRequest("POST", "api", "v1", "ws", "broadcast", body: item(message))
        case .user(let id): APIRequest("POST", "api", "v1", "ws", "users", id, body: ["message": message])
        case .connection(let id): APIRequest("POST", "api", "v1", "ws", "connections", id, body: ["message": message])
        }
    }

    /// The requests that send several messages, in as few as may be: only channels take batches.
    package func requests(_ messages: [JSONValue]) -> [APIRequest] {
        guard case .channel = self, messages.count > 1 else { return messages.map(request) }
        return RequestChunks.cut(messages.map(item), countMax: Self.batchMax).map { items in
            APIRequest("POST", "api", "v1", "ws", "batch", body: ["items": .array(Array(items))])
        }
    }

    /// What a batch may hold (PROTOCOLS §4.5).
    private static let batchMax = 100

    private func item(_ message: JSONValue) -> JSONValue {
        guard case .channel(let channel, let exclude) = self else { return ["message": message] }
        var item: JSONObject = JSONObject()
        item["channel"] = .string(channel)
        item["message"] = message
        item["exclude"] = exclude.map { .string($0) }
        return .object(item)
    }
}
