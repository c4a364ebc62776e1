import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// Paths that services share on one port (PROTOCOLS §1.2).
@Suite struct SharedPathTests {
    /// All services on one port, everything open.
    private func single(_ owner: ProtocolID? = nil) throws -> RunningServer {
        try RunningServer([.awareness, .sync, .channels, .lockers]) { configuration in
            configuration.listeners = [
                ListenerConfiguration(
                    address: .loopback(port: 0), profiles: [.awareness, .sync, .channels, .lockers], isSingle: true)
            ]
            configuration.access.syncMode = .open
            configuration.access.channelsMode = .open
            configuration.access.lockersMode = .open
            configuration.webSocketOwner = owner
        }
    }

    @Test(arguments: [HTTPFields(), ["Origin": "http://localhost"]])
    func `a handshake that may mean two services is 409, for browsers too`(fields: HTTPFields) throws {
        let server = try single()
        let refused = try #require(try server.connect().tryOpen("/ws", fields: fields))
        #expect(refused.status == .conflict)
        #expect(try refused.document["error"] == "AMBIGUOUS_PATH")
        #expect(try server.get("/ws").status == .conflict)
    }

    @Test func `a subprotocol says which service is meant`() throws {
        let server = try single()
        let channels = try server.open("/ws", subprotocols: [ChannelsProtocol.json])
        #expect(channels.subprotocol == ChannelsProtocol.json)
        #expect(try channels.hear()["type"] == "welcome")
        let sync = try server.open("/ws", subprotocols: [SyncProtocol.json])
        try sync.authenticate("d", user: "u", session: 1)
        #expect(try sync.hear()["type"]?.integer == 8)
    }

    @Test func `the mounted paths and those of one service are always there`() throws {
        let server = try single()
        #expect(try server.open("/channels/ws").hear()["type"] == "welcome")
        #expect(try server.open("/lockers/help").hear()["type"] == "connection")
        #expect(try server.open("/ws/events").hear()["type"] == "connection")
        #expect(try server.open("/ws/health").hear()["type"] == "health")
        #expect(try server.get("/api/websocket/status").status == .ok)
        #expect(try server.get("/api/v1/debug/websocket/channels").status == .ok)
        #expect(try server.window("u", "w", case: "C").typesUntilPong() == [])
    }

    @Test func `the owner of the path gets what does not say`() throws {
        let server = try single(.channels)
        #expect(try server.open("/ws").hear()["type"] == "welcome")
        let sync = try server.open("/ws", subprotocols: [SyncProtocol.json])
        try sync.authenticate("d", user: "u", session: 1)
        #expect(try sync.hear()["type"]?.integer == 8)
    }

    @Test func `an unknown version of a subprotocol is refused in the service's own frame`() throws {
        let server = try RunningServer.topics()
        let fields: HTTPFields = ["Sec-WebSocket-Protocol": "sessionctl.channels.v9"]
        #expect(try server.refusal("/ws", fields).status == .badRequest)
        let client = try server.open(
            "/ws", fields: ["Origin": "http://localhost", "Sec-WebSocket-Protocol": "sessionctl.channels.v9"])
        #expect(try client.hear()["type"] == "error")
        #expect(try client.hearClose() == .unsupportedVersion)
    }
}
