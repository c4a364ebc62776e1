import SessionBase

// MARK: Writing

extension LockersEvent {
    /// Appends the event's data, an object (seed 004, *Event Types*).
    package func appendData(to output: inout [UInt8]) {
        switch self {
        case .lockerState(let change): output.appendJSONObject { change.write(to: &$0) }
        case .helpRequested(let request): output.appendJSONObject { request.write(to: &$0) }
        case .helpStatus(let change): output.appendJSONObject { change.write(to: &$0) }
        case .commandApplied(let command): output.appendJSONObject { command.write(to: &$0) }
        }
    }

    /// Writes the fields of the event's data.
    func write(to json: inout JSONWriter) {
        switch self {
        case .lockerState(let change): change.write(to: &json)
        case .helpRequested(let request): request.write(to: &json)
        case .helpStatus(let change): change.write(to: &json)
        case .commandApplied(let command): command.write(to: &json)
        }
    }
}

extension LockerStateChange {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("lockerId", locker)
        json.field("oldState", oldState)
        json.field("newState", newState)
        json.field("kioskId", kiosk)
        if let timestamp { json.field("timestamp", timestamp) }
    }
}

extension HelpRequest {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("kiosk_id", kiosk)
        if let lockerNumber { json.field("locker_no", lockerNumber) }
        json.field("category", category)
        if let note { json.field("note", note) }
        if let photoURL { json.field("photo_url", photoURL) }
        json.field("status", status)
        json.field("created_at", createdAt)
        if let timestamp { json.field("timestamp", timestamp) }
    }
}

extension HelpStatusChange {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("old_status", oldStatus)
        json.field("new_status", newStatus)
        if let timestamp { json.field("timestamp", timestamp) }
    }
}

extension AppliedCommand {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("command") { json in
            json.object { json in
                json.field("type", type)
                if let locker { json.field("lockerId", locker) }
                if let kiosk { json.field("kioskId", kiosk) }
                if let parameters { json.field("parameters", parameters) }
            }
        }
        json.field("result") { json in json.object { result.write(to: &$0) } }
        if let timestamp { json.field("timestamp", timestamp) }
    }
}

extension AppliedCommand.Result {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("success", isSuccess)
        if let message { json.field("message", message) }
        if let timestamp { json.field("timestamp", timestamp) }
        if let error { json.field("error", error) }
    }
}

// MARK: Reading

extension LockersEvent {
    /// Reads the data of an event of a kind; `nil` for kinds that are no events of the seed.
    ///
    /// - Throws: ``WireError/invalidField(_:)``; a field within another is named with a dot, as in `command.type`.
    init?(_ kind: LockersServerKind, _ fields: MessageFields) throws(WireError) {
        switch kind {
        case .lockerStateChanged: self = .lockerState(try LockerStateChange(fields))
        case .helpRequested: self = .helpRequested(try HelpRequest(fields))
        case .helpStatusUpdated: self = .helpStatus(try HelpStatusChange(fields))
        case .commandApplied: self = .commandApplied(try AppliedCommand(fields))
        case .connection, .roomJoined, .roomLeft, .pong, .error, .ackReceived, .commandAcknowledged, .other: return nil
        }
    }
}

extension LockerStateChange {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            locker: try fields.identifier("lockerId"), oldState: try fields.nonEmptyText("oldState"),
            newState: try fields.nonEmptyText("newState"), kiosk: try fields.identifier("kioskId"),
            timestamp: try fields.optionalTimestamp("timestamp"))
    }
}

extension HelpRequest {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            id: try fields.integer("id"), kiosk: try fields.identifier("kiosk_id"),
            lockerNumber: try fields.optionalInteger("locker_no"), category: try fields.nonEmptyText("category"),
            note: try fields.optionalText("note"), photoURL: try fields.optionalText("photo_url"),
            status: try fields.nonEmptyText("status"), createdAt: try fields.timestampOrMilliseconds("created_at"),
            timestamp: try fields.optionalTimestamp("timestamp"))
    }
}

extension HelpStatusChange {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            id: try fields.integer("id"), oldStatus: try fields.nonEmptyText("old_status"),
            newStatus: try fields.nonEmptyText("new_status"), timestamp: try fields.optionalTimestamp("timestamp"))
    }
}

extension AppliedCommand {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        let (command, result) = (try fields.object("command"), try fields.object("result"))
        do {
            self.init(
                type: try command.nonEmptyText("type"), locker: try command.optionalIdentifier("lockerId"),
                kiosk: try command.optionalIdentifier("kioskId"),
                parameters: command.value["parameters"].map { JSONFragment($0) }, result: Result(isSuccess: false))
        } catch {
            throw error.within("command")
        }
        do { self.result = try Result(result) } catch { throw error.within("result") }
        timestamp = try fields.optionalTimestamp("timestamp")
    }
}

extension AppliedCommand.Result {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        self.init(
            isSuccess: try fields.boolean("success"), message: try fields.optionalText("message"),
            timestamp: try fields.optionalTimestamp("timestamp"), error: try fields.optionalText("error"))
    }
}

extension WireError {
    /// The same error about a field of an object that is itself a field.
    fileprivate func within(_ name: String) -> WireError {
        if case .invalidField(let field) = self { .invalidField("\(name).\(field)") } else { self }
    }
}

extension MessageFields {
    /// A string that has characters.
    fileprivate func nonEmptyText(_ name: String) throws(WireError) -> String {
        let text = try text(name)
        guard !text.isEmpty else { throw .invalidField(name) }
        return text
    }

    /// A string that obeys ``IdentifierRule``; `nil` where there is none, or `null`.
    func optionalIdentifier(_ name: String) throws(WireError) -> String? {
        guard let text = try optionalText(name) else { return nil }
        guard IdentifierRule.allows(text) else { throw .invalidField(name) }
        return text
    }

    /// An object.
    func object(_ name: String) throws(WireError) -> MessageFields {
        guard case .object? = value[name] else { throw .invalidField(name) }
        return MessageFields(value[name])
    }

    /// A time in RFC 3339, or in milliseconds since 1970 (4-12).
    fileprivate func timestampOrMilliseconds(_ name: String) throws(WireError) -> Timestamp {
        guard case .number? = value[name] else { return try timestamp(name) }
        let milliseconds = try integer(name)
        // Beyond the year 9999 RFC 3339 has no spelling.
        guard 0..<253_402_300_800_000 ~= milliseconds else { throw .invalidField(name) }
        return Timestamp(milliseconds: milliseconds)
    }
}
