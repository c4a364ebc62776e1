import SessionBase
import SessionClient
import SessionCodec
import SessionIO
import Testing

/// A client on its loop, as a test drives it.
struct ClientDesk {
    let loop: ClientLoop

    init(
        _ endpoint: Endpoint, policy: ReconnectPolicy? = nil,
        configure: (inout ClientConfiguration) -> Void = { _ in }, resolve: Client.Resolve? = nil
    ) throws {
        var configuration = ClientConfiguration(endpoint: endpoint)
        configuration.connectTimeout = .seconds(5)
        configure(&configuration)
        let client = Client(
            configuration: configuration, maskSeed: SipHash(key0: 1, key1: 2), resolve: resolve)
        loop = try ClientLoop(client: client, policy: policy, signals: [], seed: 3)
        loop.connect()
    }

    /// The next event of the connection, within 8 s.
    func next() throws -> ClientEvent? {
        guard case .client(let event) = try loop.next(until: SystemClock.now() + .seconds(8)) else { return nil }
        return event
    }

    func send(_ text: String) { loop.client.send(.text, Array(text.utf8).span, at: SystemClock.now()) }

    /// Waits for the handshake.
    func open() throws -> HandshakeReport? {
        guard case .opened(let report)? = try next() else { return nil }
        return report
    }

    /// The text of the next message.
    func receive() throws -> String? {
        guard case .received(.text, let payload)? = try next() else { return nil }
        return String(decoding: payload, as: UTF8.self)
    }

    /// How the connection closed; everything before is skipped.
    func close() throws -> ClientClose? {
        while let event = try next() {
            if case .ended(.closed(let close), _) = event { return close }
        }
        return nil
    }

    /// Why the connection never opened.
    func failure() throws -> ClientFailure? {
        guard case .ended(.failed(let failure), _)? = try next() else { return nil }
        return failure
    }
}

@Suite struct ClientTests {
    @Test func `messages go both ways and our close is confirmed`() throws {
        let server = try LoopbackServer([[.accept(), .send("hello"), .echo]])
        let desk = try ClientDesk(server.endpoint("/path?q=1"))
        #expect(try desk.open()?.address == server.address)
        #expect(try desk.receive() == "hello")
        desk.send("Grüße")
        #expect(try desk.receive() == "Grüße")
        desk.loop.client.close(.normal, reason: "done", at: SystemClock.now())
        let close = try desk.close()
        #expect(close?.code == .normal)
        #expect(close?.origin == .us)
        #expect(close?.traffic.messagesIn == 2)
        #expect(close?.traffic.messagesOut == 1)
        #expect(server.received == ["request /path?q=1", "text Grüße", "close 1000"])
    }

    @Test func `the peer's close tells its code and reason`() throws {
        let server = try LoopbackServer([[.accept(), .close(.superseded, "superseded: elsewhere"), .drain]])
        let close = try ClientDesk(server.endpoint()).close()
        #expect(close?.code == .superseded)
        #expect(close?.reason == "superseded: elsewhere")
        #expect(close?.origin == .peer)
    }

    @Test func `a connection without a Close frame was lost`() throws {
        let server = try LoopbackServer([[.accept(), .await, .drop]])
        let desk = try ClientDesk(server.endpoint())
        _ = try desk.open()
        desk.send("x")
        let close = try desk.close()
        #expect(close?.code == .abnormal)
        #expect(close?.origin == .nobody)
    }

    @Test func `a peer that does not answer our Close is left after the time-out`() throws {
        let server = try LoopbackServer([[.accept(), .pause(milliseconds: 2000)]])
        let desk = try ClientDesk(server.endpoint()) { $0.closeTimeout = .milliseconds(100) }
        _ = try desk.open()
        desk.loop.client.close(.normal, reason: "", at: SystemClock.now())
        let close = try desk.close()
        #expect(close?.code == .abnormal)
        #expect(close?.reason == "the peer did not answer our Close")
    }

    @Test func `a frame that breaks the rules is answered with 1002`() throws {
        let server = try LoopbackServer([[.accept(), .raw([0xF1, 0x00]), .drain]])
        let close = try ClientDesk(server.endpoint()).close()
        #expect(close?.code == .protocolError)
        #expect(close?.origin == .us)
        #expect(close?.reason.isEmpty == false)
    }

