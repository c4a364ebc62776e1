internal import CLinux
internal import Glibc

/// How many descriptors the process may have open.
package struct ResourceLimits: Equatable, Sendable {
    /// What applies now.
    package var descriptors: Int
    /// What the process may raise it to.
    package var descriptorsMax: Int

    /// Reads the present limits.
    package static func read() throws(SystemError) -> ResourceLimits {
        var limit = rlimit()
        guard clinux_get_descriptor_limit(&limit) == 0 else { throw .last("read the descriptor limit") }
        return ResourceLimits(descriptors: Int(clamping: limit.rlim_cur), descriptorsMax: Int(clamping: limit.rlim_max))
    }

    /// Raises the number of descriptors to the most that is allowed, and returns the limits afterwards.
    @discardableResult
    package static func raiseDescriptors() throws(SystemError) -> ResourceLimits {
        var limit = rlimit()
        guard clinux_get_descriptor_limit(&limit) == 0 else { throw .last("read the descriptor limit") }
        limit.rlim_cur = limit.rlim_max
        guard clinux_set_descriptor_limit(&limit) == 0 else { throw .last("raise the descriptor limit") }
        return try read()
    }
}
