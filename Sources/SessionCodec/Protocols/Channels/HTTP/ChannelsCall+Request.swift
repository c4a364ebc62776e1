extension ChannelsCall {
    /// The request that ``parse(method:path:query:fields:body:)`` reads as this call; an item of a batch that failed is
    /// left out.
    package var request: ProducerRequest {
        switch self {
        case .broadcast(let broadcast):
            return ProducerRequest("POST", "/api/v1/ws/broadcast", body: Self.body { broadcast.write(to: &$0) })
        case .sendToUser(let user, let message): return Self.send(to: "users", user, message)
        case .sendToConnection(let connection, let message): return Self.send(to: "connections", connection, message)
        case .batch(let items):
            let body = Self.body { json in
                json.field("items") { json in
                    json.array { json in
                        for case .success(let item) in items { json.object { item.write(to: &$0) } }
                    }
                }
            }
            return ProducerRequest("POST", "/api/v1/ws/batch", body: body)
        case .updateReport(let update):
            return ProducerRequest(
                "PUT", Self.report(update.report, "status"), body: Self.body { update.write(to: &$0) })
        case .completeReport(let report, let completion):
            var body: [UInt8] = [UInt8(ascii: "{")]
            completion.appendFields(to: &body)
            return ProducerRequest("PUT", Self.report(report, "complete"), body: body + [UInt8(ascii: "}")])
        case .getReport(let report): return ProducerRequest("GET", Self.report(report, "status"))
        case .pushRows(let template, let rows):
            let body = Self.body { json in
                json.field("rows") { json in json.array { json in for row in rows { json.value(row.fragment) } } }
            }
            let path = "/api/v1/reports/stream/" + PercentEncoding.encodeComponent(template)
            return ProducerRequest("POST", path, body: body)
        case .listConnections: return ProducerRequest("GET", "/api/v1/debug/websocket/connections")
        case .listChannels: return ProducerRequest("GET", "/api/v1/debug/websocket/channels")
        }
    }

    private static func send(to kind: String, _ name: String, _ message: ProducerMessage) -> ProducerRequest {
        ProducerRequest(
            "POST", "/api/v1/ws/\(kind)/" + PercentEncoding.encodeComponent(name),
            body: body { $0.field("message", message.fragment) })
    }

    private static func report(_ report: String, _ part: String) -> String {
        "/api/v1/reports/\(PercentEncoding.encodeComponent(report))/\(part)"
    }

    private static func body(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object(write)
        return json.takeBytes()
    }
}

extension ChannelsBroadcast {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("channel", channel)
        json.field("message", message.fragment)
        if let excluded { json.field("exclude", excluded) }
    }
}

extension ReportUpdate {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("status", state.rawValue)
        if let progress { json.field("progress", progress) }
        if let message { json.field("message", message) }
        if let owner { json.field("ownerId", owner) }
        if isReset { json.field("reset", true) }
    }
}
