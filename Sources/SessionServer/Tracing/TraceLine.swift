import SessionBase
import SessionCodec

/// The lines of a trace, each one JSON object (`GET /admin/connections/{id}/trace`).
enum TraceLine {
    /// Which way a frame went, from the server's point of view.
    enum Direction: String { case inbound = "in", outbound = "out" }

    /// What a frame was.
    enum Kind: String { case text, binary, ping, pong, close }

    /// More of a message than this is not shown.
    private static let dataBytesMax = 4096
    /// A longer message is not even decoded.
    private static let decodedBytesMax = 256 * 1024

    /// The first line: whose frames follow.
    static func start(_ record: ConnectionRecord) -> [UInt8] {
        line("start") { json in
            json.field("id", String(record.serial))
            json.field("profile", record.profile?.rawValue)
            json.field("user_id", record.user)
        }
    }

    /// A message or a control frame of `count` payload bytes.
    static func frame(
        _ direction: Direction, _ kind: Kind, _ payload: Span<UInt8>, of profile: ProtocolID?, at time: Timestamp
    ) -> [UInt8] {
        let data = payload.count > decodedBytesMax ? nil : text(of: payload, kind, profile)
        return line("frame") { json in
            json.field("at", time)
            json.field("direction", direction.rawValue)
            json.field("kind", kind.rawValue)
            json.field("bytes", payload.count)
            if let data {
                let shown = cut(data)
                json.field("data", shown)
                if shown.utf8.count < data.utf8.count { json.field("cut", true) }
            } else if payload.count > decodedBytesMax {
                json.field("cut", true)
            }
        }
    }

    /// A Close frame; the reason is a name of ours, or the peer's own text.
    static func close(_ direction: Direction, _ code: CloseCode, _ reason: String, at time: Timestamp) -> [UInt8] {
        line("frame") { json in
            json.field("at", time)
            json.field("direction", direction.rawValue)
            json.field("kind", Kind.close.rawValue)
            json.field("code", code.rawValue)
            json.field("reason", reason)
        }
    }

    /// So many frames were not kept for a reader that was behind.
    static func lost(_ count: Int) -> [UInt8] { line("lost") { json in json.field("count", count) } }

    /// Nothing happened for a while.
    static let idle = line("idle") { _ in }

    /// The last line.
    static func closed(_ code: CloseCode) -> [UInt8] {
        line("closed") { json in
            json.field("code", code.rawValue)
            json.field("reason", code.name ?? "")
        }
    }

    private static func line(_ event: String, _ fields: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("event", event)
            fields(&json)
        }
        json.endLine()
        return json.takeBytes()
    }

    /// What a message says, credentials hidden; `nil` where that cannot be told apart.
    private static func text(of payload: Span<UInt8>, _ kind: Kind, _ profile: ProtocolID?) -> String? {
        switch kind {
        case .text: Redaction.hideCredentials(in: payload)
        case .binary where profile == .sync: Redaction.hideCredentials(inProtobuf: payload)
        case .binary, .ping, .pong, .close: nil
        }
    }

    /// As much of a text as is shown, ending at a character.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > dataBytesMax else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: dataBytesMax)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
