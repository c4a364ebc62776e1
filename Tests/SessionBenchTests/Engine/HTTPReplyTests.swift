import Testing

@testable import SessionBench

@Suite struct HTTPReplyTests {
    private func scan(_ text: String, from start: Int = 0) -> (status: Int, body: String, closes: Bool, end: Int)? {
        let bytes = Array(text.utf8)
        guard case .whole(let reply, let end) = HTTPReply.scan(bytes.span, from: start) else { return nil }
        return (reply.status, String(decoding: bytes[reply.body], as: UTF8.self), reply.closes, end)
    }

    @Test func `an answer with a length is found where it stands`() throws {
        let text =
            "rubbishHTTP/1.1 201 Created\r\nX: y\r\ncontent-LENGTH: 5\r\nETag: \"1\"\r\n\r\nhelloHTTP/1.1 200 OK\r\n"
        let found = try #require(scan(text, from: 7))
        #expect(found.status == 201 && found.body == "hello" && !found.closes)
        #expect(Array(text.utf8)[found.end...].starts(with: "HTTP/1.1 200".utf8))
    }

    @Test func `an answer that closes the connection says so`() throws {
        let found = try #require(scan("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
        #expect(found.status == 503 && found.body.isEmpty && found.closes)
    }

    @Test(arguments: [
        "", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r", "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304 Same\r\nContent-Length: 7\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\nhello", "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    ])
    func `whatever is not whole, or not plain, is left to the parser`(text: String) { #expect(scan(text) == nil) }
}
