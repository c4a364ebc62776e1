package import SessionBase

/// What the awareness server says, with its parts owned: for clients, tools and tests.
package enum AwarenessServerMessage: WireMessage {
    /// Confirms a `register`.
    case registered(window: String, case: String)
    /// Tells that several cases are open.
    case warning(AwarenessWarning)
    /// Refuses a message.
    case error(AwarenessErrorCode, message: String, details: AwarenessErrorDetails? = nil)
    /// Answers a `ping`.
    case pong(Timestamp)
    /// Tells that one case at most is left (EXT).
    case warningCleared(AwarenessWarning.Kind)
    /// Confirms a `deregister` (EXT).
    case deregistered(window: String)
    /// Confirms a `heartbeat` (EXT).
    case heartbeatAck(serverTime: Timestamp, nextHeartbeatMilliseconds: Int64)
    /// Confirms a `focus` (EXT).
    case focused(window: String)
    /// Lists the user's windows (EXT).
    case state([AwarenessWindowState])

    package var kind: AwarenessServerKind {
        switch self {
        case .registered: .registered
        case .warning: .warning
        case .error: .error
        case .pong: .pong
        case .warningCleared: .warningCleared
        case .deregistered: .deregistered
        case .heartbeatAck: .heartbeatAck
        case .focused: .focused
        case .state: .state
        }
    }
}

/// What a `warning` says.
package struct AwarenessWarning: Equatable, Sendable {
    /// What is wrong.
    package enum Kind: CaseIterable, Hashable, Sendable {
        /// Several cases are open.
        case multiCase
        /// A case was opened while another one was being viewed.
        case caseMismatch

        /// How the kind is spelled on the wire.
        package var spelling: StaticString {
            switch self {
            case .multiCase: "multi-case"
            case .caseMismatch: "case-mismatch"
            }
        }

        /// The spelling as a string.
        package var name: String { spelling.description }
    }

    /// A case and the window that shows it.
    package struct Entry: Hashable, Sendable {
        package var `case`: String
        package var window: String

        /// Pairs a case and its window.
        package init(case: String, window: String) {
            self.case = `case`
            self.window = window
        }
    }

    /// What is wrong.
    package var kind: Kind
    /// The windows concerned: all of the user's, or the one that was viewed and the one that was opened.
    package var cases: [Entry]
    /// A sentence for people.
    package var message: String

    /// The warning that several cases are open.
    package static func multiCase(_ cases: [Entry]) -> AwarenessWarning {
        AwarenessWarning(kind: .multiCase, cases: cases, message: AwarenessProtocol.multiCaseMessage.description)
    }

    /// The warning that `opened` was opened while `viewed` was being viewed.
    package static func caseMismatch(viewed: Entry, opened: Entry) -> AwarenessWarning {
        var sentence: [UInt8] = []
        AwarenessReply.appendMismatchSentence(
            opened: [UInt8](opened.case.utf8).span, viewed: [UInt8](viewed.case.utf8).span, to: &sentence)
        return AwarenessWarning(
            kind: .caseMismatch, cases: [viewed, opened], message: String(decoding: sentence, as: UTF8.self))
    }
}

/// One window in a `state`.
package struct AwarenessWindowState: Equatable, Sendable {
    /// Which window.
    package var window: String
    /// The case it shows.
    package var `case`: String
    /// The slide it shows.
    package var slide: String?
    /// Whether it was active last among the user's windows.
    package var isFocused: Bool
    /// Whether its connection lives; otherwise it is kept for a while (PROTOCOLS 0-18).
    package var isConnected: Bool
    /// When it was registered.
    package var since: Timestamp

    /// Describes a window.
    package init(
        window: String, case: String, slide: String? = nil, isFocused: Bool, isConnected: Bool, since: Timestamp
    ) {
        self.window = window
        self.case = `case`
        self.slide = slide
        self.isFocused = isFocused
        self.isConnected = isConnected
        self.since = since
    }
}

// MARK: Encoding

extension AwarenessServerMessage {
    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        encodeUntagged(to: &output)
        var spelling: [UInt8] = []
        tag?.encode(to: &spelling)
        AwarenessReply.appendTag(spelling.span, to: &output)
    }

    private func encodeUntagged(to output: inout [UInt8]) {
        switch self {
        case .registered(let window, let `case`):
            AwarenessReply.appendRegistered(window: window.bytes.span, case: `case`.bytes.span, to: &output)
        case .warning(let warning): warning.encode(to: &output)
        case .error(let code, let message, let details):
            AwarenessReply.appendError(code, message: message.bytes.span, details: details, to: &output)
        case .pong(let timestamp): AwarenessReply.appendPong(timestamp, to: &output)
        case .warningCleared(let kind): AwarenessReply.appendWarningCleared(kind, to: &output)
        case .deregistered(let window): AwarenessReply.appendDeregistered(window: window.bytes.span, to: &output)
        case .heartbeatAck(let serverTime, let next):
            AwarenessReply.appendHeartbeatAck(serverTime, nextHeartbeatMilliseconds: next, to: &output)
        case .focused(let window): AwarenessReply.appendFocused(window: window.bytes.span, to: &output)
        case .state(let windows):
            AwarenessReply.beginState(to: &output)
            for (place, window) in windows.enumerated() { window.encode(isFirst: place == 0, to: &output) }
            AwarenessReply.endState(to: &output)
        }
    }
}

