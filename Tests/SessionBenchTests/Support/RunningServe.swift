import Glibc
import SessionBase
import SessionCodec
import SessionIO
import SessionServer
import Synchronization
import TestSupport
import Testing

/// A real server in this process, on a loopback port of its own, that is drained when the test lets go of it.
final class RunningServe {
    private let server: Server
    /// The runtime folder that holds its administration socket.
    var folder: String { runtime.path }
    private let runtime = TemporaryFolder()
    private let ending = Ending()

    /// Whether ``Server/run(catching:)`` has returned.
    private final class Ending: Sendable { let hasEnded = Atomic<Bool>(false) }

    init(_ profiles: [ProtocolID] = [.awareness, .echo], threads: Int = 1) throws {
        var configuration = ServerConfiguration()
        configuration.listeners = [ListenerConfiguration(address: .loopback(port: 0), profiles: profiles)]
        configuration.adminSocketPath = runtime.path + "/1.sock"
        configuration.threads = threads
        configuration.timing.drainWait = .zero
        configuration.timing.drainDuration = .zero
        configuration.timing.closeTimeout = .milliseconds(500)
        configuration.log.level = .error
        configuration.version = "1.2.3"
        let server = try Server(configuration)
        self.server = server
        let ending = self.ending
        let thread = try SystemThread(name: "loop-0") {
            do { try server.run() } catch { Issue.record("the server failed: \(error)") }
            ending.hasEnded.store(true, ordering: .releasing)
        }
        // It ends with the server; `deinit` waits for that, with a deadline that `join` does not have.
        _ = consume thread
    }

    /// Its administration socket.
    var adminPath: String { folder + "/1.sock" }

    /// Its listener.
    var endpoint: Endpoint {
        Endpoint(address: .host("127.0.0.1", port: server.addresses[0].port ?? 0), target: "/echo")
    }

    deinit {
        server.stop()
        let deadline = SystemClock.now() + .seconds(15)
        while !ending.hasEnded.load(ordering: .acquiring), SystemClock.now() < deadline { usleep(2000) }
        let hasEnded = ending.hasEnded.load(ordering: .acquiring)
        #expect(hasEnded, "the server ends")
    }
}
