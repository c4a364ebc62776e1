import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Sessions that end while their sockets live (PROTOCOLS 4-1, 4-4, C17).
@Suite struct LockersSessionTests {
    private static func after(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_705_314_600_000 + seconds * 1000)
    }

    @Test func `a socket is closed when its session ends, to the millisecond`() {
        var node = LockersFixture()
        let client = node.open(as: .of("u1", expiresAt: Self.after(90)))
        let other = node.open(as: .of("u2"))
        _ = node.take(client)
        node.advance(.milliseconds(89_999))
        #expect(node.closes.isEmpty)
        node.advance(.milliseconds(1))
        #expect(node.take(client).map(\.code) == ["INVALID_SESSION"])
        #expect(node.closes == [client: .tokenExpired])
        #expect(node.machines[0].counters.expired == 1)
        node.close(client)
        node.close(other)
    }

    @Test func `a session is asked for again every minute, and only where it can be`() {
        var node = LockersFixture()
        let client = node.open(credential: "s1")
        let anonymous = node.open(as: nil, credential: "s2")
        let assumed = node.open(as: .assumed, credential: "s3")
        let bare = node.open()
        for _ in 0..<3 {
            node.advance(.seconds(60))
            #expect(node.questions.map(\.credential) == ["s1"])
            #expect(node.questions.map(\.client) == [client])
            node.answer(client, .granted(Identity(user: "u1")))
        }
        #expect(node.closes.isEmpty)
        for client in [client, anonymous, assumed, bare] { node.close(client) }
    }

    @Test func `a thousand sockets that came together do not ask together`() {
        var node = LockersFixture()
        node.isChecked = false
        for _ in 0..<1000 { _ = node.open(credential: "s") }
        node.advance(.milliseconds(53_999))
        #expect(node.questions.isEmpty)
        node.advance(.seconds(3))
        #expect((300...700).contains(node.questions.count))
        node.advance(.milliseconds(3001))
        #expect(node.questions.count == 1000)
    }

    @Test func `while a session is being asked for it is not asked for again`() {
        var node = LockersFixture()
        _ = node.open(credential: "s1")
        node.advance(.seconds(600))
        #expect(node.questions.count == 1)
    }

    @Test(arguments: [
        (AccessRefusal.invalid, CloseCode.tokenExpired), (.expired, .tokenExpired), (.revoked, .revoked),
    ])
    func `a session that is no good any more ends its sockets`(refusal: AccessRefusal, code: CloseCode) {
        var node = LockersFixture()
        let client = node.open(credential: "s1")
        _ = node.take(client)
        node.advance(.seconds(60))
        node.answer(client, .refused(refusal, "no"))
        #expect(node.take(client).map(\.code) == ["INVALID_SESSION"])
        #expect(node.closes == [client: code])
    }

    @Test func `nobody is sent away because sessions cannot be looked up`() {
        var node = LockersFixture()
        let client = node.open(credential: "s1")
        node.advance(.seconds(60))
        node.answer(client, .refused(.unavailable, "down"))
        #expect(node.closes.isEmpty)
        node.advance(.seconds(60))
        #expect(node.questions.count == 1)
        node.answer(client, .granted(Identity(user: "u1")))
        #expect(node.closes.isEmpty)
    }

    @Test func `a session that opens another namespace now ends its sockets in this one`() {
        var node = LockersFixture()
        let client = node.open(as: .of("u1", namespaces: ["/ws/lockers"]), credential: "s1")
        _ = node.take(client)
        node.advance(.seconds(60))
        node.answer(client, .granted(.of("u1", namespaces: ["/ws/help"])))
        #expect(node.take(client).map(\.code) == ["FORBIDDEN"])
        #expect(node.closes == [client: .forbidden])
    }

    @Test func `a session that became a kiosk's leaves the rooms of the others`() throws {
        var node = LockersFixture()
        let client = node.open(credential: "s1")
        for room in ["kiosk-1", "kiosk-2"] { node.say(#"{"type":"join_room","room":"\#(room)"}"#, on: client) }
        _ = node.take(client)
        node.advance(.seconds(60))
        node.answer(client, .granted(.of("u1", kiosk: "kiosk-2")))
        let frames = node.take(client)
        #expect(frames.map(\.type) == ["room_left"])
        #expect(frames.first?["data"] == ["room": "kiosk-1"])
        #expect(try node.broadcast(room: "kiosk-1") == 0)
        #expect(try node.broadcast(room: "kiosk-2") == 1)
    }

    @Test func `a session that was prolonged lives on`() {
        var node = LockersFixture()
        let client = node.open(as: .of("u1", expiresAt: Self.after(90)), credential: "s1")
        node.advance(.seconds(60))
        node.answer(client, .granted(.of("u1", expiresAt: Self.after(3600))))
        node.advance(.seconds(40))
        #expect(node.closes.isEmpty)
    }

    @Test(arguments: [1, 2])
    func `a revocation closes the sockets that it hits, on all loops`(loops: Int) {
        var node = LockersFixture(loops: loops)
        let hit = (0..<4).map { node.join(loop: $0 % loops, as: .of("u1", session: "s1")) }
        let spared = [
            node.join(as: .of("u1", session: "s2")), node.join(as: .of("u2")), node.join(as: nil),
            node.join(as: .assumed),
        ]
        #expect(node.revoke(.session("s1")) == 4)
        for client in hit {
            #expect(node.take(client).map(\.code) == ["INVALID_SESSION"])
            #expect(node.closes[client] == .revoked)
        }
        #expect(spared.allSatisfy { node.closes[$0] == nil })
        #expect(node.revoke(.user("u1")) == 1)
        #expect(node.closes[spared[0]] == .revoked)
        #expect(node.revoke(.user("u1")) == 0)
    }

    @Test func `an answer about a socket that is gone does nothing`() {
        var node = LockersFixture()
        let client = node.open(credential: "s1")
        node.advance(.seconds(60))
        node.close(client)
        node.answer(client, .refused(.invalid, "no"))
        #expect(node.closes.isEmpty)
    }

    @Test(arguments: [true, false])
    func `a session that changes while a room is being joined decides about that room`(isAllowed: Bool) throws {
        var node = LockersFixture(loops: 2)
        let clients = (0..<2).map { node.open(loop: $0, credential: "s\($0)") }
        for client in clients { _ = node.take(client) }
        node.advance(.seconds(60))
        #expect(node.questions.count == 2)
        node.deliversParcels = false
        for client in clients { node.say(#"{"type":"join_room","room":"kiosk-1","id":"j"}"#, on: client) }
        let held = try #require(clients.first { node.paused.contains($0) })
        node.answer(held, .granted(.of("u1", kiosk: isAllowed ? "kiosk-1" : "kiosk-2")))
        #expect(node.take(held).isEmpty)
        node.deliverParcels()
        #expect(node.paused.isEmpty)
        let frames = node.take(held)
        #expect(frames.map { $0.code ?? $0.type } == [isAllowed ? "room_joined" : "FORBIDDEN"])
        #expect(frames.first?["id"] == "j")
        node.deliversParcels = true
        #expect(try node.broadcast(room: "kiosk-1") == (isAllowed ? 2 : 1))
        #expect(node.ask(#"{"type":"ping"}"#, on: held).last?.type == "pong")
    }
}
