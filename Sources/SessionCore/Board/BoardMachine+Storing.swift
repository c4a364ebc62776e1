import SessionBase
import SessionCodec

/// A room's board goes to where it is kept for good (PROTOCOLS 3-17 to 3-20, §5.4); at most one store of a room is under way.
///
/// Without a backend: the whole board is written to the embedded store, and the journal forgotten up to there. With one:
/// the board is PUT, then the embedded store forgets what it has whole, and last the journal, in this order: whatever
/// stands in the embedded store at any time, read together with the backend it is the board.
///
/// *Idle* → *storing* → (*removing*) → *trimming* → idle. After a 409: *storing* → *comparing* → idle, and stored again with a
/// greater version. While the backend does not take the board, and the journal has grown: *keeping* → *trimming kept* → idle.
extension BoardMachine {
    // MARK: When

    /// When a room has something to do beside its broadcasts; `nil` while it has not.
    func choreTime(of room: UInt32) -> Instant? {
        if case .loading(let load) = rooms[slot: room].stage { return load.retryAt }
        var due = rooms[slot: room].flushes.first?.until ?? .distantFuture
        if let since = rooms[slot: room].debounce.dirtySince, !rooms[slot: room].isDegraded {
            due = min(due, since + configuration.degradedAfter)
        }
        if rooms[slot: room].commit == nil, case .idle = rooms[slot: room].storing.step {
            due = min(due, rooms[slot: room].debounce.due ?? .distantFuture)
            if configuration.hasBackend, isJournalLong(room) { due = min(due, rooms[slot: room].storing.keepAfter) }
        }
        return due == .distantFuture ? nil : due
    }

    /// Does what is due for a room beside its broadcasts.
    mutating func doChores(of room: UInt32, at moment: Moment, effects: inout Effects) {
        guard rooms[slot: room].isLive else { return retryLoad(room, at: moment, effects: &effects) }
        refuseLateFlushes(room, at: moment, effects: &effects)
        tellIfDegraded(room, at: moment, effects: &effects)
        guard rooms[slot: room].commit == nil, case .idle = rooms[slot: room].storing.step else { return }
        if let due = rooms[slot: room].debounce.due, due <= moment.instant {
            store(room, at: moment, effects: &effects)
        } else if configuration.hasBackend, isJournalLong(room), rooms[slot: room].storing.keepAfter <= moment.instant {
            keep(room, at: moment, effects: &effects)
        }
    }

    /// Has a board stored as soon as allowed that must not wait for its time.
    mutating func hurryStore(of room: UInt32) {
        guard rooms[slot: room].debounce.isDirty else { return }
        if isStopping {
            rooms[slot: room].debounce.hurry()
        } else if case .idle = rooms[slot: room].storing.step, isJournalLong(room) {
            rooms[slot: room].debounce.hurry()
        }
    }

    /// Whether the journal has grown so long that the board is stored soon, or else replaces it.
    private func isJournalLong(_ room: UInt32) -> Bool {
        let storing = rooms[slot: room].storing
        return storing.journalRecords > configuration.journalRecordsMax
            || storing.journalBytes > configuration.journalBytesMax
    }

    // MARK: Storing

    private mutating func store(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        rooms[slot: room].debounce.begin(at: moment.instant)
        rooms[slot: room].storing.step = .storing
        rooms[slot: room].storing.mark(rooms[slot: room].version, at: moment.instant)
        for place in rooms[slot: room].flushes.indices { rooms[slot: room].flushes[place].isTried = true }
        guard configuration.hasBackend else {
            return writeCheckpoint(.store, of: room, at: moment, effects: &effects)
        }
        let version = max(rooms[slot: room].version, rooms[slot: room].storing.backendVersion + 1)
        rooms[slot: room].storing.putVersion = version
        let body = document(of: room, version: version, form: .stored, at: moment)
        let name = rooms[slot: room].name
        ask(.store, .store(room: name, version: version, body: body), for: room, effects: &effects)
    }

