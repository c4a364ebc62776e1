import SessionBase
import SessionCodec

/// All refresh tokens that came of one sign-in, as the store keeps them: only the newest is good (PROTOCOLS 1-6).
///
/// The document's body is `{"user":"u1","current":"jti of the newest","rotations":3,"revoked":false}`.
package struct RefreshFamily: Equatable, Sendable {
    /// Whose it is.
    package var user: String
    /// `jti` of the one token that may be exchanged.
    package var current: String
    /// How often a token was exchanged.
    package var rotations: Int
    /// Whether an old token was used again: somebody else has a copy, and nobody knows who is who.
    package var isRevoked: Bool

    /// Describes a family.
    package init(user: String, current: String, rotations: Int = 0, isRevoked: Bool = false) {
        self.user = user
        self.current = current
        self.rotations = rotations
        self.isRevoked = isRevoked
    }

    /// Reads a stored document; `nil` where it is none of ours.
    package init?(_ body: [UInt8]) {
        // A document that does not read back was damaged or written by another version: nobody is let in by it.
        guard let object = try? JSONObject.parse(part: body, .payload), let user = object["user"]?.string,
            let current = object["current"]?.string, let rotations = object["rotations"]?.integer,
            let isRevoked = object["revoked"]?.boolean
        else { return nil }
        self.init(user: user, current: current, rotations: Int(rotations), isRevoked: isRevoked)
    }

    /// The document's content.
    package var body: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("user", user)
            json.field("current", current)
            json.field("rotations", rotations)
            json.field("revoked", isRevoked)
        }
        return json.takeBytes()
    }

    /// The collection's key of a family.
    package static func key(_ id: String) -> DocumentKey { DocumentKey(.refreshFamilies, id) }
}
