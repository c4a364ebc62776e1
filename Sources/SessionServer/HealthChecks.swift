package import SessionBase
package import SessionCore

/// Counts how often each address asks for channels' health.
package struct HealthChecks: Sendable {
    /// How often one address may (PROTOCOLS 2-18).
    package static let rate = TokenRate(tokens: 10, each: .seconds(1))
    /// How many addresses are remembered before all are forgotten.
    private static let addressesMax = 4096

    private var buckets: [String: TokenBucket] = [:]

    /// Nobody has asked yet.
    package init() {}

    /// Counts one, unless it is one too many.
    package mutating func admit(_ host: String, at now: Instant) -> Bool {
        if buckets.count >= Self.addressesMax, buckets[host] == nil { buckets = [:] }
        return buckets[host, default: TokenBucket()].take(at: now, Self.rate)
    }
}
