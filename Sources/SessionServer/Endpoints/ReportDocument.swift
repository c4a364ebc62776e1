import SessionBase
import SessionCodec
import SessionCore
import SessionIO

/// The JSON documents about the running node.
struct ReportDocument {
    let node: Node
    let configuration: ServerConfiguration
    let moment: Moment
    let report: LoopReport

    /// `GET /stats`: awareness' statistics as the seed's `getStats()` returns them (PROTOCOLS 0-19).
    var stats: HTTPResponse {
        .json { json in
            json.field("connections", report.counters.opened[ProtocolID.awareness.index])
            json.field("users", report.awareness.users)
            json.field("registrations", report.awareness.registrations)
            json.field("uptime", uptime.milliseconds)
        }
    }

    /// How long the node has run.
    var uptime: Duration { moment.instant - node.startedAt.instant }

    /// `GET /varz`: the node in numbers.
    var varz: HTTPResponse {
        let usage = ProcessUsage.read()
        return .json { json in
            json.field("version", configuration.version)
            json.field("pid", ProcessUsage.identifier)
            json.field("now", moment.timestamp)
            json.field("start", node.startedAt.timestamp)
            json.field("uptime_ms", uptime.milliseconds)
            json.field("drain_state", "\(node.drainState)")
            json.field("loops", node.loopCount)
            json.field("sockets", report.counters.sockets)
            json.field("connections") { json in
                json.object { json in
                    for profile in ProtocolID.allCases {
                        json.field(profile.rawValue, report.counters.opened[profile.index])
                    }
                }
            }
            json.field("users", report.awareness.users)
            json.field("registrations", report.awareness.registrations)
            json.field("channels", report.channels.channels)
            json.field("subscriptions", report.channels.subscriptions)
            json.field("lockers_rooms", report.lockers.rooms)
            json.field("board_rooms", report.board.rooms)
            json.field("bytes_in", report.counters.bytesIn)
            json.field("bytes_out", report.counters.bytesOut)
            json.field("messages_in", report.counters.messagesIn)
            json.field("messages_out", report.counters.messagesOut)
            json.field("slow_consumers", report.counters.slowConsumers.reduce(0, &+))
            json.field("outq_bytes", report.counters.waitingBytes)
            json.field("outq_bytes_max", report.counters.waitingBytesMax)
            json.field("closes", writeCloses)
            json.field("listeners", writeListeners)
            json.field("resident_bytes", usage.residentBytes)
            json.field("open_descriptors", usage.openDescriptors)
            json.field("cpu_user_ms", usage.userTime.milliseconds)
            json.field("cpu_system_ms", usage.systemTime.milliseconds)
        }
    }

    /// How many connections ended with which close code, by service.
    private func writeCloses(to json: inout JSONWriter) {
        json.object { json in
            for profile in ProtocolID.allCases {
                let closes = report.counters.closes.filter { $0.key.profile == profile }.sorted { $0.key < $1.key }
                json.field(profile.rawValue) { json in
                    json.object { json in
                        for (key, count) in closes { json.field("\(key.code.rawValue)", count) }
                    }
                }
            }
        }
    }

    /// Where the services listen, so that a tool on this machine finds the process behind an address.
    private func writeListeners(to json: inout JSONWriter) {
        json.array { json in
            for listener in node.listeners where !listener.configuration.profiles.isEmpty {
                json.object { json in
                    json.field("address", listener.listener.address.description)
                    json.field("secure", listener.isSecure)
                    json.field("profiles") { json in
                        json.array { json in
                            for profile in listener.configuration.profiles { json.value(profile.rawValue) }
                        }
                    }
                }
            }
        }
    }

    /// A page of open connections, oldest first; users only where the asker may know them.
    func connections(_ page: Page, showsUsers: Bool) -> HTTPResponse {
        let sorted = report.connections.sorted { $0.serial < $1.serial }
        let shown = sorted.prefix(page.limit)
        return list(
            shown.map { record in { json in write(record, showsUsers: showsUsers, to: &json) } },
            cursor: sorted.count > shown.count ? shown.last.map { String($0.serial) } : nil, total: report.total)
    }

