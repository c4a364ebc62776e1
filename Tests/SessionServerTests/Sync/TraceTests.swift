import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// `GET /admin/connections/{id}/trace`: the live frames of one connection.
@Suite struct TraceTests {
    /// A reader of the trace of a connection, behind its answer's head.
    private func trace(_ server: RunningServer, user: String) throws -> LineReader {
        let shown = try server.document("/admin/connections?user_id=\(user)")["items"]?.elements
        let id = try #require(shown?.first?["id"]?.string)
        let client = try server.connect(server.admin)
        try client.write("GET /admin/connections/\(id)/trace HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return LineReader(client)
    }

    @Test(arguments: [1, 3])
    func `frames of both directions are shown, and no credential`(threads: Int) throws {
        let server = try RunningServer.closedSync(threads: threads)
        let token = try SyncCast.token("u")
        let device = try server.device("d", user: "u", session: 1, token: token)
        let reader = try trace(server, user: "u")
        #expect(try reader.next()["event"] == "start")
        try device.authenticate("d", user: "u", session: 1, token: token)
        let question = try reader.next("in")
        #expect(question["kind"] == "text")
        #expect(question["data"]?.string?.contains(#""token":"***""#) == true)
        #expect(question["data"]?.string?.contains(token) == false)
        #expect(try reader.next("out")["data"]?.string?.contains(#""type":8"#) == true)
        try device.say(TestClient.setting("page", to: "7", tag: "t"))
        #expect(try reader.next("in")["data"]?.string?.contains("page") == true)
        #expect(try reader.next("out")["data"]?.string?.contains(#""ack":true"#) == true)
        try device.close()
        #expect(try reader.next("in")["code"]?.integer == 1000)
        let end = try reader.next()
        #expect(end["event"] == "closed")
        #expect(end["code"]?.integer == 1000)
        #expect(try reader.isAtEnd())
    }

    @Test func `an unknown connection has no trace, and a ninth trace is refused`() throws {
        let server = try RunningServer.openSync()
        #expect(try server.ask("/admin/connections/999/trace").status == .notFound)
        let device = try server.device("d", user: "u", session: 1)
        var readers: [LineReader] = []
        for _ in 1...8 {
            readers.append(try trace(server, user: "u"))
            #expect(try readers[readers.count - 1].next()["event"] == "start")
        }
        #expect(try server.ask("/admin/connections/1/trace").status == .tooManyRequests)
        readers = []
        eventually("there is room again") { (try? server.ask("/admin/connections/999/trace").status) == .notFound }
        try device.say(#"{"type":1,"payload":{}}"#)
        #expect(try device.hear(.heartbeatAck)["type"]?.integer == 2)
    }

    @Test func `a reader that does not read loses frames, and holds nobody up`() throws {
        let server = try RunningServer([.echo])
        let client = try server.open("/echo")
        let reader = try TestClient(server.admin, secret: nil, receiveBufferBytes: 4096)
        try reader.write("GET /admin/connections/1/trace HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let lines = LineReader(reader)
        #expect(try lines.next()["event"] == "start")
        let text = #"{"pad":"\#(String(repeating: "p", count: 3000))"}"#
        for _ in 1...600 {
            try client.say(text)
            #expect(try client.nextMessage() == .text(text))
        }
        try client.close()
        #expect(try client.hearClose() == .normal)
        var lost: Int64 = 0
        var shown: Int64 = 0
        while true {
            let line = try lines.next()
            if line["event"] == "closed" { break }
            if line["event"] == "lost" { lost += line["count"]?.integer ?? 0 }
            if line["event"] == "frame", line["kind"] == "text" { shown += 1 }
        }
        #expect(lost > 0)
        #expect(lost + shown <= 1202 && lost + shown >= 1200)
    }
}

/// Reads the lines of an answer in chunks, as they come.
private final class LineReader {
    private let client: TestClient
    private var text = ""

    init(_ client: TestClient) { self.client = client }

    /// The next line's object.
    func next() throws -> JSONValue {
        while true {
            // A chunk is `SIZE\r\n{…}\n\r\n`; what stands between the objects is its framing.
            if let start = text.firstIndex(of: "{"), let end = text[start...].firstIndex(where: { $0.isNewline }) {
                let line = String(text[start..<end])
                text = String(text[end...])
                return try JSONValue.parse(line)
            }
            guard let more = try client.readSome() else { throw TestClient.Failure.ended }
            text += more
        }
    }

    /// The next frame in a direction; others are passed over.
    func next(_ direction: String) throws -> JSONValue {
        while true {
            let line = try next()
            if line["event"] == "frame", line["direction"]?.string == direction { return line }
        }
    }

    /// Whether nothing follows but the end of the body.
    func isAtEnd() throws -> Bool {
        while let more = try client.readSome() { text += more }
        return text.contains("\r\n0\r\n\r\n") && !text.contains("{")
    }
}
