package import SessionBase

/// The answers of lockers' HTTP API to what succeeded (PROTOCOLS §6.3).
package enum LockersResponse {
    /// Answers a broadcast and an event that was told (4-16).
    package static func sent(
        namespace: String, event: String, room: String?, recipients: Int, at timestamp: Timestamp
    ) -> HTTPResponse {
        json { json in
            json.field("success", true)
            json.field("namespace", namespace)
            json.field("event", event)
            json.field("room", room)
            json.field("recipients", recipients)
            json.field("timestamp", timestamp)
        }
    }

    /// Answers `GET /api/websocket/status` with exactly the seed's keys; more where `status` has details.
    package static func status(_ status: LockersStatus) -> HTTPResponse { json { status.write(to: &$0) } }

    /// Answers `GET /api/websocket/commands/{id}` (EXT).
    package static func commandAcks(_ command: String, _ acks: [CommandAck]) -> HTTPResponse {
        json { json in
            json.field("commandId", command)
            json.field("acks") { json in
                json.array { json in for ack in acks { json.object { ack.write(to: &$0) } } }
            }
        }
    }

    private static func json(_ body: (inout JSONWriter) -> Void) -> HTTPResponse {
        var json = JSONWriter()
        json.object(body)
        return .json(.ok, json.takeBytes())
    }
}

/// What `GET /api/websocket/status` says (seed 004, *API Endpoints*).
package struct LockersStatus: Equatable, Sendable {
    /// How the server is (4-20); the raw value is the spelling.
    package enum Condition: String, CaseIterable, Sendable { case active, draining, degraded }

    /// Round trips in milliseconds (4-18); zeros without samples.
    package struct Latency: Equatable, Sendable {
        /// Half of them were shorter.
        package var median: Int64
        /// 95 of a hundred were shorter.
        package var p95: Int64
        /// 99 of a hundred were shorter.
        package var p99: Int64

        /// Describes round trips.
        package init(median: Int64 = 0, p95: Int64 = 0, p99: Int64 = 0) {
            self.median = median
            self.p95 = p95
            self.p99 = p99
        }
    }

    /// What goes past the seed (EXT), for those who ask with `?details=1`.
    package struct Details: Equatable, Sendable {
        /// From a broadcast's acceptance to its last write (4-18).
        package var broadcast: Latency
        /// The connections of this node alone (4-19).
        package var nodeConnections: Int

        /// Describes the particulars.
        package init(broadcast: Latency, nodeConnections: Int) {
            self.broadcast = broadcast
            self.nodeConnections = nodeConnections
        }
    }

    /// How the server is.
    package var condition: Condition
    /// The connections of each namespace, in the configuration's order.
    package var namespaces: [(path: String, connections: Int)]
    /// Round trips of Pings.
    package var latency: Latency
    /// What the caller asked for on top.
    package var details: Details?
    /// When.
    package var timestamp: Timestamp

    /// Describes a server.
    package init(
        condition: Condition, namespaces: [(path: String, connections: Int)], latency: Latency, details: Details? = nil,
        timestamp: Timestamp
    ) {
        self.condition = condition
        self.namespaces = namespaces
        self.latency = latency
        self.details = details
        self.timestamp = timestamp
    }

    /// All connections.
    package var connections: Int { namespaces.reduce(0) { $0 + $1.connections } }

    package static func == (left: LockersStatus, right: LockersStatus) -> Bool {
        left.condition == right.condition && left.namespaces.elementsEqual(right.namespaces, by: ==)
            && left.latency == right.latency && left.details == right.details && left.timestamp == right.timestamp
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.field("status", condition.rawValue)
        json.field("namespaces") { json in
            json.object { json in for namespace in namespaces { json.field(namespace.path, namespace.connections) } }
        }
        json.field("total_connections", connections)
        json.field("latency_metrics") { json in
            json.object { json in
                latency.write(to: &json)
                json.field("connection_count", connections)
                if let details {
                    json.field("broadcast") { json in json.object { details.broadcast.write(to: &$0) } }
                }
            }
        }
        if let details {
            json.field("node") { json in json.object { $0.field("total_connections", details.nodeConnections) } }
        }
        json.field("timestamp", timestamp)
    }
}

extension LockersStatus.Latency {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("median", median)
        json.field("p95", p95)
        json.field("p99", p99)
    }
}
