package import SessionBase
package import SessionCodec

/// Credentials that are withdrawn before their time (PROTOCOLS C17, §3.5 `POST /admin/revocations`).
package struct Revocation: Equatable, Sendable {
    /// Which credentials are meant.
    package enum Target: Equatable, Sendable {
        /// Every token of a user, those that are issued later included, for as long as the revocation stands.
        case user(String)
        /// One token, by its `jti`.
        case token(String)
        /// Every token that names this session, likewise.
        case session(String)
        /// Every token of anybody that was issued before a time, and those that do not say when.
        case issuedBefore(Timestamp)
    }

    /// What it is listed and lifted by.
    package let id: String
    /// Which credentials are meant.
    package let target: Target
    /// When it was made.
    package let createdAt: Timestamp

    /// Describes a revocation.
    package init(id: String, target: Target, createdAt: Timestamp) {
        self.id = id
        self.target = target
        self.createdAt = createdAt
    }

    /// Whether the credential that `identity` came with is meant.
    ///
    /// An assumed identity has no credential.
    package func hits(_ identity: Identity) -> Bool {
        if identity.isAssumed { return false }
        return switch target {
        case .user(let user): identity.user.isSameBytes(as: user)
        case .token(let id): identity.tokenID?.isSameBytes(as: id) ?? false
        case .session(let id): identity.session?.isSameBytes(as: id) ?? false
        case .issuedBefore(let time): identity.issuedAt.map { $0 < time } ?? true
        }
    }
}

extension Revocation {
    /// The collection's key of the revocation of that id.
    package static func key(_ id: String) -> DocumentKey { DocumentKey(.revocations, id) }

    /// The write that keeps it, for good.
    package var write: StoreRequest {
        .write(DocumentWrite(key: Self.key(id), expecting: .absence, version: 1, body: body))
    }

    /// The document's content, which is also its entry in `GET /admin/revocations`:
    /// `{"id":"…","user":"u1","created_at":"…"}` with `jti`, `session` or `issued_before` in place of `user`.
    package var body: [UInt8] {
        var json = JSONWriter()
        append(to: &json)
        return json.takeBytes()
    }

    /// Writes it as an object.
    package func append(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id)
            switch target {
            case .user(let user): json.field("user", user)
            case .token(let id): json.field("jti", id)
            case .session(let id): json.field("session", id)
            case .issuedBefore(let time): json.field("issued_before", time)
            }
            json.field("created_at", createdAt)
        }
    }

    /// Reads a stored document; `nil` where it is none of ours.
    package init?(_ document: Document) {
        // A document that does not read back was written by another version; the reader says so and goes on.
        guard let object = try? JSONObject.parse(part: document.body, .payload),
            let target = Self.target(of: object),
            let created = object["created_at"]?.string.flatMap({ Timestamp(parsing: [UInt8]($0.utf8).span) })
        else { return nil }
        self.init(id: document.key.name, target: target, createdAt: created)
    }

    /// Reads who is meant from an object with exactly one of `user`, `jti`, `session` and `issued_before`.
    ///
    /// - Returns: `nil` for none, several, or a value that is no id or no time.
    package static func target(of object: JSONObject) -> Target? {
        let names = ["user", "jti", "session", "issued_before"].filter { object[$0] != nil }
        guard names.count == 1, let text = object[names[0]]?.string else { return nil }
        if names[0] == "issued_before" {
            return Timestamp(parsing: [UInt8](text.utf8).span).map { .issuedBefore($0) }
        }
        guard IdentifierRule.allows(text) else { return nil }
        return switch names[0] {
        case "user": .user(text)
        case "jti": .token(text)
        default: .session(UUIDText.normalized(text) ?? text)
        }
    }
}
