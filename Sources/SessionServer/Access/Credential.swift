import SessionBase
package import SessionCodec

/// What a peer shows to be let in. Never printed, logged or recorded (PROTOCOLS §1.5).
package enum Credential: Equatable, Sendable {
    /// A JSON Web Token.
    case token([UInt8])
    /// The value of `X-API-Key`.
    case apiKey(String)
    /// Something was shown that is no credential, and why, without repeating it. It counts as a bad one, never as none
    /// (PROTOCOLS §1.10).
    case malformed(String)

    /// How a subprotocol that carries a token begins.
    package static let subprotocolPrefix = "bearer."

    /// Looks for the credential of a request: `Authorization`, `X-API-Key`, a subprotocol, a cookie, the query.
    ///
    /// - Parameters:
    ///   - cookieName: The cookie that may hold a token; `nil` where none may, because nobody has checked that the page
    ///     behind the request is ours.
    ///   - takesQuery: Whether the profile takes a token in the query; otherwise one there is a bad credential.
    /// - Returns: `nil` where the request has none.
    package static func find(
        in fields: HTTPFields, query: [(name: String, value: String)] = [], cookieName: String? = nil,
        takesQuery: Bool = false
    ) -> Credential? {
        if let credential = authorization(fields) { return credential }
        if let key = fields["x-api-key"] {
            return key.isEmpty ? .malformed("X-API-Key is empty") : .apiKey(key)
        }
        if let credential = subprotocol(fields) { return credential }
        if let cookieName, let credential = cookie(fields, cookieName) { return credential }
        guard let entry = query.first(where: { ["token", "access_token"].contains($0.name) }) else { return nil }
        guard takesQuery else {
            return .malformed("a token does not belong into the query; send it as Authorization: Bearer")
        }
        return token(entry.value, in: "the query")
    }

    private static func token(_ text: some StringProtocol, in place: String) -> Credential {
        text.isEmpty ? .malformed("the token in \(place) is empty") : .token(Array(text.utf8))
    }

    /// `Authorization: Bearer TOKEN` (RFC 6750 §2.1).
    private static func authorization(_ fields: HTTPFields) -> Credential? {
        let values = fields.values(of: "authorization")
        guard let value = values.first else { return nil }
        guard values.count == 1 else { return .malformed("Authorization is given twice") }
        let words = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard words[0].lowercased() == "bearer", words.count == 2 else {
            return .malformed("Authorization must be Bearer and a token")
        }
        return token(words[1].drop { $0 == " " }, in: "Authorization")
    }

    /// `Sec-WebSocket-Protocol: …, bearer.BASE64URL`: the token's text, encoded once more, as a subprotocol's name may not
    /// hold everything. A token as it is, which happens to be such a name, will do too.
    private static func subprotocol(_ fields: HTTPFields) -> Credential? {
        let offers = fields.tokens(of: "sec-websocket-protocol").filter { $0.hasPrefix(subprotocolPrefix) }
        guard let offer = offers.first else { return nil }
        guard offers.count == 1 else { return .malformed("two tokens are offered as subprotocols") }
        let text = Array(offer.utf8.dropFirst(subprotocolPrefix.utf8.count))
        if let token = Base64URL.decode(text.span), !token.isEmpty { return .token(token) }
        guard text.count(where: { $0 == UInt8(ascii: ".") }) == 2 else {
            return .malformed("the subprotocol bearer.… is not base64url of a token")
        }
        return .token(text)
    }

    /// `Cookie: …; NAME=TOKEN` (RFC 6265 §4.2).
    private static func cookie(_ fields: HTTPFields, _ name: String) -> Credential? {
        for value in fields.values(of: "cookie") {
            for pair in value.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, parts[0] == name { return token(parts[1], in: "the cookie") }
            }
        }
        return nil
    }
}
