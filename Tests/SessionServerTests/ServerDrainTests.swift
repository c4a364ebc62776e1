import SessionBase
import SessionCodec
import SessionIO
import SessionServer
import Testing

/// The graceful stop from outside (PROTOCOLS C11).
@Suite struct ServerDrainTests {
    @Test(arguments: [1, 2])
    func `a drain is announced, then refuses, then closes, then ends`(threads: Int) throws {
        let server = try RunningServer(threads: threads) {
            $0.timing.drainWait = .milliseconds(700)
            $0.timing.drainDuration = .milliseconds(800)
        }
        let window = try server.window("u", "w", case: "C")
        let second = try server.window("v", "w", case: "C")
        #expect(try server.ask("/admin/drain", "POST").status == .accepted)
        eventually("readiness is withdrawn") { (try? server.get("/readyz").status) == .serviceUnavailable }
        // Everything is still served.
        #expect(try server.get("/healthz").status == .ok)
        #expect(try window.typesUntilPong() == [])
        let late = try server.open()
        #expect(try late.typesUntilPong() == [])
        // Until the wait is over: then upgrades are refused while probes answer.
        var refusal: HTTPResponse?
        eventually("new connections are refused") {
            // A socket that is accepted in the very moment of the change is closed without an answer.
            refusal = (try? server.connect().tryOpen()) ?? nil
            return refusal != nil
        }
        #expect(refusal?.status == .serviceUnavailable)
        #expect(refusal?.fields["Retry-After"] != nil)
        #expect(try server.get("/healthz").status == .ok)
        #expect(try server.get("/metrics").status == .ok)
        for client in [window, second, late] { #expect(try client.hearClose() == .goingAway) }
        eventually("the server ends") { server.hasEnded }
    }

    @Test(arguments: [1, 2, 3])
    func `a server without connections ends after the wait`(threads: Int) throws {
        let server = try RunningServer(threads: threads) { $0.timing.drainDuration = .seconds(30) }
        server.server.stop()
        eventually("the server ends") { server.hasEnded }
    }

    @Test(arguments: [2, 3])
    func `the last connection ends the server, whichever loop it is on`(threads: Int) throws {
        let server = try RunningServer(threads: threads) { $0.timing.drainDuration = .milliseconds(300) }
        var clients: [TestClient] = []
        for number in 0..<4 { clients.append(try server.window("u\(number)", "w", case: "C")) }
        server.server.stop()
        for client in clients {
            #expect(try client.hearClose() == .goingAway)
            try client.waitForEnd()
        }
        eventually("the server ends") { server.hasEnded }
    }

    @Test func `the closes are spread over the duration`() throws {
        let server = try RunningServer { $0.timing.drainDuration = .milliseconds(900) }
        let clients = try (0..<3).map { try server.window("u\($0)", "w", case: "C") }
        let start = SystemClock.now()
        server.server.stop()
        var last = Duration.zero
        for client in clients {
            #expect(try client.hearClose() == .goingAway)
            last = SystemClock.now() - start
        }
        #expect(last >= .milliseconds(590), "the last of three is closed after two thirds")
        eventually("the server ends") { server.hasEnded }
    }

    @Test func `a drain is called off while it is only announced`() throws {
        // What is read again lets the fixture end the server without the wait.
        let server = try RunningServer {
            $0.timing.drainWait = .seconds(60)
        } reader: {
            .success(RunningServer.configuration([.awareness]))
        }
        #expect(try server.ask("/admin/drain", "POST").status == .accepted)
        eventually("readiness is withdrawn") { (try? server.get("/readyz").status) == .serviceUnavailable }
        #expect(try server.ask("/admin/undrain", "POST").document["status"] == "serving")
        eventually("readiness is back") { (try? server.get("/readyz").status) == .ok }
        #expect(try server.ask("/admin/reload", "POST").status == .ok)
    }

    @Test func `a register during the closing is told that the server goes`() throws {
        let server = try RunningServer { $0.timing.drainDuration = .seconds(2) }
        let first = try server.open()
        let second = try server.open()
        server.server.stop()
        #expect(try first.hearClose() == .goingAway)
        try second.register("u", "w", case: "C")
        #expect(try second.hear()["payload"]?["code"] == "SHUTTING_DOWN")
        #expect(try second.hearClose() == .goingAway)
    }

    @Test(arguments: [1, 2])
    func `a peer that never answers the close does not hold the server up`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let silent = try server.window("u", "w", case: "C")
        server.server.stop()
        eventually("the server ends") { server.hasEnded }
        #expect(try silent.hearClose() == .goingAway)
    }
}
