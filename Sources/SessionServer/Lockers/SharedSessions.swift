import SessionBase
import SessionStorage

/// The sessions that an application keeps in Redis: `session:{id}` → `{"userId","roles","namespaces"?,"expiresAt"}`
/// (PROTOCOLS 4-3, `redis`).
struct SharedSessions: SessionProvider {
    /// What stands before an id.
    static let prefix = "session:"

    private let lookup: RedisLookup
    private let log: Access.LogWriter

    /// Connects to a server; until it answers, sessions are ``SessionAnswer/unavailable``.
    init(_ address: RedisAddress, log: @escaping Access.LogWriter) throws(StorageError) {
        lookup = try RedisLookup(address)
        self.log = log
    }

    func find(
        _ id: [UInt8], name: String, at time: Timestamp, then: @escaping @Sendable (SessionAnswer) -> Void
    ) {
        lookup.get(Array(Self.prefix.utf8) + id) { [log] found in
            switch found {
            case .value(let bytes):
                if let session = LockerSession(bytes) { return then(.found(session)) }
                log(.warn, "a session in Redis has no userId, or is no JSON object, and lets nobody in")
                then(.unknown)
            case .nothing: then(.unknown)
            case .unavailable(let reason):
                log(.warn, "a session cannot be looked up: \(reason)")
                then(.unavailable)
            }
        }
    }

    func stop() { lookup.stop() }
}
