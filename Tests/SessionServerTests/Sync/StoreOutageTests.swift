import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import SessionStorage
import Synchronization
import Testing

/// What happens while the store is down, and at the end (PROTOCOLS 1-32, C11, C20).
@Suite struct StoreOutageTests {
    @Test func `a store that is down is told by every probe, and when it is back all is well`() throws {
        let engine = FailingEngine()
        let server = try RunningServer.openSync { $0.openStore = { engine } }
        #expect(try server.put("{}", session: 1, user: "u").status == .created)
        let device = try server.device("d", user: "u", session: 1)
        engine.isDown.store(true, ordering: .relaxed)
        let refused = try server.put("{}", session: 2, user: "u")
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.fields["Retry-After"] != nil)
        #expect(try refused.document["error"] == "STORE_UNAVAILABLE")
        try device.say(TestClient.setting("a", to: "1", tag: "a"))
        #expect(try device.hear(.error)["payload"]?["code"] == "STORE_UNAVAILABLE")
        eventually("health is degraded") { (try? server.get("/health").document["status"]) == "degraded" }
        #expect(try server.get("/health").status == .ok)
        #expect(try server.get("/readyz").status == .ok, "five seconds are tolerated")
        eventually("the node is not ready") { (try? server.get("/readyz").status) == .serviceUnavailable }
        #expect(try server.metric("store_up") == 0)
        engine.isDown.store(false, ordering: .relaxed)
        eventually("the node is ready") { (try? server.get("/readyz").status) == .ok }
        #expect(try server.get("/health").document["status"] == "healthy")
        #expect(try server.put("{}", session: 2, user: "u").status == .created)
        try device.say(TestClient.setting("a", to: "2", tag: "b"))
        #expect(try device.hear(.stateUpdate)["correlation_id"] == "b")
    }

    @Test func `a request that waits for the store is answered before a drain ends, and the store is stopped last`()
        throws
    {
        let engine = FailingEngine()
        let server = try RunningServer.openSync { $0.openStore = { engine } }
        engine.isHeld.store(true, ordering: .relaxed)
        let client = try server.connect()
        let body = #"{"session_id":"\#(SyncCast.session(1))","user_id":"u","state_data":{}}"#
        try client.write(
            "POST /session/snapshot HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
        eventually("the store is asked") { engine.heldCount > 0 }
        server.server.stop()
        eventually("upgrades are refused") { (try? server.connect().tryOpen("/ws")?.status) == .serviceUnavailable }
        #expect(!server.hasEnded)
        engine.letGo()
        #expect(try client.readToEnd().hasPrefix("HTTP/1.1 201 "))
        eventually("the server ends") { server.hasEnded }
        let isStopped = engine.isStopped.load(ordering: .relaxed)
        #expect(isStopped)
    }

    @Test(arguments: [1, 2])
    func `what was acknowledged is there after a restart`(threads: Int) throws {
        let engine = FailingEngine()
        do {
            let server = try RunningServer.openSync(threads: threads) { $0.openStore = { engine } }
            for session in 1...5 { #expect(try server.put("{}", session: session, user: "u").status == .created) }
        }
        let server = try RunningServer.openSync(threads: threads) { $0.openStore = { engine } }
        for session in 1...5 {
            #expect(try server.call("GET", "/session/\(SyncCast.session(session))").status == .ok)
        }
    }

    @Test func `a store that cannot be opened keeps the server from starting`() throws {
        #expect(throws: ServerStartError.self) {
            try RunningServer.openSync { $0.openStore = { () throws(StorageError) in throw StorageError("no") } }
        }
    }
}
