package import SessionBase
package import SessionCodec
import SessionCore
import SessionCrypto

/// `POST`, `GET` and `DELETE /admin/locker-sessions` (PROTOCOLS §1.10), with provider `memory`.
extension LockerSessions {
    /// How long a session is good for where nobody says.
    private static let lifeDefault: Int64 = 8 * 3_600_000
    /// A year; what is meant to last longer is an API key.
    private static let lifeMax: Int64 = 366 * 86_400_000

    /// Makes a session of the body of a request: `{"userId","roles"?,"namespaces"?,"kioskId"?,"ttl"?}`.
    ///
    /// - Parameter answer: Gets the whole answer, once, on any thread, perhaps before this returns; 201 only after the
    ///   session is durable (C20).
    package func create(_ body: [UInt8], at time: Timestamp, answer: @escaping @Sendable (HTTPResponse) -> Void) {
        guard isOurs else { return answer(elsewhere) }
        var session: LockerSession
        do throws(SessionMistake) { session = try self.session(body, at: time) } catch {
            return answer(.error(.badRequest, "VALIDATION_FAILED", error.message))
        }
        // 256 bits: nobody guesses it, and it has no dot, so that nobody takes it for a token.
        let id = Base64URL.encode(SecureRandom.bytes(32).span)
        let end = session.expiresAt ?? time
        let write = DocumentWrite(
            key: StoredSessions.key(LockerSession.name(ofSession: Array(id.utf8))), expecting: .absence, version: 1,
            body: session.body, owner: session.user, expiresAt: end)
        desk.ask(.write(write), at: time) { reply in
            guard reply == .written else { return answer(Self.unavailable) }
            var json = JSONWriter()
            json.object { json in
                json.field("sessionId", id)
                json.field("expiresAt", end)
            }
            answer(.json(.created, json.takeBytes()))
        }
    }

    /// Lists the sessions, as all lists of the admin API (PROTOCOLS §1.6); `id` is the hash of a session's id.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - cursor: The `next_cursor` of an earlier answer.
    package func list(
        limit: Int, cursor: String?, at time: Timestamp, answer: @escaping @Sendable (HTTPResponse) -> Void
    ) {
        guard isOurs else { return answer(elsewhere) }
        desk.ask(.list(.lockerSessions, after: cursor, limit: limit), at: time) { reply in
            guard case .page(let page) = reply else { return answer(Self.unavailable) }
            answer(.json(.ok, Self.body(of: page)))
        }
    }

    /// Ends a session.
    ///
    /// - Parameters:
    ///   - text: Its id, or the hash of it that ``list(limit:cursor:at:answer:)`` shows.
    ///   - then: Called once, on any thread, perhaps before this returns; the revocation is in force here, and live sockets
    ///     are the loops' part (4440).
    package func remove(_ text: String, at time: Timestamp, then: @escaping @Sendable (RevocationOutcome) -> Void) {
        guard isOurs else { return then(.refused(elsewhere)) }
        let name = LockerSession.isName(text) ? text : LockerSession.name(ofSession: Array(text.utf8))
        desk.ask(.remove(StoredSessions.key(name)), at: time) { [self] reply in
            guard case .removed(let wasThere) = reply else { return then(.refused(Self.unavailable)) }
            guard wasThere else {
                return then(.refused(.error(.notFound, "SESSION_NOT_FOUND", "there is no session of this id")))
            }
            // Before the loops hear of it: a verdict that was made a moment ago is looked at again (``recheck(_:)``).
            rememberEnd(of: name)
            then(.made(Revocation(id: name, target: .session(name), createdAt: time)))
        }
    }

    // MARK: Reading and writing

    private func session(_ body: [UInt8], at time: Timestamp) throws(SessionMistake) -> LockerSession {
        // Where it ceases to be JSON matters little in a body of one line.
        guard case .object(let object)? = try? JSONValue.parse(body.span) else { throw .noObject }
        guard object["userId"]?.string.map(IdentifierRule.allows) == true else { throw .noUser }
        guard var session = LockerSession(object) else { throw .wrongMember }
        let known = configuration.namespaces
        if let stranger = session.namespaces?.first(where: { !known.contains($0) }) {
            throw .unknownNamespace(stranger)
        }
        var life = Self.lifeDefault
        if let text = object["ttl"], text != .null {
            guard let spelled = text.string.flatMap(Self.milliseconds), (1...Self.lifeMax).contains(spelled) else {
                throw .wrongLife
            }
            life = spelled
        }
        session.expiresAt = Timestamp(milliseconds: time.milliseconds + life)
        return session
    }

    /// Reads `250ms 5s 2m 1h 7d` (PROTOCOLS §1.10).
    private static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [String: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let number = Int64(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        return isTooLarge ? nil : product
    }

    private static func body(of page: StorePage) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("items") { json in
                json.array { json in for document in page.documents { append(document, to: &json) } }
            }
            json.field("next_cursor", page.next)
            json.field("total", page.total)
            json.field("nodes", 1)
        }
        return json.takeBytes()
    }

    private static func append(_ document: Document, to json: inout JSONWriter) {
        // A document of another version shows that it is there, so that it can be removed.
        let session = StoredSessions.session(of: document)
        json.object { json in
            json.field("id", document.key.name)
            session?.appendMembers(to: &json)
            json.field("createdAt", document.createdAt)
            if let end = document.expiresAt { json.field("expiresAt", end) }
        }
    }

    // MARK: Answers

    /// Whether sessions are made here.
    private var isOurs: Bool { configuration.provider == .memory }

    private var elsewhere: HTTPResponse {
        .error(
            .conflict, "SESSIONS_ELSEWHERE",
            "this server does not keep the sessions itself; make and end them where --lockers-session-provider finds them"
        )
    }

    private static let unavailable = HTTPResponse.error(
        .serviceUnavailable, "STORE_UNAVAILABLE", "the store cannot be reached; try again", retryAfter: 1)
}

/// What is wrong with a session that somebody wants.
private enum SessionMistake: Error {
    case noObject, noUser, wrongMember, unknownNamespace(String), wrongLife

    var message: String {
        switch self {
        case .noObject: #"the body is a JSON object such as {"userId":"u1","roles":["staff"],"ttl":"8h"}"#
        case .noUser: "userId is missing, or is no id of 1 to 128 characters"
        case .wrongMember: "roles and namespaces are lists of ids, and kioskId is an id"
        case .unknownNamespace(let name):
            "there is no namespace \(name.prefix(128)); GET /api/websocket/status lists them"
        case .wrongLife: "ttl is a duration such as 30m, 8h or 7d, of at most 366d"
        }
    }
}
