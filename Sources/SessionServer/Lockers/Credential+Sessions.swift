package import SessionCodec

extension Credential {
    /// The cookie and the query parameter of seed 004, *Authentication*.
    static let sessionName = "sessionId"

    /// Looks for the credential of a request to lockers: `Authorization`, `X-API-Key`, a subprotocol, the cookie, the query.
    ///
    /// The first that is there counts, whether it is good or not (PROTOCOLS 4-2).
    ///
    /// - Parameters:
    ///   - takesCookie: `false` where nobody has checked that the page behind the request is ours.
    ///   - takesQuery: Whether a session id may stand in the query; otherwise one there is a bad credential
    ///     (PROTOCOLS 4-5).
    /// - Returns: `nil` where the request has none; a session id is a ``Credential/token(_:)``.
    package static func findSession(
        in fields: HTTPFields, query: [(name: String, value: String)], takesCookie: Bool = true, takesQuery: Bool = true
    ) -> Credential? {
        if let found = find(in: fields, query: [], cookieName: takesCookie ? sessionName : nil) { return found }
        guard let entry = query.first(where: { $0.name == sessionName }) else { return find(in: fields, query: query) }
        guard takesQuery else {
            return .malformed(
                "a session does not belong into the query here; send it as Authorization: Bearer or as a cookie")
        }
        return entry.value.isEmpty ? .malformed("sessionId is empty") : .token(Array(entry.value.utf8))
    }
}
