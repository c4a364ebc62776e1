internal import CLinux
internal import Glibc

/// A thread of the operating system, for an event loop that lives as long as the process.
package struct SystemThread: ~Copyable {
    private let handle: pthread_t

    /// Starts a thread that runs `body` and ends with it.
    ///
    /// - Parameters:
    ///   - name: Shown by `top -H` and debuggers; cut to 15 bytes, which is what the kernel keeps.
    ///   - body: What the thread does.
    package init(name: String, body: @escaping @Sendable () -> Void) throws(SystemError) {
        var handle = pthread_t()
        let start = Unmanaged.passRetained(ThreadStart(body))
        let code = pthread_create(
            &handle, nil,
            { argument in
                // The pointer is the retained start that pthread_create below was given, once per thread.
                let start = Unmanaged<ThreadStart>.fromOpaque(argument!).takeRetainedValue()
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError(code: code, operation: "start thread", context: name)
        }
        pthread_setname_np(handle, String(decoding: name.utf8.prefix(15), as: UTF8.self))
        self.handle = handle
    }

    /// Lets the calling thread's waits end on time; by default the kernel may end them 50 µs late to save wake-ups.
    ///
    /// A kernel that refuses leaves only that lateness.
    package static func sharpenTimers() { _ = clinux_set_timer_slack(1) }

    /// Lets others go first: the calling thread gets about a tenth of the processor where somebody else wants it.
    ///
    /// A kernel that refuses leaves it as it was.
    package static func yieldToOthers() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }

    /// Waits until the thread has ended. A thread that is not joined goes on, and is no longer this program's concern.
    package consuming func join() { pthread_join(handle, nil) }

    /// Lets the thread free what it holds by itself when it ends: for those that come and go while the process lives.
    package consuming func detach() { pthread_detach(handle) }
}

/// Carries a thread's body across the C call that starts it.
private final class ThreadStart {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
