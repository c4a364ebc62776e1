import Glibc
import SessionBase
import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO
import Testing

@Suite struct HTTPClientTests {
    private static let hello = HTTPResponse.json(.ok, Array(#"{"hello":"world"}"#.utf8))

    private func client(
        _ server: LoopbackServer, change: (inout HTTPConfiguration) -> Void = { _ in }
    ) -> HTTPClient {
        var configuration = HTTPConfiguration(endpoint: server.endpoint())
        change(&configuration)
        return HTTPClient(configuration)
    }

    @Test func `an answer comes back whole`() throws {
        let server = try LoopbackServer([[.respond(Self.hello)]])
        let response = try client(server).send("GET", "/session/7?x=1")
        #expect(response.status == .ok)
        #expect(response.body == Self.hello.body)
        #expect(server.received == ["request /session/7?x=1"])
    }

    @Test func `a body, its method and its fields arrive`() throws {
        let server = try LoopbackServer([[.respond(Self.hello)]])
        let client = client(server) { $0.fields = ["X-Test": "configuration"] }
        let response = try client.send("PATCH", "/s", fields: ["x-test": "request"], body: Array("{}".utf8))
        #expect(response.status == .ok)
        #expect(server.received == ["request /s", "PATCH {}", "X-Test: request"])
    }

    @Test func `two requests share one connection`() throws {
        let server = try LoopbackServer([[.answer(Self.hello), .answer(Self.hello)]])
        let client = client(server)
        for target in ["/1", "/2"] { #expect(try client.send("GET", target).status == .ok) }
        #expect(server.received == ["request /1", "request /2"])
    }

    @Test func `a connection that the server has ended is replaced`() throws {
        let server = try LoopbackServer([[.answer(Self.hello)], [.answer(Self.hello)]])
        let client = client(server)
        #expect(try client.send("POST", "/1").status == .ok)
        usleep(50_000)
        #expect(try client.send("POST", "/2").status == .ok)
        #expect(server.received == ["request /1", "request /2"])
    }

    @Test func `a connection that breaks under a second request is replaced where asking twice is harmless`() throws {
        let scripts: [[LoopbackServer.Step]] = [[.answer(Self.hello), .await, .drop], [.answer(Self.hello)]]
        let first = client(try LoopbackServer(scripts))
        #expect(try first.send("GET", "/1").status == .ok)
        #expect(try first.send("GET", "/2").status == .ok)
        let second = client(try LoopbackServer(scripts))
        #expect(try second.send("POST", "/1").status == .ok)
        #expect(#expect(throws: HTTPFailure.self) { try second.send("POST", "/2") }?.verdict == .unavailable)
    }

    @Test func `an answer in chunks without an end keeps the whole time and no more`() throws {
        let raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        let server = try LoopbackServer([[.await, .raw(Array(raw.utf8)), .drain]])
        let client = client(server) { $0.timeout = .milliseconds(80) }
        #expect(throws: HTTPFailure.timedOut(endpoint: server.endpoint().httpDescription, after: .milliseconds(80))) {
            try client.send("GET", "/")
        }
    }

    @Test func `a body beyond the limit is refused before it is taken in`() throws {
        let server = try LoopbackServer([[.respond(Self.hello)]])
        let client = client(server) { $0.bodyBytesMax = 8 }
        #expect(throws: HTTPFailure.tooLarge(endpoint: server.endpoint().httpDescription, bytesMax: 8)) {
            try client.send("GET", "/")
        }
    }

    @Test func `a compressed body comes back as it was, and no larger than allowed`() throws {
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        let response = HTTPResponse(.ok, contentType: "text/plain", body: body).gzipped(for: ["Accept-Encoding": "gzip"]
        )
        #expect(response.body.count < 1000)
        let server = try LoopbackServer([[.answer(response), .answer(response)]])
        #expect(try client(server).send("GET", "/").body == body)
        let bounded = try LoopbackServer([[.respond(response)]])
        let small = client(bounded) { $0.bodyBytesMax = 50_000 }
        #expect(throws: HTTPFailure.tooLarge(endpoint: bounded.endpoint().httpDescription, bytesMax: 50_000)) {
            try small.send("GET", "/")
        }
        let broken = HTTPResponse(status: .ok, fields: ["Content-Encoding": "gzip"], body: [1, 2, 3])
        let liar = try LoopbackServer([[.respond(broken)]])
        #expect(#expect(throws: HTTPFailure.self) { try client(liar).send("GET", "/") }?.verdict == .protocolViolation)
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", Verdict.protocolViolation),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", .unavailable),
        ("", .unavailable),
    ])
    func `what is no whole answer is a failure with its status`(raw: String, verdict: Verdict) throws {
        let server = try LoopbackServer([[.await, .raw(Array(raw.utf8))]])
        let failure = #expect(throws: HTTPFailure.self) { try client(server).send("POST", "/") }
        #expect(failure?.verdict == verdict)
        #expect(failure?.description.contains(server.endpoint().httpDescription) == true)
    }

    @Test func `a port where nobody listens is unavailable, a name without an address unknown`() throws {
        let free: UInt16
        do {
            let listener = try Listener(.loopback(port: 0))
            free = try #require(listener.address.port)
        }
        let refused = HTTPConfiguration(endpoint: Endpoint(address: .host("127.0.0.1", port: free)))
        #expect(#expect(throws: HTTPFailure.self) { try HTTPClient(refused).send("GET", "/") }?.verdict == .unavailable)
        let missing = HTTPConfiguration(endpoint: Endpoint(address: .unix(path: "/nonexistent/x.sock")))
        #expect(#expect(throws: HTTPFailure.self) { try HTTPClient(missing).send("GET", "/") }?.verdict == .unavailable)
        let unknown = HTTPConfiguration(endpoint: Endpoint(address: .host("no-such-host.invalid", port: 80)))
        #expect(#expect(throws: HTTPFailure.self) { try HTTPClient(unknown).send("GET", "/") }?.verdict == .unknownHost)
    }

    @Test func `a readable descriptor interrupts a wait`() throws {
        let server = try LoopbackServer([[.drain]])
        let waker = try Waker()
        waker.wake()
        let client = client(server) { $0.interruption = waker.descriptor }
        #expect(throws: HTTPFailure.interrupted) { try client.send("GET", "/") }
    }

    @Test(arguments: [
        (200, Verdict.success), (201, .success), (304, .success), (400, .badData), (401, .refused), (403, .refused),
        (404, .failed), (409, .failed), (410, .failed), (412, .failed), (413, .badData), (429, .tryAgain),
        (500, .unavailable), (503, .tryAgain), (301, .protocolViolation), (405, .protocolViolation),
    ])
    func `each status of an API has an exit status`(status: Int, verdict: Verdict) {
        #expect(Verdict(apiStatus: status) == verdict)
    }
}

