import SessionBase
import SessionCodec

/// A session is removed with all that belongs to it (EXT `DELETE /session/{uuid}`); its turn comes as that of a write.
extension SyncMachine {
    /// Removes a session (EXT `DELETE /session/{uuid}`).
    ///
    /// - Returns: Whether the writer is idle still: there was nothing to be removed.
    mutating func beginRemoval(
        of session: UInt32, _ standing: StandingSession, at moment: Moment, effects: inout Effects
    ) -> Bool {
        let work = workSlot(of: session)
        let operation = works[slot: work].queue[0]
        guard let document = standing.document, operation.isAllowed(document.summary.user) else {
            guard standing.isFresh else { return dropStanding(of: session) }
            works[slot: work].queue.removeFirst()
            endWaiting(operation, effects: &effects)
            answer(operation, with: .sessionNotFound, at: moment, effects: &effects)
            return true
        }
        works[slot: work].queue.removeFirst()
        works[slot: work].inFlight = [operation]
        works[slot: work].stage = .removing
        let key = DocumentKey(.sessions, sessions[slot: session].key.text)
        ask(
            .removal, .remove(key, expecting: document.revision), for: session, at: moment, effects: &effects)
        return false
    }

    /// Goes on after a removal: the devices are disconnected, and what belonged to the session goes too.
    mutating func removed(_ reply: StoreReply, _ session: UInt32, at moment: Moment, effects: inout Effects) {
        let work = workSlot(of: session)
        let operations = works[slot: work].inFlight
        works[slot: work].inFlight = []
        works[slot: work].stage = .idle
        guard case .removed(let isRemoved) = reply, isRemoved else {
            works[slot: work].queue = operations + works[slot: work].queue
            if case .removed = reply {
                // Somebody else wrote it, or removed it, in between.
                _ = dropStanding(of: session)
                return advance(session, at: moment, effects: &effects)
            }
            return failWaiting(in: session, .storeUnavailable, at: moment, effects: &effects)
        }
        forgetState(of: session)
        works[slot: work].standing = StandingSession(document: nil, isFresh: true)
        let name = sessions[slot: session].key.text
        for collection in [DocumentCollection.devices, .handoffs] {
            ask(.unimportant, .remove(DocumentKey(collection, name)), for: session, at: moment, effects: &effects)
        }
        emptySession(session, at: moment, effects: &effects)
        for operation in operations {
            endWaiting(operation, effects: &effects)
            answer(operation, with: SyncOutcome(reply: .response(SyncResponse.deleted)), at: moment, effects: &effects)
        }
        advance(session, at: moment, effects: &effects)
    }

    /// Disconnects the devices of a session that is no more, and forgets what was remembered of it.
    private mutating func emptySession(_ session: UInt32, at moment: Moment, effects: inout Effects) {
        for device in deviceSlots(of: session) {
            if let connection = devices[slot: device].connection {
                unbind(connection)
                doom(connection, .kicked, effects: &effects)
            }
            removeRecord(device)
        }
        releaseRegistryAskers(of: session, failing: .sessionNotFound, at: moment, effects: &effects)
        sessions[slot: session].owner = nil
        sessions[slot: session].version = 0
        sessions[slot: session].registryRevision = 0
        sessions[slot: session].isRegistryDue = false
        works[slot: workSlot(of: session)].isRegistryStale = false
        sessions[slot: session].forgotten = sessions[slot: session].sequence
        if sessions[slot: session].ring != noIndex {
            rings.remove(slot: sessions[slot: session].ring)
            sessions[slot: session].ring = noIndex
        }
        forgetHandoffs(of: session, at: moment, effects: &effects)
    }
}