    /// Has the whole board written to the embedded store.
    private mutating func writeCheckpoint(
        _ question: BoardQuestion, of room: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let version = max(rooms[slot: room].version, (rooms[slot: room].storing.checkpoint ?? 0) + 1)
        rooms[slot: room].storing.putVersion = version
        let name = rooms[slot: room].name
        let body = document(of: room, version: rooms[slot: room].version, form: .whole, at: moment)
        let write = DocumentWrite(
            key: Self.checkpointKey(name, isKept: configuration.hasBackend), expecting: .anything, version: version,
            body: body, owner: name)
        ask(question, .write(write), for: room, effects: &effects)
    }

    private func document(of room: UInt32, version: UInt64, form: Shape.Form, at moment: Moment) -> [UInt8] {
        let document = BoardDocument(shapes: rooms[slot: room].shapes.shapes, version: version)
        var body: [UInt8] = []
        document.append(room: rooms[slot: room].name, updatedAt: moment.timestamp, form: form, to: &body)
        return body
    }

    /// Takes what became of the whole board in the embedded store, where it is kept for good.
    mutating func wroteCheckpoint(_ reply: StoreReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard reply == .written else { return failStore(room, at: moment, effects: &effects) }
        rooms[slot: room].storing.checkpoint = rooms[slot: room].storing.putVersion
        trim(room, .trimming, effects: &effects)
    }

    /// Takes what the backend says to the board.
    mutating func stored(_ reply: BackendReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        switch reply {
        case .stored:
            rooms[slot: room].storing.backendVersion = rooms[slot: room].storing.putVersion
            removeWhole(room, effects: &effects)
        case .conflict:
            counters.storeConflicts += 1
            stopAwaiting(room)
            compare(room, effects: &effects)
        case .refused:
            counters.storeRefusals += 1
            failStore(room, isRefused: true, at: moment, effects: &effects)
        case .board, .absent, .unavailable: failStore(room, at: moment, effects: &effects)
        }
    }

    private mutating func compare(_ room: UInt32, effects: inout Effects) {
        rooms[slot: room].storing.step = .comparing
        ask(.version, .load(room: rooms[slot: room].name), for: room, effects: &effects)
    }

    /// Takes which version the backend has; ours is kept, and stored with a greater one.
    mutating func compared(_ reply: BackendReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        if case .board(let body) = reply {
            // A board that cannot be read has no version; the next one we try is greater than the last in any case.
            let version = (try? BoardDocument.decode(body.span))?.version ?? 0
            let known = max(rooms[slot: room].storing.putVersion, version)
            rooms[slot: room].storing.backendVersion = BoardVersions.afterConflict(known, at: moment.timestamp)
            rooms[slot: room].storing.step = .idle
            rooms[slot: room].debounce.failed(at: moment.instant)
        } else {
            rooms[slot: room].storing.backendVersion = rooms[slot: room].storing.putVersion
            failStore(room, at: moment, effects: &effects)
        }
    }

    /// Has the embedded store forget what it has whole, the newest last, and then the journal.
    private mutating func removeWhole(_ room: UInt32, effects: inout Effects) {
        guard rooms[slot: room].storing.hasWhole else { return trim(room, .trimming, effects: &effects) }
        rooms[slot: room].storing.step = .removing
        let key = Self.checkpointKey(rooms[slot: room].name, isKept: !rooms[slot: room].storing.isOwnLeft)
        ask(.removal, .remove(key), for: room, effects: &effects)
    }

    /// Notes that the embedded store has one whole board less.
    mutating func removedCheckpoint(_ reply: StoreReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard case .removed = reply else { return failStore(room, at: moment, effects: &effects) }
        if rooms[slot: room].storing.isOwnLeft {
            rooms[slot: room].storing.isOwnLeft = false
        } else {
            rooms[slot: room].storing.checkpoint = nil
        }
        removeWhole(room, effects: &effects)
    }

