package import CommandKit
internal import Glibc
internal import SessionCodec

/// A stream of text to a descriptor, or into memory where a test listens.
package final class Output {
    private let descriptor: CInt?
    private let name: String

    /// What was written, where nothing is attached.
    package private(set) var text = ""

    /// Writes to a descriptor.
    ///
    /// - Parameter name: What messages call it, such as "standard output".
    package init(descriptor: CInt, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Keeps everything in ``text``.
    package init() {
        descriptor = nil
        name = "memory"
    }

    /// Whether a terminal is attached.
    package var isTerminal: Bool { descriptor.map { isatty($0) == 1 } ?? false }

    /// Writes all of a text.
    ///
    /// A pipe that nobody reads any more ends the process as SIGPIPE does, also where that signal is ignored.
    ///
    /// - Throws: ``CommandError`` with status 74.
    package func write(_ text: String) throws(CommandError) {
        try write(bytes: Array(text.utf8))
    }

    /// Writes all bytes, whatever they are, as ``write(_:)`` does.
    package func write(bytes all: [UInt8]) throws(CommandError) {
        guard let descriptor else {
            text += String(decoding: all, as: UTF8.self)
            return
        }
        var bytes = all[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EPIPE {
                Self.endQuietly()
            } else if errno == EAGAIN {
                // Somebody who shares the pipe or terminal made it nonblocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if errno != EINTR {
                throw CommandError(.cannotWrite, "cannot write to \(name): \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func endQuietly() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        exit(128 + SIGPIPE)
    }
}

extension Output {
    /// Writes what a JSON writer holds as one line.
    func writeLine(_ writer: inout JSONWriter) throws(CommandError) {
        writer.endLine()
        try write(String(decoding: writer.takeBytes(), as: UTF8.self))
    }
}
