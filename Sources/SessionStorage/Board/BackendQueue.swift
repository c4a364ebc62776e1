import SessionBase
import SessionCore

/// Calls to the backend that wait for a line: whoever waits to come into a room goes before what is stored anyhow.
struct BackendQueue {
    private var loads = FIFO<BackendWork>()
    private var stores = FIFO<BackendWork>()

    /// Whether nothing waits.
    var isEmpty: Bool { loads.isEmpty && stores.isEmpty }

    /// How many wait.
    var count: Int { loads.count + stores.count }

    /// When the oldest one was handed in.
    var oldest: Instant? {
        guard let load = loads.first?.submittedAt else { return stores.first?.submittedAt }
        return min(load, stores.first?.submittedAt ?? load)
    }

    /// Adds one behind all others of its kind.
    mutating func append(_ work: BackendWork) {
        switch work.call.request {
        case .load: loads.append(work)
        case .store: stores.append(work)
        }
    }

    /// Takes the next one.
    mutating func popFirst() -> BackendWork? { loads.popFirst() ?? stores.popFirst() }

    /// Takes those that were handed in until then.
    mutating func takeAll(until limit: Instant) -> [BackendWork] {
        loads.takeAll(until: limit) + stores.takeAll(until: limit)
    }

    /// Takes all.
    mutating func takeAll() -> [BackendWork] { loads.takeAll() + stores.takeAll() }
}

extension FIFO where Element == BackendWork {
    fileprivate mutating func takeAll(until limit: Instant) -> [BackendWork] {
        var late: [BackendWork] = []
        while let next = first, next.submittedAt <= limit, let work = popFirst() { late.append(work) }
        return late
    }
}
