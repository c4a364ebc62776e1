import SessionBase
import SessionCodec

/// What a load reads of a message of the sync service over WebSocket (PROTOCOLS §3.4): numbers, and places of texts.
struct SyncNews {
    /// The types that a load has to do with; their numbers are those of the catalogue.
    enum Kind: UInt64 {
        case heartbeatAck = 2
        case stateUpdate = 5
        case error = 6
        case authSuccess = 8
        case authFailure = 9
        case deviceList = 12
        case broadcast = 13
    }

    /// What it is; `nil` for a type that a load has nothing to do with.
    var kind: Kind?
    /// The number that the request had for its correlation id.
    var correlation: UInt64?
    var version: UInt64?
    /// How many devices a list has.
    var count: UInt64?
    var code: JSONText?
    /// The new value of a key, where it is a string.
    var value: JSONText?
    var event: JSONText?
    /// The token of a handoff that is offered.
    var token: JSONText?

    /// Reads a message.
    ///
    /// - Returns: `nil` where it is no JSON object.
    static func read(_ bytes: Span<UInt8>) -> SyncNews? {
        var news = SyncNews()
        // What is no JSON has no message in it, wherever it goes wrong.
        guard (try? news.readText(bytes)) == true else { return nil }
        return news
    }

    private mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var reader = JSONReader()
        guard try reader.kind(in: bytes) == .object else { return false }
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("type", in: bytes) {
                kind = try SyncAnswer.number(&reader, bytes).flatMap(Kind.init)
            } else if key.matches("correlation_id", in: bytes) {
                correlation = try SyncAnswer.text(&reader, bytes).flatMap { bytes.decimal(in: $0.range) }
            } else if key.matches("payload", in: bytes) {
                try readPayload(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
        try reader.end(in: bytes)
        return true
    }

    private mutating func readPayload(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        guard try reader.kind(in: bytes) == .object else { return _ = try reader.skipValue(in: bytes) }
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("version", in: bytes) {
                version = try SyncAnswer.number(&reader, bytes)
            } else if key.matches("value", in: bytes) {
                value = try SyncAnswer.text(&reader, bytes)
            } else if key.matches("code", in: bytes) {
                code = try SyncAnswer.text(&reader, bytes)
            } else if key.matches("count", in: bytes) {
                count = try SyncAnswer.number(&reader, bytes)
            } else if key.matches("event", in: bytes) {
                event = try SyncAnswer.text(&reader, bytes)
            } else if key.matches("data", in: bytes) {
                try readData(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
    }

    private mutating func readData(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        guard try reader.kind(in: bytes) == .object else { return _ = try reader.skipValue(in: bytes) }
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("token", in: bytes) {
                token = try SyncAnswer.text(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
    }
}
