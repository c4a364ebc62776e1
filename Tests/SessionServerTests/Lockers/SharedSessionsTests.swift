import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import SessionStorage
import Synchronization
import TestSupport
import Testing

/// Sessions that an application keeps in Redis (PROTOCOLS 4-3, `redis`), with a redis-server of the tests' own.
@Suite struct SharedSessionsTests {
    @Test func `a session is what the value of its key says`() throws {
        let redis = try SessionRedis()
        redis.set(
            "session:s1", #"{"userId":"u1","roles":["staff"],"namespaces":["/ws/help"],"expiresAt":1767225660000}"#)
        let fixture = try LockerSessionsFixture(.redis(redis.address))
        let identity = try fixture.identity("s1")
        #expect((identity.user, identity.roles, identity.namespaces) == ("u1", ["staff"], ["/ws/help"]))
        #expect(fixture.judge("s1", after: 60) == .refused(.expired, "the session has expired; sign in again"))
        #expect(fixture.judge("s2") == LockerSessionsTests.unknown)
        redis.run("DEL", "session:s1")
        #expect(fixture.judge("s1") == LockerSessionsTests.unknown)
        fixture.sessions.stop()
    }

    @Test func `a value that is no session lets nobody in, and its id is not logged`() throws {
        let redis = try SessionRedis()
        redis.set("session:very-secret", "hello")
        let fixture = try LockerSessionsFixture(.redis(redis.address))
        #expect(fixture.judge("very-secret") == LockerSessionsTests.unknown)
        #expect(fixture.log.all.count == 1)
        #expect(!fixture.log.all[0].contains("very-secret"))
        fixture.sessions.stop()
    }

    @Test func `a Redis that went away is unavailable, and found again`() throws {
        let redis = try SessionRedis()
        redis.set("session:s1", #"{"userId":"u1"}"#)
        let fixture = try LockerSessionsFixture(.redis(redis.address))
        #expect(try fixture.identity("s1").user == "u1")
        redis.kill()
        let box = Box<AccessVerdict>()
        _ = fixture.sessions.judge(.token(Array("s1".utf8)), for: nil, at: LockerSessionsFixture.now) { box.put($0) }
        try redis.start()
        // The question waits until Redis is there again; what it had stored is gone with it.
        eventually("a verdict comes") { box.value != nil }
        #expect(box.value == LockerSessionsTests.unknown)
        fixture.sessions.stop()
    }

    @Test func `a reload does not wait for a provider that is at work`() throws {
        let redis = try SessionRedis()
        let fixture = try LockerSessionsFixture(.redis(redis.address))
        let (isAtWork, isReloaded, isIdle) = (Box<Bool>(), Box<Bool>(), Box<Bool>())
        _ = fixture.sessions.judge(.token(Array("s1".utf8)), for: nil, at: LockerSessionsFixture.now) { _ in
            isAtWork.put(true)
            // In place of a name server that takes its time.
            eventually("the reload is done") { isReloaded.value != nil }
            isIdle.put(true)
        }
        eventually("the provider is at work") { isAtWork.value != nil }
        var configuration = fixture.sessions.configuration
        configuration.provider = .memory
        fixture.sessions.reload(configuration)
        #expect(isIdle.value == nil)
        isReloaded.put(true)
        eventually("the provider may end") { isIdle.value != nil }
    }

    @Test func `nobody is refused because Redis is down`() throws {
        let nowhere = RedisAddress(address: .unix(path: TemporaryFolder().path + "/none.sock"))
        let fixture = try LockerSessionsFixture(.redis(nowhere))
        guard case .refused(.unavailable, _)? = fixture.judge("s1") else {
            Issue.record("not unavailable")
            return
        }
        #expect(!fixture.log.all.isEmpty)
        fixture.sessions.stop()
    }
}

/// A redis-server that keeps nothing, on a Unix socket in a folder of its own.
final class SessionRedis: Sendable {
    private struct Child: @unchecked Sendable {
        // Unchecked, because a lock surrounds every use.
        let process: ChildProcess
    }

    private let folder = TemporaryFolder()
    private let child = Mutex<Child?>(nil)

    private var socketPath: String { folder.path + "/redis.sock" }

    var address: RedisAddress { RedisAddress(address: .unix(path: socketPath)) }

    init() throws { try start() }

    /// Starts it and waits until it listens.
    func start() throws {
        let arguments = [
            "redis-server", "--port", "0", "--unixsocket", socketPath, "--dir", folder.path, "--save", "",
            "--appendonly",
            "no", "--daemonize", "no", "--logfile", folder.path + "/redis.log",
        ]
        let started = Child(process: try ChildProcess("/usr/bin/redis-server", arguments))
        child.withLock { $0 = started }
        eventually("redis-server listens; .ci/setup installs it") {
            // Refused or missing as long as it starts.
            (try? Socket.connect(to: .unix(path: socketPath))) != nil
        }
    }

    /// Ends it.
    func kill() { child.withLock { $0 = nil } }

    func set(_ key: String, _ value: String) { run("SET", key, value) }

    func run(_ arguments: String...) {
        #expect(throws: Never.self) {
            let cli = try ChildProcess("/usr/bin/redis-cli", ["redis-cli", "-s", socketPath] + arguments)
            cli.closeInput()
            #expect(cli.wait() == 0)
        }
    }
}