    /// Has the journal forgotten up to what is stored; where it is empty, that is done already.
    private mutating func trim(_ room: UInt32, _ step: RoomStoring.Step, effects: inout Effects) {
        rooms[slot: room].storing.step = step
        let (name, version) = (rooms[slot: room].name, rooms[slot: room].storing.version)
        ask(
            .trim, .trim(.boardChanges, owner: name, through: Self.recordName(name, version)), for: room,
            effects: &effects)
    }

    /// Takes what became of the journal.
    mutating func trimmed(_ reply: StoreReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard case .trimmingKept = rooms[slot: room].storing.step else {
            guard case .removed = reply else { return failStore(room, at: moment, effects: &effects) }
            return finishStore(room, at: moment, effects: &effects)
        }
        rooms[slot: room].storing.step = .idle
        if case .removed = reply {
            rooms[slot: room].storing.forgetMarked()
        } else {
            rooms[slot: room].storing.keepAfter = moment.instant + configuration.persistence.backoff.lowerBound
        }
    }

    private mutating func finishStore(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        counters.stores += 1
        counters.storeTime.record(moment.instant - rooms[slot: room].storing.since)
        rooms[slot: room].storing.step = .idle
        rooms[slot: room].storing.forgetMarked()
        rooms[slot: room].debounce.stored()
        endRecovery(of: room)
        if rooms[slot: room].isDegraded {
            rooms[slot: room].isDegraded = false
            tell(.ok, room, effects: &effects)
        }
        answerFlushes(room, effects: &effects)
    }

    private mutating func failStore(
        _ room: UInt32, isRefused: Bool = false, at moment: Moment, effects: inout Effects
    ) {
        counters.storeFailures += 1
        stopAwaiting(room)
        rooms[slot: room].storing.step = .idle
        rooms[slot: room].debounce.failed(isRefused: isRefused, at: moment.instant)
        let flushes = rooms[slot: room].flushes
        rooms[slot: room].flushes = flushes.filter { !$0.isTried }
        // Who came after the store began has another one tried.
        if !rooms[slot: room].flushes.isEmpty { rooms[slot: room].debounce.insist() }
        for waiter in flushes where waiter.isTried { refuse(waiter, in: room, effects: &effects) }
    }

    // MARK: Keeping

    /// Writes the board whole to the embedded store, so that a journal that nobody takes away does not grow for ever.
    private mutating func keep(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        rooms[slot: room].storing.step = .keeping
        rooms[slot: room].storing.mark(rooms[slot: room].version, at: moment.instant)
        writeCheckpoint(.keep, of: room, at: moment, effects: &effects)
        // Even a write that is told to have failed may be carried out, and would hide what the backend has later.
        rooms[slot: room].storing.checkpoint = rooms[slot: room].storing.checkpoint ?? 0
    }

    /// Takes what became of it.
    mutating func kept(_ reply: StoreReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard reply == .written else {
            rooms[slot: room].storing.step = .idle
            rooms[slot: room].storing.keepAfter = moment.instant + configuration.persistence.backoff.lowerBound
            return
        }
        rooms[slot: room].storing.checkpoint = rooms[slot: room].storing.putVersion
        trim(room, .trimmingKept, effects: &effects)
    }

    // MARK: Telling

    /// Tells members when what they drew has waited for too long (PROTOCOLS 3-20).
    private mutating func tellIfDegraded(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard !rooms[slot: room].isDegraded, let since = rooms[slot: room].debounce.dirtySince,
            since + configuration.degradedAfter <= moment.instant
        else { return }
        (rooms[slot: room].isDegraded, rooms[slot: room].wasDegraded) = (true, true)
        tell(.degraded, room, effects: &effects)
    }

