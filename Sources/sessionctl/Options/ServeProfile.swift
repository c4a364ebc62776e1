package import CommandKit

/// What `serve` can run: one per service, and the diagnostic echo (PROTOCOLS §1.11).
package enum ServeProfile: String, CaseIterable, Sendable {
    case awareness, sync, channels, lockers, board, echo

    /// Where the profile listens by itself (PROTOCOLS §1.2, §1.11).
    package var nativeAddress: (host: String, port: UInt16) {
        switch self {
        case .awareness: ("0.0.0.0", 8765)
        case .sync: ("0.0.0.0", 8080)
        case .channels, .lockers: ("0.0.0.0", 3000)
        case .board: ("0.0.0.0", 8000)
        case .echo: ("127.0.0.1", 9001)
        }
    }

    /// Whether the profile's own published description reads the variables `PORT` and `HOST`.
    package var claimsPortAndHost: Bool { self == .awareness || self == .board }

    /// What it is: one line without a full stop.
    package var summary: String {
        switch self {
        case .awareness: "Run awareness alone: tells the windows of a user about open cases"
        case .sync: "Run sync alone: keeps a session's state the same on all devices of a user"
        case .channels: "Run channels alone: topics, report progress, live streams, notifications"
        case .lockers: "Run lockers alone: namespaces and rooms for locker kiosks"
        case .board: "Run board alone: rooms in which people draw on one whiteboard"
        case .echo: "Run echo alone: sends every message back, for load and conformance tools"
        }
    }

    /// The option that gives its native listener another port.
    package var portOption: Option<Int> {
        switch self {
        case .awareness: ServeOptions.awarenessPort
        case .sync: ServeOptions.syncPort
        case .channels: ServeOptions.channelsPort
        case .lockers: ServeOptions.lockersPort
        case .board: ServeOptions.boardPort
        case .echo: ServeOptions.echoPort
        }
    }
}

/// Whose `/ws` is where sync and channels share a listener (PROTOCOLS §1.2).
package enum WebSocketOwner: String, CaseIterable, Sendable { case sync, channels }

/// How a refused handshake is told (PROTOCOLS §1.4).
package enum RefusalStyle: String, CaseIterable, Sendable { case auto, http, close }

/// Who may connect to a profile (PROTOCOLS §1.5).
package enum AuthMode: String, CaseIterable, Sendable { case open, optional, required }

/// What keeps a window alive (PROTOCOLS 0-16).
package enum AwarenessLiveness: String, CaseIterable, Sendable { case transport, heartbeat }

/// How much is logged.
package enum LogLevel: String, CaseIterable, Sendable { case error, warn, info, debug }

/// How identifiers of people and cases appear in logs (PROTOCOLS 0-20).
package enum LogIDs: String, CaseIterable, Sendable { case hash, plain }

/// The shape of a log line.
package enum LogFormat: String, CaseIterable, Sendable { case text, json }
