import Glibc

/// The real binary, started as a shell would start it, until its end.
struct SpawnedProgram {
    /// Exit status, or 128 and the signal's number.
    var status: Int32
    var output: String
    var errors: String

    /// Where the build put `sessionctl`: beside the test bundle.
    static var binary: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex) + "/sessionctl"
    }

    /// Runs a script with bash; `$1` is the binary, `$2` the root of the sources.
    ///
    /// - Parameter shell: Another shell or program to run instead, with its arguments.
    init(script: String, shell: [String] = ["bash", "-c"]) {
        self.init(["/usr/bin/env"] + shell + [script, "test", Self.binary, Self.sources])
    }

    /// The root of the sources.
    static var sources: String {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }

    /// Runs a program and collects what it writes.
    init(_ arguments: [String]) {
        let outputFile = Self.temporaryFile()
        let errorFile = Self.temporaryFile()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, outputFile, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errorFile, STDERR_FILENO)
        var attributes = Self.plainSignals()
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var process: pid_t = 0
        let failure = posix_spawn(&process, arguments[0], &actions, &attributes, &pointers, environ)
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        for pointer in pointers { free(pointer) }
        var code: Int32 = 127 << 8
        if failure == 0 { while waitpid(process, &code, 0) < 0, errno == EINTR {} }
        status = code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + (code & 0x7F)
        output = Self.contents(outputFile)
        errors = Self.contents(errorFile)
    }

    /// Attributes of a process that gets its signals: the threads that tests run on block them, and children inherit it.
    static func plainSignals(flags: Int32 = 0) -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A server that ran inside of this process has SIGPIPE ignored, which a child would inherit.
        var usual = sigset_t()
        sigemptyset(&usual)
        sigaddset(&usual, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        let signals = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags | Int32(signals)))
        return attributes
    }

    /// Whether a program is installed.
    static func has(_ program: String) -> Bool {
        SpawnedProgram(["/usr/bin/env", "bash", "-c", "command -v \(program)"]).status == 0
    }

    /// A file without a name, so that nothing is left behind.
    private static func temporaryFile() -> Int32 {
        var template = Array("/tmp/sessionctl-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return descriptor
    }

    private static func contents(_ descriptor: Int32) -> String {
        lseek(descriptor, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        close(descriptor)
        return String(decoding: bytes, as: UTF8.self)
    }
}
