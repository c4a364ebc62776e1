import SessionBase
import SessionCodec
import Testing

@Suite struct HTTPResponseTests {
    @Test func `a switch of protocols ends the parser's work at once`() throws {
        let bytes = Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}".utf8)
        var parser = HTTPMessageParser(role: .client)
        var cursor = 0
        let message = try parser.parse(bytes.span, from: &cursor)
        #expect(message == .response(HTTPResponse(status: .switchingProtocols, fields: ["Upgrade": "websocket"])))
        #expect(cursor == bytes.count - 2)
    }

    @Test func `interim answers come out as such and the final one follows`() throws {
        let parsing = try HTTPParsing.verified(
            """
            HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
            HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok
            """, role: .client)
        #expect(
            parsing.messages == [
                .interim(HTTPResponse(status: .continue)),
                .interim(HTTPResponse(status: HTTPStatus(rawValue: 103), fields: ["Link": "</a>"])),
                .response(HTTPResponse(status: .ok, fields: ["Content-Length": "2"], body: Array("ok".utf8))),
            ])
    }

    @Test func `answers without a body are complete with their head`() throws {
        let parsing = try HTTPParsing.verified(
            """
            HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n\
            HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 1\r\n\r\nx\
            HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\ny\r\n0\r\n\r\n
            """, role: .client, requests: ["GET", "GET", "HEAD", "GET", "GET"])
        #expect(parsing.error == nil)
        #expect(parsing.responses.map(\.status.rawValue) == [204, 304, 200, 404, 200])
        #expect(parsing.responses.map(\.body.count) == [0, 0, 0, 1, 1])
    }

    @Test func `an answer without a length ends with the connection`() throws {
        let text = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nto the end"
        let parsing = try HTTPParsing.verified(text, role: .client, endsInput: true)
        #expect(parsing.error == nil)
        #expect(parsing.responses.map(\.body) == [Array("to the end".utf8)])
        #expect(try HTTPParsing.verified(text, role: .client).messages.isEmpty)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    ])
    func `an answer that is cut off is an error`(text: String) throws {
        let parsing = try HTTPParsing.verified(text, role: .client, endsInput: true)
        #expect(parsing.messages.isEmpty)
        #expect(parsing.error?.message == "the connection ended inside of a message")
    }

    @Test(arguments: [
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\u{7F}K\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1\r\n\r\n", "HTTP/1.1 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: a\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    ])
    func `an answer outside of the grammar is refused`(text: String) throws {
        let parsing = try HTTPParsing.verified(text, role: .client, endsInput: true)
        #expect(parsing.messages.isEmpty)
        #expect(parsing.error != nil)
    }

    @Test func `a body to the end of the connection is bounded too`() throws {
        let limits = HTTPLimits(bodyBytesMax: 3)
        let text = "HTTP/1.1 200 OK\r\n\r\nabcd"
        #expect(try HTTPParsing.verified(text, role: .client, limits: limits).error?.status == .contentTooLarge)
    }

    @Test func `an answer is written with its length, date and end`() {
        var bytes: [UInt8] = []
        HTTPResponse.error(.serviceUnavailable, "DRAINING", "later", retryAfter: 5)
            .append(to: &bytes, date: Timestamp(milliseconds: 784_111_777_000), keepsAlive: false)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                HTTP/1.1 503 Service Unavailable\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
                Content-Type: application/json\r\nRetry-After: 5\r\nContent-Length: 38\r\nConnection: close\r\n\r\n\
                {"error":"DRAINING","message":"later"}
                """)
    }

    @Test func `the answer to HEAD announces a body that it does not send`() {
        var bytes: [UInt8] = []
        HTTPResponse.json(.ok, Array("{}".utf8)).append(to: &bytes, answersHead: true)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n")
    }

    @Test(arguments: [HTTPStatus.switchingProtocols, .noContent, .notModified])
    func `a status without a body gets no length`(status: HTTPStatus) {
        var bytes: [UInt8] = []
        HTTPResponse(status: status).append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n\r\n")
    }

    @Test func `messages that are written are read the same`() throws {
        let request = HTTPRequest(
            head: HTTPRequestHead(method: "POST", target: "/a?b=c", fields: ["Host": "x", "X-Y": "z"]),
            body: Array("hello".utf8))
        var bytes: [UInt8] = []
        request.append(to: &bytes)
        let parsed = try #require(HTTPParsing.verified(String(decoding: bytes, as: UTF8.self)).requests.first)
        #expect(parsed.head.method == "POST" && parsed.head.target == "/a?b=c" && parsed.body == request.body)
        #expect(parsed.head.fields == ["Host": "x", "X-Y": "z", "Content-Length": "5"])
    }

    @Test(arguments: [
        (HTTPStatus.notFound, "NOT_FOUND"), (.headTooLarge, "HEAD_TOO_LARGE"), (.internalServerError, "INTERNAL"),
        (.uriTooLong, "URI_TOO_LONG"),
    ])
    func `a status has a word for programs`(status: HTTPStatus, code: String) {
        #expect(status.errorCode == code)
    }
}
