import SessionBase
import SessionCodec

/// The sessions of a file: a JSON array of `{"sessionId" or "sha256","userId","roles"?,"namespaces"?,"kioskId"?,"expiresAt"?}`
/// (PROTOCOLS 4-3, `static`).
///
/// With `sha256`, the SHA-256 of the id in hexadecimal digits, the file lets nobody in who reads it.
package struct FixedSessions: Equatable, SessionProvider {
    /// By the hashes of their ids.
    private var sessions: [String: LockerSession] = [:]

    /// How many there are.
    package var count: Int { sessions.count }

    /// Reads the content of a file.
    ///
    /// - Parameter path: What the error calls it.
    /// - Throws: ``LockerSessionsError``, which repeats nothing of the file.
    package init(parsing bytes: [UInt8], path: String) throws(LockerSessionsError) {
        // Where in the file it ceases to be JSON is said by its tools; its text may hold secrets.
        guard let elements = (try? JSONValue.parse(bytes.span))?.elements else {
            throw LockerSessionsError("\(path) is no JSON array of sessions")
        }
        for (index, element) in elements.enumerated() {
            guard case .object(let object) = element, let name = Self.name(of: object),
                let session = LockerSession(object)
            else {
                throw LockerSessionsError(
                    "entry \(index + 1) of \(path) is no session; it needs sessionId or sha256, and userId")
            }
            guard sessions.updateValue(session, forKey: name) == nil else {
                throw LockerSessionsError("entry \(index + 1) of \(path) has the id of another one; keep one of them")
            }
        }
    }

    private static func name(of object: JSONObject) -> String? {
        if let id = object["sessionId"]?.string, !id.isEmpty { return LockerSession.name(ofSession: Array(id.utf8)) }
        guard let hash = object["sha256"]?.string?.lowercased(), LockerSession.isName(hash) else { return nil }
        return hash
    }

    func find(
        _ id: [UInt8], name: String, at time: Timestamp, then: @escaping @Sendable (SessionAnswer) -> Void
    ) {
        then(sessions[name].map { .found($0) } ?? .unknown)
    }

    var isDegraded: Bool { false }

    func stop() {}
}
