package import SessionBase

/// The answers of channels' HTTP API to what succeeded (PROTOCOLS §4.5, §1.10).
package enum ChannelsResponse {
    /// Answers a broadcast, and everything that is one in the end: a report's status, a stream's rows.
    package static func delivered(_ delivery: ChannelsDelivery) -> HTTPResponse {
        var json = JSONWriter()
        delivery.write(to: &json)
        return .json(.accepted, json.takeBytes())
    }

    /// Answers `POST /api/v1/ws/batch`, item by item.
    package static func batch(_ results: [Result<ChannelsDelivery, ChannelsFailure>]) -> HTTPResponse {
        json { json in
            json.field("results") { json in
                json.array { json in
                    for result in results {
                        switch result {
                        case .success(let delivery): delivery.write(to: &json)
                        case .failure(let failure): failure.write(to: &json)
                        }
                    }
                }
            }
        }
    }

    /// Answers `GET /api/v1/reports/{id}/status` with the data of the last `report_status`.
    package static func report(_ status: ReportStatus) -> HTTPResponse {
        var body: [UInt8] = []
        status.append(to: &body)
        return .json(.ok, body)
    }

    /// Answers `GET /api/v1/debug/websocket/connections`.
    package static func connections(_ connections: [ChannelsConnection]) -> HTTPResponse {
        json { json in
            json.field("total", connections.count)
            json.field("connections") { json in
                json.array { json in for connection in connections { connection.write(to: &json) } }
            }
        }
    }

    /// Answers `GET /api/v1/debug/websocket/channels`.
    package static func channels(_ channels: [(name: String, subscribers: Int)]) -> HTTPResponse {
        json { json in
            json.field("channels") { json in
                json.array { json in
                    for channel in channels {
                        json.object { json in
                            json.field("channel", channel.name)
                            json.field("subscribers", channel.subscribers)
                        }
                    }
                }
            }
        }
    }

    private static func json(_ body: (inout JSONWriter) -> Void) -> HTTPResponse {
        var json = JSONWriter()
        json.object(body)
        return .json(.ok, json.takeBytes())
    }
}

/// How many connections a message was sent to, and its place in its channel.
package struct ChannelsDelivery: Equatable, Sendable {
    /// How many.
    package var delivered: Int
    /// The channel; `nil` for a message to a user or a connection.
    package var channel: String?
    /// Its place in the channel's order.
    package var offset: UInt64?

    /// Describes a delivery.
    package init(delivered: Int, channel: String? = nil, offset: UInt64? = nil) {
        self.delivered = delivered
        self.channel = channel
        self.offset = offset
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("delivered", delivered)
            if let channel { json.field("channel", channel) }
            if let offset { json.field("offset", offset) }
        }
    }
}

/// A connection as debugging views show it (seed 002, *Connection Tracking*).
package struct ChannelsConnection: Equatable, Sendable {
    /// Its name.
    package var id: String
    /// Who the peer is; `nil` for an anonymous one.
    package var user: String?
    /// What it is subscribed to.
    package var channels: [String]
    /// When it was heard last.
    package var lastActivity: Timestamp
    /// What the peer says it is; empty where it says nothing.
    package var userAgent: String
    /// The peer's address.
    package var address: String
    /// When it came.
    package var connectedAt: Timestamp

    /// Describes a connection.
    package init(
        id: String, user: String?, channels: [String], lastActivity: Timestamp, userAgent: String, address: String,
        connectedAt: Timestamp
    ) {
        self.id = id
        self.user = user
        self.channels = channels
        self.lastActivity = lastActivity
        self.userAgent = userAgent
        self.address = address
        self.connectedAt = connectedAt
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id)
            if let user { json.field("userId", user) }
            json.field("channels", channels)
            json.field("lastActivity", lastActivity)
            json.field("metadata") { json in
                json.object { json in
                    json.field("userAgent", userAgent)
                    json.field("ip", address)
                    json.field("connectedAt", connectedAt)
                }
            }
        }
    }
}
