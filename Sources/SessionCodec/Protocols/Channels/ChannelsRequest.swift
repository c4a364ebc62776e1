/// A client's message as the server reads it: a kind, and places in the text where its fields stand.
///
/// The text is passed over once, whatever the order of its keys, and nothing is copied: what is found is remembered and
/// judged at the end, when the type is known. What the machine needs it copies out of the text, each with one call.
package struct ChannelsRequest: Sendable {
    /// What is asked for.
    package private(set) var kind = ChannelsClientKind.ping

    private(set) var type = FoundValue.absent
    private(set) var id = FoundValue.absent
    private var channelField = FoundValue.absent
    private var sinceField = FoundValue.absent
    private var messageField = FoundValue.absent
    private var templateField = FoundValue.absent
    private var reasonField = FoundValue.absent
    private var intervalField = FoundValue.absent
    private var modeField = FoundValue.absent
    private var filterField = FoundValue.absent

    private init() {}

    /// Reads one message of a client.
    ///
    /// - Parameter bytes: The text; need not be valid UTF-8 yet.
    /// - Throws: ``ChannelsRefusal``, with the client's `id` where it could be read.
    /// - Complexity: O(n), one pass; allocates nothing for plain ASCII but the parts of a `since` or a filter.
    package static func decode(_ bytes: Span<UInt8>) throws(ChannelsRefusal) -> ChannelsRequest {
        var request = ChannelsRequest()
        try request.read(bytes)
        do { try request.judge(bytes) } catch { throw error.with(request.tag(in: bytes)) }
        return request
    }

    // MARK: What was found

    /// What the client wants to know the reply by (EXT).
    package func tag(in bytes: Span<UInt8>) -> MessageTag? { id.tag(in: bytes) }

    /// The channel of `subscribe`, `unsubscribe` and `publish`.
    package func channel(in bytes: Span<UInt8>) -> String { channelField.text.string(in: bytes) }

    /// From where on a `subscribe` wants to hear; `nil` where it is not positioned.
    package func since(in bytes: Span<UInt8>) -> TopicSince? { sinceField.topicSince(in: bytes) }

    /// The message of a `publish`.
    ///
    /// - Throws: ``ChannelsRefusal`` where it is nested too deep, has a number that is not finite, or has no `type`.
    package func message(in bytes: Span<UInt8>) throws(ChannelsRefusal) -> ProducerMessage {
        guard messageField.kind == .object,
            let copy = JSONFragment(messageField.range, in: bytes, depthMax: ProducerMessage.depthMax),
            let message = ProducerMessage(copy)
        else { throw ChannelsRefusal.field("message").with(tag(in: bytes)) }
        return message
    }

    /// The template of `subscribe_template`.
    package func template(in bytes: Span<UInt8>) -> String { templateField.text.string(in: bytes) }

    /// The reason of `cancel_report`, where it gives one.
    package func reason(in bytes: Span<UInt8>) -> String? { reasonField.string(in: bytes) }

    /// The interval of `update_interval`, in milliseconds; 0 for every update.
    package func interval(in bytes: Span<UInt8>) -> Int64 {
        guard let interval = intervalField.integer(in: bytes) else {
            preconditionFailure("an interval of a \(kind.name)")
        }
        return interval
    }

    /// The mode of `update_interval`, where it names one.
    package func mode(in bytes: Span<UInt8>) -> StreamMode? {
        modeField.string(in: bytes).flatMap(StreamMode.init(rawValue:))
    }

    /// The filter of `apply_filter`.
    package func filter(in bytes: Span<UInt8>) -> StreamFilter {
        guard let filter = filterField.streamFilter(in: bytes) else {
            preconditionFailure("a filter of a \(kind.name)")
        }
        return filter
    }
}

/// Why a text is not a request of channels, and what the reply must repeat.
package typealias ChannelsRefusal = Refusal<ChannelsErrorCode>

extension ChannelsRefusal {
    /// The error that answers it.
    package var reply: ChannelsServerMessage { .error(ChannelsError(code, message: sentence)) }
}

// MARK: Reading

extension ChannelsRequest: FlatRequest {
    typealias Code = ChannelsErrorCode

    mutating func keep(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("type") {
            type = value
        } else if name == ShortText("channel") {
            channelField = value
        } else if name == ShortText("message") {
            messageField = value
        } else if name == ShortText("id") {
            id = value
        } else if name == ShortText("since") {
            sinceField = value
        } else if name == ShortText("templateId") {
            templateField = value
        } else if name == ShortText("reason") {
            reasonField = value
        } else if name == ShortText("interval") {
            intervalField = value
        } else if name == ShortText("mode") {
            modeField = value
        } else if name == ShortText("filter") {
            filterField = value
        }
    }
}

// MARK: Judging

extension ChannelsRequest {
    /// The longest reason of a `cancel_report`, in scalars (PROTOCOLS §4.3).
    package static let reasonScalarsMax = 256
    /// The intervals that a stream can have, in milliseconds; 0 is allowed as well (PROTOCOLS 2-25).
    package static let intervals: ClosedRange<Int64> = 250...3_600_000

    /// Checks what was found against what the type requires (PROTOCOLS §4.3).
    private mutating func judge(_ bytes: Span<UInt8>) throws(ChannelsRefusal) {
        kind = try judgedKind(bytes)
        switch kind {
        case .ping, .getStatus, .requestUpdate: break
        case .subscribe:
            try judgeChannel(bytes)
            if !sinceField.isAbsentValue, sinceField.topicSince(in: bytes) == nil { throw .field("since") }
        case .unsubscribe: try judgeChannel(bytes)
        case .publish:
            try judgeChannel(bytes)
            guard messageField.kind == .object else { throw .field("message") }
        case .subscribeTemplate:
            guard templateField.isIdentifier(in: bytes) else { throw .field("templateId") }
        case .cancelReport:
            guard reasonField.isAbsentValue || reasonField.isText(in: bytes, scalarsMax: Self.reasonScalarsMax) else {
                throw .field("reason")
            }
        case .updateInterval: try judgeInterval(bytes)
        case .applyFilter:
            guard filterField.streamFilter(in: bytes) != nil else { throw ChannelsRefusal(.invalidFilter) }
        }
    }

    private func judgeChannel(_ bytes: Span<UInt8>) throws(ChannelsRefusal) {
        guard channelField.isText else { throw .field("channel") }
        let isAllowed =
            channelField.kind == .anyText
            ? ChannelName.allows(channelField.text.string(in: bytes))
            : ChannelName.allows(bytes.extracting(channelField.range))
        guard isAllowed else { throw ChannelsRefusal(.invalidChannel) }
    }

    private func judgeInterval(_ bytes: Span<UInt8>) throws(ChannelsRefusal) {
        guard let interval = intervalField.integer(in: bytes), interval == 0 || Self.intervals ~= interval else {
            throw ChannelsRefusal(.invalidInterval)
        }
        guard modeField.isAbsentValue || mode(in: bytes) != nil else { throw .field("mode") }
    }
}

// MARK: Values

extension FoundValue {
    /// The place that an object names, or the text of a query parameter.
    func topicSince(in bytes: Span<UInt8>) -> TopicSince? {
        guard kind == .object else { return nil }
        return fragment(in: bytes).flatMap { TopicSince(object: $0.value) }
    }

    fileprivate func streamFilter(in bytes: Span<UInt8>) -> StreamFilter? {
        guard kind == .object, let fragment = fragment(in: bytes) else { return nil }
        return StreamFilter(fragment)
    }
}
