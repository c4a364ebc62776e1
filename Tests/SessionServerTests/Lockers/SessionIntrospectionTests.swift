import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// Sessions that another service knows (PROTOCOLS 4-3, `http`).
@Suite struct SessionIntrospectionTests {
    private static let session =
        #"{"userId":"u1","roles":["staff"],"kioskId":"kiosk-1","expiresAt":"2026-01-01T00:00:10Z"}"#

    private static func fixture(_ service: SessionService) throws -> LockerSessionsFixture {
        try LockerSessionsFixture(.introspection(service.endpoint))
    }

    @Test func `a session is asked for once in 30 seconds, a refusal too`() throws {
        let service = try SessionService()
        service.answer("s1", 200, #"{"userId":"u1","roles":["staff"],"kioskId":"kiosk-1"}"#)
        let fixture = try Self.fixture(service)
        for seconds: Int64 in [0, 29, 30, 59] {
            let identity = try fixture.identity("s1", after: seconds)
            #expect((identity.user, identity.roles, identity.kiosk) == ("u1", ["staff"], "kiosk-1"))
            #expect(fixture.judge("nobody", after: seconds) == LockerSessionsTests.unknown)
        }
        #expect(service.asked == ["s1", "nobody", "s1", "nobody"])
    }

    @Test(arguments: [401, 404])
    func `a session that the service does not know is refused`(status: Int) throws {
        let service = try SessionService()
        service.answer("s1", status, "{}")
        #expect(try Self.fixture(service).judge("s1") == LockerSessionsTests.unknown)
    }

    @Test func `a session ends at its time, though it is remembered`() throws {
        let service = try SessionService()
        service.answer("s1", 200, Self.session)
        let fixture = try Self.fixture(service)
        #expect(try fixture.identity("s1").expiresAt == AccessFixture.after(10))
        #expect(
            fixture.judge("s1", after: 10) == .refused(.expired, "the session has expired; sign in again"))
        #expect(service.asked == ["s1"])
    }

    @Test(arguments: [(500, "{}"), (503, ""), (302, ""), (200, "hello"), (200, #"{"user":"u1"}"#)])
    func `an answer that says nothing about the session is no refusal, and is not remembered`(
        status: Int, body: String
    ) throws {
        let service = try SessionService()
        service.answer("s1", status, body)
        let fixture = try Self.fixture(service)
        let unavailable = AccessVerdict.refused(
            .unavailable, "sessions cannot be looked up now; try again in a moment")
        #expect(fixture.judge("s1") == unavailable)
        service.answer("s1", 200, Self.session)
        #expect(try fixture.identity("s1").user == "u1")
        #expect(fixture.log.all.count == 1)
        #expect(!fixture.log.all[0].contains("s1"))
    }

    @Test func `a service that hangs up is unavailable, and found again later`() throws {
        let service = try SessionService()
        service.answer("s1", 200, Self.session)
        service.fail(true)
        let fixture = try Self.fixture(service)
        guard case .refused(.unavailable, _)? = fixture.judge("s1") else {
            Issue.record("not unavailable")
            return
        }
        service.fail(false)
        #expect(try fixture.identity("s1").user == "u1")
    }

    @Test func `many who show the same session cost one question`() throws {
        let service = try SessionService()
        service.answer("s1", 200, Self.session)
        service.hold(true)
        let fixture = try Self.fixture(service)
        let boxes = (0..<50).map { _ in Box<AccessVerdict>() }
        for box in boxes {
            let now = fixture.sessions.judge(.token(Array("s1".utf8)), for: nil, at: LockerSessionsFixture.now) {
                box.put($0)
            }
            #expect(now == nil)
        }
        service.hold(false)
        eventually("everybody has a verdict") { boxes.allSatisfy { $0.value != nil } }
        #expect(Set(boxes.map { "\($0.value.map { "\($0)".prefix(8) } ?? "")" }) == ["granted("])
        #expect(service.asked == ["s1"])
    }

    @Test func `whoever waits while the provider is replaced gets a verdict`() throws {
        let service = try SessionService()
        service.hold(true)
        defer { service.hold(false) }
        let fixture = try Self.fixture(service)
        let box = Box<AccessVerdict>()
        _ = fixture.sessions.judge(.token(Array("s1".utf8)), for: nil, at: LockerSessionsFixture.now) { box.put($0) }
        fixture.sessions.reload(LockerSessionsFixture.configuration(.memory))
        eventually("a verdict comes") { box.value != nil }
        guard case .refused(.unavailable, _)? = box.value else {
            Issue.record("no verdict")
            return
        }
    }
}
