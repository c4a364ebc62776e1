internal import CLinux
internal import Glibc

/// Calls on plain descriptor numbers, for those whose owner is a slot of a slab or the process itself.
package enum Descriptor {
    /// Standard input of the process.
    package static let standardInput: Int32 = 0
    /// Standard output of the process.
    package static let standardOutput: Int32 = 1
    /// Standard error of the process.
    package static let standardError: Int32 = 2

    /// Closes a descriptor; an error is ignored because Linux frees the number in every case.
    package static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    /// Whether the descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Makes reads and writes return at once where they would wait, or wait again.
    package static func setNonBlocking(_ descriptor: Int32, _ isNonBlocking: Bool = true) throws(SystemError) {
        let flags = clinux_flags(descriptor)
        let wanted = isNonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
        guard flags >= 0, flags == wanted || clinux_set_flags(descriptor, wanted) == 0 else {
            throw .last("change the mode of", "descriptor \(descriptor)")
        }
    }

    /// Reads what is there into `buffer`, at most its size.
    ///
    /// - Returns: How it went; `.ended` at the end of a file or pipe.
    package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> ReceiveResult {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return .received(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case let code: return .failed(code)
            }
        }
    }

    /// Writes all bytes, waiting where the descriptor does not take them at once.
    ///
    /// - Throws: The first failure; what was written before it stays written.
    package static func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.extracting(offset..<bytes.count).withUnsafeBytes { rest in
                Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                offset += count
            } else if errno == EAGAIN {
                wait(for: POLLOUT, on: descriptor)
            } else if errno != EINTR {
                throw .last("write to", name(descriptor))
            }
        }
    }

    /// Writes all of a text's UTF-8, as ``writeAll(_:to:)`` does.
    package static func writeAll(_ text: String, to descriptor: Int32) throws(SystemError) {
        try writeAll(Array(text.utf8).span, to: descriptor)
    }

    private static func wait(for events: Int32, on descriptor: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = poll(&entry, 1, -1)
    }

    private static func name(_ descriptor: Int32) -> String {
        switch descriptor {
        case standardOutput: "standard output"
        case standardError: "standard error"
        default: "descriptor \(descriptor)"
        }
    }
}
