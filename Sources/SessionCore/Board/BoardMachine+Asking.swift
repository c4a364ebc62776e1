package import SessionBase
import SessionCodec

/// Questions about rooms to the store and the backend, and what comes back.
extension BoardMachine {
    /// Asks the embedded store.
    mutating func ask(
        _ question: BoardQuestion, _ request: StoreRequest, for room: UInt32, effects: inout Effects
    ) {
        effects.store(open(question, for: room) | Self.ticketBit, request)
    }

    /// Asks the backend.
    mutating func ask(
        _ question: BoardQuestion, _ request: BackendRequest, for room: UInt32, effects: inout Effects
    ) {
        effects.backend(open(question, for: room), request)
    }

    /// Notes a question; a room that it is about stays in memory until it is answered.
    ///
    /// - Returns: The ticket, without the bit of the store's.
    private mutating func open(_ question: BoardQuestion, for room: UInt32) -> UInt64 {
        // Below the two top bits of a ticket, which tell whose it is.
        questionSerial = (questionSerial &+ 1) & .max >> 2
        if room != noIndex { rooms[slot: room].outstanding += 1 }
        let slot = questions.insert(OpenBoardQuestion(serial: questionSerial, question: question, room: room))
        return UInt64(questionSerial) << 32 | UInt64(slot)
    }

    /// Takes out the question of a ticket; `nil` where it was answered before.
    private mutating func close(_ ticket: UInt64) -> OpenBoardQuestion? {
        let ticket = ticket & ~Self.ticketBit
        let slot = UInt32(truncatingIfNeeded: ticket)
        guard questions.contains(slot: slot), UInt64(questions[slot: slot].serial) == ticket >> 32 else { return nil }
        let record = questions.remove(slot: slot)
        if record.room != noIndex { rooms[slot: record.room].outstanding -= 1 }
        return record
    }

    /// Handles the store's reply to an earlier question, whose ticket carries ``ticketBit``.
    package mutating func replied(
        _ ticket: UInt64, _ reply: StoreReply, at moment: Moment, effects: inout Effects
    ) {
        guard let record = close(ticket) else { return }
        let room = record.room
        switch record.question {
        case .scan: return scanned(reply, at: moment, effects: &effects)
        case .checkpoint: readCheckpoint(reply, room, at: moment, effects: &effects)
        case .journal: readJournal(reply, room, at: moment, effects: &effects)
        case .commit: committed(reply, room, at: moment, effects: &effects)
        case .store: wroteCheckpoint(reply, room, at: moment, effects: &effects)
        case .keep: kept(reply, room, at: moment, effects: &effects)
        case .removal: removedCheckpoint(reply, room, at: moment, effects: &effects)
        case .trim: trimmed(reply, room, at: moment, effects: &effects)
        case .board, .version: preconditionFailure("the store answers for the backend")
        }
        advance(room, at: moment, effects: &effects)
    }

    /// Handles the backend's reply to an earlier question.
    ///
    /// - Parameter sentAt: When the question left, where it had waited for others: the next store keeps its distance from
    ///   there.
    package mutating func backed(
        _ ticket: UInt64, _ reply: BackendReply, sentAt: Instant? = nil, at moment: Moment, effects: inout Effects
    ) {
        guard let record = close(ticket) else { return }
        switch record.question {
        case .board: fetched(reply, record.room, at: moment, effects: &effects)
        case .store:
            if let sentAt { rooms[slot: record.room].debounce.sent(at: sentAt) }
            stored(reply, record.room, at: moment, effects: &effects)
        case .version: compared(reply, record.room, at: moment, effects: &effects)
        case .scan, .checkpoint, .journal, .commit, .keep, .removal, .trim:
            preconditionFailure("the backend answers for the store")
        }
        advance(record.room, at: moment, effects: &effects)
    }
}
