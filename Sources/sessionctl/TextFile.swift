package import CommandKit
internal import Glibc

/// Whole files as text, for configuration and generated pages.
package enum TextFile {
    /// Reads a file.
    ///
    /// - Throws: ``CommandError`` with status 66 where it cannot be read, 78 where it is no UTF-8.
    package static func read(_ path: String) throws(CommandError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError(.noInput, "cannot read \(path): \(reason())") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CommandError(.noInput, "cannot read \(path): \(reason())") }
            bytes += buffer[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configuration("\(path) is no UTF-8 text")
        }
        return text
    }

    /// What the last system call complained about.
    static func reason() -> String { String(cString: strerror(errno)) }
}
