import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import TestSupport
import Testing

/// Sessions of a file (PROTOCOLS 4-3, `static`).
@Suite struct FixedSessionsTests {
    private static func parse(_ text: String) throws -> FixedSessions {
        try FixedSessions(parsing: Array(text.utf8), path: "sessions.json")
    }

    @Test func `a file names sessions by their ids or by the hashes of them`() throws {
        // The hash of "s2", as sha256sum prints it.
        let file = TemporaryFolder()
        let path = file.path + "/sessions.json"
        let hash = "ad328846aa18b32a335816374511cac1063c704b8c57999e51da9f908290a7a4"
        try Files.write(
            Array(
                #"""
                [{"sessionId":"s1","userId":"u1","roles":["staff"],"namespaces":["/ws/help"],"kioskId":"kiosk-1"},
                 {"sha256":"\#(hash)","userId":"u2","expiresAt":"2026-01-01T00:01:00Z"},
                 {"sessionId":"s3","userId":"u3","expiresAt":1767225660000}]
                """#.utf8
            ).span, to: path, mode: 0o600)
        let sessions = try FixedSessions(parsing: Files.read(path), path: path)
        #expect(sessions.count == 3)
        let fixture = try LockerSessionsFixture(.fixed(sessions))
        let first = try fixture.identity("s1", after: 1_000_000)
        #expect((first.user, first.roles, first.namespaces, first.kiosk) == ("u1", ["staff"], ["/ws/help"], "kiosk-1"))
        for id in ["s2", "s3"] {
            #expect(try fixture.identity(id, after: 59).expiresAt == AccessFixture.after(60))
            #expect(fixture.judge(id, after: 60) == .refused(.expired, "the session has expired; sign in again"))
        }
        #expect(fixture.judge("s4") == LockerSessionsTests.unknown)
    }

    @Test(arguments: [
        ("", "sessions.json is no JSON array of sessions"), ("{}", "sessions.json is no JSON array of sessions"),
        (#"[{"userId":"u1"}]"#, "entry 1 of sessions.json is no session; it needs sessionId or sha256, and userId"),
        (
            #"[{"sessionId":"secret","userId":"u1"},{"sessionId":"x"}]"#,
            "entry 2 of sessions.json is no session; it needs sessionId or sha256, and userId"
        ),
        (
            #"[{"sha256":"abc","userId":"u1"}]"#,
            "entry 1 of sessions.json is no session; it needs sessionId or sha256, and userId"
        ),
        (
            #"[{"sessionId":"s","userId":"u1"},{"sessionId":"s","userId":"u2"}]"#,
            "entry 2 of sessions.json has the id of another one; keep one of them"
        ),
    ])
    func `a file that cannot be used says which entry is wrong, and repeats nothing of it`(
        text: String, message: String
    ) {
        #expect {
            try Self.parse(text)
        } throws: {
            "\($0)" == message
        }
    }

    @Test(arguments: [
        #"{"sessionId":"s","userId":"u1","expiresAt":"soon"}"#, #"{"sessionId":"s","userId":"u1","expiresAt":true}"#,
        #"{"sessionId":"s","userId":"u1","roles":{}}"#, #"{"sessionId":"s","userId":"u1","namespaces":[""]}"#,
    ])
    func `a member of a wrong type makes an entry useless instead of powerful`(entry: String) {
        #expect(throws: LockerSessionsError.self) { try Self.parse("[\(entry)]") }
    }
}
