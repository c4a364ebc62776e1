import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO
import SessionServer
import Testing

/// What carries the bytes: TLS, IPv6, Unix sockets, compression (PROTOCOLS C10, C19, §1.10).
@Suite struct TransportTests {
    @Test(arguments: [1, 2])
    func `a secure listener serves HTTP and WebSocket`(threads: Int) throws {
        let files = try TLSFiles.fixture()
        let server = try RunningServer([.awareness, .echo], threads: threads) { $0.tls = files }
        let secret = try TLSContext.fixture()
        #expect(try TestClient(server.address, secret: secret).request("/healthz").status == .ok)
        #expect(try TestClient(server.address, secret: secret).request("/stats").status == .ok)
        let client = try TestClient(server.address, secret: secret)
        try client.open("/echo", compression: .client)
        for size in [0, 1, 125, 126, 16_384, 65_536, 1 << 20] {
            let text =
                String(repeating: "0123456789abcdef", count: size / 16) + String(repeating: "x", count: size % 16)
            try client.say(text)
            #expect(try client.nextMessage() == .text(text))
        }
        try client.close()
        #expect(try client.hearClose() == .normal)
        try client.waitForEnd()
        // The Unix socket never speaks TLS.
        #expect(try server.ask("/healthz").status == .ok)
    }

    @Test func `a client without the certificate that is demanded is turned away`() throws {
        let files = try TLSFiles.fixture(demandingClients: true)
        let server = try RunningServer { $0.tls = files }
        let known = try TestClient(server.address, secret: try .fixture(identity: "client"))
        try known.open()
        let stranger = try? TestClient(server.address, secret: try .fixture())
        #expect((try? stranger?.request("/healthz").status) == nil)
        #expect(try known.typesUntilPong() == [])
        #expect(try server.metric("connections_refused_total{reason=\"tls\"}") == 1)
    }

    @Test func `plain bytes on a secure listener harm nobody`() throws {
        let files = try TLSFiles.fixture()
        let server = try RunningServer {
            $0.tls = files
            $0.timing.handshakeTimeout = .milliseconds(300)
        }
        let client = try TestClient(server.address, secret: try .fixture())
        try client.open()
        let plain = try server.connect()
        try plain.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try plain.waitForEnd()
        let silent = try server.connect()
        try silent.waitForEnd()
        #expect(try client.typesUntilPong() == [])
    }

    @Test func `certificates that are not there or do not fit stop the start`() throws {
        var configuration = RunningServer.configuration([.awareness])
        configuration.tls = TLSFiles(certificatePath: "/nowhere/chain.pem", keyPath: "/nowhere/key.pem")
        let missing = #expect(throws: ServerStartError.self) { try Server(configuration) }
        #expect(missing?.description.contains("/nowhere/chain.pem") == true)
        var swapped = try TLSFiles.fixture()
        swapped.keyPath = swapped.keyPath.replacing("server-key", with: "client-key")
        configuration.tls = swapped
        let wrong = #expect(throws: ServerStartError.self) { try Server(configuration) }
        #expect(wrong?.description.contains("does not belong") == true)
    }

    @Test func `IPv6 is served, and IPv4 too where the address is [::]`() throws {
        let server = try RunningServer { $0.listeners[0].address = SocketAddress("[::1]:0")! }
        #expect(try server.window("u", "w", case: "C").typesUntilPong() == [])
        let both = try RunningServer { $0.listeners[0].address = SocketAddress("[::]:0")! }
        let port = try #require(both.address.port)
        // Protected mode: nobody named the host, but an IPv4 peer on loopback is on loopback here too.
        #expect(try both.connect(.loopback(port: port)).tryOpen() == nil)
        #expect(try both.connect(SocketAddress("[::1]:\(port)")!).tryOpen() == nil)
    }

    @Test func `a service listens on a Unix socket, whose file goes with it`() throws {
        let path: String
        do {
            let server = try RunningServer {
                $0.listeners[0].address = .unix(path: $0.adminSocketPath + ".service")
            }
            path = server.adminPath
            #expect(try Files.mode(path + ".service") & 0o777 == 0o600)
            let client = try server.window("u", "w", case: "C")
            #expect(try client.typesUntilPong() == [])
            #expect(server.server.announcements == ["listening awareness unix:\(path).service"])
        }
        #expect(!Files.exists(path))
        #expect(!Files.exists(path + ".service"))
    }

    @Test func `a port that is taken stops the start and names the address`() throws {
        let server = try RunningServer()
        var configuration = RunningServer.configuration([.awareness])
        configuration.listeners[0].address = server.address
        let error = #expect(throws: ServerStartError.self) { try Server(configuration) }
        #expect(error?.description.contains("\(server.address)") == true)
    }

    @Test func `long messages are compressed both ways, short ones are not`() throws {
        let server = try RunningServer([.echo])
        let client = try server.open("/echo", compression: .client)
        #expect(client.isCompressed)
        let text = String(repeating: "the same again, ", count: 4096)
        try client.say(text)
        #expect(try client.nextMessage() == .text(text))
        try client.say([UInt8](repeating: 7, count: 100_000))
        #expect(try client.nextMessage() == .binary([UInt8](repeating: 7, count: 100_000)))
        let shown = try server.document("/admin/connections")["items"]?.elements?.first { $0["profile"] == "echo" }
        #expect(shown?["bytes_in"]?.integer ?? .max < 5000)
        #expect(shown?["bytes_out"]?.integer ?? .max < 5000)
        let plain = try server.open("/echo")
        #expect(!plain.isCompressed)
    }

    @Test func `a warning reaches compressed and plain windows alike`() throws {
        let server = try RunningServer(threads: 2) { $0.awarenessCompression = true }
        let long = String(repeating: "C", count: 120)
        let windows = try (0..<6).map { number in
            let client = try server.open(compression: number.isMultiple(of: 2) ? .client : nil)
            try client.register("u", "window-\(number)", case: "\(long)-\(number)")
            return client
        }
        for (number, client) in windows.enumerated() {
            // The message with all six cases is longer than 512 bytes, so that half of the windows get it compressed.
            var largest = 0
            while largest < 6 {
                let payload = try client.hear()["payload"]
                if payload?["type"] == "multi-case" { largest = payload?["cases"]?.elements?.count ?? 0 }
            }
            #expect(largest == 6, "window \(number)")
        }
    }

    @Test func `compression is off for awareness unless it is switched on`() throws {
        let server = try RunningServer()
        #expect(try server.open(compression: .client).isCompressed == false)
    }

    @Test func `bytes and the end of the stream that come at once are both noticed`() throws {
        let server = try RunningServer([.awareness])
        for _ in 0..<20 {
            let asking = try server.connect()
            try asking.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            asking.endOutput()
            #expect(try asking.readToEnd().hasPrefix("HTTP/1.1 200 "))
            let window = try server.window("u", "w", case: "C")
            try window.say(#"{"type":"ping"}"#)
            window.endOutput()
            try window.waitForEnd()
        }
        try eventually("all connections are gone") { try server.get("/stats").document["connections"]?.integer == 0 }
    }

    @Test func `a message many times longer than the loop's buffer comes back whole`() throws {
        let server = try RunningServer([.echo])
        let client = try server.open("/echo")
        let text = String(repeating: "0123456789abcdef", count: 1 << 16)
        for _ in 0..<8 {
            try client.say(text)
            #expect(try client.nextMessage() == .text(text))
        }
    }
}
