import SessionBase
import SessionCodec
import SessionCore
import SessionIO

/// Groups: who joins and leaves, and how a message to one reaches all its members.
///
/// The order of the effects holds for every connection. Frames to groups are gathered until the turn ends; before something
/// else happens to a single member (a message of its own, a Close frame, another group), it is given what it misses.
extension ServerLoop {
    /// Makes a connection a member; it hears what the group is sent from now on.
    mutating func join(_ id: ConnectionID, _ group: GroupID) {
        guard connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        catchUp(id)
        guard groups.join(id, group) else { return }
        connections[slot: id.slot].groupCount += 1
        connections[slot: id.slot].position = fanout.end
    }

    /// Takes a connection out of a group; what the group was sent before still reaches it.
    mutating func leave(_ id: ConnectionID, _ group: GroupID) {
        guard connections.contains(id) else {
            _ = groups.leave(id, group)
            return
        }
        catchUp(id)
        if groups.leave(id, group) { connections[slot: id.slot].groupCount -= 1 }
    }

    /// Adds a message to what the turn hands out to a group.
    mutating func multicast(_ multicast: Multicast, _ bytes: Span<UInt8>) {
        guard !groups.isEmpty(multicast.group) else { return }
        if fanout.isFull { distribute() }
        if let left = multicast.except { catchUp(left) }
        let message = multicast.message
        fanout.append(message.kind, bytes.extracting(message.range), to: multicast.group, multicast.policy)
        if let left = multicast.except, connections.contains(left) {
            connections[slot: left.slot].position = fanout.end
        }
    }

    /// Gives one connection what its groups were sent, before something else happens to it.
    mutating func catchUp(_ id: ConnectionID) {
        guard !fanout.isEmpty, connections.contains(id), connections[slot: id.slot].groupCount > 0 else { return }
        var turn = Fanout()
        swap(&turn, &fanout)
        give(&turn, membership(of: id, in: turn), to: id)
        swap(&turn, &fanout)
        markDirty(id)
    }

    /// Hands out what groups were sent, one send a member; what that leads to is sent to groups too, and handed out.
    mutating func distribute() {
        while !fanout.isEmpty {
            var turn = fanout.taken()
            var unfinished: [Unfinished] = []
            for index in turn.groups.indices { distribute(index, of: &turn, &unfinished) }
            measure(turn)
            for member in unfinished where connections.contains(member.id) {
                finish(member.id, after: member.result)
            }
            fanout.reuse(turn)
        }
    }

    /// A member whose socket did not just take everything. It is looked after when all members have been sent to, since that
    /// may change who is in the group.
    private struct Unfinished {
        let id: ConnectionID
        let result: ServerConnection.WriteResult
    }

    private mutating func distribute(_ index: Int, of turn: inout Fanout, _ unfinished: inout [Unfinished]) {
        let group = turn.groups[index]
        let members = groups[group.id]
        var unfit: [ConnectionID] = []
        let (positions, isAlone) = (turn.start..<turn.end, turn.groups.count == 1)
        if group.isOnePiece {
            let frames = turn.bytes.span.extracting(group.range)
            send(frames, of: group, in: positions, isAlone, to: members, &unfit, &unfinished)
        } else {
            let piece = turn.piece(of: index)
            defer { withExtendedLifetime(piece) {} }
            send(piece.span, of: group, in: positions, isAlone, to: members, &unfit, &unfinished)
        }
        for id in unfit {
            give(&turn, isAlone ? 1 : membership(of: id, in: turn), to: id)
            connections[slot: id.slot].isDirty = false
            let isBlocked = connections[slot: id.slot].isWriting
            let result = isBlocked ? .blocked : connections[slot: id.slot].write(at: moment.instant, pool: &pool)
            if result != .done { unfinished.append(Unfinished(id: id, result: result)) }
        }
    }

    /// Sends frames to every member that takes them as they are, and notes those that do not.
    private mutating func send(
        _ frames: Span<UInt8>, of group: Fanout.Group, in turn: Range<UInt64>, _ isAlone: Bool,
        to members: [ConnectionID], _ unfit: inout [ConnectionID], _ unfinished: inout [Unfinished]
    ) {
        for id in members where connections.contains(id) {
            let result = connections[slot: id.slot].send(
                shared: frames, of: group, in: turn, isAlone: isAlone, at: moment.instant, pool: &pool)
            switch result {
            case .done: continue
            case .unfit: unfit.append(id)
            case .blocked: unfinished.append(Unfinished(id: id, result: .blocked))
            case .lost: unfinished.append(Unfinished(id: id, result: .lost))
            }
        }
    }

    /// A bit for each group of a turn that a connection is in.
    private func membership(of id: ConnectionID, in turn: Fanout) -> UInt32 {
        var membership: UInt32 = 0
        for index in turn.groups.indices where groups.contains(id, in: turn.groups[index].id) {
            membership |= 1 << UInt32(index)
        }
        return membership
    }

    /// Queues what a connection misses of a turn.
    private mutating func give(_ turn: inout Fanout, _ membership: UInt32, to id: ConnectionID) {
        guard connections[slot: id.slot].phase == .webSocket else { return }
        if connections[slot: id.slot].isTraced { trace(turn, membership, of: id) }
        let losses = connections[slot: id.slot].take(
            &turn, membership, at: moment.instant, bytesMax: configuration.queue.bytesMax, pool: &pool)
        if losses != HeldMessages.Losses() { count(losses, of: id) }
    }

    private mutating func trace(_ turn: Fanout, _ membership: UInt32, of id: ConnectionID) {
        let position = connections[slot: id.slot].position
        for frame in turn.frames where turn.misses(frame, behind: position, in: membership) {
            traced(.outbound, frame.kind, turn.bytes.span.extracting(frame.payload), of: id)
        }
    }

    private mutating func count(_ losses: HeldMessages.Losses, of id: ConnectionID) {
        guard let profile = connections[slot: id.slot].profile else { return }
        counters.droppedMessages[profile.index] &+= UInt64(losses.dropped + losses.skipped)
        counters.conflatedMessages[profile.index] &+= UInt64(losses.conflated)
    }

    /// Records how long news of boards took, from the turn that brought them to the last send. Channels and lockers measure
    /// over all loops.
    private mutating func measure(_ turn: Fanout) {
        let count = turn.frames.count { turn.groups[$0.group].id.service == .board }
        guard count > 0 else { return }
        let duration = clock.moment().instant - moment.instant
        for _ in 0..<count { counters.boardFanout.record(duration) }
    }
}
