package import SessionBase

// MARK: Writing

extension LockersServerMessage {
    /// Appends the message as the server sends it, without white space.
    ///
    /// - Parameters:
    ///   - timestamp: The time that every frame carries at top level.
    ///   - tag: What the client wants to know the reply by.
    package func encode(at timestamp: Timestamp, tag: MessageTag? = nil, to output: inout [UInt8]) {
        LockersServerFrame(self, timestamp: timestamp).encode(tag: tag, to: &output)
    }
}

extension LockersServerFrame {
    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        output.append(literal: #"{"type":"#)
        if case .broadcast(let event, _) = message {
            output.appendJSON(event)
        } else {
            output.append(UInt8(ascii: "\""))
            output.append(literal: kind.spelling)
            output.append(UInt8(ascii: "\""))
        }
        message.appendData(to: &output)
        if let timestamp { output.appendMember(#","timestamp":"#, timestamp) }
        if let offset {
            output.append(literal: #","offset":"#)
            output.appendDecimal(offset)
        }
        if let room { output.appendMember(#","room":"#, room) }
        output.appendTagMember(tag)
        output.append(UInt8(ascii: "}"))
    }
}

extension LockersServerMessage {
    /// Appends the field `data`; a `pong` has none.
    fileprivate func appendData(to output: inout [UInt8]) {
        if case .pong = self { return }
        output.append(literal: #","data":"#)
        switch self {
        case .pong: break
        case .connection(let welcome): welcome.append(to: &output)
        case .roomJoined(let room, let answer):
            output.appendMember(#"{"room":"#, room)
            if let answer { answer.append(to: &output) }
            output.append(UInt8(ascii: "}"))
        case .roomLeft(let room):
            output.appendMember(#"{"room":"#, room)
            output.append(UInt8(ascii: "}"))
        case .error(let code, let message):
            output.append(literal: #"{"code":""#)
            output.append(literal: code.spelling)
            output.appendMember(#"","message":"#, message)
            output.append(UInt8(ascii: "}"))
        case .event(let event): event.appendData(to: &output)
        case .ackReceived(let command):
            output.appendMember(#"{"commandId":"#, command)
            output.append(UInt8(ascii: "}"))
        case .commandAcknowledged(let command, let ack):
            output.appendJSONObject { json in
                json.field("commandId", command)
                ack.write(to: &json)
            }
        case .broadcast(_, let data): output.append(copying: data.bytes.span)
        }
    }
}

extension LockersWelcome {
    fileprivate func append(to output: inout [UInt8]) {
        output.appendMember(#"{"connectionId":"#, connection)
        output.appendMember(#","namespace":"#, namespace)
        if let user { output.appendMember(#","userId":"#, user) }
        output.appendMember(#","timestamp":"#, timestamp)
        if let answer { answer.append(to: &output) }
        output.append(UInt8(ascii: "}"))
    }

    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            connection: try fields.text("connectionId"), namespace: try fields.text("namespace"),
            user: try fields.optionalText("userId"), timestamp: try fields.timestamp("timestamp"),
            answer: try TopicAnswer(fields))
    }
}

// MARK: Reading

extension LockersServerFrame {
    /// Reads one message as a client's tools do; unknown fields are ignored.
    ///
    /// A broadcast may have any name that is not reserved (4-16): what does not fit the seed's event of a name is one.
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<LockersServerFrame> {
        let value: JSONValue
        do { value = try JSONValue.parse(text) } catch { throw .notJSON(error) }
        guard let type = value["type"]?.string, !type.isEmpty else { throw .notAMessage }
        let fields = MessageFields(value)
        var frame = LockersServerFrame(
            try LockersServerMessage(type, fields), timestamp: try fields.optionalTimestamp("timestamp"))
        if value["offset"] != nil { frame.offset = try fields.version("offset") }
        frame.room = try fields.optionalText("room")
        return Tagged(frame, tag: try MessageTag(in: value))
    }
}

extension LockersServerMessage {
    /// Reads the data of a message of a type.
    fileprivate init(_ type: String, _ fields: MessageFields) throws(WireError) {
        let kind = LockersServerKind(name: type)
        do {
            if let message = try LockersServerMessage(kind, MessageFields(fields.value["data"])) {
                self = message
                return
            }
        } catch {
            if kind.isReserved { throw error }
        }
        self = .broadcast(event: type, data: fields.value["data"].map { JSONFragment($0) } ?? .null)
    }

    /// Reads the data of a message of a kind that has a meaning; `nil` for others.
    private init?(_ kind: LockersServerKind, _ data: MessageFields) throws(WireError) {
        if let event = try LockersEvent(kind, data) {
            self = .event(event)
            return
        }
        switch kind {
        case .connection: self = .connection(try LockersWelcome(data))
        case .roomJoined: self = .roomJoined(try data.text("room"), answer: try TopicAnswer(data))
        case .roomLeft: self = .roomLeft(try data.text("room"))
        case .pong: self = .pong
        case .error:
            guard let code = LockersErrorCode(name: try data.text("code")) else { throw .invalidField("code") }
            self = .error(code, message: try data.text("message"))
        case .ackReceived: self = .ackReceived(command: try data.identifier("commandId"))
        case .commandAcknowledged:
            self = .commandAcknowledged(command: try data.identifier("commandId"), try CommandAck(data))
        case .lockerStateChanged, .helpRequested, .helpStatusUpdated, .commandApplied, .other: return nil
        }
    }
}
