/// A client's message as the server reads it first: a kind, and places in the text where its fields stand.
///
/// The text is passed over once, whatever the order of its keys, and nothing is copied: what is found is remembered and
/// judged at the end, when the type is known.
package struct SyncRequest: Sendable {
    /// What is asked for.
    package private(set) var kind = SyncKind.unknown

    private var type = FoundValue.absent
    private var session = FoundValue.absent
    private var user = FoundValue.absent
    private var device = FoundValue.absent
    private var timestamp = FoundValue.absent
    private var correlation = FoundValue.absent
    private var payload = FoundValue.absent
    private var fields = SyncRequestFields()

    private init() {}

    /// Reads one message of a client.
    ///
    /// - Parameter bytes: The text; need not be valid UTF-8 yet.
    /// - Throws: ``SyncRefusal``, with the correlation id where it could be read.
    /// - Complexity: O(n), one pass; allocates nothing for plain ASCII.
    package static func decode(_ bytes: Span<UInt8>) throws(SyncRefusal) -> SyncRequest {
        precondition(bytes.count <= Int(UInt32.max), "a message is shorter than 4 GiB")
        var request = SyncRequest()
        var isObject = false
        do { isObject = try request.readText(bytes) } catch {
            throw SyncRefusal(code: .invalidJSON, problem: error)
        }
        guard isObject else { throw SyncRefusal(code: .invalidMessage) }
        do { try request.judge(bytes) } catch {
            var refusal = error
            refusal.correlationID = request.correlationID(in: bytes)
            throw refusal
        }
        return request
    }

    // MARK: What was found

    /// The envelope, strings copied.
    package func envelope(in bytes: Span<UInt8>) -> SyncEnvelope {
        SyncEnvelope(
            sessionID: session.uuid(in: bytes), userID: user.nonEmptyString(in: bytes),
            deviceID: device.nonEmptyString(in: bytes), timestamp: timestamp.integer(in: bytes),
            correlationID: correlationID(in: bytes))
    }

    /// The message, strings and values copied.
    ///
    /// - Throws: ``SyncRefusal`` where a value passes a limit that takes a copy to be judged.
    package func message(in bytes: Span<UInt8>) throws(SyncRefusal) -> SyncClientMessage {
        do { return try fields.message(kind, in: bytes) } catch {
            var refusal = error
            refusal.correlationID = correlationID(in: bytes)
            throw refusal
        }
    }

    /// The correlation id, where there is one that obeys ``IdentifierRule``.
    private func correlationID(in bytes: Span<UInt8>) -> String? {
        correlation.isIdentifier(in: bytes) ? correlation.text.string(in: bytes) : nil
    }
}

/// Why a text is not a request, and what the reply must repeat.
package struct SyncRefusal: Error, Equatable, Sendable {
    /// One of the codes for which ``SyncErrorCode/isAboutDecoding`` holds, or `INVALID_OPERATION`.
    package var code: SyncErrorCode
    /// Which field is at fault, with ``SyncErrorCode/invalidMessage``; `nil` where the text is no object.
    package var field: String?
    /// What is wrong with the JSON, with ``SyncErrorCode/invalidJSON``.
    package var problem: JSONError?
    /// The type that does not exist, with ``SyncErrorCode/unknownType``.
    package var type: String?
    /// What the client wants to know the reply by.
    package var correlationID: String?

    /// Describes a refusal.
    package init(
        code: SyncErrorCode, field: String? = nil, problem: JSONError? = nil, type: String? = nil,
        correlationID: String? = nil
    ) {
        self.code = code
        self.field = field
        self.problem = problem
        self.type = type
        self.correlationID = correlationID
    }

    /// A field that is missing or holds what it may not hold.
    static func field(_ name: String) -> SyncRefusal { SyncRefusal(code: .invalidMessage, field: name) }

    /// The ERROR that answers it.
    package var reply: SyncServerMessage {
        let details = field.map { field in JSONFragment { $0.field("field", field) } }
        return .error(code, message: sentence, details: details)
    }

    private var sentence: String {
        switch (problem, field, type) {
        case (let problem?, _, _): "Message is not valid JSON: \(problem)"
        case (_, let field?, _): "Field \(field) is missing or invalid"
        default: code.message.description
        }
    }
}

// MARK: Reading

extension SyncRequest {
    /// Reads a whole text; the last of a repeated key counts.
    ///
    /// - Returns: Whether it is an object.
    private mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var reader = JSONReader()
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            try reader.skipValue(in: bytes)
            try reader.end(in: bytes)
            return false
        }
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            if name == ShortText("payload") {
                reader = try readPayload(reader, bytes)
            } else {
                keep(try FoundValue(&reader, bytes), as: name)
            }
        }
        try reader.end(in: bytes)
        return true
    }

    private mutating func keep(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("type") {
            type = value
        } else if name == ShortText("session_id") {
            session = value
        } else if name == ShortText("user_id") {
            user = value
        } else if name == ShortText("device_id") {
            device = value
        } else if name == ShortText("timestamp") {
            timestamp = value
        } else if name == ShortText("correlation_id") {
            correlation = value
        }
    }

    /// Reads the payload; a second one replaces the first with all that it held.
    private mutating func readPayload(_ reader: JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONReader {
        var reader = reader
        if payload.isPresent { fields = SyncRequestFields() }
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            (payload, reader.offset) = try FoundValue.any(at: reader, bytes)
            return reader
        }
        let start = reader.offset
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            fields.keep(try FoundValue(&reader, bytes), as: name)
        }
        payload = FoundValue(.object, start: start, count: reader.offset - start)
        return reader
    }
}

// MARK: Judging

extension SyncRequest {
    /// Checks what was found against what the type requires (PROTOCOLS §3.4).
    private mutating func judge(_ bytes: Span<UInt8>) throws(SyncRefusal) {
        kind = try judgedKind(bytes)
        if !correlation.isAbsentText, !correlation.isIdentifier(in: bytes) { throw .field("correlation_id") }
        if !session.isAbsentText, session.uuid(in: bytes) == nil { throw .field("session_id") }
        if !user.isAbsentText, !user.isIdentifier(in: bytes) { throw .field("user_id") }
        if !device.isAbsentText, !device.isIdentifier(in: bytes) { throw .field("device_id") }
        if !timestamp.isAbsentValue, timestamp.integer(in: bytes) == nil { throw .field("timestamp") }
        let needsPayload = SyncRequestFields.needsPayload(kind)
        switch payload.kind {
        case .object: break
        case .absent where !needsPayload, .null where !needsPayload: return
        case .absent, .null, .number, .other, .anyText, .plainText, .graphicText: throw .field("payload")
        }
        try fields.judge(kind, bytes)
    }

    /// The kind that the `type` names, by its number or by its name (PROTOCOLS 1-9).
    private func judgedKind(_ bytes: Span<UInt8>) throws(SyncRefusal) -> SyncKind {
        let kind: SyncKind?
        if type.isText {
            kind = SyncKind(name: type.text.string(in: bytes))
        } else if let number = type.integer(in: bytes) {
            kind = SyncKind(rawValue: Int(number))
        } else {
            throw .field("type")
        }
        guard let kind, kind.isFromClient else {
            let spelling = type.isText ? type.text.string(in: bytes) : type.spelling(in: bytes)
            throw SyncRefusal(code: .unknownType, type: spelling)
        }
        return kind
    }
}
