import SessionBase
import SessionCore

/// The sessions that this server made itself, as documents of its store (PROTOCOLS 4-3, `memory`).
struct StoredSessions: SessionProvider {
    let desk: StoreDesk
    private let health = SessionHealth()

    /// Reads what `desk`'s store keeps.
    init(desk: StoreDesk) { self.desk = desk }

    /// What the document of a session is found by: never its id, so that the store lets nobody in who reads it.
    static func key(_ name: String) -> DocumentKey { DocumentKey(.lockerSessions, name) }

    /// The session of a document; `nil` where it is none of ours.
    static func session(of document: Document) -> LockerSession? {
        var session = LockerSession(document.body)
        session?.createdAt = document.createdAt
        session?.expiresAt = document.expiresAt
        return session
    }

    func find(
        _ id: [UInt8], name: String, at time: Timestamp, then: @escaping @Sendable (SessionAnswer) -> Void
    ) {
        desk.ask(.read(Self.key(name)), at: time) { [health] reply in
            let answer = Self.answer(reply)
            health.note(answer)
            then(answer)
        }
    }

    private static func answer(_ reply: StoreReply) -> SessionAnswer {
        guard case .found(let document) = reply else { return .unavailable }
        return document.flatMap(session).map { .found($0) } ?? .unknown
    }

    var isDegraded: Bool { health.isDegraded }

    func stop() {}
}
