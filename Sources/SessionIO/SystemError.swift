internal import CLinux
internal import Glibc

/// A system call that the environment refused: which one, on what, and why.
///
/// Reads as a sentence, such as `cannot listen on 127.0.0.1:8765: Address already in use (EADDRINUSE)`.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The `errno` value.
    package var code: Int32
    /// What was attempted, as a verb phrase that follows "cannot": `listen on`.
    package var operation: String
    /// What it was attempted on, such as an address or a path; may be empty.
    package var context: String

    /// Describes a failure whose `errno` is known.
    package init(code: Int32, operation: String, context: String = "") {
        self.code = code
        self.operation = operation
        self.context = context
    }

    /// Describes the failure that the calling thread's last system call left in `errno`.
    static func last(_ operation: String, _ context: String = "") -> SystemError {
        SystemError(code: errno, operation: operation, context: context)
    }

    /// Describes an attempt that took longer than its caller waits.
    package static func timedOut(_ operation: String, _ context: String = "") -> SystemError {
        SystemError(code: ETIMEDOUT, operation: operation, context: context)
    }

    package var description: String {
        let subject = context.isEmpty ? "" : " \(context)"
        return "cannot \(operation)\(subject): \(Self.reason(code))"
    }

    /// The reason alone, such as `Connection refused (ECONNREFUSED)`.
    package var reason: String { Self.reason(code) }

    /// Spells an `errno` value: its sentence and, in parentheses, its name.
    package static func reason(_ code: Int32) -> String {
        guard let name = strerrorname_np(code), let sentence = strerrordesc_np(code) else { return "error \(code)" }
        return "\(String(cString: sentence)) (\(String(cString: name)))"
    }
}

extension SystemError {
    /// Whether the peer or the network is at fault: refused, unreachable, reset, timed out.
    package var isUnreachable: Bool {
        switch code {
        case ECONNREFUSED, ECONNRESET, ECONNABORTED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, ETIMEDOUT, EPIPE,
            EADDRNOTAVAIL:
            true
        default: false
        }
    }

    /// Whether somebody is there and nobody listens.
    package var isRefused: Bool { code == ECONNREFUSED }

    /// Whether the other end was silent for too long.
    package var isTimedOut: Bool { code == ETIMEDOUT }

    /// Whether the file or socket that was named does not exist.
    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// Whether the file was there already.
    package var isPresentAlready: Bool { code == EEXIST }

    /// Whether the address is another process's.
    package var isAddressInUse: Bool { code == EADDRINUSE }

    /// Whether the process or the system has no descriptor left (PROTOCOLS C9).
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }

    /// Whether the peer that would have read is gone, as for a pipe into `head`.
    package var isBrokenPipe: Bool { code == EPIPE }
}
