import SessionBase
import SessionCodec
import Testing

/// A server whose client sends requests without waiting for their answers (RFC 9112 §9.3.2).
@Suite struct PipeliningTests {
    @Test func `answers leave in the order of their requests`() throws {
        var server = Pipeline()
        for number in 1...3 { try server.ask("/\(number)", answeredLater: UInt64(number)) }
        server.give(2)
        server.give(3)
        #expect(server.said.isEmpty && server.connection.owesAnswers)
        server.give(1)
        #expect(server.bodies == ["1", "2", "3"])
        #expect(!server.connection.owesAnswers)
        try server.ask("/4", answeredLater: nil)
        #expect(server.bodies == ["1", "2", "3", "now"])
    }

    @Test func `an answer at once waits for those before it`() throws {
        var server = Pipeline()
        try server.ask("/1", answeredLater: 1)
        try server.ask("/2", answeredLater: nil)
        #expect(server.said.isEmpty)
        server.give(1)
        #expect(server.bodies == ["1", "now"])
    }

    @Test func `a client that waits with its body is told to send it when its turn has come`() throws {
        var server = Pipeline()
        try server.ask("/1", answeredLater: 1)
        let head = "POST /2 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        #expect(server.hear(head) == .needsInput)
        #expect(server.said.isEmpty)
        server.give(1)
        #expect(server.statuses == [200, 100])
        #expect(server.hear("x") == .request)
    }

    @Test(arguments: ["NONSENSE\r\n\r\n", "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n"])
    func `a refusal is the last word, behind all that was asked before`(request: String) throws {
        var server = Pipeline()
        try server.ask("/1", answeredLater: 1)
        try server.ask("/2", answeredLater: 2)
        #expect(server.hear(request) == .failed(.protocolError))
        #expect(server.connection.isFinished && server.said.isEmpty)
        server.give(2)
        server.connection.refuse(
            HTTPResponse(status: .notFound, body: Array("refused".utf8)), queued: server.output.count,
            output: &server.output)
        server.give(1)
        #expect(server.statuses == [200, 200, 404])
        #expect(server.bodies == ["1", "2", "refused"])
    }

    @Test func `only the last answer says that the connection ends`() throws {
        var server = Pipeline()
        for number in 1...2 { try server.ask("/\(number)", answeredLater: UInt64(number)) }
        #expect(server.give(1, closes: true) == true)
        #expect(server.hear("POST /3 HTTP/1.1\r\n") == .needsInput)
        #expect(server.give(2, closes: true) == true, "another request has begun")
        #expect(server.hear("Host: h\r\n\r\n") == .request)
        server.connection.deferAnswer(3)
        #expect(server.give(3, closes: true) == false)
        #expect(server.connection.isFinished)
        #expect(server.said.split(separator: "Connection: close").count == 2)
    }

    @Test func `so many answers may be owed, and reading goes on at half of them`() throws {
        var server = Pipeline()
        for number in 1...63 { try server.ask("/", answeredLater: UInt64(number)) }
        #expect(!server.connection.owesTooMuch)
        try server.ask("/", answeredLater: 64)
        #expect(server.connection.owesTooMuch)
        for number in 1...31 { server.give(UInt64(number)) }
        #expect(!server.connection.owesTooMuch && !server.connection.owesLittle)
        server.give(32)
        #expect(server.connection.owesLittle)
    }

    @Test func `long requests count by their bytes`() throws {
        var server = Pipeline()
        let body = String(repeating: "x", count: 1 << 19)
        try server.ask("/1", body, answeredLater: 1)
        #expect(!server.connection.owesTooMuch)
        try server.ask("/2", body, answeredLater: 2)
        #expect(server.connection.owesTooMuch && !server.connection.owesLittle)
        server.give(2)
        #expect(!server.connection.owesTooMuch && server.connection.owesLittle)
    }
}

/// A server's connection, and what it says.
private struct Pipeline {
    var connection = Connection(role: .server, limits: ConnectionLimits(http: HTTPLimits(bodyBytesMax: 1 << 20)))
    var output: [UInt8] = []

    var said: String { String(decoding: output, as: UTF8.self) }
    var statuses: [Int] { said.components(behind: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) } }
    /// What stands behind each head, with the next head cut off.
    var bodies: [String] {
        said.components(behind: "\r\n\r\n").map { part in
            part.components(behind: "HTTP/1.1 ", withFirst: true).first ?? ""
        }
    }

    mutating func hear(_ text: String) -> ConnectionEvent {
        var input = Array(text.utf8)
        var span = input.mutableSpan
        var cursor = 0
        return connection.receive(&span, from: &cursor, output: &output)
    }

    /// Hears a request, and answers it at once where there is no ticket.
    mutating func ask(_ target: String, _ body: String = "", answeredLater ticket: UInt64?) throws {
        let text = "POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try #require(hear(text) == .request)
        if let ticket { return connection.deferAnswer(ticket) }
        connection.respond(HTTPResponse(status: .ok, body: Array("now".utf8)), output: &output)
    }

    @discardableResult
    mutating func give(_ ticket: UInt64, closes: Bool = false) -> Bool {
        connection.respond(
            to: ticket, with: HTTPResponse(status: .ok, body: Array("\(ticket)".utf8)), closes: closes, output: &output)
    }
}

extension String {
    /// The parts behind each separator.
    fileprivate func components(behind separator: String, withFirst: Bool = false) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        parts.append(String(rest))
        return withFirst ? parts : Array(parts.dropFirst())
    }
}
