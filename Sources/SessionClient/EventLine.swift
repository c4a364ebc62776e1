package import SessionBase
package import SessionCodec
import SessionIO

/// When something happened, to the nanosecond, for `--json`.
package struct EventTime: Equatable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package var wallNanoseconds: Int64
    /// The monotonic clock, for differences.
    package var instant: Instant

    /// Pairs the readings of both clocks.
    package init(wallNanoseconds: Int64, instant: Instant) {
        self.wallNanoseconds = wallNanoseconds
        self.instant = instant
    }

    /// `2026-11-21T11:27:47.123456789Z`.
    package var text: String {
        let second =
            wallNanoseconds >= 0 ? wallNanoseconds / 1_000_000_000 : (wallNanoseconds - 999_999_999) / 1_000_000_000
        var bytes: [UInt8] = []
        Timestamp(milliseconds: second * 1000).append(to: &bytes)
        bytes.removeLast("000Z".utf8.count)
        bytes.appendDecimal(Int(wallNanoseconds - second * 1_000_000_000), digits: 9)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Writes what happened as NDJSON: one object a line, the same keys for both directions, additions only at later versions.
///
/// Every line has `t` (wall clock, nanoseconds, UTC) and `mono_ns` (monotonic). A frame has `dir` (`in` or `out`), `op`
/// (`text`, `binary`, `ping`, `pong` or `close`), `len` (bytes of payload) and its payload: `data` as a string for text,
/// `b64` for binary, ping and pong, `code` and `reason` for close. Everything else has `event`: `open`, `closed`,
/// `reconnect` or `error`.
package enum EventLine {
    /// Which way a frame went.
    package enum Direction: String, Sendable {
        case `in`
        case out
    }

    /// A frame that was received or sent.
    package enum Frame: Sendable {
        case message(MessageKind, [UInt8])
        case ping([UInt8])
        case pong([UInt8])
    }

    /// Appends the line of a frame.
    package static func append(_ frame: Frame, _ direction: Direction, at time: EventTime, to output: inout [UInt8]) {
        append(at: time, to: &output) { json in
            json.field("dir", direction.rawValue)
            switch frame {
            case .message(.text, let payload):
                json.field("op", "text")
                json.field("len", payload.count)
                json.key("data")
                json.value(utf8: payload.span)
            case .message(.binary, let payload): appendBytes("binary", payload, &json)
            case .ping(let payload): appendBytes("ping", payload, &json)
            case .pong(let payload): appendBytes("pong", payload, &json)
            }
        }
    }

    /// Appends the line of a finished handshake.
    package static func append(
        _ handshake: HandshakeReport, to endpoint: String, at time: EventTime, to output: inout [UInt8]
    ) {
        append(at: time, to: &output) { json in
            json.field("event", "open")
            json.field("url", endpoint)
            json.field("address", handshake.address.description)
            json.field("subprotocol", handshake.subprotocol)
            json.field("deflate", handshake.isCompressed)
            json.field("took_ns", handshake.duration.nanoseconds)
        }
    }

    /// Appends the line of an end, and that of the reconnection that follows it.
    package static func append(
        _ end: ClientEnd, next: Reconnection?, at time: EventTime, to output: inout [UInt8]
    ) {
        append(at: time, to: &output) { json in
            switch end {
            case .closed(let close): appendClose(close, &json)
            case .failed(let failure): appendFailure(failure, &json)
            }
        }
        guard let next else { return }
        append(at: time, to: &output) { json in
            json.field("event", "reconnect")
            json.field("delay_ns", next.delay.nanoseconds)
            json.field("attempt", next.attempt)
        }
    }

    /// Appends the line of an error that is none of the connection's.
    package static func append(error message: String, named name: String, at time: EventTime, to output: inout [UInt8])
    {
        append(at: time, to: &output) { json in
            json.field("event", "error")
            json.field("error") { json in
                json.object { json in
                    json.field("code", name)
                    json.field("message", message)
                }
            }
        }
    }

    /// Appends a line of anything else; `body` writes the keys behind the two times.
    package static func append(
        at time: EventTime, to output: inout [UInt8], _ body: (inout JSONWriter) -> Void
    ) {
        var json = JSONWriter(appendingTo: output)
        json.object { json in
            json.field("t", time.text)
            json.field("mono_ns", time.instant.nanoseconds)
            body(&json)
        }
        json.endLine()
        output = json.takeBytes()
    }

    private static func appendBytes(_ operation: String, _ payload: [UInt8], _ json: inout JSONWriter) {
        json.field("op", operation)
        json.field("len", payload.count)
        json.field("b64", String(decoding: Base64.encode(payload.span), as: UTF8.self))
    }

    private static func appendClose(_ close: ClientClose, _ json: inout JSONWriter) {
        json.field("event", "closed")
        json.field("code", close.code.rawValue)
        json.field("name", close.code.name)
        json.field("reason", close.reason)
        json.field("by", close.origin.rawValue)
        json.field("uptime_ns", close.uptime.nanoseconds)
        json.field("messages_in", close.traffic.messagesIn)
        json.field("messages_out", close.traffic.messagesOut)
        json.field("bytes_in", close.traffic.payloadBytesIn)
        json.field("bytes_out", close.traffic.payloadBytesOut)
    }

    private static func appendFailure(_ failure: ClientFailure, _ json: inout JSONWriter) {
        json.field("event", "error")
        json.field("error") { json in
            json.object { json in
                json.field("code", failure.name)
                json.field("message", failure.description)
                if case .refused(let refusal) = failure {
                    json.field("http", refusal.status)
                    if let retryAfter = refusal.retryAfter {
                        json.field("retry_after", retryAfter.nanoseconds / 1_000_000_000)
                    }
                }
            }
        }
    }
}
