import SessionBase

extension ChannelsServerFrame {
    /// Reads one message as a client's tools do; unknown fields are ignored.
    ///
    /// A producer may send objects of any type (2-15): what does not fit the server's own meaning of one is an event.
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<ChannelsServerFrame> {
        let fragment: JSONFragment
        do { fragment = try JSONFragment.parse(text) } catch { throw .notJSON(error) }
        guard let event = ProducerMessage(fragment) else { throw .notAMessage }
        let kind = ChannelsServerKind(name: event.type)
        guard !kind.isProducers else { return Tagged(ChannelsServerFrame(.event(event))) }
        let fields = MessageFields(fragment.value)
        do {
            return Tagged(try ChannelsServerFrame(kind, fields), tag: try MessageTag(in: fields.value))
        } catch {
            return Tagged(ChannelsServerFrame(.event(event)))
        }
    }

    private init(_ kind: ChannelsServerKind, _ fields: MessageFields) throws(WireError) {
        message = try ChannelsServerMessage(kind, fields)
        timestamp = try fields.optionalTimestamp("timestamp")
        if kind != .subscribed, kind != .published, fields.value["offset"] != nil {
            offset = try fields.version("offset")
        }
    }
}

extension ChannelsServerKind {
    /// Whether messages of this type are as their producer wrote them.
    fileprivate var isProducers: Bool { self == .systemAlert || self == .maintenanceNotice || self == .other }
}

extension ChannelsServerMessage {
    /// Reads the fields of a message of a kind that is the server's own.
    fileprivate init(_ kind: ChannelsServerKind, _ fields: MessageFields) throws(WireError) {
        let data = MessageFields(fields.value["data"])
        switch kind {
        case .welcome: self = .welcome(try ChannelsWelcome(data))
        case .subscribed:
            self = .subscribed(
                ChannelsSubscription(
                    channel: try fields.text("channel"), isRepeated: fields.value["already"]?.boolean ?? false,
                    answer: try TopicAnswer(fields)))
        case .unsubscribed: self = .unsubscribed(channel: try fields.text("channel"))
        case .pong: self = .pong
        case .status: self = .status(try ChannelsConnectionStatus(data))
        case .reportStatus:
            self = .reportStatus(try ReportStatus(data), channel: try fields.optionalText("channel"))
        case .reportCompleted:
            self = .reportCompleted(
                report: try data.identifier("reportId"), try ReportCompletion(data),
                channel: try fields.optionalText("channel"))
        case .initialData: self = .initialData(try fields.rows("data"))
        case .dataUpdate: self = try Self.update(fields)
        case .error: self = .error(try ChannelsError(fields))
        case .health:
            guard let health = ChannelsHealth(rawValue: try fields.text("status")) else {
                throw .invalidField("status")
            }
            self = .health(health)
        case .published: self = .published(try ChannelsPublication(fields))
        case .intervalUpdated:
            guard let mode = StreamMode(rawValue: try data.text("mode")) else { throw .invalidField("mode") }
            self = .intervalUpdated(try data.integer("interval"), mode: mode)
        case .systemAlert, .maintenanceNotice, .other: preconditionFailure("\(kind) is a producer's")
        }
    }

    private static func update(_ fields: MessageFields) throws(WireError) -> ChannelsServerMessage {
        let channel = try fields.optionalText("channel")
        if case .array? = fields.value["data"] { return .dataBatch(try fields.rows("data"), channel: channel) }
        guard let row = StreamRow(try fields.fragment("data")) else { throw .invalidField("data") }
        return .dataUpdate(row, channel: channel)
    }
}

extension MessageFields {
    fileprivate func rows(_ name: String) throws(WireError) -> [StreamRow] {
        var rows: [StreamRow] = []
        for element in try elements(name) {
            guard let row = StreamRow(JSONFragment(element)) else { throw .invalidField(name) }
            rows.append(row)
        }
        return rows
    }

    /// An array of strings.
    func texts(_ name: String) throws(WireError) -> [String] {
        var texts: [String] = []
        for element in try elements(name) {
            guard let text = element.string else { throw .invalidField(name) }
            texts.append(text)
        }
        return texts
    }
}

extension ChannelsWelcome {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            connection: try fields.text("connectionId"), user: try fields.optionalText("userId"),
            serverTime: try fields.timestamp("serverTime"), availableChannels: try fields.texts("availableChannels"))
    }
}

extension ChannelsConnectionStatus {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            connection: try fields.text("connectionId"), user: try fields.optionalText("userId"),
            channels: try fields.texts("channels"), connectedAt: try fields.timestamp("connectedAt"),
            lastActivity: try fields.timestamp("lastActivity"), uptimeMilliseconds: try fields.integer("uptimeMs"),
            serverTime: try fields.timestamp("serverTime"))
    }
}

extension ChannelsError {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        guard let code = ChannelsErrorCode(name: try fields.text("code")) else { throw .invalidField("code") }
        self.init(code, message: try fields.text("message"), channel: try fields.optionalText("channel"))
        retryAfterMilliseconds = try fields.optionalInteger("retry_after_ms")
    }
}

extension ChannelsPublication {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        let delivered = try fields.integer("delivered")
        guard delivered >= 0 else { throw .invalidField("delivered") }
        self.init(channel: try fields.text("channel"), delivered: Int(delivered), offset: nil)
        if fields.value["offset"] != nil { offset = try fields.version("offset") }
    }
}
