import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionServer
import Testing

/// A connection goes to the loop that owns its user, with everything that is on its way (ARCHITECTURE §8).
@Suite struct MovingTests {
    /// Enough users that about half of them live on the other loop, however the hash falls.
    private let users = (0..<12).map { "user-\($0)" }

    @Test func `what stands behind the register that moves a connection is answered in order`() throws {
        let server = try RunningServer(threads: 2)
        for user in users { try converse(as: user, over: try server.connect()) }
    }

    @Test func `a connection moves with its TLS session`() throws {
        let files = try TLSFiles.fixture()
        let server = try RunningServer(threads: 2) { $0.tls = files }
        let secret = try TLSContext.fixture()
        for user in users { try converse(as: user, over: try TestClient(server.address, secret: secret)) }
    }

    @Test func `a connection moves with its compression`() throws {
        let server = try RunningServer(threads: 2) { $0.awarenessCompression = true }
        for user in users {
            let client = try server.connect()
            try client.open(compression: .client)
            #expect(client.isCompressed)
            try converse(as: user, over: client, isOpen: true)
        }
    }

    /// Sends a handshake's worth of messages in one write and hears all answers.
    private func converse(as user: String, over client: TestClient, isOpen: Bool = false) throws {
        if !isOpen { try client.open() }
        let pad = String(repeating: "p", count: 700)
        try client.write(
            plain: client.frames([
                #"{"type":"ping"}"#,
                TestClient.registration(user, "w1", case: "C1"),
                #"{"type":"focus","payload":{"userId":"\#(user)","windowId":"w1","pad":"\#(pad)"}}"#,
                TestClient.registration(user, "w2", case: "C2"),
                #"{"type":"heartbeat","payload":{"userId":"\#(user)","windowId":"w9"}}"#,
            ]) + [0x89, 0x80, 0, 0, 0, 0])
        var types: [String] = []
        while types.count < 5 {
            let message = try client.hear()
            types.append((message["payload"]?["type"] ?? message["payload"]?["code"] ?? message["type"])?.string ?? "?")
        }
        #expect(types == ["pong", "registered", "registered", "multi-case", "case-mismatch"], "\(user)")
        #expect(try client.hear()["payload"]?["code"] == "NOT_REGISTERED")
        #expect(try client.next() == .pong)
    }

    @Test func `windows of one user meet, from whichever loop they come`() throws {
        let server = try RunningServer(threads: 3)
        for user in users {
            let first = try server.window(user, "w1", case: "C1")
            let second = try server.window(user, "w2", case: "C2")
            #expect(try second.hear()["payload"]?["type"] == "multi-case")
            #expect(try first.hear()["payload"]?["type"] == "multi-case")
            #expect(try first.hear()["payload"]?["type"] == "case-mismatch")
        }
    }

    @Test func `a peer that goes away while it moves leaves nothing behind`() throws {
        let server = try RunningServer(threads: 2) { $0.awareness.disconnectGrace = .zero }
        for user in users {
            let client = try server.open()
            try client.register(user, "w", case: "C")
            client.endOutput()
        }
        try eventually("all are gone") {
            let stats = try server.get("/stats").document
            return stats["connections"]?.integer == 0 && stats["registrations"]?.integer == 0
        }
    }
}
