import Glibc
import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import SessionStorage
import Synchronization
import Testing

/// Start, limits and end of a server of board (PROTOCOLS 3-17 to 3-22, C11).
@Suite struct BoardLifeTests {
    @Test func `the announcements end with the line of the seed, for the port that was picked`()
        throws
    {
        let server = try RunningServer([.board])
        let port = try #require(server.address.port)
        #expect(
            server.server.announcements == [
                "listening board \(server.address)", "Listening on *:\(port)",
            ])
        let other = try RunningServer([.awareness])
        #expect(other.server.announcements == ["listening awareness \(other.address)"])
    }

    @Test func `what was drawn is there after a restart, although nobody stored the board`() throws {
        let engine = FailingEngine()
        do {
            let server = try RunningServer.board { $0.openStore = { engine } }
            let (client, _) = try server.member("u", in: "r")
            try client.draw(x: 1, tag: "c")
            _ = try client.hear(until: "ack")
        }
        let server = try RunningServer.board { $0.openStore = { engine } }
        let (_, snapshot) = try server.member("u", in: "r")
        #expect(snapshot.shapes.compactMap { $0["x"]?.integer } == [1])
    }

    @Test(arguments: [1, 2])
    func `a drain stores every board before the server ends`(threads: Int) throws {
        let backend = try HookEndpoint()
        let server = try RunningServer.board(threads: threads) { $0.keepBoards(in: backend) }
        var clients: [TestClient] = []
        for number in 0..<4 {
            let (client, _) = try server.member("u", in: "r\(number)")
            clients.append(client)
            try client.draw(x: number, tag: "c")
            _ = try client.hear(until: "ack")
        }
        server.server.stop()
        for client in clients { #expect(try client.hearClose() == .goingAway) }
        eventually("the server ends") { server.hasEnded }
        let stored = backend.calls.filter {
            $0.head.hasPrefix("PUT ") && $0.body.contains("\"rectangle\"")
        }
        #expect(Set(stored.compactMap { $0.head.split(separator: " ").dropFirst().first }).count == 4)
    }

    @Test func `a drain does not wait for ever for a backend that is gone`() throws {
        let backend = try HookEndpoint(statuses: [Int](repeating: 500, count: 1000))
        let server = try RunningServer.board {
            $0.keepBoards(in: backend)
            $0.board.loadRetries = [.milliseconds(1)]
            $0.timing.boardsWait = .milliseconds(300)
        }
        let client = try server.open("/?v=2&token=\(SyncCast.boardToken("u", room: "r"))")
        #expect(try client.hearClose() == .backendUnavailable)
        server.server.stop()
        eventually("the server ends") { server.hasEnded }
    }

    @Test(arguments: [1, 3])
    func `a room beyond the limit is refused, until another one is left`(threads: Int) throws {
        let server = try RunningServer.board(threads: threads) { $0.board.maxRooms = 2 }
        let (first, _) = try server.member("u", in: "r1")
        let (stays, _) = try server.member("u", in: "r2")
        let (again, _) = try server.member("v", in: "r2")
        let refused = try server.open("/?v=2&token=\(SyncCast.boardToken("u", room: "r3"))")
        #expect(try refused.hearClose() == .backendUnavailable)
        try first.close()
        _ = try first.hearClose()
        try eventually("there is room for another one") {
            let client = try server.open("/?v=2&token=\(SyncCast.boardToken("u", room: "r3"))")
            guard case .text = try client.nextMessage() else { return false }
            return true
        }
        try again.say(#"{"type":"ping"}"#)
        _ = try again.hear(until: "pong")
        try stays.say(#"{"type":"ping"}"#)
        _ = try stays.hear(until: "pong")
    }

    @Test(arguments: [1, 2])
    func `a server that is told to leaves when nobody has been there for so long`(threads: Int) throws {
        let server = try RunningServer.board(threads: threads) {
            $0.timing.idleExit = .milliseconds(500)
        }
        let (first, _) = try server.member("u", in: "r1")
        let (second, _) = try server.member("u", in: "r2")
        try first.close()
        _ = try first.hearClose()
        // As long as anybody is there, requests are answered however long that is.
        let end = SystemClock.now() + .milliseconds(900)
        while SystemClock.now() < end { #expect(try server.get("/healthz").status == .ok) }
        try second.close()
        _ = try second.hearClose()
        let left = SystemClock.now()
        eventually("the server ends") { server.hasEnded }
        #expect(SystemClock.now() - left >= .milliseconds(400))
    }

    @Test func `a server that nobody ever comes to leaves too, whatever it serves`() throws {
        let server = try RunningServer([.awareness]) { $0.timing.idleExit = .milliseconds(100) }
        eventually("the server ends") { server.hasEnded }
    }

    @Test func `who sends faster than the limits is told, and sent away`() throws {
        let server = try RunningServer.board {
            $0.board.messageRate = TokenRate(tokens: 5, each: .seconds(1), burst: 5)
        }
        let (client, _) = try server.member("u", in: "r")
        try client.write(plain: client.frames([String](repeating: #"{"type":"ping"}"#, count: 20)))
        #expect(try client.hear(until: "error")["code"] == "RATE_LIMITED")
        #expect(try server.metric(#"rate_limited_total{profile="board"}"#) ?? 0 > 0)
    }

    @Test
    func `more messages than are handled while the store works are read later, and none is lost`()
        throws
    {
        let engine = FailingEngine()
        let server = try RunningServer.board { $0.openStore = { engine } }
        let (client, _) = try server.member("u", in: "r")
        engine.isHeld.store(true, ordering: .relaxed)
        try client.write(
            plain: client.frames(
                (0..<300).map {
                    #"{"type":"shape_create","id":"c\#($0)","shapeType":"line","x":\#($0),"y":0}"#
                }))
        eventually("the store is asked") { engine.heldCount > 0 }
        engine.letGo()
        for number in 0..<300 { #expect(try client.hear(until: "ack")["id"]?.string == "c\(number)") }
    }

    @Test func `shapes that the store does not take are refused and not shown`() throws {
        let engine = FailingEngine()
        let server = try RunningServer.board { $0.openStore = { engine } }
        let (client, _) = try server.member("u", in: "r")
        engine.isDown.store(true, ordering: .relaxed)
        try client.draw(x: 1, tag: "c1")
        let error = try client.hear(until: "error")
        #expect(error["code"] == "STORE_UNAVAILABLE" && error["id"] == "c1")
        engine.isDown.store(false, ordering: .relaxed)
        // For a second the store is not asked again.
        usleep(1_100_000)
        try client.draw(x: 2, tag: "c2")
        _ = try client.hear(until: "ack")
        try client.say(#"{"type":"resync"}"#)
        #expect(try client.hear(until: "snapshot").shapes.compactMap { $0["x"]?.integer } == [2])
    }
}

extension ServerConfiguration {
    /// Keeps boards in a service of the test's own.
    mutating func keepBoards(in endpoint: HookEndpoint) {
        boardBackend = BoardBackendConfiguration(endpoint: endpoint.endpoint, secret: SyncCast.secret)
        board.persistence.spacing = .milliseconds(10)
    }
}
