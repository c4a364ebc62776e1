import SessionBase
import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO
import Synchronization
import Testing

@Suite struct ClientFailureTests {
    /// A port of loopback where nobody listens.
    private func deadAddress() throws -> SocketAddress { try Listener(.loopback(port: 0)).address }

    private func endpoint(_ address: SocketAddress) -> Endpoint {
        Endpoint(address: .host(address.host, port: address.port ?? 0))
    }

    @Test func `nobody there is unavailable`() throws {
        let address = try deadAddress()
        let failure = try ClientDesk(endpoint(address)).failure()
        #expect(failure?.verdict == .unavailable)
        #expect(failure?.description.contains("\(address): Connection refused (ECONNREFUSED)") == true)
    }

    @Test func `every address of a name gets its turn`() throws {
        let server = try LoopbackServer([[.accept(), .drain]])
        let dead = try deadAddress()
        let desk = try ClientDesk(server.endpoint(), resolve: { _ in [dead, dead, server.address] })
        #expect(try desk.open()?.address == server.address)
        let other = try deadAddress()
        let lost = try ClientDesk(server.endpoint(), resolve: { _ in [dead, other] })
        guard case .unreachable(_, let errors)? = try lost.failure() else { return #expect(Bool(false)) }
        #expect(errors.count == 2)
    }

    @Test func `an unknown host has its own status`() throws {
        let endpoint = Endpoint(address: .host("no-such-host.invalid", port: 80))
        #expect(try ClientDesk(endpoint).failure()?.verdict == .unknownHost)
    }

    @Test func `a resolver that hangs holds nothing up, and is given up with the connect timeout`() throws {
        let server = try LoopbackServer([[.accept(), .drain]])
        let gate = Mutex(())
        let isFirst = Atomic<Bool>(true)
        let address = server.address
        let hangs: Client.Resolve = { _ in
            if isFirst.exchange(false, ordering: .relaxed) { gate.withLock { _ in } }
            return [address]
        }
        try gate.withLock { _ in
            let desk = try ClientDesk(
                server.endpoint(), configure: { $0.connectTimeout = .milliseconds(300) }, resolve: hangs)
            #expect(try desk.loop.next(until: SystemClock.now() + .milliseconds(20)) == .deadline)
            let failure = try desk.failure()
            #expect(failure?.verdict == .unknownHost)
            #expect(failure?.loss == .unreachable)
            #expect(failure?.description.contains("the resolver did not answer within 300 ms") == true)
            // The next attempt has a look-up of its own.
            desk.loop.connect()
            #expect(try desk.open()?.address == address)
        }
    }

    @Test func `a server that says nothing is worth another try`() throws {
        let silent = try Listener(.loopback(port: 0))
        let desk = try ClientDesk(endpoint(silent.address)) { $0.connectTimeout = .milliseconds(100) }
        let failure = try desk.failure()
        #expect(failure?.verdict == .tryAgain)
        #expect(failure?.description.contains("within 100 ms") == true)
    }

    @Test(
        arguments: [
            (HTTPResponse.error(.unauthorized, "UNAUTHORIZED", "token expired"), Verdict.refused),
            (.error(.forbidden, "FORBIDDEN", "not here"), .refused),
            (.error(.tooManyRequests, "RATE_LIMITED", "slow down", retryAfter: 5), .tryAgain),
            (.error(.serviceUnavailable, "DRAINING", "drains"), .tryAgain),
            (.error(.notFound, "NOT_FOUND", "no such path"), .protocolViolation),
            (.json(.ok, []), .protocolViolation),
        ])
    func `a refused handshake tells status and message`(response: HTTPResponse, verdict: Verdict) throws {
        let server = try LoopbackServer([[.respond(response)]])
        let failure = try ClientDesk(server.endpoint()).failure()
        #expect(failure?.verdict == verdict)
        let message = try? JSONValue.parse(String(decoding: response.body, as: UTF8.self))["message"]?.string
        #expect(failure?.description.contains("HTTP \(response.status.rawValue)") == true)
        #expect(failure?.description.contains(message ?? "") == true)
        guard case .refused(let refusal)? = failure else { return #expect(Bool(false)) }
        #expect(refusal.retryAfter == (response.status == .tooManyRequests ? .seconds(5) : nil))
    }

    @Test(
        arguments: [
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
            "HTTP/1.1 101 X\r\nConnection: Upgrade\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n\r\n",
        ])
    func `an answer that is no handshake is a violation`(answer: String) throws {
        let server = try LoopbackServer([[.raw(Array(answer.utf8)), .drain]])
        #expect(try ClientDesk(server.endpoint()).failure()?.verdict == .protocolViolation)
    }

    @Test func `a server that hangs up during the handshake was lost`() throws {
        let server = try LoopbackServer([[.drop]])
        #expect(try ClientDesk(server.endpoint()).failure()?.verdict == .unavailable)
    }

    @Test func `a lost client comes back, and not after a final close`() throws {
        let server = try LoopbackServer([
            [.accept(), .drop], [.accept(), .send("again"), .close(.superseded, ""), .drain],
        ])
        let desk = try ClientDesk(server.endpoint(), policy: ReconnectPolicy(maxAttempts: 2))
        _ = try desk.open()
        guard case .ended(.closed(let first), let next)? = try desk.next() else { return #expect(Bool(false)) }
        #expect(first.code == .abnormal)
        #expect(next?.attempt == 1)
        #expect(try desk.open() != nil)
        #expect(try desk.receive() == "again")
        guard case .ended(.closed(let last), let end)? = try desk.next() else { return #expect(Bool(false)) }
        #expect(last.code == .superseded)
        #expect(end == nil)
    }
}

@Suite struct ClientSecurityTests {
    private static let fixtures: String = {
        let parts = #filePath.split(separator: "/").dropLast(2)
        return "/" + parts.joined(separator: "/") + "/Fixtures/tls/"
    }()

    private func server(_ name: String = "server", clientAuthorities: Bool = false) throws -> LoopbackServer {
        let identity = TLSContext.Identity(
            certificateChain: try Files.read(Self.fixtures + name + ".pem"),
            privateKey: try Files.read(Self.fixtures + name + "-key.pem"))
        let authorities = clientAuthorities ? try Files.read(Self.fixtures + "authority.pem") : nil
        let context = try TLSContext(serverIdentity: identity, clientAuthorities: authorities)
        return try LoopbackServer([[.accept(), .echo]], tls: context)
    }

    @Test func `a trusted server is talked to over TLS`() throws {
        let server = try server()
        let desk = try ClientDesk(server.endpoint()) { $0.security.authoritiesPath = Self.fixtures + "authority.pem" }
        _ = try desk.open()
        let text = String(repeating: "secret ", count: 30_000)
        desk.send(text)
        #expect(try desk.receive() == text)
        desk.loop.client.close(.normal, reason: "", at: SystemClock.now())
        #expect(try desk.close()?.code == .normal)
    }

    @Test func `an untrusted server is refused with advice`() throws {
        let failure = try ClientDesk(try server().endpoint()).failure()
        #expect(failure?.verdict == .unavailable)
        #expect(failure?.description.contains("--cacert") == true)
    }

    @Test func `an expired certificate is refused, and taken with verification off`() throws {
        let desk = try ClientDesk(try server("expired").endpoint()) {
            $0.security.authoritiesPath = Self.fixtures + "authority.pem"
        }
        #expect(try desk.failure()?.description.contains("expired") == true)
        let trusting = try ClientDesk(try server("expired").endpoint()) { $0.security.isVerificationOff = true }
        #expect(try trusting.open() != nil)
    }

    @Test func `a client shows its certificate where the server asks for one`() throws {
        let desk = try ClientDesk(try server(clientAuthorities: true).endpoint()) {
            $0.security.authoritiesPath = Self.fixtures + "authority.pem"
            $0.security.certificatePath = Self.fixtures + "client.pem"
            $0.security.keyPath = Self.fixtures + "client-key.pem"
        }
        #expect(try desk.open() != nil)
    }

    @Test func `a file that is missing is named`() throws {
        let desk = try ClientDesk(try server().endpoint()) { $0.security.authoritiesPath = "/nowhere/ca.pem" }
        let failure = try desk.failure()
        #expect(failure?.verdict == .noInput)
        #expect(failure?.description.contains("/nowhere/ca.pem") == true)
    }

    @Test func `TLS to a server without TLS fails with advice`() throws {
        let server = try LoopbackServer([[.accept(), .drain]])
        var endpoint = server.endpoint()
        endpoint.isSecure = true
        #expect(try ClientDesk(endpoint).failure()?.verdict == .unavailable)
    }
}