    @Test func `headers, origin and subprotocols reach the server`() throws {
        let server = try LoopbackServer([[.accept(subprotocol: "b"), .drain]])
        let desk = try ClientDesk(server.endpoint()) {
            $0.headers = [("X-Test", "1")]
            $0.origin = "https://a.example"
            $0.subprotocols = ["a", "b"]
        }
        #expect(try desk.open()?.subprotocol == "b")
        #expect(
            server.received == [
                "request /", "Origin: https://a.example", "X-Test: 1", "Sec-WebSocket-Protocol: a, b",
            ])
    }

    @Test(arguments: [0, 1, 7, 1000])
    func `fragments arrive as one message`(fragmentBytes: Int) throws {
        let server = try LoopbackServer([[.accept(), .echo]])
        let desk = try ClientDesk(server.endpoint()) { $0.fragmentBytes = fragmentBytes }
        _ = try desk.open()
        desk.send("hello fragmented world")
        #expect(try desk.receive() == "hello fragmented world")
    }

    @Test func `compressed messages arrive whole`() throws {
        let server = try LoopbackServer([[.accept(compression: .server), .echo]])
        let desk = try ClientDesk(server.endpoint()) { $0.offersCompression = true }
        #expect(try desk.open()?.isCompressed == true)
        let text = String(repeating: "abc ", count: 50_000)
        for _ in 0..<3 {
            desk.send(text)
            #expect(try desk.receive() == text)
        }
    }

    @Test func `a large message arrives whole`() throws {
        let server = try LoopbackServer([[.accept(), .echo]])
        let desk = try ClientDesk(server.endpoint())
        _ = try desk.open()
        let text = String(repeating: "x", count: 3 << 20)
        desk.send(text)
        #expect(try desk.receive() == text)
    }

    @Test func `Pings are answered unless that is switched off`() throws {
        let server = try LoopbackServer([[.accept(), .ping("a"), .await, .close(.normal, ""), .drain]])
        #expect(try ClientDesk(server.endpoint()).close()?.code == .normal)
        #expect(server.received.contains("pong a"))
        let mute = try LoopbackServer([[.accept(), .ping("a"), .await, .drain]])
        let desk = try ClientDesk(mute.endpoint()) { $0.answersPings = false }
        _ = try desk.open()
        #expect(try desk.next() == .pinged([UInt8(ascii: "a")]))
        desk.send("x")
        desk.loop.client.close(.normal, reason: "", at: SystemClock.now())
        _ = try desk.close()
        #expect(mute.received == ["request /", "text x", "close 1000"])
    }

    @Test func `our Ping brings a Pong`() throws {
        let server = try LoopbackServer([[.accept(), .drain]])
        let desk = try ClientDesk(server.endpoint())
        _ = try desk.open()
        desk.loop.client.ping([1, 2].span, at: SystemClock.now())
        #expect(try desk.next() == .ponged([1, 2]))
    }

    @Test func `a slow reader takes its time`() throws {
        let server = try LoopbackServer([[.accept(), .sendBinary([UInt8](repeating: 0, count: 100_000)), .drain]])
        let desk = try ClientDesk(server.endpoint()) { $0.readBytesPerSecond = 400_000 }
        _ = try desk.open()
        let start = SystemClock.now()
        guard case .received(.binary, let payload)? = try desk.next() else { return #expect(Bool(false)) }
        #expect(payload.count == 100_000)
        #expect((SystemClock.now() - start) > .milliseconds(150))
    }

    @Test func `raw bytes go out as they are`() throws {
        let server = try LoopbackServer([[.accept(), .drain]])
        let desk = try ClientDesk(server.endpoint())
        _ = try desk.open()
        // An unmasked empty text frame, which a server must refuse.
        desk.loop.client.sendRaw([0x81, 0x00], at: SystemClock.now())
        #expect(try desk.close()?.code == .protocolError)
    }

    @Test func `a Unix socket serves like any other`() throws {
        // The listener removes its socket's file.
        let path = "/tmp/sessionctl-client-\(SystemClock.now().nanoseconds).sock"
        let server = try LoopbackServer([[.accept(), .echo]], on: .unix(path: path))
        let desk = try ClientDesk(server.endpoint("/echo"))
        _ = try desk.open()
        desk.send("x")
        #expect(try desk.receive() == "x")
        #expect(server.received.first == "request /echo")
    }

    @Test func `IPv6 serves like IPv4`() throws {
        let server = try LoopbackServer([[.accept(), .echo]], on: .ipv6(high: 0, low: 1, scope: 0, port: 0))
        let desk = try ClientDesk(server.endpoint())
        #expect(desk.loop.client.configuration.endpoint.description.hasPrefix("ws://[::1]:"))
        #expect(try desk.open() != nil)
    }

    @Test func `a plain request brings its answer`() throws {
        let server = try LoopbackServer([[.respond(.json(.ok, Array("{}".utf8)))]])
        let desk = try ClientDesk(server.endpoint()) { $0.plainTarget = "/readyz" }
        guard case .answered(let response)? = try desk.next() else { return #expect(Bool(false)) }
        #expect(response.status == .ok)
        #expect(server.received == ["request /readyz"])
    }
}
