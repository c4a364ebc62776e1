import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Rotation of refresh tokens and what happens to those who use one twice (PROTOCOLS 1-6).
@Suite struct RefreshExchangeTests {
    private static let now = Timestamp(milliseconds: 1_767_225_600_000)
    private static let week = Duration.seconds(7 * 86_400)

    /// A token of the first sign-in, with claims that the next ones keep.
    private static func first(_ family: String? = "f") -> TokenClaims {
        var claims = TokenClaims(user: "u1")
        (claims.tokenID, claims.family, claims.session, claims.roles) = ("f", family, "s1", ["viewer"])
        (claims.issuedAt, claims.expiresAt) = (now, Timestamp(milliseconds: now.milliseconds + 1_000_000))
        return claims
    }

    @Test func `a token is exchanged for the next one of its family, with the same claims`() {
        let store = FamilyStore()
        let outcome = store.exchange(Self.first(), for: "second", at: Self.now)
        var expected = Self.first()
        (expected.tokenID, expected.issuedAt) = ("second", Self.now)
        expected.expiresAt = Timestamp(milliseconds: Self.now.milliseconds + 7 * 86_400_000)
        #expect(outcome == .rotated(expected))
        #expect(store.family == RefreshFamily(user: "u1", current: "second", rotations: 1))
        #expect(store.exchange(expected, for: "third", at: Self.now).tokenID == "third")
    }

    @Test func `a first token without a family founds one of its own name`() throws {
        let store = FamilyStore()
        let outcome = store.exchange(Self.first(nil), for: "second", at: Self.now)
        guard case .rotated(let claims) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(claims.family == "f")
        #expect(store.document?.key == DocumentKey(.refreshFamilies, "f"))
        #expect(store.exchange(Self.first(nil), for: "third", at: Self.now) == .reused)
    }

    @Test func `a token that was exchanged revokes its family, the newest token included`() {
        let store = FamilyStore()
        guard case .rotated(let second) = store.exchange(Self.first(), for: "second", at: Self.now) else {
            Issue.record("the first exchange failed")
            return
        }
        #expect(store.exchange(Self.first(), for: "third", at: Self.now) == .reused)
        #expect(store.family?.isRevoked == true)
        #expect(store.exchange(second, for: "fourth", at: Self.now) == .reused)
        #expect(store.exchange(Self.first(), for: "fifth", at: Self.now) == .reused)
    }

    @Test func `of two exchanges at once one succeeds, and the other revokes the family`() {
        let store = FamilyStore()
        var slow = RefreshExchange(Self.first(), newTokenID: "slow", at: Self.now, life: Self.week)
        let read = store.answer(slow.begin())
        let write = slow.replied(read)
        #expect(store.exchange(Self.first(), for: "fast", at: Self.now).tokenID == "fast")
        var action = slow.replied(store.answer(write))
        while case .ask = action { action = slow.replied(store.answer(action)) }
        #expect(action == .finish(.reused))
        #expect(store.family?.isRevoked == true)
    }

    @Test func `a token of another user does not touch the family`() {
        let store = FamilyStore()
        _ = store.exchange(Self.first(), for: "second", at: Self.now)
        var stranger = Self.first()
        stranger.user = "u2"
        #expect(store.exchange(stranger, for: "third", at: Self.now) == .invalid)
        #expect(store.family?.isRevoked == false)
    }

    @Test func `a family is known for as long as any of its tokens could be verified`() {
        let store = FamilyStore()
        var long = Self.first()
        long.expiresAt = Timestamp(milliseconds: Self.now.milliseconds + 90 * 86_400_000)
        _ = store.exchange(long, for: "second", at: Self.now)
        let end = Timestamp(milliseconds: Self.now.milliseconds + 90 * 86_400_000 + 25_000)
        #expect(store.document?.expiresAt == end)
    }

    @Test func `without the store nothing is exchanged, and the token stays good`() {
        var exchange = RefreshExchange(Self.first(), newTokenID: "second", at: Self.now, life: Self.week)
        let first = exchange.begin()
        #expect(first == .ask(.read(DocumentKey(.refreshFamilies, "f"))))
        let second = exchange.replied(.unavailable("down"))
        #expect(second == .finish(.unavailable))
    }

    @Test func `a family that cannot be read lets nobody in`() {
        var exchange = RefreshExchange(Self.first(), newTokenID: "second", at: Self.now, life: Self.week)
        _ = exchange.begin()
        let document = Document(
            key: DocumentKey(.refreshFamilies, "f"), version: 1, body: Array("rubbish".utf8), createdAt: Self.now,
            updatedAt: Self.now)
        let action = exchange.replied(.found(document))
        #expect(action == .finish(.invalid))
    }

    /// The store with one family in it.
    private final class FamilyStore {
        private var store = MemoryStore()

        /// The family's document.
        var document: Document? {
            guard case .found(let document) = ask(.read(DocumentKey(.refreshFamilies, "f"))) else { return nil }
            return document
        }

        var family: RefreshFamily? { document.flatMap { RefreshFamily($0.body) } }

        func ask(_ request: StoreRequest) -> StoreReply {
            store.handle(request, at: RefreshExchangeTests.now)
        }

        /// What the store says to an exchange that asks.
        func answer(_ action: RefreshExchange.Action) -> StoreReply {
            guard case .ask(let request) = action else { preconditionFailure("the exchange is done") }
            return ask(request)
        }

        func exchange(_ claims: TokenClaims, for id: String, at time: Timestamp) -> RefreshOutcome {
            var exchange = RefreshExchange(claims, newTokenID: id, at: time, life: RefreshExchangeTests.week)
            var action = exchange.begin()
            while true {
                if case .finish(let outcome) = action { return outcome }
                action = exchange.replied(answer(action))
            }
        }
    }
}

extension RefreshOutcome {
    /// `jti` of the new token.
    fileprivate var tokenID: String? { if case .rotated(let claims) = self { claims.tokenID } else { nil } }
}
