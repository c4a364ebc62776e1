extension ChannelsCall {
    /// Reads a request of channels' HTTP API.
    ///
    /// - Parameters:
    ///   - path: All segments of the path, percent-decoded each, as ``HTTPTarget/segments(of:)`` gives them.
    ///   - query: The parameters of the target's query; no call has any.
    ///   - fields: The fields of the request; none is looked at.
    /// - Throws: ``ChannelsFailure`` with status 400, 404, 405 or 413.
    package static func parse(
        method: String, path: [String], query: [(name: String, value: String)] = [], fields: HTTPFields = [:],
        body: [UInt8]
    ) throws(ChannelsFailure) -> ChannelsCall {
        guard path.count >= 4, path[0] == "api", path[1] == "v1" else { throw ChannelsFailure(.notFound) }
        switch (path[2], path.count, path[3]) {
        case ("ws", 4, "broadcast"):
            try require(method, "POST")
            return .broadcast(try ChannelsBroadcast.parse(body))
        case ("ws", 4, "batch"):
            try require(method, "POST")
            return .batch(try items(ChannelsBody(body)))
        case ("ws", 5, "users"):
            try require(method, "POST")
            let user = try identifier(path[4], "user")
            return .sendToUser(user, try ChannelsBody(body).message())
        case ("ws", 5, "connections"):
            try require(method, "POST")
            return .sendToConnection(path[4], try ChannelsBody(body).message())
        case ("reports", 5, "stream"):
            try require(method, "POST")
            let template = try identifier(path[4], "templateId")
            return .pushRows(template: template, try ChannelsBody(body).rows())
        case ("reports", 5, let report): return try parseReport(method, report, path[4], body)
        case ("debug", 5, "websocket"): return try parseDebug(method, path[4])
        default: throw ChannelsFailure(.notFound)
        }
    }

    private static func parseReport(
        _ method: String, _ report: String, _ part: String, _ body: [UInt8]
    ) throws(ChannelsFailure) -> ChannelsCall {
        switch part {
        case "status":
            try require(method, "GET", "PUT")
            let report = try identifier(report, "reportId")
            if method == "GET" { return .getReport(report) }
            return .updateReport(try ReportUpdate(report, ChannelsBody(body)))
        case "complete":
            try require(method, "PUT")
            let report = try identifier(report, "reportId")
            return .completeReport(report, try ChannelsBody(body).completion())
        default: throw ChannelsFailure(.notFound)
        }
    }

    private static func parseDebug(_ method: String, _ view: String) throws(ChannelsFailure) -> ChannelsCall {
        switch view {
        case "connections":
            try require(method, "GET")
            return .listConnections
        case "channels":
            try require(method, "GET")
            return .listChannels
        default: throw ChannelsFailure(.notFound)
        }
    }

    private static func require(_ method: String, _ allowed: String...) throws(ChannelsFailure) {
        if !allowed.contains(method) { throw .methodNotAllowed(allowed.joined(separator: ", ")) }
    }

    private static func identifier(_ text: String, _ field: String) throws(ChannelsFailure) -> String {
        guard IdentifierRule.allows(text) else {
            throw .field(field, "\(field) is a text of 1 to 128 characters without spaces")
        }
        return text
    }

    private static func items(
        _ body: ChannelsBody
    ) throws(ChannelsFailure) -> [Result<ChannelsBroadcast, ChannelsFailure>] {
        guard let elements = body.value["items"]?.elements, elements.count <= ChannelsLimits.batchMax else {
            throw .field("items", "items is a list of at most \(ChannelsLimits.batchMax) broadcasts")
        }
        return elements.map { element in
            Result { () throws(ChannelsFailure) in try ChannelsBroadcast(ChannelsBody(element)) }
        }
    }
}

extension ChannelsBroadcast {
    /// Reads the body of `POST /api/v1/ws/broadcast` and of `POST /admin/publish`.
    ///
    /// - Throws: ``ChannelsFailure`` with status 400 or 413.
    package static func parse(_ body: [UInt8]) throws(ChannelsFailure) -> ChannelsBroadcast {
        try ChannelsBroadcast(ChannelsBody(body))
    }

    fileprivate init(_ body: ChannelsBody) throws(ChannelsFailure) {
        guard let channel = body.value["channel"]?.string else { throw .field("channel", "channel is a text") }
        guard ChannelName.allows(channel) else { throw ChannelsFailure(.invalidChannel, field: "channel") }
        self.init(channel: channel, message: try body.message(), excluded: try body.optionalIdentifier("exclude"))
    }
}

extension ReportUpdate {
    fileprivate init(_ report: String, _ body: ChannelsBody) throws(ChannelsFailure) {
        guard let state = body.value["status"]?.string.flatMap(ReportState.init(rawValue:)) else {
            let states = ReportState.allCases.map(\.rawValue).joined(separator: ", ")
            throw .field("status", "status is one of \(states)")
        }
        self.init(
            report: report, state: state, progress: try body.progress(), message: try body.optionalText("message"),
            owner: try body.optionalIdentifier("ownerId"), isReset: try body.flag("reset"))
    }
}
