internal import CLinux
internal import Glibc
package import SessionBase

/// Waits for descriptors: epoll, level-triggered unless asked, whose 64 bits of user data are the caller's token.
///
/// One thread owns a poller. One ``wait(until:now:)`` is one system call; its events are read by index from a buffer that
/// was allocated once, so a loop turn allocates nothing and calls no closure.
package struct Poller: ~Copyable {
    /// What a descriptor is watched for.
    package struct Interest: OptionSet, Sendable {
        /// The `EPOLL*` bits.
        package let rawValue: UInt32

        /// Wraps `EPOLL*` bits.
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Bytes to read, a connection to accept, or the peer's end of stream.
        package static let readable = Interest(rawValue: 0x001)
        /// Room to write, or a connection attempt that was decided.
        package static let writable = Interest(rawValue: 0x004)
        /// Wakes one of the pollers that share the descriptor instead of all of them; only in ``Poller/add(_:token:_:)``.
        package static let exclusive = Interest(rawValue: 1 << 28)
        /// Reports a change once instead of a state as long as it lasts (EPOLLET), and the peer's end of stream by a bit of
        /// its own. The kernel then looks at a socket once an event and not twice; the owner must read until less comes than
        /// its buffer holds, and on to the end where ``Readiness/isEnding`` says there is one.
        package static let edge = Interest(rawValue: 1 << 31 | 0x2000)
    }

    /// What an event says about its descriptor.
    package struct Readiness: OptionSet, Sendable {
        /// The `EPOLL*` bits.
        package let rawValue: UInt32

        /// Wraps `EPOLL*` bits.
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Reading returns bytes, the end of the stream or an error at once.
        package static let readable = Readiness(rawValue: 0x001)
        /// Writing takes at least one byte at once, or fails at once.
        package static let writable = Readiness(rawValue: 0x004)
        /// Something failed; ``Socket/takeError(_:)`` tells what. Reported whether asked for or not.
        package static let error = Readiness(rawValue: 0x008)
        /// Both directions are shut. Reported whether asked for or not.
        package static let hangup = Readiness(rawValue: 0x010)

        /// Whether a read would not wait: for bytes, the end of the stream, or the error that ended it.
        ///
        /// Here and not at the caller, because the generic operations of option sets are not specialised across modules.
        package var isReadable: Bool { rawValue & (0x001 | 0x008 | 0x010) != 0 }

        /// Whether the peer's end of stream or an error lies behind what can be read, and will not be reported again.
        package var isEnding: Bool { rawValue & (0x008 | 0x010 | 0x2000) != 0 }

        /// Whether a write would not wait.
        package var isWritable: Bool { rawValue & 0x004 != 0 }
    }

    /// How many events one wait can return; more stay in the kernel for the next one.
    package static let eventsMax = 512

    private let descriptor: OwnedDescriptor
    private let events: UnsafeMutablePointer<epoll_event>
    /// Whether the kernel lacks `epoll_pwait2` (before Linux 5.11), so that deadlines are rounded up to milliseconds.
    private var isCoarse = false

    /// Creates an epoll instance.
    package init() throws(SystemError) {
        let created = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard created >= 0 else { throw .last("create an event poll") }
        descriptor = OwnedDescriptor(adopting: created)
        events = .allocate(capacity: Self.eventsMax)
    }

    deinit { events.deallocate() }

    /// Starts to watch a descriptor that is not watched yet.
    package borrowing func add(_ target: Int32, token: UInt64, _ interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_ADD, target, token, interest)
    }

    /// Changes what a watched descriptor is watched for; an empty interest still reports errors and hang-ups.
    package borrowing func modify(_ target: Int32, token: UInt64, _ interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_MOD, target, token, interest)
    }

    /// Stops watching a descriptor, as before it moves to another loop; closing it does the same.
    package borrowing func remove(_ target: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, target, 0, [])
    }

    private borrowing func control(
        _ operation: Int32, _ target: Int32, _ token: UInt64, _ interest: Interest
    ) throws(SystemError) {
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token))
        guard epoll_ctl(descriptor.rawValue, operation, target, &event) == 0 else {
            throw .last("watch", "descriptor \(target)")
        }
    }

    /// Waits until something is ready or `deadline` has come; exactly one system call.
    ///
    /// - Parameters:
    ///   - deadline: When to return without an event at the latest; `nil` waits for ever, a past one does not wait.
    ///   - now: The present, from which the time left is computed.
    ///   - most: How many events to return at most, 1...``eventsMax``; those that wait longest come first.
    /// - Returns: How many events there are, 0 after the deadline or a signal.
    package mutating func wait(
        until deadline: Instant?, now: Instant, atMost most: Int = Self.eventsMax
    ) throws(SystemError) -> Int {
        precondition((1...Self.eventsMax).contains(most), "a wait for \(most) events")
        let remaining = deadline.map { Swift.max(0, $0.nanoseconds &- now.nanoseconds) }
        let count = isCoarse ? waitCoarse(remaining, most) : waitFine(remaining, most)
        if count >= 0 { return Int(count) }
        switch errno {
        case EINTR: return 0
        case ENOSYS where !isCoarse:
            isCoarse = true
            return try wait(until: deadline, now: now, atMost: most)
        default: throw .last("wait for events")
        }
    }

    /// The token given to ``add(_:token:_:)`` or ``modify(_:token:_:)`` by the descriptor of event `index`.
    package borrowing func token(at index: Int) -> UInt64 { events[index].data.u64 }

    /// What event `index` of the last wait says.
    package borrowing func readiness(at index: Int) -> Readiness { Readiness(rawValue: events[index].events) }

    /// Nothing to wait for, or nothing that ends the wait: the plain call is the cheapest. Else nanoseconds count.
    private borrowing func waitFine(_ remaining: Int64?, _ most: Int) -> Int32 {
        guard let remaining, remaining > 0 else { return waitCoarse(remaining, most) }
        var timeout = timespec(tv_sec: Int(remaining / 1_000_000_000), tv_nsec: Int(remaining % 1_000_000_000))
        return epoll_pwait2(descriptor.rawValue, events, Int32(most), &timeout, nil)
    }

    private borrowing func waitCoarse(_ remaining: Int64?, _ most: Int) -> Int32 {
        let milliseconds = remaining.map { Int32(clamping: $0 / 1_000_000 + ($0 % 1_000_000 == 0 ? 0 : 1)) } ?? -1
        return epoll_wait(descriptor.rawValue, events, Int32(most), milliseconds)
    }
}
