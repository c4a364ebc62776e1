/// What administrators ask about channels, over `/admin/channels` (EXT, PROTOCOLS §1.6).
package enum ChannelsAdminCall: Equatable, Sendable {
    /// The channels with subscribers whose names begin with `prefix`, behind the name `after`, at most `limit`.
    case list(prefix: String, after: String?, limit: Int)
    /// The connections that are subscribed to a channel.
    case presence(String)
    /// The messages of a channel that are kept.
    case history(String)
}
