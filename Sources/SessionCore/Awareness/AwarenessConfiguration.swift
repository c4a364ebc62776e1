package import SessionBase

/// What an operator can set about the awareness service; the defaults are the seed's (seed 000, *Configuration*).
package struct AwarenessConfiguration: Sendable {
    /// What counts as a sign of life of a window (PROTOCOLS 0-16).
    package enum Liveness: String, CaseIterable, Sendable {
        /// Any frame of its connection, a Pong included: a hidden tab whose timers are throttled stays.
        case transport
        /// Only `register`, `heartbeat` and `focus` of that window.
        case heartbeat
    }

    /// How long a window may be silent before it is stale.
    package var heartbeatTimeout = Duration.seconds(60)
    /// How often stale windows are looked for.
    package var cleanupInterval = Duration.seconds(30)
    /// How many live windows a user may have (PROTOCOLS 0-5).
    package var windowsPerUserMax = 10
    /// What counts as a sign of life.
    package var liveness = Liveness.transport
    /// How long the windows of a lost connection are kept; zero removes them at once (PROTOCOLS 0-18).
    package var disconnectGrace = Duration.seconds(10)
    /// How long a connection without windows may go without a message (PROTOCOLS 0-23).
    package var unregisteredTimeout = Duration.seconds(60)
    /// Whether a focus repeats the `case-mismatch` warning (EXT, PROTOCOLS §2.4 step 4).
    package var mismatchOnFocus = false
    /// How many messages a connection may send; `nil` switches off this limit and those per type (PROTOCOLS C6).
    package var messageRate: TokenRate? = TokenRate(tokens: 200, each: .seconds(1), burst: 400)

    /// Which share of the users this machine owns, 0..<``shardCount``.
    package var shard = 0
    /// Over how many machines the users are spread.
    package var shardCount = 1
    /// The function that decides which shard owns a user; the same on all of them.
    package var hash = SipHash(key0: 0, key1: 0)

    /// The defaults, for the only shard.
    package init() {}

    /// How many windows one connection may have (PROTOCOLS 0-4).
    package static let windowsPerConnectionMax = 32
    /// How many windows without a connection a user may have; beyond that the oldest one goes.
    package static let disconnectedWindowsMax = 64
    /// `register` messages of one connection (PROTOCOLS §2.5).
    package static let registerRate = TokenRate(tokens: 20, each: .seconds(10))
    /// `ping` messages that no limit touches (PROTOCOLS 0-1).
    package static let pingRate = TokenRate(tokens: 10, each: .seconds(1))

    /// How often the transport should be pinged, so that a healthy silent window never becomes stale (PROTOCOLS §2.8).
    package var transportPingInterval: Duration { min(.seconds(25), heartbeatTimeout / 3) }

    /// What `heartbeat_ack` asks for: three heartbeats before a window is stale.
    package var heartbeatInterval: Duration { heartbeatTimeout / 3 }
}