    private mutating func tell(_ storage: BoardStorage, _ room: UInt32, effects: inout Effects) {
        guard rooms[slot: room].extendedCount > 0 else { return }
        counters.sent(.storage, times: rooms[slot: room].extendedCount)
        let message = effects.encode { BoardServerMessage.storage(storage).encode(tag: nil, to: &$0) }
        effects.multicast(Multicast(message, to: Self.extendedGroup(room), policy: .skip))
    }

    // MARK: Waiting for it

    /// Answers somebody as soon as everything that is in the board now is stored.
    mutating func waitForStore(_ waiter: FlushWaiter, in room: UInt32, effects: inout Effects) {
        var waiter = waiter
        waiter.version = rooms[slot: room].version
        guard rooms[slot: room].debounce.isDirty else { return answer(waiter, in: room, effects: &effects) }
        rooms[slot: room].debounce.insist()
        guard makesPlace(for: waiter, in: room, effects: &effects) else { return }
        // Those who wait longest behind those who may be refused soon.
        let place = rooms[slot: room].flushes.firstIndex { $0.until > waiter.until }
        rooms[slot: room].flushes.insert(waiter, at: place ?? rooms[slot: room].flushes.count)
    }

    /// Finds a place among those who wait: administrators always have one, a member few, so that none takes everybody's. A
    /// wish that nothing tells from an earlier one of the same member takes its place.
    ///
    /// - Returns: Whether there is one; otherwise the member was told.
    private mutating func makesPlace(for waiter: FlushWaiter, in room: UInt32, effects: inout Effects) -> Bool {
        guard case .member(let connection, let tag) = waiter.asker else { return true }
        guard isMember(connection, of: room) else { return false }
        if tag == nil { rooms[slot: room].flushes.removeAll { $0.asker == waiter.asker } }
        guard rooms[slot: room].flushes.count(where: { $0.member == connection }) < Self.flushesOfOneMax else {
            let sentence = "Too many of your flushes wait for their answers"
            refuse(.rateLimited, tag, sentence: sentence, from: connection, effects: &effects)
            return false
        }
        guard rooms[slot: room].flushes.count < Self.flushesMax else {
            refuse(waiter, in: room, effects: &effects)
            return false
        }
        return true
    }

    private mutating func refuseLateFlushes(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        while let waiter = rooms[slot: room].flushes.first, waiter.until <= moment.instant {
            rooms[slot: room].flushes.removeFirst()
            refuse(waiter, in: room, effects: &effects)
        }
    }

    /// Answers those whose changes are stored; whoever came after the store began waits for the next one.
    private mutating func answerFlushes(_ room: UInt32, effects: inout Effects) {
        // Versions without changes are stored with the change before them.
        let stored = rooms[slot: room].debounce.isDirty ? rooms[slot: room].storing.version : .max
        let flushes = rooms[slot: room].flushes
        rooms[slot: room].flushes = flushes.filter { $0.version > stored }
        for waiter in flushes where waiter.version <= stored { answer(waiter, in: room, effects: &effects) }
        if !rooms[slot: room].flushes.isEmpty { rooms[slot: room].debounce.hurry() }
    }

    private mutating func answer(_ waiter: FlushWaiter, in room: UInt32, effects: inout Effects) {
        let version = rooms[slot: room].version
        switch waiter.asker {
        case .member(let connection, let tag):
            guard let tag, isMember(connection, of: room) else { return }
            reply(.ack(BoardAck(version: version, isPersisted: true)), tag, to: connection, effects: &effects)
        case .request(let ticket):
            effects.respond(ticket, .flushed(rooms[slot: room].name, version: version))
        }
    }

    private mutating func refuse(_ waiter: FlushWaiter, in room: UInt32, effects: inout Effects) {
        switch waiter.asker {
        case .member(let connection, let tag):
            guard isMember(connection, of: room) else { return }
            refuse(
                .storeUnavailable, tag, sentence: "The board could not be stored", from: connection, effects: &effects)
        case .request(let ticket):
            effects.respond(ticket, .boardNotStored)
        }
    }
}
