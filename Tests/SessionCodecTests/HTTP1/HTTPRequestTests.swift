import SessionCodec
import Testing

@Suite struct HTTPRequestTests {
    static let upgrade = """
        GET /ws?v=2 HTTP/1.1\r\nHost: localhost:8765\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
        """

    @Test func `an upgrade request is read whole and its fields are found in any case`() throws {
        let parsing = try HTTPParsing.verified(Self.upgrade)
        #expect(parsing.error == nil)
        let head = try #require(parsing.requests.first?.head)
        #expect(head.method == "GET" && head.target == "/ws?v=2" && head.version == .http11)
        #expect(head.fields["HOST"] == "localhost:8765")
        #expect(head.fields.containsToken("connection", "upgrade"))
        #expect(!head.fields.containsToken("connection", "close"))
        #expect(head.fields.has("sec-websocket-version", "13"))
        #expect(head.fields.count == 5)
        #expect(head.keepsAlive)
    }

    @Test func `the parser stops right behind a message`() throws {
        let bytes = Array((Self.upgrade + "\u{1}frame").utf8)
        var parser = HTTPMessageParser(role: .server)
        var cursor = 0
        #expect(try parser.parse(bytes.span, from: &cursor) != nil)
        #expect(cursor == Self.upgrade.utf8.count)
        #expect(parser.isBetweenMessages)
    }

    @Test func `requests in a row come out one by one with their bodies`() throws {
        let parsing = try HTTPParsing.verified(
            """
            POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello\
            \r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n\
            POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n\
            3;name="v;\\"x"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n\
            GET /d HTTP/1.0\r\n\r\n
            """)
        #expect(parsing.error == nil)
        #expect(parsing.requests.map(\.head.target) == ["/a", "/b", "/c", "/d"])
        #expect(
            parsing.requests.map { String(decoding: $0.body, as: UTF8.self) } == ["hello", "", "abc0123456789", ""])
        #expect(parsing.requests.map(\.head.keepsAlive) == [true, true, true, false])
    }

    @Test func `a peer that waits with its body is told once to go on`() throws {
        let head = Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".utf8)
        var parser = HTTPMessageParser(role: .server)
        var cursor = 0
        #expect(try parser.parse(head.span, from: &cursor) == nil)
        #expect(parser.takeContinue() == true)
        #expect(parser.takeContinue() == false)
        let body = Array("ok".utf8)
        cursor = 0
        #expect(try parser.parse(body.span, from: &cursor) != nil)
        #expect(parser.takeContinue() == false)
    }

    @Test func `a peer that sends its body without waiting is not told anything`() throws {
        let bytes = Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok".utf8)
        var parser = HTTPMessageParser(role: .server)
        var cursor = 0
        #expect(try parser.parse(bytes.span, from: &cursor) != nil)
        #expect(parser.takeContinue() == false)
    }

    @Test func `an error is final`() throws {
        var parser = HTTPMessageParser(role: .server)
        let bad = Array("GET\n".utf8)
        let good = Array(Self.upgrade.utf8)
        var cursor = 0
        let error = try #require(throws: HTTPParseError.self) { try parser.parse(bad.span, from: &cursor) }
        cursor = 0
        #expect(throws: error) { try parser.parse(good.span, from: &cursor) }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "get / HTTP/1.1\r\nHost:x\r\n\r\n",
        "GET /a%20b?q=%zz|{} HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://host:80/p?q HTTP/1.1\r\nHost: host\r\n\r\n",
        "GET WS://host HTTP/1.1\r\nHost: host\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]:8765\r\nX:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: \ta\tb\t \r\nY: é\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "M!#$%&'*+-.^_`|~09 / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0002\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func `a request in the grammar is accepted`(text: String) throws {
        let parsing = try HTTPParsing.verified(text)
        #expect(parsing.error == nil)
        #expect(parsing.requests.count == 1)
    }
}
