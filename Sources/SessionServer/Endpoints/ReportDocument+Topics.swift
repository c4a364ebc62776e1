import SessionBase
import SessionCodec
import SessionCore

/// What channels and lockers add to `/metrics` (PROTOCOLS §1.7); a service that does not run has no samples.
extension ReportDocument {
    private var hasChannels: Bool { configuration.serves(.channels) }
    private var hasLockers: Bool { configuration.serves(.lockers) }

    func writeTopicUsers(to text: inout MetricsText) {
        if hasChannels { text.sample("users", ["profile": "channels"], report.channels.users) }
        if hasLockers { text.sample("users", ["profile": "lockers"], report.lockers.users) }
    }

    func writeTopicMembers(to text: inout MetricsText) {
        if hasChannels { text.sample("presence_members", ["profile": "channels"], report.channels.subscriptions) }
        if hasLockers { text.sample("presence_members", ["profile": "lockers"], report.lockers.memberships) }
    }

    func writeTopicRooms(to text: inout MetricsText) {
        if hasChannels { text.sample("rooms", ["profile": "channels"], report.channels.channels) }
        if hasLockers { text.sample("rooms", ["profile": "lockers"], report.lockers.rooms) }
    }

    func writeTopicMessagesIn(to text: inout MetricsText) {
        if hasChannels {
            for kind in ChannelsClientKind.allCases {
                text.sample(
                    "messages_in_total", ["profile": "channels", "type": kind.name],
                    report.channelsCounters.received(of: kind))
            }
        }
        guard hasLockers else { return }
        for kind in LockersClientKind.allCases {
            text.sample(
                "messages_in_total", ["profile": "lockers", "type": kind.name],
                report.lockersCounters.received(of: kind))
        }
    }

    func writeTopicMessagesOut(to text: inout MetricsText) {
        if hasChannels {
            for kind in ChannelsServerKind.allCases {
                text.sample(
                    "messages_out_total", ["profile": "channels", "type": kind.name],
                    report.channelsCounters.sent(of: kind))
            }
        }
        guard hasLockers else { return }
        for kind in LockersServerKind.allCases {
            text.sample(
                "messages_out_total", ["profile": "lockers", "type": kind.name], report.lockersCounters.sent(of: kind))
        }
    }

    func writeTopicErrors(to text: inout MetricsText) {
        if hasChannels {
            for code in ChannelsErrorCode.allCases {
                text.sample(
                    "errors_total", ["profile": "channels", "code": "\(code.name)"],
                    report.channelsCounters.errors(code))
            }
        }
        guard hasLockers else { return }
        for code in LockersErrorCode.allCases {
            text.sample(
                "errors_total", ["profile": "lockers", "code": "\(code.name)"], report.lockersCounters.errors(code))
        }
    }

    func writeTopicRates(to text: inout MetricsText) {
        if hasChannels {
            text.sample("rate_limited_total", ["profile": "channels"], report.channelsCounters.rateLimited)
        }
        if hasLockers { text.sample("rate_limited_total", ["profile": "lockers"], report.lockersCounters.rateLimited) }
    }

    /// What only these services have.
    func writeTopics(to text: inout MetricsText) {
        guard hasChannels || hasLockers else { return }
        writeCalls(to: &text)
        text.metric("kept_bytes", "gauge", "Messages that are kept for those who come back.")
        if hasChannels { text.sample("kept_bytes", ["profile": "channels"], report.channels.keptBytes) }
        if hasLockers { text.sample("kept_bytes", ["profile": "lockers"], report.lockers.historyBytes) }
        if hasLockers { writeNamespaces(to: &text) }
        guard hasChannels else { return }
        text.single("reports", "gauge", "Reports that are remembered.", report.channels.reports)
        text.single("streams", "gauge", "Streams that are remembered.", report.channels.streams)
        writeHooks(to: &text)
    }

    private func writeCalls(to text: inout MetricsText) {
        func sample(_ profile: String, _ requests: Int, _ failures: Int) {
            text.sample("calls_total", ["profile": profile, "result": "ok"], requests - failures)
            text.sample("calls_total", ["profile": profile, "result": "error"], failures)
        }
        text.metric("calls_total", "counter", "Requests of the HTTP API that a machine answered.")
        let (channels, lockers) = (report.channelsCounters, report.lockersCounters)
        if hasChannels { sample("channels", channels.requests, channels.requestFailures) }
        if hasLockers { sample("lockers", lockers.requests, lockers.requestFailures) }
    }

    private func writeNamespaces(to text: inout MetricsText) {
        text.metric("namespace_connections", "gauge", "Open WebSockets of each namespace of lockers.")
        for (namespace, count) in report.lockers.namespaces.sorted(by: { $0.key < $1.key }) {
            text.sample("namespace_connections", ["namespace": namespace], count)
        }
    }

    private func writeHooks(to text: inout MetricsText) {
        let hooks = node.hooks.counters
        text.metric("hook_calls_total", "counter", "Calls of the operator's endpoint.")
        text.sample("hook_calls_total", ["result": "accepted"], hooks.accepted)
        text.sample("hook_calls_total", ["result": "refused"], hooks.refused)
        text.sample("hook_calls_total", ["result": "failed"], hooks.failed)
        let dropped = hooks.dropped + report.channelsCounters.untoldChannels
        text.sample("hook_calls_total", ["result": "dropped"], dropped)
        text.single("hook_retries_total", "counter", "Attempts beside the first of each call.", hooks.retries)
        text.single("hook_queue", "gauge", "Calls that wait or are under way.", hooks.waiting)
    }
}
