internal import CLinux
internal import Glibc

/// The end of this process.
package enum ProcessExit {
    /// Ends at once: nothing is flushed, no other thread goes on. The corresponding C function is `_exit`.
    package static func now(_ status: Int32) -> Never { _exit(status) }
}
