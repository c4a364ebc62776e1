import SessionBase
import SessionCodec

/// What a load reads of an answer of the sync service over HTTP (PROTOCOLS §3.3): a version, an error code, and the marks of
/// the state, all as places and numbers.
struct SyncAnswer {
    /// The version that was made or read.
    var version: UInt64?
    /// The error code; `nil` in an answer that is none.
    var code: JSONText?
    /// The version in an error's details.
    var serverVersion: UInt64?
    /// What ``SyncState`` wrote into the state; `nil` where there is none of it.
    var mark: SyncState.Mark?
    /// The state's filling; `nil` where there is none.
    var filling: JSONText?
    /// A handoff's token.
    var token: JSONText?
    /// The id of the session.
    var session: JSONText?

    /// Reads an answer's body.
    ///
    /// - Returns: `nil` where it is no JSON object.
    static func read(_ bytes: Span<UInt8>) -> SyncAnswer? {
        var answer = SyncAnswer()
        // What is no JSON has no answer in it, wherever it goes wrong.
        guard (try? answer.readText(bytes)) == true else { return nil }
        return answer
    }

    private mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var reader = JSONReader()
        guard try reader.kind(in: bytes) == .object else { return false }
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("state_data", in: bytes) {
                try readState(&reader, bytes)
            } else if key.matches("version", in: bytes) {
                version = try Self.number(&reader, bytes)
            } else if key.matches("session_id", in: bytes) {
                session = try Self.text(&reader, bytes)
            } else if key.matches("error", in: bytes) {
                code = try Self.text(&reader, bytes)
            } else if key.matches("token", in: bytes) {
                token = try Self.text(&reader, bytes)
            } else if key.matches("details", in: bytes) {
                try readDetails(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
        try reader.end(in: bytes)
        return true
    }

    private mutating func readState(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        guard try reader.kind(in: bytes) == .object else { return _ = try reader.skipValue(in: bytes) }
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("mark", in: bytes) {
                mark = try Self.text(&reader, bytes).flatMap { SyncState.Mark($0, in: bytes) }
            } else if key.matches("fill", in: bytes) {
                filling = try Self.text(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
    }

    private mutating func readDetails(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        guard try reader.kind(in: bytes) == .object else { return _ = try reader.skipValue(in: bytes) }
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("server_version", in: bytes) {
                serverVersion = try Self.number(&reader, bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
    }

    /// Reads a string; `nil` for a value of another kind, which is skipped.
    static func text(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONText? {
        guard try reader.kind(in: bytes) == .string else {
            try reader.skipValue(in: bytes)
            return nil
        }
        return try reader.string(in: bytes)
    }

    /// Reads a whole number that is not negative; `nil` for another value, which is skipped.
    static func number(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> UInt64? {
        let kind = try reader.kind(in: bytes)
        let range = try reader.skipValue(in: bytes)
        return kind == .number ? bytes.decimal(in: range) : nil
    }
}

extension Span<UInt8> {
    /// The number that digits spell; `nil` for anything else, and from nineteen digits on.
    func decimal(in range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count < 19 else { return nil }
        var value: UInt64 = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + UInt64(digit)
        }
        return value
    }
}
