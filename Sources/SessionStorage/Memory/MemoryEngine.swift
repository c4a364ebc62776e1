package import SessionCore
import Synchronization

/// The engine that keeps nothing: a ``MemoryStore`` behind a lock, which answers before ``submit(_:from:)`` returns.
package final class MemoryEngine: StorageEngine {
    private struct State {
        var store = MemoryStore()
        var sink: (@Sendable (Int, [StoreAnswer]) -> Void)?
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Makes an empty engine.
    package init() {}

    package func start(_ sink: @escaping @Sendable (_ asker: Int, _ answers: [StoreAnswer]) -> Void) {
        state.withLock { $0.sink = sink }
    }

    package func submit(_ calls: [StoreCall], from asker: Int) {
        let (sink, answers) = state.withLock { state in
            let answers = calls.map { call in
                let reply: StoreReply =
                    state.isStopped
                    ? .unavailable("the store is stopped") : state.store.handle(call.request, at: call.time)
                return StoreAnswer(ticket: call.ticket, reply: reply)
            }
            return (state.sink, answers)
        }
        // Outside the lock: the sink may submit more.
        sink?(asker, answers)
    }

    package func stop() { state.withLock { $0.isStopped = true } }

    package var health: StorageHealth { .up }

    package var figures: StorageFigures { StorageFigures() }
}
