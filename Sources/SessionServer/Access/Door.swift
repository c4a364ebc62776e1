import SessionCodec

/// Where a peer wants to come in: which credentials are looked for there, and who judges them.
enum Door: Equatable, Sendable {
    /// `/admin/*`.
    case administration
    /// Sync's socket and HTTP API.
    case sync
    /// Channels' sockets and HTTP API.
    case channels
    /// A namespace of lockers; `nil` stands for their HTTP API, and for sessions that are asked for again.
    case lockers(namespace: String?)
    /// A room of board.
    case board

    /// Whose it is; `nil` for the admin API.
    var profile: ProtocolID? {
        switch self {
        case .administration: nil
        case .sync: .sync
        case .channels: .channels
        case .lockers: .lockers
        case .board: .board
        }
    }
}

extension Credential {
    /// The cookie that may hold a token for channels (PROTOCOLS 2-6).
    static let channelsCookie = "token"

    /// Looks for the credential of a request to channels (PROTOCOLS 2-6).
    ///
    /// - Parameters:
    ///   - cookieName: Another cookie that will do: the one of all profiles.
    ///   - takesQuery: Whether `?token=` will do; otherwise a token there is a bad credential.
    static func findForChannels(
        in fields: HTTPFields, query: [(name: String, value: String)], cookieName: String, takesQuery: Bool
    ) -> Credential? {
        find(in: fields, cookieName: channelsCookie)
            ?? find(in: fields, query: query, cookieName: cookieName, takesQuery: takesQuery)
    }
}
