package import SessionBase

/// A client's message as the server reads it: a kind, and places in the text where its fields stand.
///
/// Nothing is copied and nothing allocated for messages in plain ASCII. The text is passed over once, whatever the order
/// of its keys: what is found is remembered and judged at the end, when the type is known.
package struct AwarenessRequest: Sendable {
    /// What is asked for.
    package var kind: AwarenessClientKind
    /// Where the JSON of the client's `id` stands, which the direct reply repeats; empty where there is none.
    package var tag: Range<Int>
    /// The user; of no meaning in a `ping`.
    package var userID = JSONText(start: 0, count: 0)
    /// The window; of no meaning in `ping` and `list`.
    package var windowID = JSONText(start: 0, count: 0)
    /// The case; only in a `register`.
    package var caseID = JSONText(start: 0, count: 0)
    /// The slide of a `register`, where it names one.
    package var slideID: JSONText?
    /// The client's own time of a `register`, where it gives one.
    package var timestamp: Timestamp?
    /// Where the JSON of a `register`'s `meta` stands; empty where there is none.
    package var meta = 0..<0

    /// The longest `meta`, in bytes of its JSON (PROTOCOLS §2.5).
    package static let metaBytesMax = 2048

    /// Reads one message of a client.
    ///
    /// - Parameter bytes: The text; need not be valid UTF-8 yet.
    /// - Throws: ``AwarenessRefusal``, with the client's `id` where it could be read.
    /// - Complexity: O(n), one pass.
    package static func decode(_ bytes: Span<UInt8>) throws(AwarenessRefusal) -> AwarenessRequest {
        var envelope = AwarenessEnvelope()
        do {
            try envelope.read(bytes)
        } catch {
            throw AwarenessRefusal(code: .invalidJSON, problem: error)
        }
        return try envelope.judged(in: bytes)
    }
}

/// Why a text is not a request, and what the reply must repeat.
package struct AwarenessRefusal: Error, Equatable, Sendable {
    /// One of the codes for which ``AwarenessErrorCode/isAboutDecoding`` holds.
    package var code: AwarenessErrorCode
    /// Which field is at fault, with ``AwarenessErrorCode/invalidMessage``; `nil` where the text is no object.
    package var field: AwarenessField?
    /// What is wrong with the JSON, with ``AwarenessErrorCode/invalidJSON``.
    package var problem: JSONError?
    /// Where the JSON of the client's `id` stands; empty where there is none.
    package var tag = 0..<0
}

/// What one pass over a message found.
private struct AwarenessEnvelope {
    /// What stands at a key.
    enum Field {
        case absent, null, other
        case text(JSONText)
        case object(Range<Int>)
        case number(Range<Int>)
    }

    var isObject = false
    var type = Field.absent
    var id = Field.absent
    var payload = Field.absent
    var userID = Field.absent
    var windowID = Field.absent
    var caseID = Field.absent
    var slideID = Field.absent
    var timestamp = Field.absent
    var meta = Field.absent
}

// MARK: Reading

extension AwarenessEnvelope {
    /// Reads a whole text; the last of a repeated key counts.
    mutating func read(_ bytes: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        isObject = try reader.kind(in: bytes) == .object
        if isObject {
            try readMembers(&reader, bytes)
        } else {
            try reader.skipValue(in: bytes)
        }
        try reader.end(in: bytes)
    }

