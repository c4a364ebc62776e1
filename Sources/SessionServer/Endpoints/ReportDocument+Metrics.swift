import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ReportDocument {
    /// `GET /metrics`.
    var metrics: HTTPResponse {
        var text = MetricsText()
        writeNode(to: &text)
        writeConnections(to: &text)
        writeMessages(to: &text)
        writeProcess(to: &text)
        return HTTPResponse(.ok, contentType: "text/plain; version=0.0.4; charset=utf-8", body: text.bytes)
    }

    private func writeNode(to text: inout MetricsText) {
        text.metric("build_info", "gauge", "The version that runs.")
        text.sample("build_info", ["version": configuration.version], 1)
        text.single("uptime_seconds", "gauge", "Seconds since the start.", uptime.milliseconds / 1000)
        text.single(
            "drain_state", "gauge", "0 serving, 1 announced, 2 closing.",
            node.drainState.rawValue)
        let reloads = node.reloads
        text.metric("config_reloads_total", "counter", "Reloads of the configuration.")
        text.sample("config_reloads_total", ["result": "ok"], reloads.accepted)
        text.sample("config_reloads_total", ["result": "rejected"], reloads.rejected)
        text.metric("insecure", "gauge", "1 where a service is open to everyone on a public address.")
        for (profile, isInsecure) in node.exposure {
            text.sample("insecure", ["profile": profile.rawValue], isInsecure ? 1 : 0)
        }
    }

    private func writeConnections(to text: inout MetricsText) {
        let counters = report.counters
        text.metric("connections", "gauge", "Open WebSockets.")
        for profile in ProtocolID.allCases {
            text.sample("connections", ["profile": profile.rawValue, "node": "self"], counters.opened[profile.index])
        }
        text.metric("connections_accepted_total", "counter", "WebSockets opened.")
        for profile in ProtocolID.allCases {
            text.sample(
                "connections_accepted_total", ["profile": profile.rawValue, "transport": "websocket"],
                counters.admitted[profile.index])
        }
        text.metric("connections_refused_total", "counter", "Connections kept out.")
        for reason in RefusalReason.allCases {
            text.sample("connections_refused_total", ["reason": reason.label], counters.refused[reason.rawValue])
        }
        text.metric("closes_total", "counter", "WebSockets closed, by close code.")
        for (key, count) in counters.closes.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "closes_total", ["profile": key.profile.rawValue, "code": "\(key.code.rawValue)"], count)
        }
        text.single("sockets", "gauge", "Open sockets, WebSockets or not.", counters.sockets)
        text.metric("slow_consumers_total", "counter", "Connections ended because their peer did not read.")
        text.sample("slow_consumers_total", ["profile": "awareness", "action": "disconnect"], counters.slowConsumers)
        text.metric("users", "gauge", "Users with windows.")
        text.sample("users", ["profile": "awareness"], report.awareness.users)
        text.metric("presence_members", "gauge", "Registered windows.")
        text.sample("presence_members", ["profile": "awareness"], report.awareness.registrations)
    }

    private func writeMessages(to text: inout MetricsText) {
        let counters = report.counters
        text.metric("messages_in_total", "counter", "Messages received.")
        for kind in AwarenessClientKind.allCases {
            text.sample(
                "messages_in_total", ["profile": "awareness", "type": kind.name], report.messages[kind])
        }
        text.sample("messages_in_total", ["profile": "echo", "type": "message"], counters.echoMessages)
        text.metric("messages_out_total", "counter", "Messages sent; a published one counts once a receiver.")
        for kind in AwarenessServerKind.allCases {
            text.sample(
                "messages_out_total", ["profile": "awareness", "type": kind.name], report.messages[kind])
        }
        text.sample("messages_out_total", ["profile": "echo", "type": "message"], counters.echoMessages)
        text.metric("errors_total", "counter", "Errors that peers were told.")
        for code in AwarenessErrorCode.allCases {
            text.sample("errors_total", ["profile": "awareness", "code": code.name], report.messages[code])
        }
        text.metric("rate_limited_total", "counter", "Messages refused because they came too fast.")
        text.sample("rate_limited_total", ["profile": "awareness"], report.messages[.rateLimited])
        text.single("bytes_in_total", "counter", "Bytes received, framing included.", counters.bytesIn)
        text.single("bytes_out_total", "counter", "Bytes sent, framing included.", counters.bytesOut)
        text.single("outq_bytes", "gauge", "Bytes that wait for slow peers.", counters.waitingBytes)
        text.histogram("handle_seconds", "Handling of one read, every 64th measured.", counters.handling)
        text.histogram("ping_rtt_seconds", "From a Ping to its Pong.", counters.pingRoundTrips)
    }

    private func writeProcess(to text: inout MetricsText) {
        let usage = ProcessUsage.read()
        let cpu = (usage.userTime + usage.systemTime).milliseconds
        text.process("cpu_seconds_total", "counter", "User and system time.", Double(cpu) / 1000)
        text.process("resident_memory_bytes", "gauge", "Resident memory.", usage.residentBytes)
        text.process("virtual_memory_bytes", "gauge", "Virtual memory.", usage.virtualBytes)
        text.process("open_fds", "gauge", "Open descriptors.", usage.openDescriptors)
        text.process("start_time_seconds", "gauge", "Start of the process.", node.startedAt.timestamp.seconds)
    }
}
