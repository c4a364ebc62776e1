import SessionBase
import SessionCodec

/// A room takes its queue: one batch, one version, one record of the journal, one patch.
///
/// *Idle* → (the queue's time has come) → the record is being written → (`written`) broadcast, answers, idle; or
/// (`unavailable`) the changes are undone and refused, and the version is used up, because the record may stand in the
/// journal nevertheless: the next one says how the shapes concerned really are. For a second after that, changes are refused
/// unasked: a store that is down is not asked again by each of them, and what was not asked is not doubtful.
extension BoardMachine {
    /// How long changes are refused after the store refused some.
    private static let refusalTime = Duration.seconds(1)

    /// Does what a room waits for: takes its queue where there is one, else tells of users and cursors.
    mutating func pulse(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        precondition(rooms[slot: room].commit == nil, "a batch begins beside another one")
        guard !rooms[slot: room].queue.isEmpty else { return broadcast(room, at: moment, effects: &effects) }
        let commit = takeBatch(of: room, at: moment, effects: &effects)
        guard rooms[slot: room].shapes.hasChanges else {
            // Nothing changed, or all of it was undone by itself: there is nothing to keep.
            rooms[slot: room].shapes.keep()
            broadcast(room, at: moment, effects: &effects)
            return finish(commit, in: room, at: moment, effects: &effects)
        }
        if moment.instant < rooms[slot: room].storing.refusesUntil {
            _ = rooms[slot: room].shapes.undo()
            broadcast(room, at: moment, effects: &effects)
            return finish(commit.refused, in: room, at: moment, effects: &effects)
        }
        write(commit, of: room, effects: &effects)
    }

    /// Has a batch written to the journal.
    private mutating func write(_ commit: BoardCommit, of room: UInt32, effects: inout Effects) {
        var commit = commit
        let record = rooms[slot: room].shapes.record(
            version: commit.version, doubtful: rooms[slot: room].storing.doubtful)
        var body: [UInt8] = []
        record.append(to: &body)
        commit.recordBytes = body.count
        let name = rooms[slot: room].name
        let write = DocumentWrite(
            key: DocumentKey(.boardChanges, Self.recordName(name, commit.version)), expecting: .absence,
            version: commit.version, body: body, owner: name)
        rooms[slot: room].commit = commit
        ask(.commit, .write(write), for: room, effects: &effects)
    }

    /// Takes what became of a batch's record.
    mutating func committed(_ reply: StoreReply, _ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard let commit = rooms[slot: room].commit else { preconditionFailure("an answer about no batch") }
        rooms[slot: room].commit = nil
        if reply == .written {
            succeed(commit, in: room, at: moment, effects: &effects)
        } else {
            fail(commit, in: room, at: moment, effects: &effects)
        }
        for ticket in rooms[slot: room].viewers { show(room, to: ticket, at: moment, effects: &effects) }
        rooms[slot: room].viewers = []
    }

    private mutating func succeed(
        _ commit: BoardCommit, in room: UInt32, at moment: Moment, effects: inout Effects
    ) {
        counters.commits += 1
        counters.changes += commit.changes
        counters.commitTime.record(moment.instant - commit.since)
        var patch = BoardPatch(version: commit.version)
        rooms[slot: room].shapes.appendChanges(to: &patch)
        rooms[slot: room].shapes.keep()
        rooms[slot: room].storing.count(record: commit.recordBytes)
        rooms[slot: room].storing.trust()
        rooms[slot: room].debounce.changed(at: moment.instant)
        broadcast(room, patch, at: moment, effects: &effects)
        finish(commit, in: room, at: moment, effects: &effects)
    }

    private mutating func fail(
        _ commit: BoardCommit, in room: UInt32, at moment: Moment, effects: inout Effects
    ) {
        counters.commitFailures += 1
        rooms[slot: room].storing.doubt(rooms[slot: room].shapes.undo(), commit.version)
        rooms[slot: room].storing.refusesUntil = moment.instant + Self.refusalTime
        // What may stand in the journal goes away with the next store.
        rooms[slot: room].debounce.changed(at: moment.instant)
        broadcast(room, BoardPatch(version: commit.version), at: moment, effects: &effects)
        finish(commit.refused, in: room, at: moment, effects: &effects)
    }

    // MARK: Answers

    /// Tells those whose wishes were in a batch what became of them.
    private mutating func finish(
        _ commit: BoardCommit, in room: UInt32, at moment: Moment, effects: inout Effects
    ) {
        for answer in commit.answers { tell(answer, in: room, effects: &effects) }
        for connection in commit.resyncs { fallBehind(connection, in: room, effects: &effects) }
        for waiter in commit.flushes { waitForStore(waiter, in: room, effects: &effects) }
    }

    private mutating func tell(_ answer: BoardAnswer, in room: UInt32, effects: inout Effects) {
        switch answer.outcome {
        case .done(let shape, let clientID):
            acknowledge(answer, shape, clientID, in: room, effects: &effects)
        case .changed(let shape, let clientID):
            acknowledge(answer, shape, clientID, in: room, effects: &effects)
        case .refused(let code):
            guard isMember(answer.connection, of: room) else { return }
            refuse(code, answer.tag, from: answer.connection, effects: &effects)
        }
    }

    private mutating func acknowledge(
        _ answer: BoardAnswer, _ shape: String?, _ clientID: String?, in room: UInt32, effects: inout Effects
    ) {
        guard let tag = answer.tag, isMember(answer.connection, of: room) else { return }
        let ack = BoardAck(version: rooms[slot: room].version, shape: shape, clientID: clientID)
        reply(.ack(ack), tag, to: answer.connection, effects: &effects)
    }

    /// Whether a connection, which may be gone, is a member of a room.
    func isMember(_ connection: ConnectionID, of room: UInt32) -> Bool {
        isKnown(connection) && connections[Int(connection.slot)].phase == .member
            && connections[Int(connection.slot)].room == room
    }
}

extension BoardCommit {
    /// The same batch with nothing of it done.
    fileprivate var refused: BoardCommit {
        var refused = self
        for place in answers.indices {
            // What was refused may have been refused for the sake of a change that is undone now.
            if case .done = answers[place].outcome { continue }
            refused.answers[place].outcome = .refused(.storeUnavailable)
        }
        return refused
    }
}
