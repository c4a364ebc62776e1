/// One request of channels' HTTP API, understood and checked as far as that needs no state (PROTOCOLS §4.5).
package enum ChannelsCall: Equatable, Sendable {
    /// `POST /api/v1/ws/broadcast`
    case broadcast(ChannelsBroadcast)
    /// `POST /api/v1/ws/users/{id}`
    case sendToUser(String, ProducerMessage)
    /// `POST /api/v1/ws/connections/{id}`
    case sendToConnection(String, ProducerMessage)
    /// `POST /api/v1/ws/batch`; an item that is wrong is answered alone
    case batch([Result<ChannelsBroadcast, ChannelsFailure>])
    /// `PUT /api/v1/reports/{id}/status`
    case updateReport(ReportUpdate)
    /// `PUT /api/v1/reports/{id}/complete`
    case completeReport(String, ReportCompletion)
    /// `GET /api/v1/reports/{id}/status`
    case getReport(String)
    /// `POST /api/v1/reports/stream/{template}`
    case pushRows(template: String, [StreamRow])
    /// `GET /api/v1/debug/websocket/connections`
    case listConnections
    /// `GET /api/v1/debug/websocket/channels`
    case listChannels

    /// What a caller needs to be.
    package enum Need: Sendable {
        /// Role `publisher` or `admin`, or an API key.
        case producer
        /// What it takes to watch the report (PROTOCOLS §1.10).
        case watcher
        /// Role `admin`, or an API key that has it (2-31).
        case administrator
    }

    /// What a caller needs to be.
    package var need: Need {
        switch self {
        case .broadcast, .sendToUser, .sendToConnection, .batch, .updateReport, .completeReport, .pushRows: .producer
        case .getReport: .watcher
        case .listConnections, .listChannels: .administrator
        }
    }

    /// A short name without ids, for metrics.
    package var name: String {
        switch self {
        case .broadcast: "broadcast"
        case .sendToUser: "send_to_user"
        case .sendToConnection: "send_to_connection"
        case .batch: "batch"
        case .updateReport: "update_report"
        case .completeReport: "complete_report"
        case .getReport: "get_report"
        case .pushRows: "push_rows"
        case .listConnections: "list_connections"
        case .listChannels: "list_channels"
        }
    }
}

/// The limits of channels' HTTP API.
package enum ChannelsLimits {
    /// The longest body, in bytes; a longer one is answered with 413 (PROTOCOLS §1.10).
    package static let bodyBytesMax = 256 << 10
    /// The most items of a batch.
    package static let batchMax = 100
}

/// A message for a channel.
package struct ChannelsBroadcast: Equatable, Sendable {
    /// Where it goes.
    package var channel: String
    /// What is said.
    package var message: ProducerMessage
    /// The name of a connection that does not get it.
    package var excluded: String?

    /// Describes a broadcast.
    package init(channel: String, message: ProducerMessage, excluded: String? = nil) {
        self.channel = channel
        self.message = message
        self.excluded = excluded
    }
}

/// What a producer says about a report.
package struct ReportUpdate: Equatable, Sendable {
    /// Which report.
    package var report: String
    /// Where it stands.
    package var state: ReportState
    /// How much of it is done, 0...100; `nil` where it stays as it was.
    package var progress: Int?
    /// A sentence for people.
    package var message: String?
    /// Whose report it is, where that is said.
    package var owner: String?
    /// Whether the report begins again (2-21).
    package var isReset: Bool

    /// Describes an update.
    package init(
        report: String, state: ReportState, progress: Int? = nil, message: String? = nil, owner: String? = nil,
        isReset: Bool = false
    ) {
        self.report = report
        self.state = state
        self.progress = progress
        self.message = message
        self.owner = owner
        self.isReset = isReset
    }
}
