import SessionCore
import SessionStorage
import Synchronization

/// An engine in memory that can be made to fail, or to wait, and that outlives its server.
final class FailingEngine: StorageEngine {
    let isDown = Atomic(false)
    let isHeld = Atomic(false)
    let isStopped = Atomic(false)
    private let memory = MemoryEngine()
    private let sink = Mutex<(@Sendable (Int, [StoreAnswer]) -> Void)?>(nil)
    private let held = Mutex<[(calls: [StoreCall], asker: Int)]>([])

    var heldCount: Int { held.withLock(\.count) }

    func start(_ sink: @escaping @Sendable (Int, [StoreAnswer]) -> Void) throws(StorageError) {
        self.sink.withLock { $0 = sink }
        memory.start(sink)
    }

    func submit(_ calls: [StoreCall], from asker: Int) {
        if isHeld.load(ordering: .relaxed) { return held.withLock { $0.append((calls, asker)) } }
        guard isDown.load(ordering: .relaxed) else { return memory.submit(calls, from: asker) }
        let answers = calls.map { StoreAnswer(ticket: $0.ticket, reply: .unavailable("down")) }
        sink.withLock(\.self)?(asker, answers)
    }

    func letGo() {
        isHeld.store(false, ordering: .relaxed)
        let waiting = held.withLock { held in
            defer { held = [] }
            return held
        }
        for (calls, asker) in waiting { memory.submit(calls, from: asker) }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    let figures = StorageFigures()

    var health: StorageHealth { isDown.load(ordering: .relaxed) ? .down("down") : .up }
}
