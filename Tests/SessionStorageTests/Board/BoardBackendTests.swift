import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionStorage
import Synchronization
import Testing

/// What goes to the backend and what its answers mean (PROTOCOLS §5.4).
@Suite struct BoardBackendTests {
    @Test func `a board is loaded and stored at the contract's places, with its fields`() throws {
        let scripted = try ScriptedBackend { call in
            call.request.head.method == "GET" ? [.answer(200, #"{"shapes":[],"version":17}"#)] : [.answer(201)]
        }
        let running = try RunningBackend(scripted)
        #expect(running.load("room-1") == .board(#"{"shapes":[],"version":17}"#))
        #expect(running.store("room-1", version: 18, #"{"version":18}"#) == .stored)
        let calls = scripted.calls
        try #require(calls.count == 2)
        #expect(calls.map(\.line) == ["GET /api/rooms/room-1/board", "PUT /api/rooms/room-1/board"])
        #expect(calls[0].field("Idempotency-Key") == nil)
        #expect(calls[1].field("Idempotency-Key") == "room-1:18")
        #expect(calls[1].field("Content-Type") == "application/json")
        #expect(calls[1].request.body == Array(#"{"version":18}"#.utf8))
        for call in calls {
            #expect(call.field("Host") == scripted.endpoint.authority)
            try Self.check(token: try #require(call.field("Authorization")), room: "room-1")
            try Self.check(trace: try #require(call.field("traceparent")))
        }
        #expect(calls[0].field("traceparent") != calls[1].field("traceparent"))
    }

    /// Checks form, signature and claims of a bearer token.
    private static func check(token: String, room: String) throws {
        try #require(token.hasPrefix("Bearer "))
        let parts = token.dropFirst("Bearer ".count).split(separator: ".")
        try #require(parts.count == 3)
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        let secret = RunningBackend.secret
        let code = MessageAuthentication.code(of: signed.span, key: secret.span, with: .sha256)
        #expect(Base64URL.encode(code.span) == parts[2])
        let decoded = Base64URL.decode(Array(parts[1].utf8).span)
        let payload = try #require(decoded)
        let claims = try JSONValue.parse(payload.span)
        #expect(claims["iss"]?.string == "sessionctl")
        #expect(claims["aud"]?.string == "backend")
        #expect(claims["roomId"]?.string == room)
        let left = try #require(claims["exp"]?.integer) - SystemClock.wallNanoseconds() / 1_000_000_000
        #expect((45...60).contains(left))
    }

    /// `00-` 32 digits `-` 16 digits `-01`, neither of them zero.
    private static func check(trace: String) throws {
        let parts = trace.split(separator: "-")
        try #require(parts.count == 4)
        #expect(parts[0] == "00" && parts[3] == "01")
        #expect(parts[1].count == 32 && parts[2].count == 16)
        #expect(parts[1...2].allSatisfy { part in part.allSatisfy(\.isHexDigit) && part.contains { $0 != "0" } })
    }

    @Test(arguments: [
        ("a b/c", "/api/rooms/a%20b%2Fc/board"), ("\u{e9}", "/api/rooms/%C3%A9/board"),
        ("..", "/api/rooms/%2E%2E/board"),
        ("a?b#c%", "/api/rooms/a%3Fb%23c%25/board"), ("-_.!~*'()", "/api/rooms/-_.!~*'()/board"),
    ])
    func `a room is percent-encoded in its place`(room: String, target: String) throws {
        let scripted = try ScriptedBackend { _ in [.answer(404)] }
        let running = try RunningBackend(scripted)
        #expect(running.load(room) == .absent)
        #expect(scripted.calls.map(\.request.head.target) == [target])
    }

    @Test(arguments: [
        ("room-1/a", "room-1/a:1"), ("\u{e9}", "%C3%A9:1"), ("%C3%A9", "%25C3%25A9:1"), ("100%", "100%25:1"),
    ])
    func `no two rooms have the same key`(room: String, key: String) throws {
        let scripted = try ScriptedBackend { _ in [.answer(200)] }
        let running = try RunningBackend(scripted)
        #expect(running.replies(to: running.submit([.store(room: room, version: 1, body: [])])) == [.stored])
        #expect(scripted.calls.map { $0.field("Idempotency-Key") } == [key])
    }

    @Test func `templates and the URL's own path are where the requests go`() throws {
        let scripted = try ScriptedBackend { call in
            [call.request.head.method == "GET" ? .answer(404) : .answer(200)]
        }
        let running = try RunningBackend(scripted) { configuration in
            configuration.endpoint = configuration.endpoint.withTarget("/v2/")
            configuration.loadTemplate = "/load/{roomId}?again={roomId}"
            configuration.storeTemplate = "/store?room={roomId}"
        }
        #expect(running.load("a&b") == .absent)
        #expect(running.store("a&b") == .stored)
        #expect(scripted.calls.map(\.line) == ["GET /v2/load/a%26b?again=a%26b", "PUT /v2/store?room=a%26b"])
    }

    @Test func `a template is a path with a place for the room`() {
        #expect(BoardBackendConfiguration.isTemplate(BoardBackendConfiguration.defaultTemplate))
        #expect(BoardBackendConfiguration.isTemplate("/x?room={roomId}"))
        for text in ["", "x/{roomId}", "/x/{room}", "/x/{roomId}#y", "/x {roomId}", "/\u{e9}/{roomId}"] {
            #expect(!BoardBackendConfiguration.isTemplate(text), "\(text)")
        }
    }

    @Test(arguments: [
        (200, "[]", BackendReply.board("[]")), (200, "", .absent), (204, "", .absent), (404, "no such board", .absent),
        (301, "", .refused(status: 301)), (302, "", .refused(status: 302)), (400, "", .refused(status: 400)),
        (401, "", .refused(status: 401)), (403, "", .refused(status: 403)), (409, "", .refused(status: 409)),
        (410, "", .refused(status: 410)),
    ])
    func `an answer to a load means what the contract says`(status: Int, body: String, reply: BackendReply) throws {
        let elsewhere: HTTPFields = ["Location": "http://127.0.0.1:9/elsewhere"]
        let scripted = try ScriptedBackend { _ in [.answer(status, body, elsewhere)] }
        let running = try RunningBackend(scripted)
        #expect(running.load() == reply)
        #expect(scripted.calls.count == 1)
    }

    @Test(arguments: [
        (200, BackendReply.stored), (201, .stored), (202, .stored), (204, .stored), (299, .stored),
        (307, .refused(status: 307)), (400, .refused(status: 400)), (404, .refused(status: 404)), (409, .conflict),
        (413, .refused(status: 413)), (422, .refused(status: 422)),
    ])
    func `an answer to a store means what the contract says`(status: Int, reply: BackendReply) throws {
        let scripted = try ScriptedBackend { _ in [.answer(status)] }
        #expect(try RunningBackend(scripted).store() == reply)
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504, 599])
    func `a status that may pass is unavailable, to loads and stores`(status: Int) throws {
        let scripted = try ScriptedBackend { _ in [.answer(status)] }
        let running = try RunningBackend(scripted)
        #expect(running.load().refusal?.contains("\(status)") == true)
        #expect(running.store().refusal?.contains("\(status)") == true)
    }

    @Test func `a board comes in chunks, compressed, slowly, and after interim answers`() throws {
        let scripted = try ScriptedBackend { call in
            switch call.request.head.target.split(separator: "/")[2] {
            case "chunks":
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                return [.text(head), .pause(.milliseconds(20)), .text("3\r\n[1,\r\n"), .text("2\r\n2]\r\n0\r\n\r\n")]
            case "gzip":
                let packed = Zlib.compress(Array("[3]".utf8).span, as: .gzip, level: .fastest)
                let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
                return [.text(head), .bytes(packed)]
            case "bytes":
                let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[4]".utf8)
                return answer.flatMap { [.bytes([$0]), .pause(.milliseconds(1))] }
            default: return [.text("HTTP/1.1 103 Early Hints\r\n\r\n"), .answer(200, "[5]")]
            }
        }
        let running = try RunningBackend(scripted)
        #expect(running.load("chunks") == .board("[1,2]"))
        #expect(running.load("gzip") == .board("[3]"))
        #expect(running.load("bytes") == .board("[4]"))
        #expect(running.load("interim") == .board("[5]"))
        #expect(scripted.connections == 1)
    }

    @Test func `what is stored is what was handed in, however large`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(200)] }
        let running = try RunningBackend(scripted)
        var random = SeededRandom(seed: 7)
        let body = (0..<6 << 20).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(running.ask(.store(room: "r", version: 1, body: body)) == .stored)
        #expect(scripted.calls.first?.request.body == body)
    }

    @Test func `an answer is as large as it may be, and no larger`() throws {
        let body = String(repeating: "x", count: 100_000)
        let scripted = try ScriptedBackend { call in
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A1\r\n"
            return call.request.head.target.contains("chunks")
                ? [.text(head + body + "x\r\n0\r\n\r\n")] : [.answer(200, body)]
        }
        let running = try RunningBackend(scripted) { $0.responseBytesMax = 100_000 }
        #expect(running.load() == .board(body))
        #expect(running.load("chunks").refusal?.contains("larger than 100000 bytes") == true)
        let bomb = Zlib.compress(Array((body + body).utf8).span, as: .gzip, level: .fastest)
        scripted.turn { _ in
            [.text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n"), .bytes(bomb)]
        }
        #expect(running.load().refusal?.contains("gzip") == true)
        #expect(BoardBackendConfiguration(endpoint: scripted.endpoint, secret: [1]).responseBytesMax == 8_388_608)
    }
}
