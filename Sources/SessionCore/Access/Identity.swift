package import SessionBase

/// Who a peer is, as a verified credential says (PROTOCOLS §1.5), or as open mode assumes.
package struct Identity: Equatable, Sendable {
    /// `sub`, `userId` or `user_id`.
    package var user: String
    /// `device_id`.
    package var device: String?
    /// `session_id` or `sid`.
    package var session: String?
    /// `roomId`.
    package var room: String?
    /// `roles`, or the one `role`.
    package var roles: [String] = []
    /// `scope`, split at spaces.
    package var scopes: [String] = []
    /// `jti`.
    package var tokenID: String?
    /// `iat`.
    package var issuedAt: Timestamp?
    /// `exp`; `nil` where the credential has no end.
    package var expiresAt: Timestamp?
    /// The kiosk that a locker session stands for; `nil` for people and services (PROTOCOLS 4-9).
    package var kiosk: String?
    /// The only namespaces that a locker session may enter; `nil` where it may enter all (PROTOCOLS 4-3).
    package var namespaces: [String]?
    /// Whether it is a program that showed an API key.
    package var isProgram = false
    /// Whether nothing was verified: open mode (PROTOCOLS §3.5), where the user is what the message says.
    package var isAssumed = false

    /// Somebody of this name.
    package init(user: String) { self.user = user }

    /// Whether the admin API and everybody's sessions are open to this peer (PROTOCOLS §1.6, 1-28).
    package var isAdmin: Bool { roles.contains("admin") }

    /// Whether this peer may come into a namespace of lockers (PROTOCOLS 4-1); where not, that is `FORBIDDEN`.
    package func mayEnter(_ namespace: String) -> Bool {
        namespaces.map { $0.contains { $0.isSameBytes(as: namespace) } } ?? true
    }

    /// The peer of open mode: `anonymous` with role admin, unless a message names a user.
    package static var assumed: Identity {
        var identity = Identity(user: "anonymous")
        identity.roles = ["admin"]
        identity.isAssumed = true
        return identity
    }
}

/// What became of a credential.
package enum AccessVerdict: Equatable, Sendable {
    /// It is good.
    case granted(Identity)
    /// It is not, and the text, which never repeats it, says why.
    case refused(AccessRefusal, String)
}

/// Why a credential is no good (PROTOCOLS §3.5).
package enum AccessRefusal: Equatable, Sendable {
    /// Malformed, unsigned, signed by somebody else, not yet valid, for another audience.
    case invalid
    /// Well signed, but a claim is missing, of the wrong type, or beyond its limits.
    case claims
    /// Its time is over.
    case expired
    /// It was revoked (C17).
    case revoked
    /// Nobody can say now: the store does not answer, or too many wait.
    case unavailable
}
