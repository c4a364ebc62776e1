import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import SessionStorage
import Synchronization
import Testing

/// A configuration that is read again (PROTOCOLS C12).
@Suite struct ReloadTests {
    /// What the next reload reads.
    private final class Source: Sendable {
        let next: Mutex<Result<ServerConfiguration, ReloadFailure>>

        init(_ configuration: ServerConfiguration) { next = Mutex(.success(configuration)) }

        var reader: ConfigurationReader { { self.next.withLock { $0 } } }
    }

    @Test(arguments: [1, 2])
    func `who may use sync is judged anew after a reload, and sockets stay`(threads: Int) throws {
        var configuration = RunningServer.configuration([.sync], threads: threads)
        configuration.access.keys = try KeySet(secret: SyncCast.secret)
        configuration.description = [("sync-auth", "required"), ("store", "memory")]
        let source = Source(configuration)
        let server = try RunningServer([.sync], threads: threads) {
            $0.access.syncMode = .open
            $0.description = [("sync-auth", "open"), ("store", "sqlite")]
        } reader: {
            source.reader()
        }
        let device = try server.device("d", user: "u", session: 1)
        #expect(try server.put("{}", session: 2, user: "u").status == .created)
        let answer = try server.ask("/admin/reload", "POST").document
        #expect(answer["applied"] == ["sync-auth"])
        #expect(answer["needs_restart"] == ["store"])
        #expect(try server.put("{}", session: 2, user: "u").status == .unauthorized)
        #expect(try server.put("{}", session: 2, user: "u", token: try SyncCast.token("u")).status == .ok)
        try device.say(TestClient.setting("a", to: "1", tag: "a"))
        #expect(try device.hear(.stateUpdate)["correlation_id"] == "a")
    }

    @Test(arguments: [1, 2])
    func `new limits are in force on every loop, and open connections stay`(threads: Int) throws {
        var configuration = RunningServer.configuration([.awareness], threads: threads)
        configuration.description = [("awareness-max-connections", "1"), ("threads", "9"), ("host", "h")]
        configuration.awareness.windowsPerUserMax = 1
        configuration.limits.node = 20
        let source = Source(configuration)
        let server = try RunningServer(threads: threads) {
            $0.description = [("awareness-max-connections", "10"), ("threads", "1"), ("host", "h")]
            $0.awareness.windowsPerUserMax = 10
        } reader: {
            source.reader()
        }
        var users: [TestClient] = []
        for number in 0..<4 { users.append(try server.window("u\(number)", "w1", case: "C")) }
        let answer = try server.ask("/admin/reload", "POST").document
        #expect(answer["status"] == "reloaded")
        #expect(answer["applied"] == ["awareness-max-connections"])
        #expect(answer["needs_restart"] == ["threads"])
        eventually("every loop knows") {
            (0..<4).allSatisfy { number in
                guard let second = try? server.open() else { return false }
                try? second.register("u\(number)", "w2", case: "C")
                return (try? second.hear()["payload"]?["code"]) == "CONNECTION_LIMIT"
            }
        }
        for user in users { #expect(try user.typesUntilPong() == []) }
        #expect(try server.document("/admin/config")["awareness-max-connections"] == "1")
        #expect(try server.metric("config_reloads_total{result=\"ok\"}") == 1)
    }

    @Test(arguments: [1, 2])
    func `boards go to another backend after a reload, and stay where they went while that one cannot be used`(
        threads: Int
    ) throws {
        let (old, new) = (try HookEndpoint(), try HookEndpoint())
        var configuration = RunningServer.configuration([.board], threads: threads)
        configuration.access.keys = try KeySet(secret: SyncCast.secret)
        configuration.keepBoards(in: new)
        configuration.boardBackend?.loadTemplate = "/load/{roomId}"
        configuration.boardBackend?.storeTemplate = "/store/{roomId}"
        let source = Source(configuration)
        let server = try RunningServer.board(threads: threads) {
            $0.keepBoards(in: old)
        } reader: {
            source.reader()
        }
        let (stays, _) = try server.member("u", in: "before")
        #expect(old.lines == ["GET /hook/api/rooms/before/board"])
        #expect(try server.ask("/admin/reload", "POST").status == .ok)
        _ = try server.member("u", in: "after")
        try stays.draw(x: 1, tag: "c")
        _ = try stays.hear(until: "ack")
        try stays.say(#"{"type":"flush","id":"f"}"#)
        while try stays.hear(until: "ack")["id"] != "f" {}
        #expect(old.lines.count == 1)
        #expect(new.lines == ["GET /hook/load/after", "PUT /hook/store/before"])
        // Nothing can be signed: nothing changes.
        configuration.keepBoards(in: old)
        configuration.boardBackend?.secret = []
        source.next.withLock { $0 = .success(configuration) }
        #expect(try server.ask("/admin/reload", "POST").status == .ok)
        _ = try server.member("u", in: "last")
        #expect(new.lines.last == "GET /hook/load/last")
    }

    @Test func `what cannot be used is rejected whole`() throws {
        let source = Source(RunningServer.configuration([.awareness]))
        source.next.withLock { $0 = .failure(ReloadFailure("line 3: unknown key")) }
        let server = try RunningServer {
            $0.description = [("host", "h")]
        } reader: {
            source.reader()
        }
        let refused = try server.ask("/admin/reload", "POST")
        #expect(refused.status == .unprocessableContent)
        #expect(try refused.document["message"] == "line 3: unknown key")
        #expect(try server.document("/admin/config")["host"] == "h")
        #expect(try server.metric("config_reloads_total{result=\"rejected\"}") == 1)
        #expect(try server.get("/readyz").status == .ok)
    }

    @Test func `a node limit that is lowered keeps newcomers out, and a raised one lets them in`() throws {
        let configuration = RunningServer.configuration([.awareness])
        let source = Source(configuration)
        let server = try RunningServer {
            $0.limits.node = 1
        } reader: {
            source.reader()
        }
        let first = try server.open()
        #expect(try server.connect().tryOpen()?.status == .serviceUnavailable)
        var wider = configuration
        wider.limits.node = 2
        source.next.withLock { $0 = .success(wider) }
        #expect(try server.ask("/admin/reload", "POST").status == .ok)
        eventually("there is room") { (try? server.open()) != nil }
        #expect(try first.typesUntilPong() == [])
    }

    @Test func `an address limit that is switched on later counts those that are there`() throws {
        let configuration = RunningServer.configuration([.awareness])
        let source = Source(configuration)
        let server = try RunningServer { _ in
        } reader: {
            source.reader()
        }
        let early = try server.open()
        var limited = configuration
        limited.limits.address = 1
        source.next.withLock { $0 = .success(limited) }
        #expect(try server.ask("/admin/reload", "POST").status == .ok)
        #expect(try server.connect().tryOpen()?.status == .tooManyRequests)
        try early.close()
        #expect(try early.hearClose() == .normal)
        try eventually("there is room") { try server.connect().tryOpen() == nil }
    }
}
