package import SessionBase

/// How channels behave (PROTOCOLS §4).
package struct ChannelsConfiguration: Sendable {
    /// Whether nobody needs a credential: `--dev` (PROTOCOLS §1.5).
    package var isOpen = false
    /// Who may do what where; the first rule whose pattern fits counts.
    package var rules: [ChannelRule] = []
    /// Whether a report that nobody has spoken of is refused with 4404 (PROTOCOLS 2-19).
    package var hasStrictIDs = false
    /// Silence after which a connection is gone; seed 002: five minutes.
    package var connectionTimeout: Duration = .seconds(300)
    /// How often silent connections are looked for; seed 002: five minutes.
    package var cleanupInterval: Duration = .seconds(300)
    /// Whether a Pong counts as activity (PROTOCOLS 2-16).
    package var idleCountsPong = true
    /// How many channels a connection may subscribe to.
    package var subscriptionsMax = 128
    /// How long a report is remembered after its end (PROTOCOLS §4.5).
    package var reportRetention: Duration = .seconds(3600)
    /// How many rows of a stream are remembered (PROTOCOLS 2-24).
    package var rowsMax = 100
    /// Whether an endpoint of the operator is told of occupied channels and asked about cancelled reports.
    package var hasHook = false
    /// The bucket that every connection's messages are taken from (C6); `nil` without limits.
    package var messageRate: TokenRate? = TokenRate(tokens: 200, each: .seconds(1), burst: 400)
    /// Whether a drain was announced, which its health says (C11); what is connected is served as before.
    package var isDraining = false
    /// Which loop the machine serves.
    package var shard = 0
    /// How many loops there are.
    package var shardCount = 1
    /// Decides which loop owns a topic.
    package var hash = SipHash(key0: 0, key1: 0)

    /// The defaults of PROTOCOLS §4.
    package init() {}
}
