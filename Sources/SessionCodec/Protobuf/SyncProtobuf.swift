import SessionBase

/// Messages of sync as Protocol Buffers, for the subprotocol `sessionctl.sync.v1.proto` (PROTOCOLS 1-1, §3.5).
///
/// The service thinks in JSON; at the edge of a connection that speaks Protobuf a message is rewritten from the one text
/// into the other, in one pass and without a tree. The Struct holds exactly what the JSON payload holds.
package enum SyncProtobuf {
    /// Appends the JSON text of an `Envelope`; empty fields are left out.
    ///
    /// Numbers are doubles, as a `Struct` has no others: beyond 2^53 they are no longer exact.
    package static func appendJSON(_ bytes: Span<UInt8>, to json: inout [UInt8]) throws(ProtobufError) {
        var envelope = Envelope()
        try ProtobufStruct.Pieces(0..<bytes.count).forEachField(in: bytes) { (field) throws(ProtobufError) in
            try envelope.take(field, in: bytes)
        }
        json.append(literal: #"{"type":"#)
        json.appendDecimal(envelope.type)
        append(#","session_id":"#, envelope.session, in: bytes, to: &json)
        append(#","user_id":"#, envelope.user, in: bytes, to: &json)
        append(#","device_id":"#, envelope.device, in: bytes, to: &json)
        if envelope.timestamp != 0 {
            json.append(literal: #","timestamp":"#)
            json.appendDecimal(envelope.timestamp)
        }
        if envelope.hasPayload {
            json.append(literal: #","payload":"#)
            try ProtobufStruct.appendObject(envelope.payload, in: bytes, depth: 2, to: &json)
        }
        append(#","correlation_id":"#, envelope.correlation, in: bytes, to: &json)
        if envelope.sequence != 0 {
            json.append(literal: #","seq":"#)
            json.appendDecimal(envelope.sequence)
        }
        json.append(UInt8(ascii: "}"))
    }

    /// Appends the `Envelope` for the JSON text of a message.
    ///
    /// - Throws: ``JSONError`` where the text is no JSON, or a field is of another kind than the schema's.
    package static func append(json: Span<UInt8>, to output: inout [UInt8]) throws(JSONError) {
        var reader = JSONReader()
        try reader.beginObject(in: json)
        while let key = try reader.nextShortKey(in: json) {
            if try reader.kind(in: json) == .null {
                try reader.null(in: json)
            } else if key == ShortText("type") {
                output.appendProtobuf(1, varint: UInt64(bitPattern: try type(&reader, in: json)))
            } else if key == ShortText("session_id") {
                try append(2, &reader, in: json, to: &output)
            } else if key == ShortText("user_id") {
                try append(3, &reader, in: json, to: &output)
            } else if key == ShortText("device_id") {
                try append(4, &reader, in: json, to: &output)
            } else if key == ShortText("timestamp") {
                output.appendProtobuf(5, varint: UInt64(bitPattern: try integer(&reader, in: json)))
            } else if key == ShortText("payload") {
                try output.appendProtobuf(6) { (output) throws(JSONError) in
                    try ProtobufStruct.append(&reader, in: json, to: &output)
                }
            } else if key == ShortText("correlation_id") {
                try append(7, &reader, in: json, to: &output)
            } else if key == ShortText("seq") {
                output.appendProtobuf(8, varint: UInt64(bitPattern: try integer(&reader, in: json)))
            } else {
                try reader.skipValue(in: json)
            }
        }
        try reader.end(in: json)
    }

    // MARK: Fields of JSON

    private static func append(
        _ number: Int, _ reader: inout JSONReader, in json: Span<UInt8>, to output: inout [UInt8]
    ) throws(JSONError) {
        let text = try reader.string(in: json)
        // In proto3 an empty string is an absent one.
        if !text.isEmpty { output.appendProtobuf(number) { text.append(to: &$0, in: json) } }
    }

    /// A type by its number, or by its name (PROTOCOLS 1-9).
    private static func type(_ reader: inout JSONReader, in json: Span<UInt8>) throws(JSONError) -> Int64 {
        guard try reader.kind(in: json) == .string else { return try integer(&reader, in: json) }
        let text = try reader.string(in: json)
        guard let kind = SyncKind(name: text.string(in: json)) else {
            throw JSONError(offset: text.start, expected: .number)
        }
        return Int64(kind.rawValue)
    }

    private static func integer(_ reader: inout JSONReader, in json: Span<UInt8>) throws(JSONError) -> Int64 {
        let number = try reader.number(in: json)
        if let integer = number.integer(in: json) { return integer }
        // A `seq` may need all 64 bits.
        guard let integer = number.unsigned(in: json) else {
            throw JSONError(offset: number.start, expected: .number)
        }
        return Int64(bitPattern: integer)
    }

    // MARK: Fields of Protobuf

    /// What was found; the last of a repeated field counts, and the payloads are merged.
    private struct Envelope {
        var type: Int64 = 0
        var session = 0..<0
        var user = 0..<0
        var device = 0..<0
        var timestamp: Int64 = 0
        var payload = ProtobufStruct.Pieces()
        var hasPayload = false
        var correlation = 0..<0
        var sequence: UInt64 = 0

        mutating func take(_ field: ProtobufField, in bytes: Span<UInt8>) throws(ProtobufError) {
            switch (field.number, field.value) {
            // An enum is a number of 32 bits, whatever was sent.
            case (1, .varint(let number)): type = Int64(Int32(truncatingIfNeeded: number))
            case (2, .bytes(let range)): session = try ProtobufStruct.checkedText(range, in: bytes)
            case (3, .bytes(let range)): user = try ProtobufStruct.checkedText(range, in: bytes)
            case (4, .bytes(let range)): device = try ProtobufStruct.checkedText(range, in: bytes)
            case (5, .varint(let seconds)): timestamp = Int64(bitPattern: seconds)
            case (6, .bytes(let range)):
                payload.append(range)
                hasPayload = true
            case (7, .bytes(let range)): correlation = try ProtobufStruct.checkedText(range, in: bytes)
            case (8, .varint(let number)): sequence = number
            default: break
            }
        }
    }

    private static func append(
        _ key: StaticString, _ range: Range<Int>, in bytes: Span<UInt8>, to json: inout [UInt8]
    ) {
        guard !range.isEmpty else { return }
        json.append(literal: key)
        json.appendJSONString(bytes.extracting(range))
    }
}

// MARK: Messages

extension SyncClientFrame {
    /// Reads one binary message as the server does.
    ///
    /// - Throws: ``SyncRefusal``; bytes that are no envelope are `INVALID_MESSAGE` (PROTOCOLS §3.5).
    package static func read(protobuf bytes: Span<UInt8>) throws(SyncRefusal) -> SyncClientFrame {
        var json: [UInt8] = []
        do { try SyncProtobuf.appendJSON(bytes, to: &json) } catch {
            throw SyncRefusal(code: .invalidMessage)
        }
        return try read(json.span)
    }

    /// Appends the message as Protobuf.
    package func encodeProtobuf(to output: inout [UInt8]) {
        SyncProtobuf.append(trusted: encoded(), to: &output)
    }
}

extension SyncServerMessage {
    /// Appends the message in an envelope as Protobuf.
    package func encodeProtobuf(_ envelope: SyncEnvelope, to output: inout [UInt8]) {
        var json: [UInt8] = []
        encode(envelope, to: &json)
        SyncProtobuf.append(trusted: json, to: &output)
    }
}

extension SyncServerFrame {
    /// Reads one binary message as a client's tools do.
    package static func decode(protobuf bytes: Span<UInt8>) throws(WireError) -> SyncServerFrame {
        var json: [UInt8] = []
        do { try SyncProtobuf.appendJSON(bytes, to: &json) } catch { throw .notAMessage }
        return try decode(json.span).message
    }
}

extension SyncProtobuf {
    /// Appends the `Envelope` for a message that this module wrote.
    package static func append(trusted json: [UInt8], to output: inout [UInt8]) {
        do { try append(json: json.span, to: &output) } catch {
            preconditionFailure("a message that was just written cannot be rewritten: \(error)")
        }
    }
}
