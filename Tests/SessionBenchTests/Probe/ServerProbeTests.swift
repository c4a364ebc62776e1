import Glibc
import SessionBase
import SessionBench
import SessionClient
import SessionCodec
import SessionIO
import Testing

@Suite struct ServerProbeTests {
    /// Opens a WebSocket, sends messages that are echoed, and closes it with 1000.
    private func exchange(_ messages: Int, with endpoint: Endpoint) throws {
        let client = Client(
            configuration: ClientConfiguration(endpoint: endpoint), maskSeed: SipHash(key0: 1, key1: 2))
        let loop = try ClientLoop(client: client, signals: [], seed: 1)
        loop.connect()
        let message: [UInt8] = [65]
        var received = 0
        while true {
            switch try loop.next(until: SystemClock.now() + .seconds(15)) {
            case .client(.opened): for _ in 0..<messages { client.send(.text, message.span, at: SystemClock.now()) }
            case .client(.received):
                received += 1
                if received == messages { client.close(.normal, reason: "", at: SystemClock.now()) }
            case .client(.ended(let end, _)):
                #expect(end.verdict == .success)
                return
            default: throw SystemError(code: ETIMEDOUT, operation: "exchange messages")
            }
        }
    }

    @Test(arguments: [1, 2])
    func `what happened between two readings are the figures of a run`(threads: Int) throws {
        let serve = try RunningServe(threads: threads)
        let probe = try ServerProbe(parsing: serve.adminPath)
        let before = try probe.read()
        try exchange(2, with: serve.endpoint)
        // The close is counted when the server has dropped the connection, which the client does not see.
        var start = try probe.read()
        while start.closes.isEmpty { start = try probe.read() }
        try exchange(5, with: serve.endpoint)
        var end = try probe.read()
        while end.closes == start.closes { end = try probe.read() }
        let figures = try #require(ServerFigures(before: before, start: start, end: end))
        #expect(figures.version == "1.2.3" && figures.loops == threads)
        #expect(figures.messagesIn == 5 && figures.messagesOut == 5)
        #expect(figures.closes == [1000: 1])
        #expect(figures.cpu >= .zero && figures.residentBytes > 0)
        #expect(figures.residentBytesBefore == before.residentBytes)
    }

    @Test func `a listener is asked by its URL, with or without the path`() throws {
        let serve = try RunningServe()
        guard case .host(let host, let port) = serve.endpoint.address else { return }
        for text in ["http://\(host):\(port)", "http://\(host):\(port)/varz", "\(host):\(port)"] {
            #expect(try ServerProbe(parsing: text).read().version == "1.2.3")
        }
    }

    @Test func `connections that are closed already when the server is asked last are counted`() throws {
        let serve = try RunningServe()
        var start = try ServerProbe(parsing: serve.adminPath).read()
        let end = start
        start.connections = 7
        #expect(try #require(ServerFigures(before: end, start: start, end: end)).connections == 7)
        #expect(try #require(ServerFigures(before: end, start: end, end: start)).connections == 7)
    }

    @Test func `connections that others had before are not the run's`() throws {
        let serve = try RunningServe()
        var before = try ServerProbe(parsing: serve.adminPath).read()
        var end = before
        (before.connections, end.connections) = (3, 10)
        #expect(try #require(ServerFigures(before: before, start: end, end: end)).connections == 7)
    }

    @Test func `the server's own clock tells how long it used its processors`() throws {
        let serve = try RunningServe()
        let start = try ServerProbe(parsing: serve.adminPath).read()
        var end = start
        end.uptime += .seconds(8)
        end.cpu += .seconds(4)
        let figures = try #require(ServerFigures(before: start, start: start, end: end))
        #expect(figures.period == .seconds(8) && figures.cpuRatio == 0.5)
    }

    @Test func `a restarted server has no figures`() throws {
        let serve = try RunningServe()
        let reading = try ServerProbe(parsing: serve.adminPath).read()
        var other = reading
        other.processIdentifier += 1
        #expect(ServerFigures(before: reading, start: reading, end: reading) != nil)
        #expect(ServerFigures(before: reading, start: reading, end: other) == nil)
        #expect(ServerFigures(before: other, start: reading, end: reading) == nil)
    }

    // MARK: Errors

