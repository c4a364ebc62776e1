package import SessionBase

/// How sync behaves (PROTOCOLS §3).
package struct SyncConfiguration: Sendable {
    /// How long a session lives after its last use; seed 001: seven days.
    package var sessionLife: Duration = .seconds(7 * 86_400)
    /// How long a handoff may wait for its target; seed 001, *Handoff Flow* step 2: five minutes.
    package var handoffLife: Duration = .seconds(300)
    /// Whether a handoff's target must say who it is (PROTOCOLS 1-19).
    package var isHandoffStrict = false
    /// How long a device that was cut off may return unnoticed (PROTOCOLS 1-24).
    package var presenceGrace: Duration = .seconds(15)
    /// Silence after which a device is gone (PROTOCOLS 1-24).
    package var presenceTimeout: Duration = .seconds(120)
    /// How often clients are asked to send a HEARTBEAT (PROTOCOLS 1-25).
    package var heartbeatInterval: Duration = .seconds(30)
    /// How long a connection may wait with its credential (C2).
    package var authTimeout: Duration = .seconds(10)
    /// Whether nobody needs a credential: `--dev` (PROTOCOLS §1.5).
    package var isOpen = false
    /// Whether those without a credential are `anonymous` and no administrators: `optional`.
    package var isOptional = false
    /// Whether a snapshot of an existing session must name its version (PROTOCOLS 1-14).
    package var requiresVersion = false
    /// The bucket that every connection's messages are taken from (C6); `nil` without limits.
    package var messageRate: TokenRate? = TokenRate(tokens: 200, each: .seconds(1), burst: 400)
    /// Which share of the sessions the machine owns.
    package var shard = 0
    /// How many shares there are.
    package var shardCount = 1
    /// Decides which share owns a session.
    package var hash = SipHash(key0: 0, key1: 0)

    /// The defaults of PROTOCOLS §3.
    package init() {}
}
