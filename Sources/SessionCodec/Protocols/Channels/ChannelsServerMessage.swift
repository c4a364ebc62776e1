package import SessionBase

/// What the channels server says (PROTOCOLS §4.4).
package enum ChannelsServerMessage: Equatable, Sendable {
    /// The first message of every connection.
    case welcome(ChannelsWelcome)
    /// Answers a `subscribe` and a `subscribe_template`.
    case subscribed(ChannelsSubscription)
    /// Answers an `unsubscribe`.
    case unsubscribed(channel: String)
    /// Answers a `ping`.
    case pong
    /// Answers a `get_status`.
    case status(ChannelsConnectionStatus)
    /// Where a report stands; `channel` where it was published.
    case reportStatus(ReportStatus, channel: String? = nil)
    /// A report is there.
    case reportCompleted(report: String, ReportCompletion, channel: String? = nil)
    /// The rows of a stream, newest first.
    case initialData([StreamRow])
    /// A new row of a stream.
    case dataUpdate(StreamRow, channel: String? = nil)
    /// The new rows of an interval, oldest first (EXT).
    case dataBatch([StreamRow], channel: String? = nil)
    /// Refuses a message, or tells that a report failed.
    case error(ChannelsError)
    /// All that `/ws/health` says (2-18).
    case health(ChannelsHealth)
    /// Answers a `publish` (EXT).
    case published(ChannelsPublication)
    /// Answers an `update_interval` that has an `id` or a `mode` (EXT).
    case intervalUpdated(Int64, mode: StreamMode)
    /// What a producer sent, `system_alert` and `maintenance_notice` among it, as subscribers get it.
    case event(ProducerMessage)

    /// The type on the wire.
    package var kind: ChannelsServerKind {
        switch self {
        case .welcome: .welcome
        case .subscribed: .subscribed
        case .unsubscribed: .unsubscribed
        case .pong: .pong
        case .status: .status
        case .reportStatus: .reportStatus
        case .reportCompleted: .reportCompleted
        case .initialData: .initialData
        case .dataUpdate, .dataBatch: .dataUpdate
        case .error: .error
        case .health: .health
        case .published: .published
        case .intervalUpdated: .intervalUpdated
        case .event(let message): ChannelsServerKind(name: message.type)
        }
    }
}

/// What `/ws/health` says of the server (PROTOCOLS 2-18); the raw value is the spelling.
package enum ChannelsHealth: String, CaseIterable, Sendable { case ok, draining }

/// What a `welcome` says.
package struct ChannelsWelcome: Equatable, Sendable {
    /// The connection's name (2-30).
    package var connection: String
    /// Who the peer is; `nil` for an anonymous one.
    package var user: String?
    /// The server's time.
    package var serverTime: Timestamp
    /// What may be subscribed to, or was on the route of notifications (2-11, 2-27).
    package var availableChannels: [String]

    /// Describes a welcome.
    package init(connection: String, user: String?, serverTime: Timestamp, availableChannels: [String]) {
        self.connection = connection
        self.user = user
        self.serverTime = serverTime
        self.availableChannels = availableChannels
    }
}

/// What a `subscribed` says.
package struct ChannelsSubscription: Equatable, Sendable {
    /// The channel as the client named it.
    package var channel: String
    /// Whether the connection was subscribed before (EXT, 2-5).
    package var isRepeated: Bool
    /// The place of a positioned subscription (EXT).
    package var answer: TopicAnswer?

    /// Describes a subscription.
    package init(channel: String, isRepeated: Bool = false, answer: TopicAnswer? = nil) {
        self.channel = channel
        self.isRepeated = isRepeated
        self.answer = answer
    }
}

/// What a `status` says (PROTOCOLS 2-28).
package struct ChannelsConnectionStatus: Equatable, Sendable {
    /// The connection's name.
    package var connection: String
    /// Who the peer is; `nil` for an anonymous one.
    package var user: String?
    /// What it is subscribed to.
    package var channels: [String]
    /// When it came.
    package var connectedAt: Timestamp
    /// When it was heard last.
    package var lastActivity: Timestamp
    /// How long it has been there, in milliseconds.
    package var uptimeMilliseconds: Int64
    /// The server's time.
    package var serverTime: Timestamp

    /// Describes a connection.
    package init(
        connection: String, user: String?, channels: [String], connectedAt: Timestamp, lastActivity: Timestamp,
        uptimeMilliseconds: Int64, serverTime: Timestamp
    ) {
        self.connection = connection
        self.user = user
        self.channels = channels
        self.connectedAt = connectedAt
        self.lastActivity = lastActivity
        self.uptimeMilliseconds = uptimeMilliseconds
        self.serverTime = serverTime
    }
}

/// What an `error` says.
package struct ChannelsError: Equatable, Sendable {
    /// What programs read.
    package var code: ChannelsErrorCode
    /// The sentence that people read.
    package var message: String
    /// The channel that it is about.
    package var channel: String?
    /// When to try again after `RATE_LIMITED`, in milliseconds (EXT).
    package var retryAfterMilliseconds: Int64?

    /// Describes an error.
    package init(_ code: ChannelsErrorCode, message: String? = nil, channel: String? = nil) {
        self.code = code
        self.message = message ?? code.message.description
        self.channel = channel
    }

    /// A channel of users for a peer that is nobody, in the seed's words (2-3).
    package static func userChannelNeedsIdentity(_ channel: String) -> ChannelsError {
        ChannelsError(.unauthorized, message: "Authentication required for user channels", channel: channel)
    }

    /// A channel of administrators for another peer, in the seed's words (2-3, 2-8).
    package static func adminChannelNeedsRole(_ channel: String, isAnonymous: Bool) -> ChannelsError {
        ChannelsError(
            isAnonymous ? .unauthorized : .forbidden, message: "Insufficient permissions for admin channels",
            channel: channel)
    }

    /// A channel of another user (2-7).
    package static func otherUsersChannel(_ channel: String) -> ChannelsError {
        ChannelsError(.forbidden, message: "Cannot subscribe to another user's channel", channel: channel)
    }
}

/// What a `published` says.
package struct ChannelsPublication: Equatable, Sendable {
    /// Where it was published.
    package var channel: String
    /// How many connections it was sent to.
    package var delivered: Int
    /// Its place in the channel's order.
    package var offset: UInt64?

    /// Describes a publication.
    package init(channel: String, delivered: Int, offset: UInt64?) {
        self.channel = channel
        self.delivered = delivered
        self.offset = offset
    }
}

/// A message of the server with what stands around it.
package struct ChannelsServerFrame: WireMessage {
    /// What is said.
    package var message: ChannelsServerMessage
    /// When; what producers send carries its own.
    package var timestamp: Timestamp?
    /// Its place in the channel's order, for those who asked for positions (EXT).
    package var offset: UInt64?

    /// Puts a message in a frame.
    package init(_ message: ChannelsServerMessage, timestamp: Timestamp? = nil, offset: UInt64? = nil) {
        self.message = message
        self.timestamp = timestamp
        self.offset = offset
    }

    package var kind: ChannelsServerKind { message.kind }
}
