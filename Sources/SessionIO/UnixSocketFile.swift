internal import CLinux
internal import Glibc

/// The file behind a listening Unix socket, removed when the listener ends.
struct UnixSocketFile: ~Copyable, Sendable {
    private let path: String?

    /// Owns the file of a bound address; nothing where the address is no path, or the file is somebody else's.
    init(owning address: SocketAddress?) {
        if case .unix(let path)? = address { self.path = path } else { path = nil }
    }

    deinit {
        if let path { _ = unlink(path) }
    }

    /// Makes room for a new socket: creates the folder (0700), and removes a file that a dead server left.
    ///
    /// - Throws: `EADDRINUSE` where somebody answers, or where the path is something other than a socket.
    static func prepare(_ path: String) throws(SystemError) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try Files.makeFolder(String(path[..<slash]), mode: 0o700)
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK, !isAnswered(path) else {
            throw SystemError(code: EADDRINUSE, operation: "listen on", context: "unix:\(path)")
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw .last("replace", path) }
    }

    /// Whether a server listens behind the file: only a refusal proves that none does.
    private static func isAnswered(_ path: String) -> Bool {
        do throws(SystemError) {
            _ = try Socket.connect(to: .unix(path: path))
            return true
        } catch {
            return error.code != ECONNREFUSED && error.code != ENOENT
        }
    }
}
