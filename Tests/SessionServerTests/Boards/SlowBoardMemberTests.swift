import Glibc
import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// Members of a room that do not read: they cost little, miss what they do not take, and know the board when they read again
/// (PROTOCOLS 3-1, 3-2, C4).
@Suite struct SlowBoardMemberTests {
    /// A shape's text that fills sockets quickly.
    private static let text = String(repeating: "0123456789", count: 5_000)

    /// A server that does not give up on members that are merely slow to answer a Ping.
    private func server(threads: Int) throws -> RunningServer {
        try RunningServer.board(threads: threads) { $0.timing.pingInterval = .zero }
    }

    /// Opens a member that reads nothing from now on; it knows the board already.
    private func slowMember(of server: RunningServer, query: String = "") throws -> TestClient {
        let slow = try TestClient(server.address, secret: nil)
        try slow.open("/?token=\(SyncCast.boardToken("slow", room: "r"))\(query)")
        _ = try slow.hear()
        return slow
    }

    /// Draws a shape and returns its id.
    private func drawn(_ writer: TestClient) throws -> String {
        try writer.draw(x: 0, text: Self.text, tag: "c")
        return try #require(try writer.hear(until: "ack")["shapeId"]?.string)
    }

    /// Changes a shape and waits until that is confirmed.
    private func change(_ shape: String, to places: ClosedRange<Int>, by writer: TestClient) throws {
        let head = #"{"type":"shape_update","id":"u","shapeId":"\#(shape)","text":"\#(Self.text)","x":"#
        try writer.write(plain: writer.frames(places.map { head + "\($0)}" }))
        var missing = places.count
        while missing > 0 {
            guard case .text(let text) = try writer.nextMessage() else { throw TestClient.Failure.ended }
            if text.hasPrefix(#"{"type":"ack""#) { missing -= 1 }
        }
    }

    /// Changes a shape until the slow member's socket takes no more.
    ///
    /// - Returns: How many changes that took.
    private func block(_ server: RunningServer, by writer: TestClient, _ shape: String) throws -> Int {
        var count = 0
        try eventually("the member is stuck") {
            try change(shape, to: count + 1...count + 8, by: writer)
            count += 8
            return try queued(server) > 0
        }
        return count
    }

    /// How much waits for the slow member.
    private func queued(_ server: RunningServer) throws -> Int64 {
        let slow = try server.document("/admin/slow")["items"]?.elements ?? []
        return slow.first { $0["user_id"] == "slow" }?["queued_bytes"]?.integer ?? 0
    }

    @Test(arguments: [1, 2])
    func `a slow member of the second version gets a fresh snapshot when it reads again`(threads: Int) throws {
        let server = try server(threads: threads)
        let (writer, _) = try server.member("writer", in: "r")
        let shape = try drawn(writer)
        let slow = try slowMember(of: server, query: "&v=2")
        let count = try block(server, by: writer, shape)
        let waiting = try queued(server)
        try change(shape, to: count + 1...count + 40, by: writer)
        #expect(try queued(server) == waiting, "nothing of it waits")
        // Now it reads, and the snapshot that it comes to is the board as it is.
        let snapshot = try slow.hear(until: "snapshot")
        #expect(snapshot.shapes.compactMap { $0["x"]?.integer } == [Int64(count + 40)])
        #expect(try server.metric("board_caught_up_total") == 1)
        // From there it follows the patches again.
        let version = try #require(snapshot["version"]?.integer)
        try writer.say(#"{"type":"shape_update","id":"w","shapeId":"\#(shape)","x":5}"#)
        let patch = try slow.hear(until: "patch")
        #expect(patch["version"]?.integer == version + 1)
        #expect(patch["put"]?[0]?["x"]?.integer == 5, "\(patch.text())")
    }

    @Test func `a slow member of the seed's protocol has at most one snapshot waiting`() throws {
        let server = try server(threads: 1)
        let (writer, _) = try server.member("writer", in: "r")
        let shape = try drawn(writer)
        let slow = try slowMember(of: server)
        var count = try block(server, by: writer, shape)
        for _ in 0..<5 {
            try change(shape, to: count + 1...count + 8, by: writer)
            count += 8
            // The rest of one, and one whole.
            #expect(try queued(server) < 3 * Int64(Self.text.utf8.count))
        }
        let last = try slow.hearBoard { $0.shapes.first?["x"]?.integer == Int64(count) }
        #expect(last.connectedUsers == ["writer", "slow"])
        #expect(try server.document("/admin/connections?state=closed")["total"]?.integer == 0)
    }

    @Test func `who takes long over a large snapshot may speak meanwhile, and is no slow consumer`() throws {
        let server = try RunningServer.board {
            ($0.timing.pingInterval, $0.queue.age) = (.zero, .seconds(2))
            $0.board.snapshotBytesMax = 16 << 20
        }
        let (writer, _) = try server.member("writer", in: "r")
        // More than kernels keep for a socket that takes little at once.
        for _ in 0..<200 { _ = try drawn(writer) }
        let slow = try TestClient(server.address, secret: nil, receiveBufferBytes: 128 << 10)
        try slow.open("/?v=2&token=\(SyncCast.boardToken("slow", room: "r"))")
        for number in 0..<20 { try slow.say(#"{"type":"ping","id":"p\#(number)"}"#) }
        let begin = SystemClock.now()
        var (heard, most): (TestClient.Heard?, Int64) = (nil, 0)
        while heard == nil {
            heard = try slow.poll()
            // Some of it now and then, for longer than anything may wait.
            guard SystemClock.now() - begin < .milliseconds(4_500) else { continue }
            usleep(100_000)
            if most == 0 { most = try queued(server) }
        }
        #expect(most > 1 << 20, "most of the snapshot waits in the server")
        guard case .text(let text) = heard else {
            Issue.record("no snapshot comes first: \(String(describing: heard).prefix(80))")
            return
        }
        #expect(try JSONValue.parse(text).shapes.count == 200)
        for number in 0..<20 { #expect(try slow.hear(until: "pong")["id"]?.string == "p\(number)") }
        #expect(try server.metric(#"slow_consumers_total{profile="board",action="disconnect"}"#) ?? 0 == 0)
    }

    @Test func `a member that never reads its answers is a slow consumer all the same`() throws {
        let server = try RunningServer.board { $0.queue.bytesMax = 64 * 1024 }
        let (writer, _) = try server.member("writer", in: "r")
        _ = try drawn(writer)
        let slow = try slowMember(of: server, query: "&v=2")
        try eventually("it is sent away") {
            // Its socket may be closed already.
            try? slow.write(plain: slow.frames([String](repeating: #"{"type":"resync"}"#, count: 10)))
            return try server.metric(#"slow_consumers_total{profile="board",action="disconnect"}"#) == 1
        }
    }
}
