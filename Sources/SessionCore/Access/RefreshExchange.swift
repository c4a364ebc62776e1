package import SessionBase
package import SessionCodec

/// One exchange of a refresh token for new ones, as a conversation with the store (PROTOCOLS 1-6, §3.5).
///
/// `reading` → `writing` → `done`; `writing` → `reading` where somebody else was faster, which then shows as a reuse.
/// A family that the store does not know begins with the token that names it. The new token stands in the family's
/// document before it is handed out, so that of two exchanges of one token only one succeeds.
package struct RefreshExchange: Sendable {
    private enum State { case reading, writing(RefreshFamily), done }
    private var state = State.reading
    private let claims: TokenClaims
    private let familyID: String
    private let newTokenID: String
    private let time: Timestamp
    private let life: Duration

    /// What happens next.
    package enum Action: Equatable, Sendable {
        /// Asks the store; the reply goes to ``replied(_:)``.
        case ask(StoreRequest)
        /// The exchange is done.
        case finish(RefreshOutcome)
    }

    /// Begins with a verified refresh token.
    ///
    /// - Parameters:
    ///   - claims: Its claims, with `jti`.
    ///   - newTokenID: `jti` of the next refresh token, drawn at random.
    ///   - time: Now.
    ///   - life: How long the next refresh token is good for.
    package init(_ claims: TokenClaims, newTokenID: String, at time: Timestamp, life: Duration) {
        guard let tokenID = claims.tokenID else { preconditionFailure("a verified refresh token has a jti") }
        self.claims = claims
        familyID = claims.family ?? tokenID
        self.newTokenID = newTokenID
        self.time = time
        self.life = life
    }

    /// Asks for the family.
    package mutating func begin() -> Action {
        state = .reading
        return .ask(.read(RefreshFamily.key(familyID)))
    }

    /// Takes the store's reply to what was asked last.
    package mutating func replied(_ reply: StoreReply) -> Action {
        switch (state, reply) {
        case (.reading, .found(let document)): return judge(document)
        case (.writing(let family), .written): return finish(written: family)
        case (.writing, .conflict): return begin()
        case (_, .unavailable): return finish(.unavailable)
        case (.done, _): preconditionFailure("an exchange that is done asks for nothing")
        default: preconditionFailure("the store answers what it is asked")
        }
    }

    /// Decides by what stands in the store.
    private mutating func judge(_ document: Document?) -> Action {
        guard let document else {
            return write(RefreshFamily(user: claims.user, current: newTokenID, rotations: 1), over: nil)
        }
        guard var family = RefreshFamily(document.body), family.user == claims.user else { return finish(.invalid) }
        guard !family.isRevoked else { return finish(.reused) }
        if family.current == claims.tokenID {
            family.current = newTokenID
            family.rotations += 1
        } else {
            family.isRevoked = true
        }
        return write(family, over: document)
    }

    private mutating func write(_ family: RefreshFamily, over document: Document?) -> Action {
        state = .writing(family)
        return .ask(
            .write(
                DocumentWrite(
                    key: RefreshFamily.key(familyID), expecting: document.map { .version($0.version) } ?? .absence,
                    version: (document?.version ?? 0) + 1, body: family.body, owner: claims.user,
                    expiresAt: end(of: document))))
    }

    /// When no token of the family can be verified any more: until then an old one must be known as such.
    private func end(of document: Document?) -> Timestamp {
        let last = max(claims.expiresAt ?? newEnd, newEnd, document?.expiresAt ?? newEnd)
        return Timestamp(milliseconds: last.milliseconds + TokenRules.leeway.milliseconds)
    }

    private var newEnd: Timestamp { Timestamp(milliseconds: time.milliseconds + life.milliseconds) }

    private mutating func finish(written family: RefreshFamily) -> Action {
        guard !family.isRevoked else { return finish(.reused) }
        var next = claims
        next.family = familyID
        next.tokenID = newTokenID
        next.issuedAt = time
        next.notBefore = nil
        next.expiresAt = newEnd
        return finish(.rotated(next))
    }

    private mutating func finish(_ outcome: RefreshOutcome) -> Action {
        state = .done
        return .finish(outcome)
    }
}

/// What became of a refresh token.
package enum RefreshOutcome: Equatable, Sendable {
    /// It is exchanged; these are the claims of the next one.
    case rotated(TokenClaims)
    /// It had been exchanged before, and its family is revoked now (401 `REFRESH_REUSED`).
    case reused
    /// The family is somebody else's, or unreadable.
    case invalid
    /// The store cannot say: the token is as good as before, or, where the write did happen, lost.
    case unavailable
}
