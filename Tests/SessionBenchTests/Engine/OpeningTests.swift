import SessionBase
import SessionBench
import SessionCodec
import SessionCrypto
import SessionIO
import Testing

@Suite struct OpeningTests {
    private func plan(_ endpoint: Endpoint, connections: Int = 1) -> LoadPlan {
        var plan = LoadPlan(targets: [endpoint], workload: .echo)
        plan.connections = connections
        plan.duration = .milliseconds(100)
        plan.warmUp = .zero
        plan.timeout = .milliseconds(300)
        return plan
    }

    @Test func `a port where nobody listens fails with 69`() throws {
        let listener = try Listener(.loopback(port: 0))
        let endpoint = Endpoint(address: .host("127.0.0.1", port: listener.address.port ?? 0))
        _ = consume listener
        let run = try LoadRun(plan(endpoint, connections: 3))
        #expect(run.failure?.status == 69)
        #expect(run.failure?.sentence.contains("ECONNREFUSED") == true)
        #expect(run.openings.last?.failed == 3)
    }

    @Test func `a host that does not exist fails with 68`() throws {
        let run = try LoadRun(plan(Endpoint(address: .host("no.such.host.invalid", port: 80))))
        #expect(run.failure?.status == 68)
    }

    @Test(arguments: [(HTTPStatus.forbidden, 77), (HTTPStatus.notFound, 76), (HTTPStatus.serviceUnavailable, 75)])
    func `a refused handshake fails with the status that fits`(status: HTTPStatus, expected: Int) throws {
        let server = try MischievousServer(refusing: status)
        defer { server.stop() }
        #expect(try LoadRun(plan(server.endpoint)).failure?.status == expected)
    }

    @Test func `a server that never answers fails with 75`() throws {
        let listener = try Listener(.loopback(port: 0))
        let endpoint = Endpoint(address: .host("127.0.0.1", port: listener.address.port ?? 0))
        #expect(try LoadRun(plan(endpoint)).failure?.status == 75)
    }

    @Test func `some connections that fail do not keep the others from their load`() throws {
        let server = try MischievousServer()
        let refuser = try MischievousServer(refusing: .forbidden)
        defer {
            server.stop()
            refuser.stop()
        }
        var plan = plan(server.endpoint, connections: 4)
        plan.targets.append(refuser.endpoint)
        let counts = try LoadRun(plan).total.counts
        #expect(counts.opened == 2 && counts.ends == ["http 403": 2, "1000": 2])
        #expect(counts.received > 0 && counts.received == counts.sent)
    }

    @Test func `the connect rate is kept`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server.endpoint, connections: 11)
        plan.connectRate = 50
        let start = SystemClock.now()
        let run = try LoadRun(plan)
        // The eleventh leaves 200 ms after the first.
        #expect(SystemClock.now() - start >= .milliseconds(200))
        #expect(run.total.counts.opened == 11)
    }

    @Test func `connections come from the sources in turn`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server.endpoint, connections: 4)
        plan.sources = ["127.0.0.2", "127.0.0.3"]
        #expect(try LoadRun(plan).total.counts.opened == 4)
        #expect(server.peers == ["127.0.0.2": 2, "127.0.0.3": 2])
    }

    @Test func `idle connections are held and say nothing`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server.endpoint, connections: 10)
        plan.workload = .idle
        let counts = try LoadRun(plan).total.counts
        #expect(counts.opened == 10 && counts.sent == 0 && counts.ends == ["1000": 10])
    }

    @Test func `handshakes are a load of their own, in the closed loop and by the clock`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server.endpoint, connections: 3)
        plan.workload = .connect
        var counts = try LoadRun(plan).total.counts
        #expect(counts.sent > 3 && counts.received == counts.sent && counts.lost == 0)
        plan.arrival = .open(RateProfile(constant: 200))
        counts = try LoadRun(plan).total.counts
        #expect(counts.planned == 20 && counts.sent == 20 && counts.received == 20)
        #expect(counts.opened == 20 && counts.ends == ["1000": 20])
    }

    private static let certificates: String = {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return tests.joined(separator: "/") + "/Fixtures/tls/"
    }()

    private func secureServer() throws -> MischievousServer {
        let identity = TLSContext.Identity(
            certificateChain: try Files.read(Self.certificates + "server.pem"),
            privateKey: try Files.read(Self.certificates + "server-key.pem"))
        return try MischievousServer(tls: try TLSContext(serverIdentity: identity))
    }

    @Test func `under TLS every request is answered once too, and the phase of TLS is timed`() throws {
        let server = try secureServer()
        defer { server.stop() }
        var plan = plan(server.endpoint, connections: 3)
        plan.security.authoritiesPath = Self.certificates + "authority.pem"
        plan.arrival = .closed(depth: 4)
        let run = try LoadRun(plan)
        let counts = run.total.counts
        #expect(run.failure == nil)
        #expect(counts.sent > 12 && counts.received == counts.sent && counts.wrong + counts.lost == 0)
        #expect(run.total.phases.tls.count == 3 && run.total.phases.connect.count == 3)
        #expect(counts.ends == ["1000": 3])
    }

    @Test func `a certificate that nobody vouches for fails with 69`() throws {
        let server = try secureServer()
        defer { server.stop() }
        let run = try LoadRun(plan(server.endpoint))
        #expect(run.failure?.status == 69)
        #expect(run.failure?.sentence.hasSuffix("name its authority with --cacert, or trust anybody with -k") == true)
    }
}
