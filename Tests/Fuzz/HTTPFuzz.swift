import SessionCodec

/// Chunked input must give what whole input gives, and what is accepted must survive being written.
enum HTTPFuzz {
    static let seeds: [[UInt8]] = [
        (
            0,
            "GET /ws?v=2 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Extensions: a;b=\"c\\\"\", d\r\n\r\n"
        ),
        (0, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nokGET / HTTP/1.0\r\n\r\n"),
        (0, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX: y\r\n\r\n"),
        (0, "GET http://host:80/p HTTP/1.1\r\nHost: [::1]:80\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
        (1, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        (1, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nHTTP/1.0 404 \r\n\r\nto the end"),
        (2, "wss://[::1]:8765/path?query"), (2, "unix:/run/x.sock:/ws"),
    ].map { (choices: UInt8, text: String) in
        FuzzInput.bytes(choices: choices, chunks: [1, 7], Array(text.utf8))
    }

    static func check(_ input: FuzzInput) {
        if input.choice(1) { return checkEndpoint(input.payload) }
        let role: HTTPMessageParser.Role = input.choice(0) ? .client : .server
        let whole = Outcome(input.payload, input.whole, role: role)
        require(Outcome(input.payload, input.chunks, role: role) == whole, "chunks give another outcome")
        for message in whole.messages {
            if case .request(let request) = message { checkRequest(request) }
        }
    }

    private struct Outcome: Equatable {
        var messages: [HTTPMessage] = []
        var error: HTTPParseError?

        init(_ bytes: [UInt8], _ chunks: [Range<Int>], role: HTTPMessageParser.Role) {
            var parser = HTTPMessageParser(role: role, limits: HTTPLimits(bodyBytesMax: 1_000))
            do throws(HTTPParseError) {
                for chunk in chunks {
                    var cursor = chunk.lowerBound
                    while cursor < chunk.upperBound {
                        let start = cursor
                        let message = try parser.parse(bytes.span.extracting(..<chunk.upperBound), from: &cursor)
                        require(cursor > start || message != nil, "the parser does not move on")
                        if let message { messages.append(message) }
                    }
                }
                if let message = try parser.finish() { messages.append(message) }
            } catch {
                self.error = error
            }
        }
    }

    /// A request that was accepted is accepted again as we write it, and means the same.
    private static func checkRequest(_ request: HTTPRequest) {
        let fields = request.head.fields
        for name in ["connection", "upgrade", "sec-websocket-extensions"] as [StaticString] {
            _ = fields.elements(of: name)
            require(
                fields.containsToken(name, "a") == fields.tokens(of: name).contains { $0.lowercased() == "a" },
                "a token is found in one way only")
        }
        let target = HTTPTarget(request.head.target)
        require(!target.path.isEmpty, "a target without a path")
        _ = target.query
        var copy = request
        copy.head.fields.remove("Content-Length")
        copy.head.fields.remove("Transfer-Encoding")
        var written: [UInt8] = []
        copy.append(to: &written)
        let again = Outcome(written, [0..<written.count], role: .server)
        guard case .request(var read)? = again.messages.first, again.messages.count == 1, again.error == nil else {
            fatalError("what was written is not read as one request: \(String(describing: again.error))")
        }
        read.head.fields.remove("Content-Length")
        require(read == copy, "a request is read as another one")
    }

    private static func checkEndpoint(_ bytes: [UInt8]) {
        guard let endpoint = try? Endpoint(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
        require((try? Endpoint(parsing: endpoint.description)) == endpoint, "a URL reads back as another one")
        let head = HTTPRequestHead(target: endpoint.target, fields: ["Host": endpoint.authority])
        var written: [UInt8] = []
        HTTPRequest(head: head).append(to: &written)
        require(
            Outcome(written, [0..<written.count], role: .server).messages.count == 1, "a URL gives no valid request")
    }
}
