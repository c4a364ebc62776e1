import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO
import SessionServer
import Synchronization
import TestSupport
import Testing

/// A server in this process, on loopback ports of its own, that is drained when the test lets go of it.
final class RunningServer {
    let server: Server
    /// Path of the Unix socket for `/admin/*`.
    let adminPath: String
    private let ending = Ending()
    /// Goes with everything in it, also where a test failed and the server has not removed its sockets.
    private let folder = TemporaryFolder()

    /// Whether ``Server/run(catching:)`` has returned.
    private final class Ending: Sendable { let hasEnded = Atomic<Bool>(false) }

    /// Starts a server that drains at once and gives up on silent peers quickly.
    init(
        _ profiles: [ProtocolID] = [.awareness], threads: Int = 1,
        _ change: (inout ServerConfiguration) -> Void = { _ in }, reader: ConfigurationReader? = nil
    ) throws {
        adminPath = folder.path + "/run/admin.sock"
        var configuration = Self.configuration(profiles, threads: threads)
        configuration.adminSocketPath = adminPath
        change(&configuration)
        let server = try Server(configuration, reader: reader)
        self.server = server
        let ending = self.ending
        let thread = try SystemThread(name: "loop-0") {
            do { try server.run() } catch { Issue.record("the server failed: \(error)") }
            ending.hasEnded.store(true, ordering: .releasing)
        }
        // It ends with the server; `deinit` waits for that, with a deadline that `join` does not have.
        _ = consume thread
    }

    /// What the fixture serves where a test wants nothing else.
    static func configuration(_ profiles: [ProtocolID], threads: Int = 1) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.listeners = [ListenerConfiguration(address: .loopback(port: 0), profiles: profiles)]
        configuration.threads = threads
        configuration.timing.drainWait = .zero
        configuration.timing.drainDuration = .zero
        configuration.timing.closeTimeout = .milliseconds(500)
        configuration.log.level = .error
        configuration.version = "test"
        return configuration
    }

    /// The first listener's address.
    var address: SocketAddress { server.addresses[0] }

    /// Where `/admin/*` answers.
    var admin: SocketAddress { .unix(path: adminPath) }

    /// Whether the server has come to its end.
    var hasEnded: Bool { ending.hasEnded.load(ordering: .acquiring) }

    /// Opens a connection and says nothing yet.
    func connect(_ address: SocketAddress? = nil) throws -> TestClient {
        try TestClient(address ?? self.address, secret: nil)
    }

    /// Opens a WebSocket, which must succeed.
    func open(
        _ target: String = "/", subprotocols: [String] = [], compression: CompressionPolicy? = nil,
        fields: HTTPFields = HTTPFields()
    ) throws -> TestClient {
        let client = try connect()
        try client.open(target, subprotocols: subprotocols, compression: compression, fields: fields)
        return client
    }

    /// Opens a WebSocket and registers a window.
    func window(_ user: String, _ window: String, case caseID: String, target: String = "/") throws -> TestClient {
        let client = try open(target)
        try client.register(user, window, case: caseID)
        #expect(try client.hear()["type"] == "registered")
        return client
    }

    /// Answers one request on a connection of its own.
    func get(_ target: String, _ method: String = "GET", body: String = "") throws -> HTTPResponse {
        try connect().request(target, method, body: body)
    }

    /// Answers one request on the Unix socket.
    func ask(_ target: String, _ method: String = "GET", body: String = "") throws -> HTTPResponse {
        try connect(admin).request(target, method, body: body)
    }

    /// The JSON document of a GET on the Unix socket.
    func document(_ target: String) throws -> JSONValue { try ask(target).document }

    /// The value of a sample in `/metrics`, `nil` where there is none.
    func metric(_ name: String) throws -> Double? {
        let lines = String(decoding: try ask("/metrics").body, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("sessionctl_\(name) ") }.flatMap {
            Double($0.split(separator: " ").last ?? "")
        }
    }

    deinit {
        server.stop()
        eventually("the server ends") { hasEnded }
    }
}

extension HTTPResponse {
    /// The body as JSON.
    var document: JSONValue { get throws { try JSONValue.parse(body.span) } }
}
