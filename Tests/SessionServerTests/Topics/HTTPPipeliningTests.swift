import SessionBase
import SessionCodec
import SessionServer
import Testing

/// Producers that send requests without waiting for their answers: what they publish goes on, and they are answered in order.
@Suite struct HTTPPipeliningTests {
    private static func post(_ target: String, _ body: String, _ fields: String = "") -> String {
        "POST \(target) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func publish(_ channel: String, _ number: Int) -> String {
        post("/api/v1/ws/broadcast", #"{"channel":"\#(channel)","message":{"type":"x","data":\#(number)}}"#)
    }

    /// The numbers that a subscriber hears.
    private func numbers(_ count: Int, of client: TestClient) throws -> [Int64?] {
        try (0..<count).map { _ in try client.hear()["data"]?.integer }
    }

    @Test(arguments: [1, 3])
    func `hundreds of messages keep their order on each channel, and so do their answers`(threads: Int) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let channels = ["test:a", "test:b", "test:c"]
        let listeners = try (0..<6).map { try server.subscriber(channels[$0 % 3]) }
        let producer = try server.connect()
        try producer.write((0..<300).map { Self.publish(channels[$0 % 3], $0) }.joined())
        for number in 0..<300 {
            let answer = try producer.hearResponse()
            #expect(answer.status == .accepted)
            #expect(try answer.document["channel"]?.string == channels[number % 3])
            #expect(try answer.document["delivered"]?.integer == 2)
        }
        for (index, listener) in listeners.enumerated() {
            let expected: [Int64?] = stride(from: index % 3, to: 300, by: 3).map { Int64($0) }
            #expect(try numbers(100, of: listener) == expected)
        }
    }

