import Glibc
import TestSupport
import Testing

/// A server, a terminal, and `sessionctl connect` or `sessionctl console` running on it.
final class TerminalScene {
    let terminal = PseudoTerminal(columns: 120, rows: 40)
    /// The home folder of everything that runs here.
    var folder: String { home.path }
    private let home = TemporaryFolder()
    /// A folder that something else lives in as long as the scene.
    private let kept: TemporaryFolder?
    private let server: pid_t
    private let client: pid_t
    private let url: String

    /// What runs on the terminal.
    enum Command: Equatable {
        case connect
        case console(arguments: [String] = [])
        /// A script that finds the binary as `$1` and the URL as `$2`.
        case shell(String)
    }

    init(
        _ command: Command = .connect, profile: String = "awareness", serveOptions: String = "",
        keeping: consuming TemporaryFolder? = nil
    ) throws {
        kept = keeping
        server = Self.spawn(
            ["bash", "-c", Self.serve(profile, serveOptions), "serve", SpawnedProgram.binary], home: home.path)
        var listening = ""
        for _ in 0..<200 where !listening.hasSuffix("\n") {
            usleep(50_000)
            listening = (try? TemporaryText.read(home.path + "/listening")) ?? ""
        }
        // Board says where it listens once more, in the seed's words.
        let line = listening.split(separator: "\n").first { $0.hasPrefix("listening ") }
        let address = try #require(line?.split(separator: " ").last)
        url = "ws://\(address)" + (Self.paths[profile] ?? "/")
        let (arguments, greeting): ([String], String?) =
            switch command {
            case .connect: (["connect", url, "--profile", profile], "/help lists the commands")
            case .console(let own): (["console"] + own, "help lists the verbs")
            case .shell(let script): (["-c", script, "bash", SpawnedProgram.binary, url], nil)
            }
        let program = if case .shell = command { "bash" } else { SpawnedProgram.binary }
        client = Self.spawn([program] + arguments, home: home.path, terminal: terminal.slavePath)
        if let greeting { #expect(waits { $0.contains { $0.contains(greeting) } }) }
    }

    deinit {
        kill(server, SIGKILL)
        kill(client, SIGKILL)
        waitpid(server, nil, 0)
        waitpid(client, nil, 0)
    }

    /// Where a profile's socket is, unless any path will do.
    private static let paths = ["echo": "/echo", "sync": "/ws", "channels": "/ws", "lockers": "/ws/lockers"]

    private static func serve(_ profile: String, _ options: String) -> String {
        """
        exec "$1" serve --listen \(profile)=127.0.0.1:0 --lb-wait 0s --drain-duration 0s \(options) \
            >"$HOME/listening" 2>"$HOME/serve.log"
        """
    }

    /// Every row that the terminal ever showed.
    var rows: [String] { terminal.screen.rows }

    /// Presses keys.
    func type(_ text: String) {
        terminal.show()
        terminal.type(text)
    }

    /// Waits until the screen is as wanted, at most 20 s.
    func waits(rounds: Int = 400, until isReached: ([String]) -> Bool) -> Bool {
        for _ in 0..<rounds {
            terminal.show(waiting: 50)
            if isReached(rows) { return true }
        }
        return false
    }

    /// Types a line again and again until the screen is as wanted.
    func repeats(_ line: String, until isReached: ([String]) -> Bool) -> Bool {
        for _ in 0..<40 {
            type(line)
            if waits(rounds: 10, until: isReached) { return true }
        }
        return false
    }

    /// Runs a script with the binary as `$sessionctl` and the server as `$url`.
    func inBackground(_ script: String) -> pid_t {
        Self.spawn(
            ["bash", "-c", "sessionctl=$1; url=$2\n" + script, "flood", SpawnedProgram.binary, url], home: folder)
    }

    /// Waits for a script while the screen is kept up to date, and returns its status.
    func finish(_ process: pid_t) -> Int32 {
        var code: Int32 = 0
        for _ in 0..<1000 {
            terminal.show(waiting: 20)
            if waitpid(process, &code, WNOHANG) == process { return status(code) }
        }
        return -1
    }

    /// Waits for the client to leave, and returns its status.
    func end() -> Int32 { finish(client) }

    /// Waits until the client has stopped as Ctrl-Z asks.
    func waitsForStop() -> Bool {
        var code: Int32 = 0
        for _ in 0..<500 {
            terminal.show(waiting: 20)
            if waitpid(client, &code, WNOHANG | WUNTRACED) == client { return code & 0xFF == 0x7F }
        }
        return false
    }

    /// Lets a stopped client go on.
    func goOn() { kill(client, SIGCONT) }

    /// Drains the server, or ends it as a crash does.
    func stopServer(_ signal: Int32 = SIGTERM) { kill(server, signal) }

    private func status(_ code: Int32) -> Int32 { code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + (code & 0x7F) }

    /// Starts a program in a session of its own, on a terminal where one is given.
    static func spawn(_ arguments: [String], home: String, terminal: String? = nil) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        let input = terminal ?? "/dev/null"
        // The first terminal that the leader of a session opens becomes its controlling one.
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDWR, 0)
        if terminal != nil {
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
        }
        // POSIX_SPAWN_SETSID, which Glibc's headers hide from Swift.
        var attributes = SpawnedProgram.plainSignals(flags: 0x80)
        let environment = [
            "PATH=/usr/bin:/bin", "HOME=\(home)", "XDG_RUNTIME_DIR=\(home)", "TERM=xterm", "INPUTRC=/dev/null",
            "NO_COLOR=1", "LANG=C.UTF-8",
        ]
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        var process: pid_t = 0
        let failure = posix_spawnp(&process, arguments[0], &actions, &attributes, &pointers, &variables)
        precondition(failure == 0, "cannot start \(arguments[0])")
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        for pointer in pointers + variables { free(pointer) }
        return process
    }
}

/// Reads small text files.
enum TemporaryText {
    struct Missing: Error { var path: String }

    static func read(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Missing(path: path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
