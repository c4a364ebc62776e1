import SessionBase
import SessionIO
import Synchronization

/// What an engine's thread is given to do: orders in a mailbox, and a thread that sleeps while there are none.
final class WorkQueue<Order: Sendable>: Sendable {
    private let mailbox = Mailbox<Order>()
    private let waker: Waker

    /// Makes an empty queue.
    init() throws(StorageError) {
        do throws(SystemError) {
            waker = try Waker()
        } catch {
            throw StorageError("\(error)")
        }
    }

    /// What a poller of the thread's own watches.
    var descriptor: Int32 { waker.descriptor }

    /// Adds an order; callable from every thread.
    func post(_ order: Order) {
        if mailbox.post(order) { waker.wake() }
    }

    /// Takes all orders, oldest first.
    func takeAll() -> [Order] {
        waker.acknowledge()
        return mailbox.takeAll()
    }
}

/// A thread of an engine, started once and waited for once.
final class WorkThread: Sendable {
    private struct State: ~Copyable {
        var thread: SystemThread?
    }

    private let state = Mutex(State())

    /// Starts the thread.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(StorageError) {
        do throws(SystemError) {
            try state.withLock { state throws(SystemError) in
                state.thread = try SystemThread(name: name, body: body)
            }
        } catch {
            throw StorageError("\(error)")
        }
    }

    /// Waits until it has ended; does nothing where it was not started or has been waited for.
    func join() {
        let thread = state.withLock { $0.thread.take() }
        if let thread { thread.join() }
    }
}

/// Sleeps until there are orders or a time has come; owned by the thread that sleeps.
struct WorkPause: ~Copyable {
    private var poller: Poller

    /// Prepares to sleep on a queue's descriptor.
    init(_ descriptor: Int32) throws(StorageError) {
        do throws(SystemError) {
            let poller = try Poller()
            try poller.add(descriptor, token: 0, .readable)
            self.poller = poller
        } catch {
            throw StorageError("\(error)")
        }
    }

    /// Sleeps; returns early where the kernel refuses, so that the thread looks around again.
    mutating func sleep(until deadline: Instant?) {
        // A poller that cannot wait makes the thread turn, which is slow and right.
        _ = try? poller.wait(until: deadline, now: SystemClock.now())
    }
}
