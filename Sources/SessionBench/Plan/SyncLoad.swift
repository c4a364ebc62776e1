/// What a load on the sync service is made of (seed 001): devices that stay connected, and requests about their sessions.
///
/// Device `d` of a worker belongs to its session `d / devicesPerSession`, so that all devices of a session are one
/// worker's, which alone can then tell what each of them must hear.
package struct SyncLoad: Equatable, Sendable {
    /// What the requests are.
    package enum Kind: String, CaseIterable, Sendable {
        /// Puts and gets of whole snapshots over HTTP.
        case snapshot
        /// Handoffs: start, offer, accept, notice.
        case handoff
        /// Changes of single keys over WebSocket, acknowledged to the sender and told to the other devices.
        case state
        /// Heartbeats and lists of devices; without a rate the devices only stay connected.
        case devices
        /// Incremental changes that come too late, and their resolution.
        case conflict

        /// The parts of a request that have times of their own, in the order of ``Interval/operations``.
        package var operations: [String] {
            switch self {
            case .snapshot: ["put", "get"]
            case .handoff: ["start", "offer", "accept", "notice"]
            case .state: ["ack", "arrival"]
            case .devices: ["heartbeat", "list"]
            case .conflict: ["conflict", "resolve"]
            }
        }

        /// Whether requests go over HTTP connections of their own.
        package var usesHTTP: Bool {
            switch self {
            case .snapshot, .handoff, .conflict: true
            case .state, .devices: false
            }
        }

        /// How many devices a session has unless told otherwise.
        package var usualDevicesPerSession: Int { self == .handoff || self == .state ? 2 : 1 }
    }

    /// What the requests are.
    package var kind: Kind
    /// How many of the run's connections are one session's devices.
    package var devicesPerSession: Int
    /// How many sessions requests are about; `nil` for those of the devices, and at least one for each writer.
    package var sessions: Int?
    /// HTTP connections that send requests; for ``Kind/state`` and ``Kind/devices`` the devices that do, `nil` for all.
    package var writers: Int?
    /// Bytes of a session's state, as its JSON text.
    package var stateBytes = 1024
    /// Which part of the snapshot requests are puts, 0...1.
    package var putRatio = 0.5
    /// Which part of the requests of ``Kind/devices`` asks for the list of devices, 0...1.
    package var listRatio = 0.1
    /// The secret that tokens are signed with; `nil` for a server that asks for none. Never written into a report.
    package var secret: [UInt8]?

    /// Describes a load with what is usual for its kind.
    package init(_ kind: Kind) {
        self.kind = kind
        devicesPerSession = kind.usualDevicesPerSession
    }

    /// HTTP connections where nobody says how many.
    package static let usualWriters = 64

    /// How many HTTP connections there are beside the devices.
    package var httpConnections: Int { kind.usesHTTP ? writers ?? Self.usualWriters : 0 }
}