    /// A page of closed connections, newest first (PROTOCOLS C16).
    func closedConnections(_ page: Page) -> HTTPResponse {
        let matching = report.closed.filter { record in
            (page.user == nil || record.user == page.user)
                && (page.deviceType == nil || record.device?.type.rawValue == page.deviceType)
        }
        let sorted = matching.sorted { ($0.closedAt, $0.serial) > ($1.closedAt, $1.serial) }
        let kept = sorted.prefix(ClosedConnections.capacityOfNode)
        let shown = kept.dropFirst(Int(clamping: page.number)).prefix(page.limit)
        let next = Int(clamping: page.number) + shown.count
        return list(
            shown.map { record in { json in Self.write(record, to: &json) } },
            cursor: next < kept.count ? String(next) : nil, total: kept.count)
    }

    /// One open connection.
    var connection: HTTPResponse {
        guard let record = report.connections.first else {
            return .error(.notFound, "NOT_FOUND", "no open connection has this id")
        }
        return .json { json in write(record, showsUsers: true, to: &json, bare: true) }
    }

    /// The hundred connections for which most waits, longest wait first (PROTOCOLS C5).
    var slow: HTTPResponse {
        let sorted = report.connections.sorted {
            ($0.waitingFor ?? .zero, $0.waitingBytes) > ($1.waitingFor ?? .zero, $1.waitingBytes)
        }
        let shown = sorted.prefix(100)
        return list(
            shown.map { record in { json in write(record, showsUsers: true, to: &json) } }, cursor: nil,
            total: sorted.count)
    }

    /// What a disconnect did.
    func disconnected(_ filter: ConnectionFilter) -> HTTPResponse {
        if case .serial = filter, report.affected == 0 {
            return .error(.notFound, "NOT_FOUND", "no open connection has this id")
        }
        return .json { json in json.field("disconnected", report.affected) }
    }

    /// Every key of the configuration, secrets masked.
    var configurationKeys: HTTPResponse {
        .json { json in
            for (key, value) in configuration.description { json.field(key, value) }
        }
    }

    /// One page of a list (PROTOCOLS §1.6).
    func list(
        _ items: [(inout JSONWriter) -> Void], cursor: String?, total: Int
    ) -> HTTPResponse {
        .json { json in
            json.field("items") { json in json.array { json in for item in items { item(&json) } } }
            json.field("next_cursor", cursor)
            json.field("total", total)
            json.field("nodes", 1)
        }
    }

    private func write(
        _ record: ConnectionRecord, showsUsers: Bool, to json: inout JSONWriter, bare: Bool = false
    ) {
        func fields(_ json: inout JSONWriter) {
            json.field("id", String(record.serial))
            json.field("profile", record.profile?.rawValue)
            if showsUsers {
                json.field("user_id", record.user)
                Self.write(record.device, to: &json)
                if let room = record.room { json.field("room_id", room) }
            }
            json.field("address", record.address)
            json.field("connected_at", record.openedAt)
            json.field("idle_ms", record.idle.milliseconds)
            Self.write(record.traffic, to: &json)
            json.field("queued_bytes", record.waitingBytes)
            json.field("queued_bytes_max", record.waitingBytesMax)
            json.field("queued_ms", (record.waitingFor ?? .zero).milliseconds)
            json.field("loop", record.loop)
        }
        if bare { fields(&json) } else { json.object(fields) }
    }

    private static func write(_ device: DeviceOfConnection?, to json: inout JSONWriter) {
        json.field("session_id", device?.session)
        json.field("device_id", device?.device)
        json.field("device_type", device?.type.rawValue)
    }

    private static func write(_ traffic: ConnectionTraffic, to json: inout JSONWriter) {
        json.field("bytes_in", traffic.bytesIn)
        json.field("bytes_out", traffic.bytesOut)
        json.field("messages_in", traffic.messagesIn)
        json.field("messages_out", traffic.messagesOut)
    }

    private static func write(_ record: ClosedConnection, to json: inout JSONWriter) {
        json.object { json in
            json.field("id", String(record.serial))
            json.field("profile", record.profile.rawValue)
            json.field("code", record.code.rawValue)
            json.field("reason", record.code.name)
            json.field("user_id", record.user)
            write(record.device, to: &json)
            json.field("address", record.address)
            json.field("connected_at", record.openedAt)
            json.field("closed_at", record.closedAt)
            json.field("duration_ms", record.duration.milliseconds)
            write(record.traffic, to: &json)
        }
    }
}

extension HTTPResponse {
    /// An answer of 200 whose body is one JSON object.
    static func json(_ fields: (inout JSONWriter) -> Void) -> HTTPResponse {
        var json = JSONWriter()
        json.object(fields)
        return .json(.ok, json.takeBytes())
    }
}
