import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionStorage

extension ReportDocument {
    /// `GET /metrics`.
    var metrics: HTTPResponse {
        var text = MetricsText()
        writeNode(to: &text)
        writeConnections(to: &text)
        writeMessages(to: &text)
        writeAccess(to: &text)
        writeTopics(to: &text)
        writeBoards(to: &text)
        writeStore(to: &text)
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
        for (profile, isInsecure) in node.exposure(configuration.access) {
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
        writeSlowConsumers(to: &text)
        text.metric("users", "gauge", "Users with windows or devices.")
        text.sample("users", ["profile": "awareness"], report.awareness.users)
        text.sample("users", ["profile": "sync"], report.sync.users)
        writeTopicUsers(to: &text)
        if hasBoard { text.sample("users", ["profile": "board"], report.board.users) }
        text.metric("presence_members", "gauge", "Registered windows, devices that are there, and subscriptions.")
        text.sample("presence_members", ["profile": "awareness"], report.awareness.registrations)
        text.sample("presence_members", ["profile": "sync"], report.sync.devices)
        writeTopicMembers(to: &text)
        if hasBoard { text.sample("presence_members", ["profile": "board"], report.board.users) }
        text.metric("rooms", "gauge", "Sessions with a device that is there; channels and rooms with a subscriber.")
        text.sample("rooms", ["profile": "sync"], report.sync.activeSessions)
        writeTopicRooms(to: &text)
        if hasBoard { text.sample("rooms", ["profile": "board"], report.board.rooms) }
        text.metric("recoveries_total", "counter", "Connections that asked to go on where they were cut off.")
        text.sample(
            "recoveries_total", ["result": "ok"],
            report.syncCounters.recovered + report.channelsCounters.recovered + report.lockersCounters.recovered
                + report.boardCounters.recovered)
        text.sample(
            "recoveries_total", ["result": "failed"],
            report.syncCounters.notRecovered + report.channelsCounters.notRecovered
                + report.lockersCounters.notRecovered + report.boardCounters.notRecovered)
    }

    private func writeSlowConsumers(to text: inout MetricsText) {
        let counters = report.counters
        text.metric(
            "slow_consumers_total", "counter",
            "Connections ended, and messages dropped or replaced, because a peer did not read.")
        func sample(_ profile: ProtocolID, _ action: String, _ value: UInt64) {
            text.sample("slow_consumers_total", ["profile": profile.rawValue, "action": action], value)
        }
        for profile in ProtocolID.allCases where profile != .echo {
            sample(profile, "disconnect", counters.slowConsumers[profile.index])
        }
        for profile in [ProtocolID.channels, .lockers, .board] {
            sample(profile, "drop", counters.droppedMessages[profile.index])
            sample(profile, "conflate", counters.conflatedMessages[profile.index])
        }
    }

    private func writeFanout(to text: inout MetricsText) {
        text.metric("fanout_seconds", "histogram", "From the acceptance of a message to its last send on any loop.")
        text.samples("fanout_seconds", of: report.channelsCounters.fanout, label: #"profile="channels""#)
        text.samples("fanout_seconds", of: report.lockersCounters.fanout, label: #"profile="lockers""#)
        text.samples("fanout_seconds", of: report.counters.boardFanout, label: #"profile="board""#)
    }

    private func writeMessages(to text: inout MetricsText) {
        let counters = report.counters
        text.metric("messages_in_total", "counter", "Messages received.")
        for kind in AwarenessClientKind.allCases {
            text.sample(
                "messages_in_total", ["profile": "awareness", "type": kind.name], report.messages[kind])
        }
        for kind in SyncKind.allCases where kind.isFromClient {
            text.sample(
                "messages_in_total", ["profile": "sync", "type": kind.metricName],
                report.syncCounters.received(of: kind))
        }
        writeTopicMessagesIn(to: &text)
        writeBoardMessagesIn(to: &text)
        text.sample("messages_in_total", ["profile": "echo", "type": "message"], counters.echoMessages)
        text.metric("messages_out_total", "counter", "Messages sent; a published one counts once a receiver.")
        for kind in AwarenessServerKind.allCases {
            text.sample(
                "messages_out_total", ["profile": "awareness", "type": kind.name], report.messages[kind])
        }
        for kind in SyncKind.allCases where kind.isFromServer {
            text.sample(
                "messages_out_total", ["profile": "sync", "type": kind.metricName], report.syncCounters.sent(of: kind))
        }
        writeTopicMessagesOut(to: &text)
        writeBoardMessagesOut(to: &text)
        text.sample("messages_out_total", ["profile": "echo", "type": "message"], counters.echoMessages)
        text.metric("errors_total", "counter", "Errors that peers were told.")
        for code in AwarenessErrorCode.allCases {
            text.sample("errors_total", ["profile": "awareness", "code": code.name], report.messages[code])
        }
        for code in SyncErrorCode.allCases {
            text.sample("errors_total", ["profile": "sync", "code": code.name], report.syncCounters.errors(code))
        }
        writeTopicErrors(to: &text)
        writeBoardErrors(to: &text)
        text.metric("rate_limited_total", "counter", "Messages refused because they came too fast.")
        text.sample("rate_limited_total", ["profile": "awareness"], report.messages[.rateLimited])
        text.sample("rate_limited_total", ["profile": "sync"], report.syncCounters.rateLimited)
        writeTopicRates(to: &text)
        if hasBoard { text.sample("rate_limited_total", ["profile": "board"], report.boardCounters.rateLimited) }
        text.single("bytes_in_total", "counter", "Bytes received, framing included.", counters.bytesIn)
        text.single("bytes_out_total", "counter", "Bytes sent, framing included.", counters.bytesOut)
        text.single("outq_bytes", "gauge", "Bytes that wait for slow peers.", counters.waitingBytes)
        writeFanout(to: &text)
        text.histogram("handle_seconds", "Handling of one read, every 64th measured.", counters.handling)
        text.histogram("ping_rtt_seconds", "From a Ping to its Pong.", counters.pingRoundTrips)
    }

    private func writeAccess(to text: inout MetricsText) {
        text.metric("auth_failures_total", "counter", "Credentials that were refused.")
        for (reason, count) in node.access.refusals { text.sample("auth_failures_total", ["reason": reason], count) }
    }

    private func writeStore(to text: inout MetricsText) {
        guard node.store != nil else { return }
        let store = report.store
        text.single(
            "store_up", "gauge", "1 while the store serves.", node.storeOutage(at: moment.instant) > .zero ? 0 : 1)
        text.metric("store_flush_total", "counter", "Writes that the store was asked for.")
        text.sample("store_flush_total", ["result": "ok"], store.writes.count - store.conflicts - store.failedWrites)
        text.sample("store_flush_total", ["result": "conflict"], store.conflicts)
        text.sample("store_flush_total", ["result": "unavailable"], store.failedWrites)
        writeBoardStores(to: &text)
        text.histogram("store_flush_seconds", "From asking for a write to its being durable.", store.writes)
        if hasBoard {
            text.samples("store_flush_seconds", of: report.boardCounters.storeTime, label: "profile=\"board\"")
        }
        writeEngine(store: node.store, to: &text)
        text.histogram("store_read_seconds", "From asking for a document to having it.", store.reads)
    }

    private func writeEngine(store: (any StorageEngine)?, to text: inout MetricsText) {
        guard let figures = store?.figures else { return }
        if let bytes = figures.walBytes {
            text.single("wal_bytes", "gauge", "Bytes of the store's write-ahead log.", bytes)
        }
        guard let redis = figures.redis else { return }
        text.single("redis_up", "gauge", "1 while the Redis server answers.", redis.isUp ? 1 : 0)
        text.single("redis_reconnects_total", "counter", "Connections to Redis made again.", redis.reconnects)
        text.histogram("redis_command_seconds", "From sending a command to Redis to its reply.", redis.commands)
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

extension SyncKind {
    /// The label of a type: `heartbeat_ack`.
    fileprivate var metricName: String { name.lowercased() }
}
