package import SessionBase

/// A client's message as the server reads it: a kind, and places in the text where its fields stand.
///
/// Nothing is copied and nothing allocated for messages in plain ASCII. The text is passed over once, whatever the order
/// of its keys: what is found is remembered and judged at the end, when the type is known.
package struct AwarenessRequest: Sendable {
    /// What is asked for.
    package private(set) var kind = AwarenessClientKind.ping
    /// The client's own time of a `register`, where it gives one.
    package private(set) var timestamp: Timestamp?

    /// The type as it was written; `nil` where there is none, or one that is no string.
    private var type: ShortText?
    private var id = FoundValue.absent
    private var payload = FoundValue.absent
    private var user = FoundValue.absent
    private var window = FoundValue.absent
    private var `case` = FoundValue.absent
    private var slide = FoundValue.absent
    private var time = FoundValue.absent
    private var attachment = FoundValue.absent

    /// The longest `meta`, in bytes of its JSON (PROTOCOLS §2.5).
    package static let metaBytesMax = 2048

    /// Makes a request that is still to be read.
    package init() {}

    /// Reads one message of a client.
    ///
    /// - Parameter bytes: The text; need not be valid UTF-8 yet.
    /// - Throws: ``AwarenessRefusal``, with the client's `id` where it could be read.
    /// - Complexity: O(n), one pass.
    package static func decode(_ bytes: Span<UInt8>) throws(AwarenessRefusal) -> AwarenessRequest {
        var request = AwarenessRequest()
        try request.read(bytes)
        return request
    }

    /// Reads one message of a client into a fresh request, where that lies; otherwise the same as ``decode(_:)``.
    package mutating func read(_ bytes: Span<UInt8>) throws(AwarenessRefusal) {
        precondition(bytes.count <= Int(UInt32.max), "a message is shorter than 4 GiB")
        var isObject = false
        do {
            isObject = try readText(bytes)
        } catch {
            throw AwarenessRefusal(code: .invalidJSON, problem: error)
        }
        guard isObject else { throw AwarenessRefusal(code: .invalidMessage) }
        try judge(bytes)
    }

    // MARK: Places of the fields

    /// The user; of no meaning in a `ping`.
    package var userID: JSONText { user.text }
    /// The window; of no meaning in `ping` and `list`.
    package var windowID: JSONText { window.text }
    /// The case; only in a `register`.
    package var caseID: JSONText { `case`.text }
    /// The slide of a `register`, where it names one.
    package var slideID: JSONText? { slide.isText ? slide.text : nil }
    /// Where the JSON of a `register`'s `meta` stands; empty where there is none.
    package var meta: Range<Int> { attachment.range }
    /// Where the JSON of the client's `id` stands, which the direct reply repeats; empty where there is none.
    package var tag: Range<Int> { id.isText ? id.quotedRange : id.range }

    /// Gives the reply that `output` ends with the client's `id`, where there is one (PROTOCOLS 0-21).
    package func appendTag(to output: inout [UInt8], in bytes: Span<UInt8>) {
        if id.isPresent { AwarenessReply.appendTag(bytes.extracting(tag), to: &output) }
    }

    // MARK: Comparing

    /// Whether the user is the one with an id.
    package func names(user id: Span<UInt8>, in bytes: Span<UInt8>) -> Bool { user.equals(id, in: bytes) }

    /// Whether the window is the one with an id.
    package func names(window id: Span<UInt8>, in bytes: Span<UInt8>) -> Bool { window.equals(id, in: bytes) }

    /// Whether the case of a `register` is the one with an id.
    package func names(case id: Span<UInt8>, in bytes: Span<UInt8>) -> Bool { `case`.equals(id, in: bytes) }

    /// Whether the slide of a `register` is the one with an id; an empty id stands for none.
    package func names(slide id: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        slide.isText ? slide.equals(id, in: bytes) : id.isEmpty
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
    package var tag: Range<Int>

    /// Describes a refusal.
    package init(
        code: AwarenessErrorCode, field: AwarenessField? = nil, problem: JSONError? = nil, tag: Range<Int> = 0..<0
    ) {
        self.code = code
        self.field = field
        self.problem = problem
        self.tag = tag
    }
}

// MARK: Reading

extension AwarenessRequest {
    /// Reads a whole text; the last of a repeated key counts.
    ///
    /// - Returns: Whether it is an object.
    @inline(__always)
    private mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var reader = JSONReader()
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            try Self.checkOther(bytes)
            return false
        }
        try readMembers(&reader, bytes)
        try reader.end(in: bytes)
        return true
    }

    /// Checks a text that is no object.
    @inline(never)
    private static func checkOther(_ bytes: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        try reader.skipValue(in: bytes)
        try reader.end(in: bytes)
    }

    @inline(__always)
    private mutating func readMembers(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            if name == ShortText("payload") {
                reader = try readPayload(reader, bytes)
                continue
            }
            if name == ShortText("type") {
                type = try reader.shortText(in: bytes)
                continue
            }
            let value = try FoundValue(&reader, bytes)
            if name == ShortText("id") { id = value }
        }
    }

    /// Reads the payload; takes and returns the reader by value, so that it stays in registers.
    private mutating func readPayload(_ reader: JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONReader {
        var reader = reader
        if payload.isPresent { forgetPayload() }
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            (payload, reader.offset) = try FoundValue.any(at: reader, bytes)
            return reader
        }
        let start = reader.offset
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            keep(try FoundValue(&reader, bytes), as: name)
        }
        payload = FoundValue(.object, start: start, count: reader.offset - start)
        return reader
    }

    /// Stores a field of the payload; a call, so that the loop around it is small enough to have all else inlined.
    @inline(never)
    private mutating func keep(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("userId") {
            user = value
        } else if name == ShortText("windowId") {
            window = value
        } else if name == ShortText("caseId") {
            `case` = value
        } else if name == ShortText("slideId") {
            slide = value
        } else if name == ShortText("timestamp") {
            time = value
        } else if name == ShortText("meta") {
            attachment = value
        }
    }

    /// A second `payload` replaces the first with all that it held.
    private mutating func forgetPayload() {
        (user, window, `case`, slide, time, attachment) = (.absent, .absent, .absent, .absent, .absent, .absent)
    }
}