@Suite struct HTTPStreamTests {
    private static let head =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n\r\n"

    private func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    private func stream(_ steps: [LoopbackServer.Step]) throws -> HTTPStream {
        let server = try LoopbackServer([[.await] + steps])
        return try HTTPClient(HTTPConfiguration(endpoint: server.endpoint())).stream("GET", "/trace")
    }

    @Test func `lines come as they are written, however the chunks cut them`() throws {
        let stream = try stream([
            .raw(Array((Self.head + chunk("{\"a\":1}\n{\"b\"")).utf8)), .pause(milliseconds: 30),
            .raw(Array(chunk(":2}\n\n").utf8)), .pause(milliseconds: 30), .raw(Array("0\r\n\r\n".utf8)),
        ])
        #expect(stream.head.status == .ok)
        #expect(try stream.next() == .line(Array("{\"a\":1}".utf8)))
        #expect(try stream.next() == .line(Array("{\"b\":2}".utf8)))
        #expect(try stream.next() == .end)
        #expect(stream.isAtEnd)
    }

    @Test func `a stream that says nothing returns at the instant asked for`() throws {
        let stream = try stream([.raw(Array(Self.head.utf8)), .drain])
        #expect(try stream.next(until: SystemClock.now() + .milliseconds(30)) == .deadline)
        #expect(try stream.takeLines() == [])
        #expect(!stream.isAtEnd)
    }

    @Test func `a stream that is cut is lost`() throws {
        let stream = try stream([.raw(Array((Self.head + chunk("one\ntw")).utf8))])
        #expect(try stream.next() == .line(Array("one".utf8)))
        #expect(#expect(throws: HTTPFailure.self) { try stream.next() }?.verdict == .unavailable)
    }

    @Test func `a refusal in place of a stream is read whole`() throws {
        let stream = try stream([.raw(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}".utf8))])
        #expect(stream.head.status == .notFound)
        #expect(stream.head.body == Array("{}".utf8))
        #expect(try stream.next() == .end)
    }
}
