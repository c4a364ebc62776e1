internal import CLinux
internal import Glibc

/// Another process that this one started and talks to through its standard input and output.
///
/// It inherits standard error. When this value ends, the process is killed if it has not left yet, and never left a
/// zombie. A child whose parent is killed learns it from the end of its standard input.
package final class ChildProcess {
    /// The path of the program that runs, whatever became of its file.
    package static let ownProgram = "/proc/self/exe"

    private let identifier: pid_t
    /// Where its standard input is written; -1 once it is closed.
    private var input: Int32
    private let output: OwnedDescriptor
    /// The status after the end; `nil` while nobody waited for it.
    private var status: Int32?

    /// Starts a program with no signal blocked and none ignored.
    ///
    /// - Parameter arguments: Its name first.
    package init(_ program: String, _ arguments: [String]) throws(SystemError) {
        let toChild = try Self.makePipe()
        let fromChild = try Self.makePipe()
        identifier = try Self.spawn(program, arguments, input: toChild.source.rawValue, output: fromChild.sink.rawValue)
        input = toChild.takeSink().release()
        output = fromChild.takeSource()
    }

    deinit {
        closeInput()
        guard status == nil else { return }
        _ = kill(identifier, SIGKILL)
        _ = Self.reap(identifier)
    }

    /// Where its standard output can be read.
    package var outputDescriptor: Int32 { output.rawValue }

    /// Writes to its standard input, waiting where the pipe is full.
    ///
    /// - Throws: Where it has closed its end or left.
    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        guard input >= 0 else { throw SystemError(code: EPIPE, operation: "write to", context: "a child process") }
        try Descriptor.writeAll(bytes, to: input)
    }

    /// Ends its standard input.
    package func closeInput() {
        if input >= 0 { Descriptor.close(input) }
        input = -1
    }

    /// Waits until it has left.
    ///
    /// - Returns: Its exit status, or 128 and the number of the signal that ended it.
    @discardableResult
    package func wait() -> Int32 {
        if let status { return status }
        let code = Self.reap(identifier)
        status = code
        return code
    }

    private static func reap(_ identifier: pid_t) -> Int32 {
        var code: Int32 = 0
        while waitpid(identifier, &code, 0) < 0, errno == EINTR {}
        return code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + (code & 0x7F)
    }

    private static func spawn(
        _ program: String, _ arguments: [String], input: Int32, output: Int32
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var attributes = usualSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        // Copies that live until the call returns, which is when the child has its own.
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, program, &actions, &attributes, &pointers, environ)
        guard code == 0 else { throw SystemError(code: code, operation: "start", context: program) }
        return identifier
    }

    /// What a shell would hand down: nothing blocked, and what this program ignores with its usual effect.
    private static func usualSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var set = sigset_t()
        sigemptyset(&set)
        posix_spawnattr_setsigmask(&attributes, &set)
        sigaddset(&set, SIGPIPE)
        sigaddset(&set, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &set)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    private static func makePipe() throws(SystemError) -> Pipe {
        var ends: (Int32, Int32) = (-1, -1)
        let code = withUnsafeMutableBytes(of: &ends) { bytes in
            pipe2(bytes.assumingMemoryBound(to: Int32.self).baseAddress, O_CLOEXEC)
        }
        guard code == 0 else { throw .last("create a pipe") }
        return Pipe(source: OwnedDescriptor(adopting: ends.0), sink: OwnedDescriptor(adopting: ends.1))
    }
}

/// The two ends of a pipe, one of which stays here.
private struct Pipe: ~Copyable {
    let source: OwnedDescriptor
    let sink: OwnedDescriptor

    consuming func takeSource() -> OwnedDescriptor { source }
    consuming func takeSink() -> OwnedDescriptor { sink }
}
