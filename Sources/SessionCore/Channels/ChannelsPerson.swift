import SessionBase

/// Who is at the other end of a connection with a credential.
struct ChannelsPerson: TableRecord {
    static let vacant = ChannelsPerson(Identity(user: ""))

    let user: String
    let roles: [String]
    let tokenID: String?
    let session: String?
    let issuedAt: Timestamp?
    let expiresAt: Timestamp?

    init(_ identity: Identity) {
        user = identity.user
        roles = identity.roles
        tokenID = identity.tokenID
        session = identity.session
        issuedAt = identity.issuedAt
        expiresAt = identity.expiresAt
    }

    /// The credential as far as revocations ask (PROTOCOLS C17).
    var identity: Identity {
        var identity = Identity(user: user)
        identity.roles = roles
        identity.tokenID = tokenID
        identity.session = session
        identity.issuedAt = issuedAt
        identity.expiresAt = expiresAt
        return identity
    }
}
