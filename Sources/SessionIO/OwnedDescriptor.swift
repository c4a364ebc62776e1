internal import CLinux
internal import Glibc

/// A file descriptor closed exactly once. The corresponding C function is `close`.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number that system calls take; valid as long as this value lives.
    package let rawValue: Int32

    /// Takes over a descriptor that nobody else will close.
    package init(adopting rawValue: Int32) {
        precondition(rawValue >= 0, "adopting an invalid descriptor")
        self.rawValue = rawValue
    }

    deinit { _ = Glibc.close(rawValue) }

    /// Gives the descriptor to the caller, who closes it.
    package consuming func release() -> Int32 {
        let descriptor = rawValue
        discard self
        return descriptor
    }
}
