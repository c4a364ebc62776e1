package import SessionCodec

/// One thing that happened to a session, as `watch` tells it: a line for people, an object for programs.
package struct SyncNews: Equatable, Sendable {
    /// What somebody watches for.
    package enum Subject: Equatable, Sendable {
        /// Changes of the state; of these keys alone, where there are any.
        case state(keys: [String])
        /// Offers to take the session over, and what became of them. The token of an offer is a credential, which is shown
        /// only where that was asked for.
        case handoffs(showsTokens: Bool)
    }

    /// The object: `event`, `session_id`, what the event is about, and `seq`.
    package let value: JSONValue
    /// The line, not escaped yet.
    package let line: String

    private init(_ event: String, session: String, sequence: UInt64?, _ fields: JSONObject, line: String) {
        var object = JSONObject()
        object["event"] = .string(event)
        object["session_id"] = .string(session)
        for member in fields.members { object[member.key] = member.value }
        object["seq"] = sequence.map { .number(String($0)) }
        value = .object(object)
        self.line = line
    }

    /// Takes what a message of the server tells about the subject; `nil` where it tells nothing.
    package init?(_ frame: SyncServerFrame, about subject: Subject, session: String) {
        let sequence = frame.envelope.sequence
        switch (subject, frame.message) {
        case (.state(let keys), .stateUpdate(let change)) where keys.isEmpty || keys.contains(change.key):
            self.init(change, session: session, sequence: sequence)
        case (.state, .broadcast(SyncEvent.sessionReplaced.rawValue, let data)):
            self.init(replacedWith: data.value["version"] ?? .null, session: session, sequence: sequence)
        case (.handoffs(let showsTokens), .broadcast(let event, let data)) where Self.handoffEvents.contains(event):
            self.init(event, handoff: data.value, showsTokens, session: session, sequence: sequence)
        default: return nil
        }
    }

    /// Tells that something was missed.
    package init(_ gap: SyncGap, session: String) {
        var fields = JSONObject()
        fields["version_before"] = .number(String(gap.versionBefore))
        fields["version"] = .number(String(gap.version))
        let what =
            gap.versionBefore == gap.version
            ? "the state is still at version \(gap.version)"
            : "the state went from version \(gap.versionBefore) to \(gap.version); 'sessionctl snapshot get \(session)' reads it"
        self.init(
            "gap", session: session, sequence: nil, fields, line: "what happened while disconnected is lost: \(what)")
    }

    private init(replacedWith version: JSONValue, session: String, sequence: UInt64?) {
        var fields = JSONObject()
        fields["version"] = version
        self.init(
            SyncEvent.sessionReplaced.rawValue, session: session, sequence: sequence, fields,
            line: "version \(version.text()): the whole state was replaced")
    }

    private init(_ change: SyncStateChange, session: String, sequence: UInt64?) {
        var fields = JSONObject()
        fields["key"] = .string(change.key)
        fields["operation"] = .string(change.operation.name)
        fields["value"] = change.value?.value
        fields["version"] = .number(String(change.version))
        fields["device_id"] = change.deviceID.map { .string($0) } ?? .null
        let operand = change.value.map { " \($0.text)" } ?? ""
        let origin = change.deviceID.map { " by \($0)" } ?? ""
        self.init(
            "state_update", session: session, sequence: sequence, fields,
            line: "version \(change.version): \(change.operation.name) \(change.key)\(operand)\(origin)")
    }

    private init(
        _ event: String, handoff data: JSONValue, _ showsTokens: Bool, session: String, sequence: UInt64?
    ) {
        var fields = JSONObject()
        if case .object(let members) = data { fields = members }
        if fields["token"] != nil, !showsTokens { fields["token"] = "***" }
        let particulars = fields.members.map { "\($0.key) \($0.value.string ?? $0.value.text())" }
        self.init(
            event, session: session, sequence: sequence, fields,
            line: ([event] + particulars).joined(separator: ", "))
    }

    private static let handoffEvents = [
        SyncEvent.handoffOffer.rawValue, SyncEvent.handoffCompleted.rawValue, SyncEvent.handoffExpired.rawValue,
    ]
}
