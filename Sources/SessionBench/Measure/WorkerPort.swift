package import SessionBase
import SessionIO
internal import Synchronization

/// Joins one worker with the one who started it: orders one way, events the other.
package final class WorkerPort: Sendable {
    private let events = Mailbox<WorkerEvent>()
    private let startNanoseconds = Atomic<Int64>(.max)
    private let stops = Atomic<Bool>(false)
    private let wake: @Sendable () -> Void

    /// Makes a port.
    ///
    /// - Parameter wake: Called on the worker's thread when an event was posted and none was waiting.
    package init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    /// Worker: tells something.
    package func post(_ event: WorkerEvent) { if events.post(event) { wake() } }

    /// Starter: takes what was told, oldest first.
    package func takeAll() -> [WorkerEvent] { events.takeAll() }

    /// Starter: the warm-up begins at `instant`. A worker that is ready looks at least every 10 ms.
    package func start(at instant: Instant) { startNanoseconds.store(instant.nanoseconds, ordering: .releasing) }

    /// Worker: when the warm-up begins; `nil` while that is not decided.
    package var startsAt: Instant? {
        let nanoseconds = startNanoseconds.load(ordering: .acquiring)
        return nanoseconds == .max ? nil : Instant(nanoseconds: nanoseconds)
    }

    /// Starter: send nothing more, wait only a moment for what is on its way, close, and tell what was measured.
    package func stop() { stops.store(true, ordering: .releasing) }

    /// Worker: whether it is to stop early.
    package var isStopping: Bool { stops.load(ordering: .acquiring) }
}