// MARK: Judging

extension AwarenessRequest {
    /// Checks what was found against what the type requires (PROTOCOLS §2.5).
    private mutating func judge(_ bytes: Span<UInt8>) throws(AwarenessRefusal) {
        if id.isPresent { try judgeTag(bytes) }
        guard let type else { throw refusal(.type) }
        guard let kind = AwarenessClientKind(type) else {
            throw AwarenessRefusal(code: .unknownType, tag: tag)
        }
        self.kind = kind
        if case .ping = kind {
            switch payload.kind {
            case .object, .absent, .null: return
            case .graphicText, .plainText, .anyText, .number, .other: throw refusal(.payload)
            }
        }
        guard case .object = payload.kind else { throw refusal(.payload) }
        try judgeIdentifier(user, .userID, bytes)
        if case .list = kind { return }
        try judgeIdentifier(window, .windowID, bytes)
        if case .register = kind { try judgeRegistration(bytes) }
    }

    /// Checks the fields that only a `register` has.
    private mutating func judgeRegistration(_ bytes: Span<UInt8>) throws(AwarenessRefusal) {
        try judgeIdentifier(`case`, .caseID, bytes)
        if slide.isPresent, slide.kind != .null { try judgeIdentifier(slide, .slideID, bytes) }
        if time.isPresent {
            guard time.isText, let time = Self.time(time.text, in: bytes) else { throw refusal(.timestamp) }
            timestamp = time
        }
        if attachment.isPresent {
            guard attachment.kind == .object, attachment.range.count <= Self.metaBytesMax else { throw refusal(.meta) }
        }
    }

    /// Checks the client's `id`: a string that is an identifier, or a number of reasonable length.
    private mutating func judgeTag(_ bytes: Span<UInt8>) throws(AwarenessRefusal) {
        switch id.kind {
        case _ where id.isIdentifier(in: bytes): break
        case .number where id.range.count <= MessageTag.numberBytesMax: break
        default:
            id = .absent
            throw refusal(.id)
        }
    }

    @inline(__always)
    private func judgeIdentifier(
        _ value: FoundValue, _ field: AwarenessField, _ bytes: Span<UInt8>
    ) throws(AwarenessRefusal) {
        guard value.isIdentifier(in: bytes) else { throw refusal(field) }
    }

    private func refusal(_ field: AwarenessField) -> AwarenessRefusal {
        AwarenessRefusal(code: .invalidMessage, field: field, tag: tag)
    }

    private static func time(_ text: JSONText, in bytes: Span<UInt8>) -> Timestamp? {
        guard text.hasEscapes else { return Timestamp(parsing: bytes.extracting(text.range)) }
        var unescaped: [UInt8] = []
        text.append(to: &unescaped, in: bytes)
        return Timestamp(parsing: unescaped.span)
    }
}
