import SessionBase
import SessionCore
import SessionStorage

extension ServerLoop {
    /// Notes what a machine asks of the store; it is handed in with everything else of this turn.
    mutating func ask(_ ticket: UInt64, _ request: StoreRequest) {
        storeCalls.append(StoreCall(ticket: ticket, request: request, time: moment.timestamp))
    }

    /// Hands in what this turn asked of the store, all at once: the engine is woken once, and writes what it can together.
    mutating func submitStoreCalls() {
        guard !storeCalls.isEmpty else { return }
        let calls = storeCalls
        storeCalls.removeAll(keepingCapacity: true)
        guard let store = node.store else {
            let reply = StoreReply.unavailable("this server keeps no state")
            return node.post(.stored(calls.map { StoreAnswer(ticket: $0.ticket, reply: reply) }), to: index)
        }
        storeWatch.begin(calls, at: moment.instant)
        store.submit(calls, from: index)
    }

    /// Tells the askers what the store says.
    mutating func stored(_ answers: [StoreAnswer]) {
        for answer in answers {
            storeWatch.end(answer, at: moment.instant)
            if answer.ticket & Self.ownTicketBit != 0 {
                gathered(answer.reply, answer.ticket & ~Self.ownTicketBit)
                continue
            }
            if answer.ticket & BoardMachine.ticketBit != 0 {
                board.replied(answer.ticket, answer.reply, at: moment, effects: &effects)
            } else {
                sync.replied(answer.ticket, answer.reply, at: moment, effects: &effects)
            }
            if effects.bytes.count > Self.effectBytesMax { performEffects() }
        }
        performEffects()
    }
}
