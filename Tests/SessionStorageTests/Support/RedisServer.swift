import SessionBase
import SessionCodec
import SessionIO
import SessionStorage
import Synchronization
import TestSupport
import Testing

/// A redis-server of a test's own: in a folder of its own, on a Unix socket, durable; killed when the test is over.
final class RedisServer: Sendable {
    /// Where Debian puts the program.
    static let program = "/usr/bin/redis-server"

    private let folder = TemporaryFolder()
    /// Used by one thread at a time, which `ChildProcess` itself cannot say.
    private let process = Mutex<RunningChild?>(nil)
    private let extraArguments: [String]

    /// Starts a server and waits until it listens.
    ///
    /// - Parameter arguments: Options beyond the usual ones, such as `--maxmemory 1mb`.
    init(_ arguments: [String] = []) throws {
        extraArguments = arguments
        try start()
    }

    /// Its socket.
    var socketPath: String { folder.path + "/redis.sock" }

    /// Its URL.
    var address: RedisAddress { RedisAddress(address: .unix(path: socketPath)) }

    /// What it wrote into its log.
    var log: String {
        // A log that cannot be read is one more symptom of what a test then reports.
        String(decoding: (try? Files.read(folder.path + "/redis.log")) ?? [], as: UTF8.self)
    }

    /// Starts it, again after ``kill()``, with what it had stored.
    func start() throws {
        #expect(Files.exists(Self.program), "redis-server is missing; .ci/setup installs it")
        let arguments =
            [
                "redis-server", "--port", "0", "--unixsocket", socketPath, "--dir", folder.path, "--logfile",
                folder.path + "/redis.log", "--save", "", "--appendonly", "yes", "--appendfsync", "always",
                "--daemonize", "no", "--pidfile", folder.path + "/redis.pid",
            ] + extraArguments
        let child = RunningChild(process: try ChildProcess(Self.program, arguments))
        process.withLock { $0 = child }
        let deadline = SystemClock.now() + .seconds(10)
        while !isListening {
            guard SystemClock.now() < deadline else {
                throw SystemError(code: 0, operation: "start redis-server", context: log)
            }
            Waiting.pause(milliseconds: 5)
        }
    }

    /// Ends it as `kill -9` does.
    func kill() { process.withLock { $0 = nil } }

    /// Kills it and starts it again; fails the test where that does not work.
    func restart() {
        kill()
        #expect(throws: Never.self) { try start() }
    }

    /// Stops it in its tracks, or lets it go on, by `SIGSTOP` and `SIGCONT`.
    func signal(_ name: String) throws {
        let identifier = String(decoding: try Files.read(folder.path + "/redis.pid"), as: UTF8.self)
        let killer = try ChildProcess("/bin/sh", ["sh", "-c", "kill -\(name) \(identifier)"])
        #expect(killer.wait() == 0)
    }

    /// What redis-cli prints.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let child = try ChildProcess("/usr/bin/redis-cli", ["redis-cli", "-s", socketPath] + arguments)
        child.closeInput()
        let output = Waiting.output(of: child)
        #expect(child.wait() == 0)
        return output
    }

    private var isListening: Bool {
        // Refused or missing as long as it starts.
        (try? Socket.connect(to: .unix(path: socketPath))) != nil
    }
}

/// A child process that is handed from thread to thread.
private struct RunningChild: @unchecked Sendable {
    // Unchecked, because a lock surrounds every use.
    let process: ChildProcess
}
