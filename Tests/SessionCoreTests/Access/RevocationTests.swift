import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What withdraws credentials before their time (PROTOCOLS C17).
@Suite struct RevocationTests {
    private static let now = Timestamp(milliseconds: 1_767_225_600_000)

    private static var identity: Identity {
        var identity = Identity(user: "u1")
        (identity.tokenID, identity.session, identity.issuedAt) = ("j1", "s1", now)
        return identity
    }

    @Test(arguments: [
        (Revocation.Target.user("u1"), true), (.user("u2"), false), (.user("j1"), false), (.token("j1"), true),
        (.token("j2"), false), (.session("s1"), true), (.session("s2"), false),
        (.issuedBefore(Timestamp(milliseconds: now.milliseconds + 1)), true), (.issuedBefore(now), false),
    ])
    func `a revocation and the list of it hit the same identities`(target: Revocation.Target, isHit: Bool) {
        let revocation = Revocation(id: "r1", target: target, createdAt: Self.now)
        #expect(revocation.hits(Self.identity) == isHit)
        #expect(RevocationList([revocation]).hits(Self.identity) == isHit)
    }

    @Test func `what looks alike is not the same`() {
        var identity = Identity(user: "\u{212A}")
        (identity.tokenID, identity.session) = ("\u{212A}", "\u{212A}")
        for target in [Revocation.Target.user("K"), .token("K"), .session("K")] {
            let revocation = Revocation(id: "r1", target: target, createdAt: Self.now)
            #expect(!revocation.hits(identity))
            #expect(!RevocationList([revocation]).hits(identity))
        }
    }

    @Test func `a token that does not say when it was issued counts as old`() {
        let revocation = Revocation(id: "r1", target: .issuedBefore(Self.now), createdAt: Self.now)
        #expect(revocation.hits(Identity(user: "u9")))
        #expect(RevocationList([revocation]).hits(Identity(user: "u9")))
    }

    @Test func `an assumed identity has no credential that could be revoked`() {
        var identity = Identity.assumed
        identity.user = "u1"
        let revocation = Revocation(id: "r1", target: .user("u1"), createdAt: Self.now)
        #expect(!revocation.hits(identity))
        #expect(!RevocationList([revocation]).hits(identity))
    }

    @Test func `lifting one of two leaves the other in force`() {
        var list = RevocationList()
        for (id, target) in [
            ("a", Revocation.Target.user("u1")), ("b", .user("u1")), ("c", .issuedBefore(Self.now)),
            ("d", .issuedBefore(Timestamp(milliseconds: Self.now.milliseconds + 5000))),
        ] { list.insert(Revocation(id: id, target: target, createdAt: Self.now)) }
        let (isRemoved, isRemovedAgain) = (list.remove("a"), list.remove("a"))
        #expect(isRemoved && !isRemovedAgain)
        #expect(list.hits(Self.identity))
        list.remove("b")
        #expect(list.hits(Self.identity))
        list.remove("d")
        #expect(!list.hits(Self.identity))
        #expect(list.hits(Identity(user: "u9")))
        #expect(list.count == 1)
        list.remove("c")
        #expect(list == RevocationList())
    }

    @Test(arguments: [
        Revocation.Target.user("u1"), .token("j1"), .session("s1"), .issuedBefore(now),
    ])
    func `a revocation comes back from the store`(target: Revocation.Target) throws {
        let revocation = Revocation(id: "r1", target: target, createdAt: Self.now)
        guard case .write(let write) = revocation.write else {
            Issue.record("no write")
            return
        }
        #expect(write.expecting == .absence)
        #expect(write.expiresAt == nil)
        let document = Document(
            key: write.key, version: write.version, body: write.body, createdAt: Self.now, updatedAt: Self.now)
        #expect(Revocation(document) == revocation)
    }

    @Test(arguments: [
        "{}", #"{"user":""}"#, #"{"user":1}"#, #"{"user":"a b"}"#, #"{"user":"u1","jti":"j1"}"#,
        #"{"issued_before":"yesterday"}"#, #"{"issued_before":1767225600}"#, #"{"everybody":true}"#,
    ])
    func `a wish names exactly one of the four`(body: String) throws {
        let object = try JSONObject.parse(part: Array(body.utf8), .payload)
        #expect(Revocation.target(of: object) == nil)
    }
}
