import SessionBase
import SessionCore

/// The sessions that this server made itself, as documents of its store (PROTOCOLS 4-3, `memory`).
struct StoredSessions: SessionProvider {
    let desk: StoreDesk

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
        desk.ask(.read(Self.key(name)), at: time) { reply in
            guard case .found(let document) = reply else { return then(.unavailable) }
            then(document.flatMap(Self.session).map { .found($0) } ?? .unknown)
        }
    }

    func stop() {}
}
