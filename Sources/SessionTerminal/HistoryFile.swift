internal import Glibc

/// The file that keeps a ``History`` between runs: one line of text each, readable by its owner only.
///
/// Every kept line is appended at once, so that a crash loses nothing and two terminals mix their lines instead of
/// overwriting each other. Failures are silent by design: a history that cannot be kept is no reason to stop a session.
package struct HistoryFile: Sendable {
    /// Where the file lies.
    package let path: String

    /// Names the file; nothing is read or created yet.
    package init(path: String) { self.path = path }

    /// Reads the newest lines, and shortens the file where it holds more than twice the limit.
    package func load(limit: Int = 1000) -> History {
        var history = History(limit: limit)
        guard let bytes = readAll() else { return history }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        for line in lines { history.add(String(decoding: line, as: UTF8.self)) }
        if lines.count > 2 * limit { rewrite(history) }
        return history
    }

    /// Appends one line, as ``History/add(_:)`` returned it.
    package func append(_ line: String) {
        makeFolders()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // The file may be older than this rule, or the umask may be generous.
        fchmod(descriptor, 0o600)
        writeAll(Array((line + "\n").utf8), to: descriptor)
    }

    private func readAll() -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Replaces the file by what is kept, through a temporary file so that no reader sees half of it.
    private func rewrite(_ history: History) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let isWritten = writeAll(Array(history.lines.map { $0 + "\n" }.joined().utf8), to: descriptor)
        close(descriptor)
        if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
    }

    @discardableResult
    private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Makes the folders above the file, mode 0700, as the base directory specification asks.
    private func makeFolders() {
        var index = path.startIndex
        while let slash = path[path.index(after: index)...].firstIndex(of: "/") {
            mkdir(String(path[..<slash]), 0o700)
            index = slash
        }
    }
}