    private mutating func readMembers(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("type", in: bytes) {
                type = try Self.value(&reader, bytes)
            } else if key.matches("payload", in: bytes) {
                try readPayload(&reader, bytes)
            } else if key.matches("id", in: bytes) {
                id = try Self.value(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
    }

    private mutating func readPayload(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        forgetPayload()
        guard try reader.kind(in: bytes) == .object else {
            payload = try Self.value(&reader, bytes)
            return
        }
        let start = reader.offset
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("userId", in: bytes) {
                userID = try Self.value(&reader, bytes)
            } else if key.matches("windowId", in: bytes) {
                windowID = try Self.value(&reader, bytes)
            } else if key.matches("caseId", in: bytes) {
                caseID = try Self.value(&reader, bytes)
            } else if key.matches("slideId", in: bytes) {
                slideID = try Self.value(&reader, bytes)
            } else if key.matches("timestamp", in: bytes) {
                timestamp = try Self.value(&reader, bytes)
            } else if key.matches("meta", in: bytes) {
                meta = try Self.value(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
        payload = .object(start..<reader.offset)
    }

    /// A second `payload` replaces the first with all that it held.
    private mutating func forgetPayload() {
        (userID, windowID, caseID) = (.absent, .absent, .absent)
        (slideID, timestamp, meta) = (.absent, .absent, .absent)
    }

    @inline(__always)
    private static func value(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> Field {
        switch try reader.kind(in: bytes) {
        case .string: return .text(try reader.string(in: bytes))
        case .number: return .number(try reader.number(in: bytes).range)
        case .object: return .object(try reader.skipValue(in: bytes))
        case .null:
            try reader.null(in: bytes)
            return .null
        case .array, .boolean:
            try reader.skipValue(in: bytes)
            return .other
        }
    }
}

// MARK: Judging

extension AwarenessEnvelope {
    /// Checks what was found against what the type requires (PROTOCOLS §2.5).
    func judged(in bytes: Span<UInt8>) throws(AwarenessRefusal) -> AwarenessRequest {
        guard isObject else { throw AwarenessRefusal(code: .invalidMessage) }
        let tag = try judgedTag(in: bytes)
        guard case .text(let type) = type else { throw refusal(.type, tag) }
        guard let kind = AwarenessClientKind(type, in: bytes) else {
            throw AwarenessRefusal(code: .unknownType, tag: tag)
        }
        var request = AwarenessRequest(kind: kind, tag: tag)
        guard hasPayload(for: kind) else { throw refusal(.payload, tag) }
        if kind == .ping { return request }
        request.userID = try identifier(userID, .userID, tag, in: bytes)
        if kind == .list { return request }
        request.windowID = try identifier(windowID, .windowID, tag, in: bytes)
        if kind == .register { try judgeRegistration(&request, in: bytes) }
        return request
    }

    /// Checks the fields that only a `register` has.
    private func judgeRegistration(_ request: inout AwarenessRequest, in bytes: Span<UInt8>) throws(AwarenessRefusal) {
        let tag = request.tag
        request.caseID = try identifier(caseID, .caseID, tag, in: bytes)
        switch slideID {
        case .absent, .null: break
        default: request.slideID = try identifier(slideID, .slideID, tag, in: bytes)
        }
        switch timestamp {
        case .absent: break
        case .text(let text):
            guard let time = Self.time(text, in: bytes) else { throw refusal(.timestamp, tag) }
            request.timestamp = time
        default: throw refusal(.timestamp, tag)
        }
        switch meta {
        case .absent: break
        case .object(let range) where range.count <= AwarenessRequest.metaBytesMax: request.meta = range
        default: throw refusal(.meta, tag)
        }
    }

    /// The JSON of the client's `id`: a string that is an identifier, or a number.
    private func judgedTag(in bytes: Span<UInt8>) throws(AwarenessRefusal) -> Range<Int> {
        switch id {
        case .absent: return 0..<0
        case .text(let text) where IdentifierRule.allows(text, in: bytes):
            return text.start - 1..<text.start + text.count + 1
        case .number(let range) where range.count <= MessageTag.numberBytesMax: return range
        default: throw refusal(.id, 0..<0)
        }
    }

    /// Only a `ping` needs no payload.
    private func hasPayload(for kind: AwarenessClientKind) -> Bool {
        switch payload {
        case .object: true
        case .absent, .null: kind == .ping
        default: false
        }
    }

    @inline(__always)
    private func identifier(
        _ value: Field, _ field: AwarenessField, _ tag: Range<Int>, in bytes: Span<UInt8>
    ) throws(AwarenessRefusal) -> JSONText {
        guard case .text(let text) = value, IdentifierRule.allows(text, in: bytes) else { throw refusal(field, tag) }
        return text
    }

    private func refusal(_ field: AwarenessField, _ tag: Range<Int>) -> AwarenessRefusal {
        AwarenessRefusal(code: .invalidMessage, field: field, tag: tag)
    }

    private static func time(_ text: JSONText, in bytes: Span<UInt8>) -> Timestamp? {
        guard text.hasEscapes else { return InternetTime.parse(bytes.extracting(text.range)) }
        var unescaped: [UInt8] = []
        text.append(to: &unescaped, in: bytes)
        return InternetTime.parse(unescaped.span)
    }
}
