import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO
import Testing

/// The HTTP client over TLS and on Unix sockets.
@Suite struct HTTPSecurityTests {
    private static let fixtures: String = {
        let parts = #filePath.split(separator: "/").dropLast(2)
        return "/" + parts.joined(separator: "/") + "/Fixtures/tls/"
    }()
    private static let large = HTTPResponse(
        .ok, contentType: "text/plain", body: [UInt8](repeating: UInt8(ascii: "x"), count: 200_000))

    private func server(_ name: String, _ steps: [LoopbackServer.Step]) throws -> LoopbackServer {
        let identity = TLSContext.Identity(
            certificateChain: try Files.read(Self.fixtures + name + ".pem"),
            privateKey: try Files.read(Self.fixtures + name + "-key.pem"))
        return try LoopbackServer([steps], tls: try TLSContext(serverIdentity: identity))
    }

    private func configuration(
        _ server: LoopbackServer, trusting authority: String? = "authority.pem"
    ) -> HTTPConfiguration {
        var configuration = HTTPConfiguration(endpoint: server.endpoint())
        configuration.security.authoritiesPath = authority.map { Self.fixtures + $0 }
        return configuration
    }

    @Test func `two large answers come over one connection with TLS`() throws {
        let server = try server("server", [.answer(Self.large), .answer(Self.large)])
        let client = HTTPClient(configuration(server))
        for target in ["/1", "/2"] { #expect(try client.send("GET", target).body.count == 200_000) }
        #expect(server.received == ["request /1", "request /2"])
    }

    @Test func `a stream comes line by line over TLS`() throws {
        let lines = HTTPResponse(status: .ok, body: Array("a\nb\n".utf8))
        let server = try server("server", [.answer(lines)])
        let stream = try HTTPClient(configuration(server)).stream("GET", "/")
        #expect(try stream.next() == .line(Array("a".utf8)))
        #expect(try stream.next() == .line(Array("b".utf8)))
        #expect(try stream.next() == .end)
    }

    @Test func `an untrusted or expired certificate is unavailable, with advice`() throws {
        let untrusted = HTTPClient(configuration(try server("server", [.await]), trusting: nil))
        let failure = #expect(throws: HTTPFailure.self) { try untrusted.send("GET", "/") }
        #expect(failure?.verdict == .unavailable)
        #expect(failure?.description.contains("--cacert") == true)
        let expired = HTTPClient(configuration(try server("expired", [.await])))
        let second = #expect(throws: HTTPFailure.self) { try expired.send("GET", "/") }
        #expect(second?.description.contains("expired") == true)
    }

    @Test func `a file of authorities that is missing is no input`() throws {
        let client = HTTPClient(configuration(try server("server", [.await]), trusting: "nowhere.pem"))
        #expect(#expect(throws: HTTPFailure.self) { try client.send("GET", "/") }?.verdict == .noInput)
    }
}
