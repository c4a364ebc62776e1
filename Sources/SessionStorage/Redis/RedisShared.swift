import SessionBase
import SessionCore
import Synchronization

/// What the thread of a ``RedisEngine`` shares with those who ask.
final class RedisShared: Sendable {
    /// What the thread is told.
    enum Order: Sendable {
        /// To carry out calls.
        case work([StoreWork])
        /// To carry out what it has, and end.
        case stop
    }

    private struct State {
        var desk = StoreWork.Desk()
        var health: StorageHealth
        /// How many calls were taken and not answered.
        var waiting = 0
        var reconnects = 0
        var commands = Histogram()
    }

    let queue: WorkQueue<Order>
    let thread = WorkThread()
    private let state: Mutex<State>
    private let waitingMax: Int

    /// Makes an empty queue.
    ///
    /// - Parameter waitingMax: How many calls may wait while Redis is down.
    init(waitingMax: Int, health: StorageHealth) throws(StorageError) {
        queue = try WorkQueue()
        state = Mutex(State(health: health))
        self.waitingMax = waitingMax
    }

    /// Takes calls from now on.
    func open(_ sink: @escaping StoreWork.Desk.Sink) { state.withLock { $0.desk.open(sink) } }

    /// Takes no more calls.
    ///
    /// - Returns: Whether it did until now.
    func close() -> Bool { state.withLock { $0.desk.close() } }

    /// Takes calls; those for which there is no room while Redis is down are refused at once (PROTOCOLS 1-32).
    func submit(_ calls: [StoreCall], from asker: Int) {
        let works = calls.map { StoreWork(asker: asker, call: $0) }
        let (refused, refusal) = state.withLock { state -> (ArraySlice<StoreWork>, String) in
            guard state.desk.isOpen else { return (works[...], "the store is stopped") }
            var room = works.count
            var refusal = ""
            if case .down(let reason) = state.health {
                room = min(room, max(0, waitingMax - state.waiting))
                refusal = reason
            }
            state.waiting += room
            // Inside of the lock, so that `stop` comes behind everything that was taken.
            if room > 0 { queue.post(.work(Array(works[..<room]))) }
            return (works[room...], refusal)
        }
        if !refused.isEmpty { tell(refused.map { ($0, .unavailable(refusal)) }) }
    }

    /// Sends replies to calls that were taken.
    func answer(_ replies: [StoreWork.Answered]) {
        guard !replies.isEmpty else { return }
        state.withLock { $0.waiting -= replies.count }
        tell(replies)
    }

    /// How the engine is.
    var health: StorageHealth { state.withLock { $0.health } }

    /// Notes how the engine is.
    ///
    /// - Parameters:
    ///   - trouble: Why it cannot serve; `nil` where it can.
    ///   - losses: How many connections were lost since the last report.
    ///   - commands: How long commands took since then.
    func report(trouble: String?, losses: Int, commands: Histogram?) {
        state.withLock { state in
            state.health = trouble.map { .down($0) } ?? .up
            state.reconnects += losses
            if let commands { state.commands.merge(commands) }
        }
    }

    /// What `/metrics` says.
    var figures: StorageFigures.Redis {
        state.withLock { state in
            var figures = StorageFigures.Redis()
            figures.isUp = state.health == .up
            figures.reconnects = UInt64(state.reconnects)
            figures.commands = state.commands
            return figures
        }
    }

    private func tell(_ replies: [StoreWork.Answered]) {
        guard let sink = state.withLock({ $0.desk.sink }) else { return }
        StoreWork.deliver(replies, to: sink)
    }
}
