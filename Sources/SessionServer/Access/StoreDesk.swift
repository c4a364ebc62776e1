import SessionBase
import SessionCore
import SessionStorage
import Synchronization

/// Asks the store on behalf of those who are no event loop, and calls each back with its reply.
final class StoreDesk: Sendable {
    /// What is done with a reply, on whatever thread brings it.
    typealias Continuation = @Sendable (StoreReply) -> Void

    private struct State {
        var nextTicket: UInt64 = 0
        var waiting: [UInt64: Continuation] = [:]
    }

    private let store: (any StorageEngine)?
    private let asker: Int
    private let state = Mutex(State())

    /// Asks `store` as `asker`, whose answers its owner hands to ``answered(_:)``.
    init(_ store: (any StorageEngine)?, asker: Int) {
        self.store = store
        self.asker = asker
    }

    /// Asks, and has `then` called once; perhaps before this returns.
    func ask(_ request: StoreRequest, at time: Timestamp, then: @escaping Continuation) {
        guard let store else { return then(.unavailable("this server keeps no state")) }
        let ticket = state.withLock { state in
            state.nextTicket += 1
            state.waiting[state.nextTicket] = then
            return state.nextTicket
        }
        store.submit([StoreCall(ticket: ticket, request: request, time: time)], from: asker)
    }

    /// Takes replies of the store.
    func answered(_ answers: [StoreAnswer]) {
        for answer in answers {
            // Called outside of the lock, since it may ask again.
            let then = state.withLock { $0.waiting.removeValue(forKey: answer.ticket) }
            then?(answer.reply)
        }
    }
}
