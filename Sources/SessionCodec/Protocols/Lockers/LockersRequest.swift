/// A client's message as the server reads it: a kind, and places in the text where its fields stand.
///
/// The text is passed over once, whatever the order of its keys, and nothing is copied: what is found is remembered and
/// judged at the end, when the type is known.
package struct LockersRequest: Sendable {
    /// What is asked for.
    package private(set) var kind = LockersClientKind.ping

    private(set) var type = FoundValue.absent
    private(set) var id = FoundValue.absent
    private var roomField = FoundValue.absent
    private var sinceField = FoundValue.absent
    private var commandField = FoundValue.absent

    private init() {}

    /// Reads one message of a client.
    ///
    /// - Parameter bytes: The text; need not be valid UTF-8 yet.
    /// - Throws: ``LockersRefusal``, with the client's `id` where it could be read.
    /// - Complexity: O(n), one pass; allocates nothing for plain ASCII but the parts of a `since`.
    package static func decode(_ bytes: Span<UInt8>) throws(LockersRefusal) -> LockersRequest {
        var request = LockersRequest()
        try request.read(bytes)
        do { try request.judge(bytes) } catch { throw error.with(request.tag(in: bytes)) }
        return request
    }

    // MARK: What was found

    /// What the client wants to know the reply by (EXT).
    package func tag(in bytes: Span<UInt8>) -> MessageTag? { id.tag(in: bytes) }

    /// The room of `join_room` and `leave_room`.
    package func room(in bytes: Span<UInt8>) -> String { roomField.text.string(in: bytes) }

    /// From where on a `join_room` wants to hear; `nil` where it is not positioned (EXT).
    package func since(in bytes: Span<UInt8>) -> TopicSince? { sinceField.anySince(in: bytes) }

    /// The command of an `ack` (EXT).
    package func command(in bytes: Span<UInt8>) -> String { commandField.text.string(in: bytes) }
}

/// Why a text is not a request of lockers, and what the reply must repeat.
package typealias LockersRefusal = Refusal<LockersErrorCode>

extension LockersRefusal {
    /// The error that answers it.
    package var reply: LockersServerMessage { .error(code, message: sentence) }
}

// MARK: Reading and judging

extension LockersRequest: FlatRequest {
    typealias Code = LockersErrorCode

    mutating func keep(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("type") {
            type = value
        } else if name == ShortText("room") {
            roomField = value
        } else if name == ShortText("id") {
            id = value
        } else if name == ShortText("since") {
            sinceField = value
        } else if name == ShortText("commandId") {
            commandField = value
        }
    }

    /// Checks what was found against what the type requires (PROTOCOLS §6.3).
    private mutating func judge(_ bytes: Span<UInt8>) throws(LockersRefusal) {
        kind = try judgedKind(bytes)
        switch kind {
        case .ping: break
        case .joinRoom:
            try judgeRoom(bytes)
            if !sinceField.isAbsentValue, sinceField.anySince(in: bytes) == nil { throw .field("since") }
        case .leaveRoom: try judgeRoom(bytes)
        case .ack: guard commandField.isIdentifier(in: bytes) else { throw .field("commandId") }
        }
    }

    private func judgeRoom(_ bytes: Span<UInt8>) throws(LockersRefusal) {
        guard roomField.isText else { throw .field("room") }
        let isAllowed =
            roomField.kind == .anyText
            ? RoomName.allows(roomField.text.string(in: bytes)) : RoomName.allows(bytes.extracting(roomField.range))
        guard isAllowed else { throw LockersRefusal(.invalidRoom) }
    }
}

extension FoundValue {
    /// The place that an object names, or a text as a query parameter spells it.
    fileprivate func anySince(in bytes: Span<UInt8>) -> TopicSince? {
        isText ? TopicSince(text.string(in: bytes)) : topicSince(in: bytes)
    }
}
