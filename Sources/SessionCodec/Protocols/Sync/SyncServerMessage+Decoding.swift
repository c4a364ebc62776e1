import SessionBase

extension SyncServerFrame {
    /// Reads one message as a client's tools do; unknown fields are ignored.
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<SyncServerFrame> {
        let value: JSONValue
        do { value = try JSONValue.parse(text) } catch { throw .notJSON(error) }
        guard let type = value["type"]?.integer else { throw .notAMessage }
        guard let kind = SyncKind(rawValue: Int(type)), kind.isFromServer else { throw .unknownType(String(type)) }
        let envelope = try SyncEnvelope(MessageFields(value))
        let frame = SyncServerFrame(
            try SyncServerMessage(kind, MessageFields(value["payload"])), envelope: envelope)
        return Tagged(frame, tag: envelope.correlationID.map(MessageTag.text))
    }
}

extension SyncEnvelope {
    /// Reads the envelope of a server's message.
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            sessionID: try fields.nonEmptyText("session_id"), userID: try fields.nonEmptyText("user_id"),
            deviceID: try fields.nonEmptyText("device_id"), timestamp: try fields.optionalInteger("timestamp"),
            correlationID: try fields.nonEmptyText("correlation_id"))
        if let sequence = try fields.optionalInteger("seq") {
            guard let sequence = UInt64(exactly: sequence) else { throw .invalidField("seq") }
            self.sequence = sequence
        }
    }
}

extension MessageFields {
    /// A string; `nil` where there is none, `null`, or an empty one.
    fileprivate func nonEmptyText(_ name: String) throws(WireError) -> String? {
        guard let text = try optionalText(name), !text.isEmpty else { return nil }
        return text
    }

    /// A value of a list of spellings.
    fileprivate func choice<Choice>(_ name: String, _ make: (String) -> Choice?) throws(WireError) -> Choice {
        guard let choice = make(try text(name)) else { throw .invalidField(name) }
        return choice
    }
}

extension SyncServerMessage {
    /// Reads the payload of a message of a kind.
    fileprivate init(_ kind: SyncKind, _ fields: MessageFields) throws(WireError) {
        switch kind {
        case .heartbeatAck:
            self = .heartbeatAck(
                clientTime: try fields.optionalInteger("client_time"), serverTime: try fields.integer("server_time"))
        case .snapshotResponse: self = .snapshotResponse(try SyncSnapshotAnswer(fields))
        case .stateUpdate: self = .stateUpdate(try SyncStateChange(fields))
        case .error:
            self = .error(
                try fields.choice("code", SyncErrorCode.init(name:)), message: try fields.text("message"),
                details: fields.value["details"].map { JSONFragment($0) })
        case .authSuccess: self = .authSuccess(try SyncWelcome(fields))
        case .authFailure:
            self = .authFailure(
                try fields.choice("code", SyncAuthFailureCode.init(name:)), message: try fields.text("message"))
        case .deviceJoined: self = .deviceJoined(try SyncDevice(MessageFields(fields.value["device"])))
        case .deviceLeft:
            self = .deviceLeft(
                device: try fields.identifier("device_id"),
                reason: try fields.choice("reason", SyncLeaveReason.init(rawValue:)),
                lastSeen: try fields.timestamp("last_seen"))
        case .deviceList: self = .deviceList(try Self.devices(fields))
        case .broadcast: self = .broadcast(event: try fields.text("event"), data: try fields.fragment("data"))
        case .adminUpdate: self = .adminUpdate(try SyncAdminUpdate(fields))
        case .unknown, .heartbeat, .snapshotRequest, .auth: throw .unknownType(kind.name)
        }
    }

    private static func devices(_ fields: MessageFields) throws(WireError) -> [SyncDevice] {
        var devices: [SyncDevice] = []
        for element in try fields.elements("devices") { devices.append(try SyncDevice(element)) }
        return devices
    }
}

extension SyncSnapshotAnswer {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        guard try fields.boolean("found") else {
            self = .missing
            return
        }
        let version = try fields.version("version")
        if try fields.boolean("unchanged") {
            self = .unchanged(version: version)
        } else {
            self = .found(
                version: version, state: try fields.fragment("state_data"),
                updatedAt: try fields.timestamp("updated_at"))
        }
    }
}

extension SyncStateChange {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            key: try fields.text("key"), value: fields.value["value"].map { JSONFragment($0) },
            operation: try fields.choice("operation", StateOperation.init(name:)),
            version: try fields.version("version"), deviceID: try fields.optionalText("device_id"),
            isAcknowledgement: fields.value["ack"] == nil ? false : try fields.boolean("ack"))
    }
}

extension SyncWelcome {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        var roles: [String] = []
        for element in try fields.elements("roles") {
            guard let role = element.string else { throw .invalidField("roles") }
            roles.append(role)
        }
        self.init(
            sessionID: try fields.text("session_id"), userID: try fields.text("user_id"),
            deviceID: try fields.text("device_id"), roles: roles, expiresAt: try fields.optionalInteger("expires_at"),
            heartbeatInterval: try fields.integer("heartbeat_interval"), version: try fields.version("version"),
            devicesOnline: Int(try fields.integer("devices_online")), serverTime: try fields.integer("server_time"),
            epoch: try fields.text("epoch"), sequence: try fields.version("seq"))
        if fields.value["recovered"]?.boolean == true { replayed = Int(try fields.integer("replayed")) }
    }
}

extension SyncAdminUpdate {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            kind: try fields.choice("kind", Kind.init(rawValue:)), type: try fields.optionalText("type"),
            message: try fields.optionalText("message"), data: try fields.fragment("data"))
    }
}
