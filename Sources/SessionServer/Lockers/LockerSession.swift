import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto

/// What a provider knows of a session (PROTOCOLS 4-3): `{"userId","roles"?,"namespaces"?,"kioskId"?,"expiresAt"?}`.
struct LockerSession: Equatable, Sendable {
    /// A session that names more roles or namespaces is none.
    private static let entriesMax = 64

    /// Whose it is.
    var user: String
    /// What its user may do.
    var roles: [String] = []
    /// The only namespaces that it opens; `nil` where it opens all.
    var namespaces: [String]?
    /// The kiosk that it stands for.
    var kiosk: String?
    /// When it was made, where that is known.
    var createdAt: Timestamp?
    /// When it ends; `nil` where its provider decides.
    var expiresAt: Timestamp?

    /// A session of somebody.
    init(user: String) { self.user = user }

    /// Reads an object; members that are unknown or `null` do not count.
    ///
    /// `expiresAt` is ISO 8601 or milliseconds since 1970.
    ///
    /// - Returns: `nil` where it is no session: no user, a wrong type, an id against PROTOCOLS §1.8.
    init?(_ object: JSONObject) {
        guard let user = object["userId"]?.string, IdentifierRule.allows(user) else { return nil }
        self.init(user: user)
        guard let roles = Self.list("roles", of: object), let namespaces = Self.list("namespaces", of: object),
            let kiosk = Self.optional("kioskId", of: object, { IdentifierRule.allows($0) ? $0 : nil }, \.string),
            let end = Self.optional("expiresAt", of: object, { $0 }, Self.time)
        else { return nil }
        self.roles = roles ?? []
        self.namespaces = namespaces
        self.kiosk = kiosk
        expiresAt = end
    }

    /// Reads a document, the bytes of a Redis value, or the body of an answer.
    init?(_ bytes: [UInt8]) {
        // What is no JSON is no session either; who reads it says so.
        guard case .object(let object)? = try? JSONValue.parse(bytes.span) else { return nil }
        self.init(object)
    }

    /// Who shows the session of this name.
    func identity(name: String) -> Identity {
        var identity = Identity(user: user)
        identity.session = name
        identity.roles = roles
        identity.namespaces = namespaces
        identity.kiosk = kiosk
        identity.issuedAt = createdAt
        identity.expiresAt = expiresAt
        return identity
    }

    /// The content of its document: everything but its times, which the store keeps.
    var body: [UInt8] {
        var json = JSONWriter()
        json.object { appendMembers(to: &$0) }
        return json.takeBytes()
    }

    /// Writes user, roles, namespaces and kiosk.
    func appendMembers(to json: inout JSONWriter) {
        json.field("userId", user)
        json.field("roles") { json in json.array { json in for role in roles { json.value(role) } } }
        if let namespaces {
            json.field("namespaces") { json in json.array { json in for name in namespaces { json.value(name) } } }
        }
        if let kiosk { json.field("kioskId", kiosk) }
    }

    /// What a session is known by where it must not be known itself: SHA-256 of its id, in hexadecimal digits.
    static func name(ofSession id: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hash = Digest.hash(id.span, with: .sha256)
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Whether a text is a name and not an id.
    static func isName(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (97...102).contains($0) }
    }

    // MARK: Members

    /// An array of ids; within the outer optional `nil` where it is missing.
    private static func list(_ name: String, of object: JSONObject) -> [String]?? {
        optional(
            name, of: object,
            { elements in
                let texts = elements.compactMap(\.string)
                guard texts.count == elements.count, texts.count <= entriesMax else { return nil }
                return texts.allSatisfy(IdentifierRule.allows) ? texts : nil
            }, \.elements)
    }

    /// A member that may be missing; the outer optional is `nil` where it is wrong.
    private static func optional<Raw, Value>(
        _ name: String, of object: JSONObject, _ check: (Raw) -> Value?, _ read: (JSONValue) -> Raw?
    ) -> Value?? {
        guard let value = object[name], value != .null else { return .some(nil) }
        guard let raw = read(value), let checked = check(raw) else { return nil }
        return .some(checked)
    }

    private static func time(_ value: JSONValue) -> Timestamp? {
        if let text = value.string { return Timestamp(parsing: Array(text.utf8).span) }
        return value.integer.map { Timestamp(milliseconds: $0) }
    }
}
