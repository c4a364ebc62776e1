package import SessionBase
import SessionCodec

/// Questions to the store and what comes back; sessions stay in memory as long as something needs them.
extension SyncMachine {
    /// Asks the store; a session that it is about stays in memory until the reply is there.
    mutating func ask(
        _ question: StoreQuestion, _ request: StoreRequest, for session: UInt32 = noIndex, at moment: Moment,
        effects: inout Effects
    ) {
        // Without the top bit, which the server keeps for questions of its own, and the next one, which is board's.
        questionSerial = (questionSerial &+ 1) & .max >> 2
        if session != noIndex { works[slot: workSlot(of: session)].outstanding += 1 }
        let slot = questions.insert(OpenQuestion(serial: questionSerial, question: question, session: session))
        effects.store(UInt64(questionSerial) << 32 | UInt64(slot), request)
    }

    /// Handles the store's reply to an earlier question.
    package mutating func replied(
        _ ticket: UInt64, _ reply: StoreReply, at moment: Moment, effects: inout Effects
    ) {
        let slot = UInt32(truncatingIfNeeded: ticket)
        guard questions.contains(slot: slot), UInt64(questions[slot: slot].serial) == ticket >> 32 else { return }
        let record = questions.remove(slot: slot)
        if case .unavailable = reply { counters.storeFailures += 1 }
        let session = record.session
        switch record.question {
        case .newest(let connection): foundNewest(reply, for: connection, at: moment, effects: &effects)
        case .session: foundSession(reply, isRegistry: false, in: session, at: moment, effects: &effects)
        case .registry: foundSession(reply, isRegistry: true, in: session, at: moment, effects: &effects)
        case .creation: created(reply, session, at: moment, effects: &effects)
        case .registryWrite: wroteRegistry(reply, of: session, at: moment, effects: &effects)
        case .load: loaded(reply, session, at: moment, effects: &effects)
        case .write: wrote(reply, session, at: moment, effects: &effects)
        case .removal: removed(reply, session, at: moment, effects: &effects)
        case .read(let operation): didRead(reply, operation, session, at: moment, effects: &effects)
        case .handoffLoad(let life): loadedHandoffs(reply, life: life, session, at: moment, effects: &effects)
        case .handoffWrite(let life): wroteHandoffs(reply, life: life, session, at: moment, effects: &effects)
        case .unimportant: break
        }
        guard session != noIndex else { return }
        works[slot: workSlot(of: session)].outstanding -= 1
        forgetIfIdle(session)
    }

    // MARK: Sessions in memory

    /// The session with an id; one that is not in memory yet is put there, and nothing is known about it.
    mutating func sessionSlot(of key: SessionKey) -> UInt32 {
        if let slot = sessionSlots[key] { return slot }
        epochSerial &+= 1
        let slot = sessions.insert(SyncSession(key, epoch: epochSerial))
        sessionSlots[key] = slot
        return slot
    }

    /// The work of a session; an idle one gets some.
    mutating func workSlot(of session: UInt32) -> UInt32 {
        if sessions[slot: session].work == noIndex { sessions[slot: session].work = works.insert(SyncWork()) }
        return sessions[slot: session].work
    }

    /// Forgets a session of which nothing happens here any more.
    mutating func forgetIfIdle(_ session: UInt32) {
        guard sessions.contains(slot: session) else { return }
        dropIdleWork(of: session)
        let record = sessions[slot: session]
        guard record.work == noIndex, record.cached == noIndex, record.ring == noIndex, record.handoffs == noIndex,
            !record.isRegistryDue, presentCount(of: session) == 0
        else { return }
        for device in deviceSlots(of: session) { devices.remove(slot: device) }
        sessionSlots[record.key] = nil
        sessions.remove(slot: session)
    }

    private mutating func dropIdleWork(of session: UInt32) {
        let work = sessions[slot: session].work
        guard work != noIndex, works[slot: work].isIdle else { return }
        works.remove(slot: work)
        sessions[slot: session].work = noIndex
    }
}
