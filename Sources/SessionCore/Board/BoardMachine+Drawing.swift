import SessionBase
import SessionCodec

/// What members say, and what becomes of it when its turn has come (PROTOCOLS 3-5 to 3-15, 3-25).
extension BoardMachine {
    /// Notes where a user's cursor is; everybody is told with the next broadcast, of however many moves.
    mutating func moveCursor(
        of connection: ConnectionID, x: Double, y: Double, _ tag: MessageTag?, at moment: Moment,
        effects: inout Effects
    ) {
        let (room, user) = (connections[Int(connection.slot)].room, connections[Int(connection.slot)].user)
        rooms[slot: room].moveCursor(of: user, x: x, y: y, at: moment.timestamp)
        if let tag {
            reply(.ack(BoardAck(version: rooms[slot: room].version)), tag, to: connection, effects: &effects)
        }
        advance(room, at: moment, effects: &effects)
    }

    /// Has a member's change wait for its turn; viewers may only look (PROTOCOLS 3-14).
    mutating func draw(
        _ action: BoardWork.Action, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        guard !connections[Int(connection.slot)].isViewer else {
            return refuse(.forbidden, tag, from: connection, effects: &effects)
        }
        wait(action, tag, from: connection, at: moment, effects: &effects)
    }

    /// Puts a wish into the room's queue; a connection with too many there is held until half of them are done (C6).
    mutating func wait(
        _ action: BoardWork.Action, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        let room = connections[slot].room
        rooms[slot: room].queue.append(
            BoardWork(
                action: action, connection: connection, user: connections[slot].identity.user, tag: tag,
                since: moment.instant))
        connections[slot].waiting += 1
        if connections[slot].waiting > Self.waitingMax, !connections[slot].isHeld {
            connections[slot].isHeld = true
            effects.pause(connection)
        }
        advance(room, at: moment, effects: &effects)
    }

    // MARK: In its turn

    /// Takes what waits, the oldest first and as much as makes a record, and carries it out on the board, tentatively.
    mutating func takeBatch(of room: UInt32, at moment: Moment, effects: inout Effects) -> BoardCommit {
        let queue = rooms[slot: room].queue
        rooms[slot: room].queue = []
        var commit = BoardCommit(
            version: rooms[slot: room].version + 1, since: queue.first?.since ?? moment.instant, changes: 0,
            recordBytes: 0, answers: [], resyncs: [], flushes: [])
        var taken = 0
        for work in queue where commit.recordBytes < Self.batchBytesMax {
            taken += 1
            carryOut(work, in: room, &commit, at: moment)
            endWaiting(work.connection, effects: &effects)
        }
        rooms[slot: room].queue = Array(queue[taken...])
        return commit
    }

    private mutating func endWaiting(_ connection: ConnectionID, effects: inout Effects) {
        guard isKnown(connection), connections[Int(connection.slot)].waiting > 0 else { return }
        let slot = Int(connection.slot)
        connections[slot].waiting -= 1
        guard connections[slot].isHeld, connections[slot].waiting <= Self.waitingMax / 2 else { return }
        connections[slot].isHeld = false
        if isOpen(connection) { effects.resume(connection) }
    }

    private mutating func carryOut(
        _ work: BoardWork, in room: UInt32, _ commit: inout BoardCommit, at moment: Moment
    ) {
        switch work.action {
        case .create(let shape): create(shape, work, in: room, &commit, at: moment)
        case .update(let id, let change): update(id, change, work, in: room, &commit, at: moment)
        case .delete(let id): delete(id, work, in: room, &commit)
        case .resync:
            commit.resyncs.append(work.connection)
            commit.answer(work, .done(shape: nil, clientID: nil))
        case .flush: commit.flushes.append(FlushWaiter(asker: .member(work.connection, work.tag)))
        case .store(let ticket, let until):
            commit.flushes.append(FlushWaiter(asker: .request(ticket), until: until))
        }
    }

    private mutating func create(
        _ new: NewShape, _ work: BoardWork, in room: UInt32, _ commit: inout BoardCommit, at moment: Moment
    ) {
        var id = shapeIDs.next(from: entropy)
        while rooms[slot: room].shapes.place(of: id) != nil { id = shapeIDs.next(from: entropy) }
        let shape = new.shape(id: id, user: work.user, timestamp: moment.timestamp, version: commit.version)
        let before = rooms[slot: room].shapes.byteCount
        guard rooms[slot: room].shapes.insert(shape, bytesMax: configuration.snapshotBytesMax) else {
            counters.roomFull += 1
            return commit.answer(work, .refused(.roomFull))
        }
        commit.recordBytes += rooms[slot: room].shapes.byteCount - before
        commit.changes += 1
        commit.answer(work, .changed(shape: id, clientID: new.clientID))
    }

    private mutating func update(
        _ id: String, _ change: ShapeChange, _ work: BoardWork, in room: UInt32, _ commit: inout BoardCommit,
        at moment: Moment
    ) {
        guard let place = rooms[slot: room].shapes.place(of: id) else {
            return commit.answer(work, .refused(.shapeNotFound))
        }
        guard !change.isEmpty else { return commit.answer(work, .done(shape: id, clientID: nil)) }
        let isDone = rooms[slot: room].shapes.update(
            place, change, by: work.user, at: moment.timestamp, version: commit.version,
            bytesMax: configuration.snapshotBytesMax)
        guard isDone else {
            counters.roomFull += 1
            return commit.answer(work, .refused(.roomFull))
        }
        commit.recordBytes += rooms[slot: room].shapes.byteCount(at: place)
        commit.changes += 1
        commit.answer(work, .changed(shape: id, clientID: nil))
    }

    private mutating func delete(_ id: String, _ work: BoardWork, in room: UInt32, _ commit: inout BoardCommit) {
        guard let place = rooms[slot: room].shapes.place(of: id) else {
            return commit.answer(work, .refused(.shapeNotFound))
        }
        rooms[slot: room].shapes.remove(place)
        commit.recordBytes += id.utf8.count
        commit.changes += 1
        commit.answer(work, .changed(shape: id, clientID: nil))
    }
}

extension BoardCommit {
    /// Notes what a member is to be told.
    fileprivate mutating func answer(_ work: BoardWork, _ outcome: BoardAnswer.Outcome) {
        answers.append(BoardAnswer(outcome: outcome, connection: work.connection, tag: work.tag))
    }
}
