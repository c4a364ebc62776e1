internal import CLinux
internal import Glibc
internal import Synchronization

/// Ends another thread's wait; any number of wake-ups before it looks cost one write.
///
/// The owner watches ``descriptor`` for reading, and calls ``acknowledge()`` before it takes what it was woken for.
package final class Waker: Sendable {
    private let counter: OwnedDescriptor
    private let isAwake = Atomic<Bool>(false)

    /// Creates the event counter behind the wake-ups.
    package init() throws(SystemError) {
        let created = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard created >= 0 else { throw .last("create an event counter") }
        counter = OwnedDescriptor(adopting: created)
    }

    /// What the owner's ``Poller`` watches.
    package var descriptor: Int32 { counter.rawValue }

    /// Makes ``descriptor`` readable; callable from every thread.
    package func wake() {
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Fails only when the counter is full, and then the descriptor is readable anyway.
        _ = eventfd_write(counter.rawValue, 1)
    }

    /// Takes the wake-up back; whatever is posted from now on wakes again.
    ///
    /// The counter is emptied first: in the other order a wake-up in between would be lost with its flag set.
    package func acknowledge() {
        var count: eventfd_t = 0
        // Fails only when there is nothing to read, which is what is wanted.
        _ = eventfd_read(counter.rawValue, &count)
        _ = isAwake.exchange(false, ordering: .acquiringAndReleasing)
    }
}
