import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionStorage
import TestSupport
import Testing

/// What happens while Redis is away, slow or full, and what its return heals.
@Suite struct RedisFailureTests {
    /// Options that make a test short.
    private static func impatient(_ patience: Duration = .seconds(20)) -> RedisEngine.Options {
        var options = RedisEngine.Options()
        options.patience = patience
        options.replyTimeout = .milliseconds(300)
        options.pauseMax = .milliseconds(100)
        options.connections = 3
        return options
    }

    /// Waits until an engine says that it is up.
    private func waitUntilUp(_ engine: RunningEngine) {
        Waiting.until("Redis came back, and the engine did not notice") { engine.engine.health == .up }
    }

    /// Waits until an engine says that it is down, and why.
    private func waitUntilDown(_ engine: RunningEngine, _ reason: String) {
        Waiting.until("the engine never said: \(reason)") {
            if case .down(let text) = engine.engine.health { text.contains(reason) } else { false }
        }
    }

    @Test func `a Redis that is killed and started again loses nothing that was acknowledged`() async throws {
        let server = try RedisServer()
        let engine = try RunningEngine(RedisEngine(server.address, Self.impatient()))
        let versions = await withTaskGroup(of: (Int, UInt64).self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var version: UInt64 = 0
                    for _ in 0..<150 {
                        let expecting: DocumentWrite.Expectation = version == 0 ? .absence : .version(version)
                        let reply = await engine.write(
                            "d\(writer)", expecting: expecting, version: version + 1, asker: writer % 2)
                        // Whether a write whose reply was lost is recognised is what counts here: never a conflict.
                        guard reply == .written else { return (writer, 0) }
                        version += 1
                    }
                    return (writer, version)
                }
            }
            group.addTask {
                for _ in 0..<3 {
                    Waiting.pause(milliseconds: 40)
                    server.restart()
                }
                return (-1, 150)
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(versions.values.allSatisfy { $0 == 150 })
        for writer in 0..<8 { #expect(await engine.read("d\(writer)")?.version == 150) }
        #expect((engine.engine.figures.redis?.reconnects ?? 0) > 0)
    }

    @Test func `a write whose reply was lost is recognised, and a removal is not called one`() async throws {
        let server = try RedisServer()
        let folder = TemporaryFolder()
        let proxy = try RedisProxy(folder.path + "/proxy.sock", to: server.socketPath)
        try proxy.start()
        defer { proxy.stop() }
        var options = Self.impatient()
        options.connections = 1
        let engine = try RunningEngine(
            RedisEngine(RedisAddress(address: .unix(path: folder.path + "/proxy.sock")), options))
        #expect(await engine.write("a", [1]) == .written)
        proxy.loseReplies()
        #expect(await engine.write("a", [2], expecting: .version(1), version: 2) == .written)
        proxy.loseReplies()
        #expect(await engine.write("b", [3]) == .written)
        #expect(await engine.read("a")?.version == 2)
        proxy.loseReplies()
        #expect(await engine.ask(.remove(DocumentKey(.sessions, "a"))).refusal != nil)
        #expect(await engine.read("a") == nil)
        #expect(engine.engine.figures.redis?.reconnects == 3)
    }

    @Test func `calls wait while Redis is away, up to a number and for a time`() async throws {
        let server = try RedisServer()
        server.kill()
        var options = Self.impatient()
        options.waitingMax = 20
        let engine = try RunningEngine(RedisEngine(server.address, options))
        waitUntilDown(engine, "cannot connect to unix:")
        let waiting = engine.submit(Self.writes(20))
        let refused = await engine.ask(Self.writes(5))
        #expect(refused.allSatisfy { $0.refusal?.contains("cannot connect to unix:") == true })
        try server.start()
        #expect(await engine.replies(to: waiting).allSatisfy { $0 == .written })
        waitUntilUp(engine)
    }

    @Test func `a call that has waited for long is refused with the reason`() async throws {
        let server = try RedisServer()
        server.kill()
        let engine = try RunningEngine(RedisEngine(server.address, Self.impatient(.milliseconds(150))))
        #expect(await engine.write("a").refusal?.contains("cannot connect to unix:") == true)
    }

    @Test func `a Redis that hangs is left, and found again when it goes on`() async throws {
        let server = try RedisServer()
        let engine = try RunningEngine(RedisEngine(server.address, Self.impatient()))
        #expect(await engine.write("a") == .written)
        try server.signal("STOP")
        let written = engine.submit(Self.writes(1))
        waitUntilDown(engine, "does not")
        try server.signal("CONT")
        #expect(await engine.replies(to: written) == [.written])
        waitUntilUp(engine)
    }

    @Test func `a connection that is given up is reset, so that nothing on its way arrives behind what comes later`()
        throws
    {
        let listener = try Listener(.loopback(port: 0))
        let port = try #require(listener.address.port)
        let engine = try RunningEngine(
            RedisEngine(RedisAddress(address: .host("127.0.0.1", port: port)), Self.impatient(.milliseconds(500))))
        var peer: Int32 = -1
        Waiting.until("the engine connects") {
            if case .accepted(let descriptor, _) = listener.accept() { peer = descriptor }
            return peer >= 0
        }
        let closing = OwnedDescriptor(adopting: peer)
        var end = ReceiveResult.wouldBlock
        Waiting.until("it gives up") {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            end = Socket.receive(peer, into: &buffer)
            if case .received = end { return false }
            return end != .wouldBlock
        }
        #expect(end != .ended)
        withExtendedLifetime(engine) {}
        _ = consume closing
    }

    @Test func `a Redis without memory refuses writes, serves reads, and recovers by itself`() async throws {
        let server = try RedisServer()
        let engine = try RunningEngine(RedisEngine(server.address, Self.impatient()))
        #expect(await engine.write("a", [1]) == .written)
        try server.run("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1")
        #expect(await engine.write("b").refusal?.contains("OOM command not allowed") == true)
        waitUntilDown(engine, "OOM")
        #expect(await engine.read("a")?.body == [1])
        try server.run("CONFIG", "SET", "maxmemory", "0")
        waitUntilUp(engine)
        #expect(await engine.write("b") == .written)
    }

    @Test func `scripts that Redis has forgotten are given to it again`() async throws {
        let server = try RedisServer()
        let engine = try RunningEngine(RedisEngine(server.address, Self.impatient()))
        #expect(await engine.write("a") == .written)
        try server.run("SCRIPT", "FLUSH")
        #expect(await engine.write("a", [2], expecting: .version(1), version: 2) == .written)
        #expect(await engine.read("a")?.body == [2])
        #expect(engine.engine.figures.redis?.reconnects == 0)
    }

    private static func writes(_ count: Int) -> [StoreRequest] {
        (0..<count).map { number in
            .write(
                DocumentWrite(
                    key: DocumentKey(.sessions, "d\(number)"), expecting: .anything, version: 1, body: [1]))
        }
    }
}
