import SessionBase
import SessionCodec

/// The maintenance notices that whoever comes later is shown until their windows are over (PROTOCOLS §4.4).
///
/// A notice is known by its `data.id`; one without replaces the one before it (PROTOCOLS §1.10).
struct NoticeBoard: Sendable {
    private struct Notice: Sendable {
        let id: String?
        let frame: [UInt8]
        let endsAt: Timestamp
    }

    /// By channel, in the order of their publication.
    private var notices: [String: [Notice]] = [:]

    /// How many notices of a channel are remembered; beyond that the oldest goes.
    static let noticesMax = 100

    /// How many bytes a notice that is remembered has at most; a longer one is only published.
    static let bytesMax = 64 << 10

    /// The type of the messages that are remembered.
    static let kind = ChannelsServerKind.maintenanceNotice.name

    /// Remembers a notice whose window is known and not over; a notice of the same id without such a window is taken down.
    ///
    /// - Parameters:
    ///   - message: What the producer wrote.
    ///   - frame: The same as subscribers get it.
    mutating func put(_ message: ProducerMessage, frame: [UInt8], on channel: String, at now: Timestamp) {
        let data = message.fragment.value["data"]
        let id = data?["id"]?.string
        var list = notices[channel] ?? []
        list.removeAll { $0.id == id || $0.endsAt <= now }
        if let end = Self.end(of: data), end > now, frame.count <= Self.bytesMax {
            list.append(Notice(id: id, frame: frame, endsAt: end))
        }
        if list.count > Self.noticesMax { list.removeFirst() }
        notices[channel] = list.isEmpty ? nil : list
    }

    /// The frames of a channel's notices whose windows are not over, in the order of their publication.
    func active(on channel: String, at now: Timestamp) -> [[UInt8]] {
        (notices[channel] ?? []).filter { $0.endsAt > now }.map(\.frame)
    }

    /// When a notice's window is over: `startTime` and an ISO 8601 `duration`; `nil` where it has none.
    private static func end(of data: JSONValue?) -> Timestamp? {
        guard let start = data?["startTime"]?.string.flatMap({ Timestamp(parsing: $0.utf8.span) }) else { return nil }
        guard let text = data?["duration"] else { return start }
        return text.string.flatMap { ISODuration($0) }?.added(to: start)
    }
}
