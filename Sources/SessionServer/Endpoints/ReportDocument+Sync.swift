import SessionBase
import SessionCodec
import SessionCore

/// What sync's own endpoints say about it (seed 001, *Admin Dashboard* and *Monitoring*; PROTOCOLS §3.3).
extension ReportDocument {
    /// `GET /health` (PROTOCOLS 1-26).
    var health: HTTPResponse {
        let isDraining = node.drainState != .serving
        let isStoreDown = node.storeOutage(at: moment.instant) > .zero
        var response = HTTPResponse.json { json in
            json.field("status", isDraining ? "draining" : isStoreDown ? "degraded" : "healthy")
            json.field("timestamp", moment.timestamp)
            json.field("version", configuration.version)
            json.field("uptime", uptime.inGoSpelling)
            json.field("active_connections", report.counters.opened[ProtocolID.sync.index])
            json.field("metrics") { json in
                json.object { json in
                    json.field("snapshot_ttl_hours", configuration.sync.sessionLife.components.seconds / 3600)
                    json.field("multi_device_enabled", true)
                    json.field("versioning_enabled", true)
                }
            }
        }
        if isDraining { response.status = .serviceUnavailable }
        return response
    }

    /// `GET /admin/metrics/…`.
    func syncMetrics(_ section: SyncMetricsSection) -> HTTPResponse {
        if report.isStoreUnavailable, section != .connections { return .storeUnavailable }
        return .json { json in write(section, to: &json) }
    }

    /// The payload of the ADMIN_UPDATE that administrators' sockets get every few seconds.
    var adminUpdate: [UInt8] {
        var data = JSONWriter()
        data.object { json in write(.all, to: &json) }
        var json = JSONWriter()
        json.object { json in
            json.field("kind", SyncAdminUpdate.Kind.metrics.rawValue)
            json.field("data") { json in json.raw(data.takeBytes().span) }
        }
        return json.takeBytes()
    }

    private func write(_ section: SyncMetricsSection, to json: inout JSONWriter) {
        switch section {
        case .sessions: writeSessions(to: &json)
        case .connections: writeConnections(to: &json)
        case .snapshots: writeSnapshots(to: &json)
        case .all:
            json.field("sessions") { json in json.object(writeSessions) }
            json.field("connections") { json in json.object(writeConnections) }
            json.field("snapshots") { json in json.object(writeSnapshots) }
            json.field("timestamp", moment.timestamp)
        }
    }

    private func writeSessions(to json: inout JSONWriter) {
        let sync = report.sync
        json.field("active_sessions", sync.activeSessions)
        json.field("total_sessions", report.snapshots?.documents ?? 0)
        json.field("sessions_created_24h", report.snapshots?.createdSince ?? 0)
        json.field("avg_devices_per_session", Self.average(sync.devices, of: sync.activeSessions))
        json.field("multi_device_sessions", sync.multiDeviceSessions)
    }

    private func writeConnections(to json: inout JSONWriter) {
        let traffic = report.counters.traffic[ProtocolID.sync.index]
        json.field("active_connections", report.counters.opened[ProtocolID.sync.index])
        json.field("peak_connections", node.syncPeak)
        json.field("total_connections", report.counters.admitted[ProtocolID.sync.index])
        json.field("messages_in", traffic.messagesIn)
        json.field("messages_out", traffic.messagesOut)
        json.field("bytes_in", traffic.bytesIn)
        json.field("bytes_out", traffic.bytesOut)
        json.field("avg_latency_ms", report.counters.pingRoundTrips.meanMilliseconds)
        json.field("by_device_type") { json in
            json.object { json in
                for (type, count) in zip(SyncDeviceType.allCases, report.sync.devicesByType) {
                    json.field(type.rawValue, count)
                }
            }
        }
    }

    private func writeSnapshots(to json: inout JSONWriter) {
        let stored = report.snapshots ?? StoreStatistics()
        let counters = report.syncCounters
        json.field("total_snapshots", stored.documents)
        json.field("total_bytes", stored.bytes)
        json.field("stored_bytes", stored.storedBytes)
        json.field("compressed", stored.compressed)
        json.field("avg_size_bytes", stored.documents == 0 ? 0 : stored.bytes / stored.documents)
        json.field("writes_1m", counters.snapshotWrites.count(at: moment.instant))
        json.field("reads_1m", counters.snapshotReads.count(at: moment.instant))
        json.field("conflicts_total", counters.conflicts)
        json.field("write_p50_ms", counters.writeLatency.percentileMilliseconds(0.5))
        json.field("write_p99_ms", counters.writeLatency.percentileMilliseconds(0.99))
        json.field("read_p50_ms", counters.readLatency.percentileMilliseconds(0.5))
        json.field("read_p99_ms", counters.readLatency.percentileMilliseconds(0.99))
    }

    private static func average(_ sum: Int, of count: Int) -> Double {
        count == 0 ? 0 : (Double(sum) / Double(count) * 100).rounded() / 100
    }

    /// A page of stored sessions, by id; a filter that looks at devices thins the page out.
    func sessions(_ found: StorePage, _ page: Page) -> HTTPResponse {
        if report.isStoreUnavailable { return .storeUnavailable }
        let shown = found.documents.filter { document in
            let types = report.presence[document.key.name] ?? []
            if let type = page.deviceType, !types.contains(where: { $0.rawValue == type }) { return false }
            return page.state == nil || (page.state == "active") == !types.isEmpty
        }
        return list(
            shown.map { document in { json in write(document, to: &json) } }, cursor: found.next, total: found.total)
    }

    private func write(_ document: Document, to json: inout JSONWriter) {
        let online = report.presence[document.key.name]?.count ?? 0
        let summary = SessionSummary(decoding: document.body)
        json.object { json in
            json.field("session_id", document.key.name)
            json.field("user_id", document.owner)
            json.field("state", online > 0 ? "active" : "idle")
            json.field("version", summary?.version ?? 0)
            json.field("devices_online", online)
            json.field("size_bytes", document.body.count)
            json.field("created_at", summary?.createdAt ?? document.createdAt)
            json.field("updated_at", summary?.updatedAt ?? document.updatedAt)
            if let expiresAt = document.expiresAt { json.field("expires_at", expiresAt) }
        }
    }

    /// `POST /admin/broadcast`.
    var broadcast: HTTPResponse {
        .json { json in
            json.field("status", "sent")
            json.field("recipients", report.affected)
        }
    }
}

extension Histogram {
    /// The mean in milliseconds, to the microsecond; 0 while there is none.
    fileprivate var meanMilliseconds: Double {
        count == 0 ? 0 : (Double(sumNanoseconds) / Double(count) / 1e3).rounded() / 1e3
    }

    /// A percentile in milliseconds; 0 while there is none.
    fileprivate func percentileMilliseconds(_ fraction: Double) -> Double {
        percentile(fraction).map { Double($0.nanoseconds) / 1e6 } ?? 0
    }
}

extension Duration {
    /// Whole seconds as Go's `time.Duration` spells them: `72h15m30s`, `2m0s`, `9s` (seed 001, *Monitoring*).
    var inGoSpelling: String {
        let seconds = max(0, components.seconds)
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        if hours > 0 { return "\(hours)h\(minutes)m\(rest)s" }
        return minutes > 0 ? "\(minutes)m\(rest)s" : "\(rest)s"
    }
}
