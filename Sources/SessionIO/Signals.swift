internal import CLinux
internal import Glibc
internal import Synchronization

/// A signal that the program answers itself.
package enum Signal: UInt8, Sendable, CaseIterable {
    /// SIGHUP: reload.
    case hangup = 1
    /// SIGINT: stop, as Control-C asks.
    case interrupt = 2
    /// SIGUSR2: drain.
    case user2 = 12
    /// SIGTERM: stop.
    case terminate = 15
    /// SIGTSTP: pause, as Control-Z asks.
    case pause = 20
    /// SIGWINCH: the terminal's size has changed.
    case windowChanged = 28

    /// The exit status of a program that this signal ended: 128 and its number (PROTOCOLS §1.10).
    package var exitStatus: Int32 { 128 + Int32(rawValue) }
}

/// Where the handler writes to; -1 while no ``Signals`` exists. The handler may run on any thread at any time, so it
/// touches nothing but this and `write`.
private let handlerDescriptor = Atomic<Int32>(-1)

/// Turns signals into bytes in a pipe that a ``Poller`` watches, whichever thread the kernel interrupts.
///
/// At most one value exists at a time; when it ends, the signals have their usual effect again.
package struct Signals: ~Copyable {
    private let source: OwnedDescriptor
    private let sink: OwnedDescriptor
    private let signals: [Signal]

    /// Starts to catch `signals`.
    package init(_ signals: [Signal]) throws(SystemError) {
        var ends: (Int32, Int32) = (-1, -1)
        let code = withUnsafeMutableBytes(of: &ends) { bytes in
            pipe2(bytes.assumingMemoryBound(to: Int32.self).baseAddress, O_NONBLOCK | O_CLOEXEC)
        }
        guard code == 0 else { throw .last("create a pipe") }
        source = OwnedDescriptor(adopting: ends.0)
        sink = OwnedDescriptor(adopting: ends.1)
        self.signals = signals
        let previous = handlerDescriptor.exchange(ends.1, ordering: .sequentiallyConsistent)
        precondition(previous == -1, "signals are caught in one place at a time")
        for signal in signals {
            let code = clinux_handle_signal(Int32(signal.rawValue), forward)
            precondition(code == 0, "every Signal can be caught")
        }
        Self.unblock(signals)
    }

    deinit {
        for signal in signals { _ = clinux_default_signal(Int32(signal.rawValue)) }
        handlerDescriptor.store(-1, ordering: .sequentiallyConsistent)
    }

    /// Lets the signals through: a parent whose thread blocks them, as those of Dispatch do, hands that down.
    private static func unblock(_ signals: [Signal]) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, Int32(signal.rawValue)) }
        let code = pthread_sigmask(SIG_UNBLOCK, &set, nil)
        precondition(code == 0, "a thread may unblock what it likes")
    }

    /// Becomes readable when a signal has come.
    package var descriptor: Int32 { source.rawValue }

    /// Takes the oldest signal that has come; `nil` when there is none left.
    package borrowing func next() -> Signal? {
        var number: UInt8 = 0
        let result = withUnsafeMutableBytes(of: &number) { Descriptor.read(source.rawValue, into: $0) }
        return result == .received(1) ? Signal(rawValue: number) : nil
    }

    /// Lets writes to a closed pipe or socket fail instead of ending the process, for good.
    package static func ignoreBrokenPipes() { _ = clinux_ignore_signal(SIGPIPE) }

    /// Lets writes beyond the largest file that is allowed (`ulimit -f`) fail instead of ending the process, for good.
    package static func ignoreFileSizeLimit() { _ = clinux_ignore_signal(SIGXFSZ) }

    /// Sends a signal to this process.
    package static func raise(_ signal: Signal) { _ = kill(getpid(), Int32(signal.rawValue)) }
}

/// The handler: async-signal-safe, because it only loads an atomic and writes one byte, and keeps `errno`.
private func forward(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    // A full pipe holds more signals than anybody will read one by one; this one is lost.
    _ = write(handlerDescriptor.load(ordering: .relaxed), &byte, 1)
    errno = saved
}