    @Test(arguments: [1, 3])
    func `batches, messages that leave somebody out, and single ones do not overtake each other`(threads: Int) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let listener = try server.subscriber("test:a")
        let other = try server.open("/ws")
        let name = try #require(try other.hear()["data"]?["connectionId"]?.string)
        let producer = try server.connect()
        var requests = ""
        for round in 0..<20 {
            let first = round * 4
            func item(_ number: Int, _ more: String = "") -> String {
                #"{"channel":"test:a","message":{"type":"x","data":\#(number)}\#(more)}"#
            }
            requests += Self.post("/api/v1/ws/batch", #"{"items":[\#(item(first)),\#(item(first + 1))]}"#)
            requests += Self.post("/api/v1/ws/broadcast", item(first + 2))
            requests += Self.post("/api/v1/ws/broadcast", item(first + 3, #","exclude":"\#(name)""#))
        }
        try producer.write(requests)
        #expect(try numbers(80, of: listener) == (0..<80).map { Int64($0) })
        for _ in 0..<60 { #expect(try producer.hearResponse().status.rawValue / 100 == 2) }
    }

    @Test(arguments: [1, 3])
    func `events of lockers keep their order, with keys and without, for the namespace and for a room`(
        threads: Int
    ) throws {
        let server = try RunningServer.openTopics(threads: threads)
        let session = try server.session()
        let kiosk = try server.kiosk(session: session)
        try kiosk.say(#"{"type":"join_room","room":"k1"}"#)
        #expect(try kiosk.hear()["type"] == "room_joined")
        let producer = try server.connect()
        var requests = ""
        for number in 0..<90 {
            let key = number % 9 == 0 ? "Idempotency-Key: key-\(number)\r\n" : ""
            if number % 3 == 0 {
                let body = #"{"lockerId":"\#(number)","oldState":"a","newState":"b","kioskId":"k1","room_scope":true}"#
                requests += Self.post("/api/websocket/events/locker-state", body, key)
            } else {
                let body = #"{"namespace":"/ws/lockers","event":"x","room":"k1","data":{"lockerId":"\#(number)"}}"#
                requests += Self.post("/api/websocket/broadcast", body, key)
            }
        }
        try producer.write(requests)
        let heard = try (0..<90).map { _ in try kiosk.hear()["data"]?["lockerId"]?.string }
        #expect(heard == (0..<90).map { "\($0)" })
        for _ in 0..<90 { #expect(try producer.hearResponse().status == .ok) }
    }

    @Test func `what is asked behind messages sees what became of them`() throws {
        let server = try RunningServer.openTopics(threads: 3)
        let listener = try server.subscriber("test:a")
        let producer = try server.connect()
        let more =
            "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            + Self.post("/api/v1/ws/broadcast", "{")
            + "GET /api/v1/debug/websocket/channels HTTP/1.1\r\nHost: a\r\n\r\n"
        let last = Self.publish("test:a", 99)
        try producer.write((0..<70).map { Self.publish("test:a", $0) }.joined() + more + last)
        for _ in 0..<70 { #expect(try producer.hearResponse().status == .accepted) }
        #expect(try producer.hearResponse().document["status"] == "ok")
        #expect(try producer.hearResponse().document["error"] == "INVALID_JSON")
        #expect(try producer.hearResponse().document["channels"]?.elements?.count == 1)
        #expect(try producer.hearResponse().document["offset"]?.integer == 71)
        #expect(try numbers(71, of: listener) == (0..<70).map { Int64($0) } + [99])
    }

    @Test func `a connection becomes a socket behind its messages`() throws {
        let server = try RunningServer.openTopics(threads: 3)
        let listener = try server.subscriber("test:a")
        let client = try server.connect()
        let handshake =
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        try client.write((0..<10).map { Self.publish("test:a", $0) }.joined() + handshake)
        var answers = ""
        while !answers.contains("welcome"), let more = try client.readSome() { answers += more }
        let statuses = answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
        #expect(statuses == Array(repeating: "202", count: 10) + ["101"])
        #expect(try numbers(10, of: listener) == (0..<10).map { Int64($0) })
    }

    @Test func `a request that cannot be read is refused behind the answers to those before it`() throws {
        let server = try RunningServer.openTopics(threads: 3)
        let listener = try server.subscriber("test:a")
        let client = try server.connect()
        try client.write((0..<10).map { Self.publish("test:a", $0) }.joined() + "NONSENSE\r\n\r\n")
        let statuses = try client.readToEnd().split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
        #expect(statuses == Array(repeating: "202", count: 10) + ["400"])
        #expect(try numbers(10, of: listener) == (0..<10).map { Int64($0) })
    }

    @Test(arguments: ["", "Connection: close\r\n"])
    func `a client that says its last gets all its answers`(field: String) throws {
        let server = try RunningServer.openTopics(threads: 3)
        let listener = try server.subscriber("test:a")
        let client = try server.connect()
        let last = Self.post("/api/v1/ws/broadcast", #"{"channel":"test:a","message":{"type":"x","data":100}}"#, field)
        try client.write((0..<100).map { Self.publish("test:a", $0) }.joined() + last)
        if field.isEmpty { client.endOutput() }
        let answers = try client.readToEnd()
        #expect(answers.split(separator: "\"offset\":").count == 102)
        #expect(try numbers(101, of: listener) == (0...100).map { Int64($0) })
    }

    @Test func `requests that need a role are judged each by itself`() throws {
        let server = try RunningServer.topics(threads: 3)
        let listener = try server.subscriber("test:a")
        let token = try SyncCast.token("u", roles: ["publisher"])
        let good = "Authorization: Bearer \(token)\r\n"
        let client = try server.connect()
        let body = #"{"channel":"test:a","message":{"type":"x","data":1}}"#
        try client.write(["", good, "", good, good].map { Self.post("/api/v1/ws/broadcast", body, $0) }.joined())
        let statuses = try (0..<5).map { _ in try client.hearResponse().status.rawValue }
        #expect(statuses == [401, 202, 401, 202, 202])
        #expect(try numbers(3, of: listener) == [1, 1, 1])
    }
}
