import SessionBase
import SessionStorage

/// The sessions that an application keeps in Redis: `session:{id}` → `{"userId","roles","namespaces"?,"expiresAt"}`
/// (PROTOCOLS 4-3, `redis`).
struct SharedSessions: SessionProvider {
    /// What stands before an id.
    static let prefix = "session:"

    private let lookup: RedisLookup
    private let log: Access.LogWriter
    private let health = SessionHealth()

    /// Connects to a server; until it answers, sessions are ``SessionAnswer/unavailable``.
    init(_ address: RedisAddress, log: @escaping Access.LogWriter) throws(StorageError) {
        lookup = try RedisLookup(address)
        self.log = log
    }

    func find(
        _ id: [UInt8], name: String, at time: Timestamp, then: @escaping @Sendable (SessionAnswer) -> Void
    ) {
        lookup.get(Array(Self.prefix.utf8) + id) { [health, log] found in
            let answer = Self.answer(found, log)
            health.note(answer)
            then(answer)
        }
    }

    private static func answer(_ found: RedisLookup.Found, _ log: Access.LogWriter) -> SessionAnswer {
        switch found {
        case .nothing: return .unknown
        case .unavailable(let reason):
            log(.warn, "a session cannot be looked up: \(reason)")
            return .unavailable
        case .value(let bytes):
            if let session = LockerSession(bytes) { return .found(session) }
            log(.warn, "a session in Redis has no userId, or is no JSON object, and lets nobody in")
            return .unknown
        }
    }

    var isDegraded: Bool { health.isDegraded }

    func stop() { lookup.stop() }
}