    private func failure(_ text: String, _ change: (inout ServerProbe) -> Void = { _ in }) -> ServerProbeError? {
        do throws(ServerProbeError) {
            var probe = try ServerProbe(parsing: text)
            change(&probe)
            _ = try probe.read()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a text that names no place is a mistake of usage`() {
        #expect(failure("ftp://x")?.status == 64)
        #expect(failure("ftp://x")?.description.hasPrefix("ftp://x is no place to ask: the scheme must be ") == true)
    }

    @Test func `a socket that is not there is unavailable`() {
        let error = failure("/tmp/there-is-no-such-folder/1.sock")
        #expect(error?.status == 69)
        #expect(error?.description.contains("No such file or directory") == true)
    }

    @Test func `an answer of another status says what the server says`() throws {
        let serve = try RunningServe()
        let error = failure("unix:\(serve.adminPath):/admin/nothing")
        #expect(error?.status == 76)
        #expect(error?.description.contains("HTTP 404 Not Found: the admin API has nothing at this path") == true)
        #expect(
            error?.description.hasSuffix("the figures are at /varz of a listener, or on the administration socket")
                == true)
    }

    @Test func `a document without what is needed names the field`() throws {
        let serve = try RunningServe()
        let error = failure("unix:\(serve.adminPath):/healthz")
        #expect(error?.status == 76)
        #expect(error?.description.contains(#"without "version""#) == true)
    }

    @Test func `a server that says nothing is not waited for for ever`() throws {
        let silent = try Listener(.loopback(port: 0))
        let error = failure("http://\(silent.address)") { $0.timeout = .milliseconds(50) }
        #expect(error?.status == 75)
        withExtendedLifetime(silent.descriptor) {}
    }

    // MARK: Discovery

    @Test func `the server behind a loopback target is found by its port`() throws {
        let first = try RunningServe()
        let second = try RunningServe()
        let folders = ["/tmp/there-is-no-such-folder", first.folder, second.folder]
        let found = try #require(ServerProbe.find(behind: second.endpoint, in: folders))
        #expect(found.endpoint == Endpoint(address: .unix(path: second.adminPath), target: "/varz"))
        #expect(try found.read().listens(on: try second.endpoint.addresses()[0]))
        #expect(ServerProbe.find(behind: second.endpoint, in: [first.folder]) == nil)
    }

    @Test func `a socket that nobody answers is passed over`() throws {
        let serve = try RunningServe()
        // Nobody accepts what connects to it, as with a server that hangs.
        let dead = try Listener(.unix(path: serve.folder + "/0.sock"))
        #expect(
            ServerProbe.find(behind: serve.endpoint, in: [serve.folder])?.endpoint.description.contains("1.sock")
                == true)
        withExtendedLifetime(dead.descriptor) {}
    }

    @Test func `a target on another machine is not looked for`() throws {
        let serve = try RunningServe()
        let far = Endpoint(address: .host("192.0.2.1", port: 8765))
        #expect(ServerProbe.find(behind: far, in: [serve.folder]) == nil)
    }

    @Test func `a listener on all addresses stands for each at its port`() throws {
        let serve = try RunningServe()
        var reading = try ServerProbe(parsing: serve.adminPath).read()
        reading.listeners = [.ipv4(0, port: 8765), .unix(path: "/run/x.sock")]
        #expect(reading.listens(on: .loopback(port: 8765)) && !reading.listens(on: .loopback(port: 8766)))
        #expect(reading.listens(on: .unix(path: "/run/x.sock")) && !reading.listens(on: .unix(path: "/run/y.sock")))
    }

    @Test(arguments: [
        (
            ["XDG_RUNTIME_DIR": "/run/user/1", "HOME": "/h"],
            ["/run/user/1/sessionctl", "/h/.local/state/sessionctl/run"]
        ),
        (["XDG_STATE_HOME": "/s", "HOME": "/h"], ["/s/sessionctl/run"]),
        (
            ["XDG_RUNTIME_DIR": "relative", "XDG_STATE_HOME": "relative", "HOME": "/h"],
            ["/h/.local/state/sessionctl/run"]
        ),
        (["HOME": ""], []),
    ])
    func `sockets are looked for where serve keeps them`(variables: [String: String], folders: [String]) {
        #expect(AdminSockets.folders { variables[$0] } == folders)
    }
}
