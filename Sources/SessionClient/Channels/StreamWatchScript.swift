package import SessionBase
package import SessionCodec

/// `stream watch`: the rows of a template's feed, one event each (PROTOCOLS 2-24 … 2-26).
///
/// *connecting* → *opening* (interval and filter are sent) → *watching*. The feed itself comes first, oldest row first,
/// then every row that is pushed.
package struct StreamWatchScript: WatchScript {
    /// Which rows are wanted.
    package struct Subject: Equatable, Sendable {
        /// At most one answer in this time; `nil` takes each row at once.
        package var interval: Duration?
        /// Whether all rows of an interval are wanted, or the newest alone.
        package var isBatch = false
        /// What rows must have.
        package var filter: StreamFilter?

        /// Wants all rows.
        package init() {}
    }

    private enum State {
        case connecting
        /// `unfiltered` is how many answers with the feed are to come before the filter counts.
        case opening(unfiltered: Int, until: Instant)
        case watching
    }

    private var state = State.connecting
    private var rule: WatchRule
    private var hasWatched = false
    private let template: String
    private let subject: Subject
    private let timeout: Duration

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - template: The feed, for messages.
    ///   - conditions: When enough was seen.
    ///   - timeout: How long the server may take to send the feed.
    package init(
        _ template: String, _ subject: Subject, _ conditions: StopRule.Conditions, timeout: Duration
    ) {
        self.template = template
        self.subject = subject
        rule = WatchRule(conditions)
        self.timeout = timeout
    }

    package var deadline: Instant? {
        let opening: Instant? = if case .opening(_, let until) = state { until } else { nil }
        return [opening, rule.deadline].compactMap { $0 }.min()
    }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        // The feed comes unasked as well, before the filter is known.
        state = .opening(unfiltered: subject.filter == nil ? 0 : 1, until: now + timeout)
        var messages: [ChannelsClientMessage] = []
        if let interval = subject.interval {
            let mode: StreamMode? = subject.isBatch ? .batch : nil
            messages.append(.updateInterval(interval.nanoseconds / 1_000_000, mode: mode))
        }
        if let filter = subject.filter { messages.append(.applyFilter(filter)) }
        return messages.map { .send($0.encoded()) }
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let frame = try? ChannelsServerFrame.decode(text).message else { return [] }
        switch (state, frame.message) {
        // Interval and filter are judged whenever the server comes to read them.
        case (_, .error(let error)): return [.reject(ServiceRejection(error))]
        case (.opening(let unfiltered, let until), .initialData) where unfiltered > 0:
            state = .opening(unfiltered: unfiltered - 1, until: until)
            return []
        case (.opening, .initialData(let rows)): return enter(rows, at: now)
        case (.watching, .initialData(let rows)): return tell(rows.reversed(), isInitial: true, at: now)
        case (.watching, .dataUpdate(let row, _)): return tell([row], isInitial: false, at: now)
        case (.watching, .dataBatch(let rows, _)): return tell(rows, isInitial: false, at: now)
        default: return []
        }
    }

    private mutating func enter(_ rows: [StreamRow], at now: Instant) -> [WatchAction] {
        state = .watching
        guard hasWatched else {
            hasWatched = true
            rule.began(at: now)
            let count = "\(rows.count) row\(rows.count == 1 ? "" : "s")"
            return [.remark("watching stream \(template), which holds \(count)")]
                + tell(rows.reversed(), isInitial: true, at: now)
        }
        let gap = WatchNews.gap(
            [("template", template)], "rows that were pushed meanwhile and are no longer held are lost; all held follow"
        )
        return rule.tell(gap, at: now) + tell(rows.reversed(), isInitial: true, at: now)
    }

    private mutating func tell(_ rows: [StreamRow], isInitial: Bool, at now: Instant) -> [WatchAction] {
        var actions: [WatchAction] = []
        for row in rows {
            let value: JSONValue = [
                "event": "row", "initial": .boolean(isInitial), "row": row.fragment.value,
            ]
            actions += rule.tell(WatchNews(value, line: row.fragment.text), at: now)
            if case .leave? = actions.last { break }
        }
        return actions
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        state = .connecting
        return returns ? [] : rule.ended(end)
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        if case .opening(_, let until) = state, now >= until {
            return [.leave(.tryAgain, explanation: ["the server did not send the stream within \(timeout.spelled)"])]
        }
        return rule.tick(at: now)
    }
}
