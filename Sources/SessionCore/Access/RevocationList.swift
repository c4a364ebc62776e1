import SessionBase

/// All revocations that stand, arranged so that a credential is held against them in a few look-ups.
package struct RevocationList: Equatable, Sendable {
    private var revocations: [String: Revocation] = [:]
    private var users = TextMap<Int>()
    private var tokens = TextMap<Int>()
    private var sessions = TextMap<Int>()
    /// The latest of all `issued_before`; the earlier ones say nothing more.
    private var issuedBefore: Timestamp?

    /// A list without entries.
    package init() {}

    /// A list of `revocations`.
    package init(_ revocations: some Sequence<Revocation>) { for revocation in revocations { insert(revocation) } }

    /// How many there are.
    package var count: Int { revocations.count }

    /// All of them, in the order in which they were made.
    package var all: [Revocation] {
        revocations.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// Adds one, in place of the one that may have its id.
    package mutating func insert(_ revocation: Revocation) {
        remove(revocation.id)
        revocations[revocation.id] = revocation
        switch revocation.target {
        case .user(let user): users[user, default: 0] += 1
        case .token(let id): tokens[id, default: 0] += 1
        case .session(let id): sessions[id, default: 0] += 1
        case .issuedBefore(let time): issuedBefore = max(issuedBefore ?? time, time)
        }
    }

    /// Lifts one.
    ///
    /// - Returns: Whether it was there.
    @discardableResult
    package mutating func remove(_ id: String) -> Bool {
        guard let revocation = revocations.removeValue(forKey: id) else { return false }
        switch revocation.target {
        case .user(let user): Self.decrement(user, in: &users)
        case .token(let id): Self.decrement(id, in: &tokens)
        case .session(let id): Self.decrement(id, in: &sessions)
        case .issuedBefore: issuedBefore = latestIssuedBefore
        }
        return true
    }

    /// Whether the credential that `identity` came with is revoked.
    package func hits(_ identity: Identity) -> Bool {
        if revocations.isEmpty || identity.isAssumed { return false }
        if users[identity.user] != nil { return true }
        if let id = identity.tokenID, tokens[id] != nil { return true }
        if let session = identity.session, sessions[session] != nil { return true }
        guard let issuedBefore else { return false }
        return identity.issuedAt.map { $0 < issuedBefore } ?? true
    }

    private static func decrement(_ key: String, in counts: inout TextMap<Int>) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }

    private var latestIssuedBefore: Timestamp? {
        revocations.values.compactMap { if case .issuedBefore(let time) = $0.target { time } else { nil } }.max()
    }
}
