package import SessionCodec
package import SessionStorage

/// Where lockers' sessions come from (PROTOCOLS 4-3).
package struct LockerSessionsConfiguration: Sendable {
    /// Who knows the sessions.
    package enum Provider: Equatable, Sendable {
        /// This server: they are made and ended with `/admin/locker-sessions` and kept in the store.
        case memory
        /// A Redis server, as the values of `session:{id}`.
        case redis(RedisAddress)
        /// A file, read at the start and at every reload.
        case fixed(FixedSessions)
        /// Another service, which is asked with `POST` and `{"sessionId":…}`.
        case introspection(Endpoint)
    }

    /// Who knows the sessions.
    package var provider = Provider.memory
    /// Whether a session id may stand in the query, as seed 004 has it (PROTOCOLS 4-5).
    package var allowsQuery = true
    /// The namespaces that there are: a session that is made names no other.
    package var namespaces: [String] = []

    /// Sessions of this server.
    package init() {}
}

/// Why sessions cannot be had: what, where and what to do; one line without a full stop.
package struct LockerSessionsError: Error, Equatable, CustomStringConvertible {
    /// The line.
    package let description: String

    init(_ description: String) { self.description = description }
}