extension AwarenessWarning {
    fileprivate func encode(to output: inout [UInt8]) {
        AwarenessReply.beginWarning(kind, to: &output)
        for (place, entry) in cases.enumerated() {
            AwarenessReply.appendCase(
                entry.case.bytes.span, window: entry.window.bytes.span, isFirst: place == 0, to: &output)
        }
        output.append(literal: #"],"message":"#)
        output.appendJSON(message)
        output.append(literal: "}}")
    }
}

extension AwarenessWindowState {
    fileprivate func encode(isFirst: Bool, to output: inout [UInt8]) {
        AwarenessReply.appendWindow(
            window.bytes.span, case: `case`.bytes.span, slide: (slide ?? "").bytes.span, isFocused: isFocused,
            isConnected: isConnected, since: since, isFirst: isFirst, to: &output)
    }
}

extension String {
    fileprivate var bytes: [UInt8] { [UInt8](utf8) }
}

// MARK: Decoding

extension AwarenessServerMessage {
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<Self> {
        let envelope: JSONValue
        do { envelope = try JSONValue.parse(text) } catch { throw .notJSON(error) }
        guard let type = envelope["type"]?.string else { throw .notAMessage }
        guard let kind = AwarenessServerKind(name: type) else { throw .unknownType(type) }
        let tag = try MessageTag(in: envelope)
        let fields = MessageFields(envelope["payload"])
        return Tagged(try decode(kind, fields), tag: tag)
    }

    private static func decode(_ kind: AwarenessServerKind, _ fields: MessageFields) throws(WireError) -> Self {
        switch kind {
        case .registered: .registered(window: try fields.identifier("windowId"), case: try fields.identifier("caseId"))
        case .warning: .warning(try AwarenessWarning(fields))
        case .error: try decodeError(fields)
        case .pong: .pong(try fields.timestamp("timestamp"))
        case .warningCleared: .warningCleared(try AwarenessWarning.Kind(fields))
        case .deregistered: .deregistered(window: try fields.identifier("windowId"))
        case .heartbeatAck:
            .heartbeatAck(
                serverTime: try fields.timestamp("serverTime"),
                nextHeartbeatMilliseconds: try fields.integer("nextHeartbeatMs"))
        case .focused: .focused(window: try fields.identifier("windowId"))
        case .state: try decodeState(fields)
        }
    }

    private static func decodeError(_ fields: MessageFields) throws(WireError) -> Self {
        guard let code = AwarenessErrorCode(name: try fields.text("code")) else { throw .invalidField("code") }
        return .error(
            code, message: try fields.text("message"), details: AwarenessErrorDetails(fields.value["details"]))
    }

    private static func decodeState(_ fields: MessageFields) throws(WireError) -> Self {
        var windows: [AwarenessWindowState] = []
        for element in try fields.elements("windows") {
            windows.append(try AwarenessWindowState(MessageFields(element)))
        }
        return .state(windows)
    }
}

extension AwarenessErrorDetails {
    /// Reads the `details` of an error; `nil` for those of other services.
    fileprivate init?(_ value: JSONValue?) {
        if let name = value?["field"]?.string, let field = AwarenessField(name: name) {
            self = .field(field)
        } else if let milliseconds = value?["retry_after_ms"]?.integer {
            self = .retryAfter(milliseconds: milliseconds)
        } else {
            return nil
        }
    }
}

extension AwarenessWarning {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        kind = try Kind(fields)
        cases = []
        for element in try fields.elements("cases") {
            let entry = MessageFields(element)
            cases.append(Entry(case: try entry.identifier("caseId"), window: try entry.identifier("windowId")))
        }
        message = try fields.text("message")
    }
}

extension AwarenessWarning.Kind {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        let name = try fields.text("type")
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { throw .invalidField("type") }
        self = kind
    }
}

extension AwarenessWindowState {
    fileprivate init(_ fields: MessageFields) throws(WireError) {
        window = try fields.identifier("windowId")
        `case` = try fields.identifier("caseId")
        slide = fields.value["slideId"] == .null ? nil : try fields.identifier("slideId")
        isFocused = try fields.boolean("focused")
        isConnected = try fields.boolean("connected")
        since = try fields.timestamp("since")
    }
}
