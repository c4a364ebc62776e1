package import SessionBase

/// What a token says about its bearer, in the names of PROTOCOLS §1.5 and §3.5.
package struct TokenClaims: Equatable, Sendable {
    /// `sub`, or else `userId`, or else `user_id`.
    package var user: String
    /// `device_id`.
    package var device: String?
    /// `session_id`, or else `sid`.
    package var session: String?
    /// `roomId`.
    package var room: String?
    /// `kioskId`: the locker kiosk that the token stands for (PROTOCOLS 4-9).
    package var kiosk: String?
    /// `roles`, or the one `role`.
    package var roles: [String] = []
    /// `scope`, split at spaces.
    package var scopes: [String] = []
    /// `exp`, to the millisecond.
    package var expiresAt: Timestamp?
    /// `nbf`.
    package var notBefore: Timestamp?
    /// `iat`.
    package var issuedAt: Timestamp?
    /// `jti`.
    package var tokenID: String?
    /// `iss`.
    package var issuer: String?
    /// `aud`, one or several.
    package var audiences: [String] = []
    /// `fam`: the family of a refresh token. Access tokens have none.
    package var family: String?

    /// Claims of somebody.
    package init(user: String) { self.user = user }
}

extension TokenClaims {
    /// A claim with more entries is refused.
    private static let entriesMax = 64
    /// `iss`, `aud` and `scope` are URLs and lists, which are longer than ids.
    private static let textBytesMax = 1_024
    /// The end of year 9999 in seconds: what lies beyond is no time, but milliseconds by mistake.
    private static let secondsMax: Double = 253_402_300_799

    /// Reads the claims of a payload.
    ///
    /// Claims that are unknown or `null` do not count.
    ///
    /// - Throws: ``TokenFailure/missing(claim:)`` without a user, ``TokenFailure/invalid(claim:)`` for a wrong type, an id
    ///   beyond the limits of PROTOCOLS §1.8, or a time beyond year 9999.
    package init(_ object: JSONObject) throws(TokenFailure) {
        let names = ["sub", "userId", "user_id"]
        guard let user = try Self.firstID(names, of: object) else { throw .missing(claim: "sub") }
        self.init(user: user)
        device = try Self.id("device_id", of: object)
        session = try Self.firstID(["session_id", "sid"], of: object)
        room = try Self.id("roomId", of: object)
        kiosk = try Self.id("kioskId", of: object)
        roles = try Self.roles(of: object)
        scopes = try Self.text("scope", of: object)?.split(separator: " ").map(String.init) ?? []
        expiresAt = try Self.time("exp", of: object)
        notBefore = try Self.time("nbf", of: object)
        issuedAt = try Self.time("iat", of: object)
        tokenID = try Self.id("jti", of: object)
        issuer = try Self.text("iss", of: object)
        audiences = try Self.list("aud", of: object) { Self.isText($0) } ?? []
        family = try Self.id("fam", of: object)
    }

    /// The value of a claim; `nil` where it is missing or null.
    private static func value(_ name: String, of object: JSONObject) -> JSONValue? {
        switch object[name] {
        case nil, .null?: nil
        case let value?: value
        }
    }

    private static func firstID(_ names: [String], of object: JSONObject) throws(TokenFailure) -> String? {
        for name in names { if let text = try id(name, of: object) { return text } }
        return nil
    }

    private static func id(_ name: String, of object: JSONObject) throws(TokenFailure) -> String? {
        guard let value = value(name, of: object) else { return nil }
        guard let text = value.string, isID(text) else { throw .invalid(claim: name) }
        return text
    }

    private static func text(_ name: String, of object: JSONObject) throws(TokenFailure) -> String? {
        guard let value = value(name, of: object) else { return nil }
        guard let text = value.string, isText(text) else { throw .invalid(claim: name) }
        return text
    }

    private static func roles(of object: JSONObject) throws(TokenFailure) -> [String] {
        if let roles = try list("roles", of: object, isID) { return roles }
        return try id("role", of: object).map { [$0] } ?? []
    }

    /// Reads one text or an array of them.
    private static func list(
        _ name: String, of object: JSONObject, _ isAllowed: (String) -> Bool
    ) throws(TokenFailure) -> [String]? {
        guard let value = value(name, of: object) else { return nil }
        let elements = value.elements ?? [value]
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count, texts.count <= entriesMax, texts.allSatisfy(isAllowed) else {
            throw .invalid(claim: name)
        }
        return texts
    }

    /// Reads a NumericDate (RFC 7519 §2): seconds since 1970, whole or not.
    private static func time(_ name: String, of object: JSONObject) throws(TokenFailure) -> Timestamp? {
        guard let value = value(name, of: object) else { return nil }
        guard case .number = value, let seconds = value.double, (0...secondsMax).contains(seconds) else {
            throw .invalid(claim: name)
        }
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }

    private static func isID(_ text: String) -> Bool { IdentifierRule.allows(text) }

    private static func isText(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= textBytesMax }
}

extension TokenClaims {
    /// The claims as a payload: absent ones are left out, times are whole seconds, rounded down.
    package var payload: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("sub", user)
            for (name, text) in [("session_id", session), ("device_id", device), ("roomId", room), ("kioskId", kiosk)] {
                if let text { json.field(name, text) }
            }
            if !roles.isEmpty { Self.write("roles", roles, to: &json) }
            if !scopes.isEmpty { json.field("scope", scopes.joined(separator: " ")) }
            if let issuer { json.field("iss", issuer) }
            if !audiences.isEmpty { Self.write("aud", audiences, to: &json) }
            for (name, time) in [("iat", issuedAt), ("nbf", notBefore), ("exp", expiresAt)] {
                if let time { json.field(name, time.seconds) }
            }
            for (name, text) in [("jti", tokenID), ("fam", family)] { if let text { json.field(name, text) } }
        }
        return json.takeBytes()
    }

    private static func write(_ name: String, _ texts: [String], to json: inout JSONWriter) {
        json.field(name) { json in
            json.array { json in for text in texts { json.value(text) } }
        }
    }
}
