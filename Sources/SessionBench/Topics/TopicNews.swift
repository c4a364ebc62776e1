import SessionBase
import SessionCodec

/// What a load reads of a message of channels (PROTOCOLS §4.4) or lockers (§6.3) that is no publication of its own, and of
/// the body of an answer over HTTP: places and numbers.
///
/// Lockers put into `data` what channels have beside it.
struct TopicNews {
    /// The types that a load has to do with.
    enum Kind {
        case welcome, subscribed, published, error, connection, roomJoined, roomLeft

        fileprivate init?(_ text: JSONText, in bytes: Span<UInt8>) {
            if text.matches("subscribed", in: bytes) {
                self = .subscribed
            } else if text.matches("published", in: bytes) {
                self = .published
            } else if text.matches("welcome", in: bytes) {
                self = .welcome
            } else if text.matches("connection", in: bytes) {
                self = .connection
            } else if text.matches("room_joined", in: bytes) {
                self = .roomJoined
            } else if text.matches("room_left", in: bytes) {
                self = .roomLeft
            } else if text.matches("error", in: bytes) {
                self = .error
            } else {
                return nil
            }
        }
    }

    /// What it is; `nil` for a type that a load has nothing to do with.
    var kind: Kind?
    /// The channel or room that it is about.
    var topic: JSONText?
    /// The error code; of an answer over HTTP that is `error`, of a message `code`.
    var code: JSONText?
    /// How many it was sent to: `delivered` of channels, `recipients` of lockers.
    var recipients: UInt64?
    /// The place in the topic's order.
    var epoch: JSONText?
    var offset: UInt64?
    /// Whether everything since the place that was asked for follows; `nil` where nothing was asked.
    var isRecovered: Bool?

    /// Reads a message or a body.
    ///
    /// - Returns: `nil` where it is no JSON object.
    static func read(_ bytes: Span<UInt8>) -> TopicNews? {
        var news = TopicNews()
        var reader = JSONReader()
        do {
            guard try reader.kind(in: bytes) == .object else { return nil }
            try news.readObject(&reader, bytes)
            try reader.end(in: bytes)
        } catch {
            return nil
        }
        return news
    }

    private mutating func readObject(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            if key.matches("data", in: bytes), try reader.kind(in: bytes) == .object {
                try readObject(&reader, bytes)
            } else {
                try readMember(key, &reader, bytes)
            }
        }
    }

    private mutating func readMember(
        _ key: JSONText, _ reader: inout JSONReader, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        if key.matches("type", in: bytes) {
            kind = try SyncAnswer.text(&reader, bytes).flatMap { Kind($0, in: bytes) }
        } else if key.matches("channel", in: bytes) || key.matches("room", in: bytes) {
            topic = try SyncAnswer.text(&reader, bytes)
        } else if key.matches("code", in: bytes) || key.matches("error", in: bytes) {
            code = try SyncAnswer.text(&reader, bytes)
        } else if key.matches("delivered", in: bytes) || key.matches("recipients", in: bytes) {
            recipients = try SyncAnswer.number(&reader, bytes)
        } else if key.matches("epoch", in: bytes) {
            epoch = try SyncAnswer.text(&reader, bytes)
        } else if key.matches("offset", in: bytes) {
            offset = try SyncAnswer.number(&reader, bytes)
        } else if key.matches("recovered", in: bytes) {
            isRecovered = try reader.kind(in: bytes) == .boolean ? try reader.boolean(in: bytes) : nil
        } else {
            try reader.skipValue(in: bytes)
        }
    }

    /// The number at the end of a frame that ends in `"offset":N}`, as ours do; `nil` for another end.
    static func trailingOffset(_ bytes: Span<UInt8>) -> UInt64? {
        var first = bytes.count - 1
        guard first > offsetName.count, bytes[first] == UInt8(ascii: "}") else { return nil }
        while first > offsetName.count, bytes[first - 1] &- UInt8(ascii: "0") <= 9 { first -= 1 }
        for (place, byte) in offsetName.enumerated() where bytes[first - offsetName.count + place] != byte {
            return nil
        }
        return bytes.decimal(in: first..<bytes.count - 1)
    }

    private static let offsetName = Array(#","offset":"#.utf8)
}
