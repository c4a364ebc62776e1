import SessionBase
import SessionCodec

/// What all members of a room are told, and when (PROTOCOLS 3-1, 3-2).
extension BoardMachine {
    // MARK: When

    /// When a room is to broadcast, or take its queue: at once where the last time is long enough ago; `nil` where nothing
    /// is new, or nothing may be shown.
    private func broadcastTime(of room: UInt32) -> Instant? {
        guard rooms[slot: room].isLive, rooms[slot: room].commit == nil else { return nil }
        if rooms[slot: room].hasNews { return rooms[slot: room].lastBroadcast + configuration.shapesInterval }
        if rooms[slot: room].moved.isEmpty { return nil }
        return rooms[slot: room].lastBroadcast + configuration.cursorsInterval
    }

    /// Whether a room is to broadcast now.
    func isBroadcastDue(_ room: UInt32, at moment: Moment) -> Bool {
        broadcastTime(of: room).map { $0 <= moment.instant } ?? false
    }

    /// Lets a room go on after something happened to it: takes its queue, broadcasts or stores where it is time, schedules
    /// what is due later, and forgets the room where nothing is left to do. Afterwards the slot may be another room's.
    mutating func advance(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        guard rooms.contains(slot: room) else { return }
        while isBroadcastDue(room, at: moment) { pulse(room, at: moment, effects: &effects) }
        if let due = broadcastTime(of: room), due < rooms[slot: room].broadcastDue {
            rooms[slot: room].broadcastDue = due
            broadcasts.push(room, due: due)
        }
        hurryStore(of: room)
        if let due = choreTime(of: room), due <= moment.instant { doChores(of: room, at: moment, effects: &effects) }
        if forgetIfIdle(room, at: moment) { return }
        if let due = choreTime(of: room), due < rooms[slot: room].choreDue {
            rooms[slot: room].choreDue = due
            chores.push(room, due: due)
        }
        hearEarly(in: room, at: moment, effects: &effects)
    }

    // MARK: What

    /// Tells all members what is new, lets those in who wait, and tells those everything who do not know it; nothing of the
    /// board may be tentative.
    ///
    /// - Parameter patch: What became of shapes, with the room's new version; where there is none, only users and cursors
    ///   are told.
    mutating func broadcast(
        _ room: UInt32, _ patch: BoardPatch? = nil, at moment: Moment, effects: inout Effects
    ) {
        let newcomers = admitArrivals(room, effects: &effects)
        // A batch that was refused has a version and nothing in it, of which the seed knows nothing.
        let isSeedsNews = rooms[slot: room].hasUntold || !(patch?.isAboutCursors ?? true)
        if patch != nil || isSeedsNews { tell(patch, to: room, at: moment, effects: &effects) }
        if isSeedsNews {
            sendBoard(to: room, effects: &effects)
        } else if !newcomers.isEmpty {
            counters.sent(.board, times: newcomers.count)
            effects.publish(effects.encode { appendBoard(of: room, to: &$0) }, to: newcomers)
        }
        for connection in newcomers { letGo(connection, effects: &effects) }
        catchUpBehind(room, at: moment, effects: &effects)
    }

    /// Tells those everything who do not know it, the longest waiting first and at least one: so many that a loop whose room
    /// a thousand enter at once neither stands still nor needs memory for a thousand boards. The others come with the next
    /// broadcasts.
    private mutating func catchUpBehind(_ room: UInt32, at moment: Moment, effects: inout Effects) {
        let behind = rooms[slot: room].behind
        guard !behind.isEmpty else { return }
        let limit = effects.bytes.count + configuration.catchUpBytesMax
        var told = 0
        for connection in behind where told == 0 || effects.bytes.count < limit {
            catchUp(connection, in: room, effects: &effects)
            told += 1
        }
        rooms[slot: room].behind.removeFirst(told)
        rooms[slot: room].lastBroadcast = moment.instant
    }

    /// Tells the members of the second version what became of shapes, who came and left, and where cursors are.
    private mutating func tell(
        _ patch: BoardPatch?, to room: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let known = rooms[slot: room].version
        var patch = patch ?? BoardPatch(version: known)
        patch.joined = rooms[slot: room].joined
        patch.left = rooms[slot: room].left
        if patch.version == known, !patch.joined.isEmpty || !patch.left.isEmpty { patch.version += 1 }
        rooms[slot: room].version = patch.version
        rooms[slot: room].lastBroadcast = moment.instant
        if rooms[slot: room].keepsRing {
            let listeners = rooms[slot: room].extendedCount - rooms[slot: room].behind.count
            if patch.version != known { remember(patch, in: room) }
            if listeners > 0 { sendPatch(&patch, to: room, listeners, effects: &effects) }
        }
        rooms[slot: room].forgetNews()
    }

    /// Keeps a patch for those who come back.
    private mutating func remember(_ patch: BoardPatch, in room: UInt32) {
        let message = BoardServerMessage.patch(patch).encoded()
        let before = rooms[slot: room].ring.heldBytes
        rooms[slot: room].ring.append(
            patch.version, message.span, countMax: configuration.ringCapacity, bytesMax: configuration.ringBytesMax)
        ringBytes += rooms[slot: room].ring.heldBytes - before
        if ringBytes > configuration.ringsBytesMax { thinRings() }
    }

    /// Forgets the patches of the rooms that have been quiet for the longest time, until a quarter of what all may keep is
    /// free: whoever comes back there gets a snapshot. So much at once, because all rooms are looked at.
    private mutating func thinRings() {
        let kept = rooms.slots.filter { rooms[slot: $0].ring.count > 0 }
        for slot in kept.sorted(by: { rooms[slot: $0].lastBroadcast < rooms[slot: $1].lastBroadcast }) {
            guard ringBytes > configuration.ringsBytesMax / 4 * 3 else { return }
            ringBytes -= rooms[slot: slot].ring.heldBytes
            rooms[slot: slot].ring = PatchRing()
        }
    }

    private mutating func sendPatch(
        _ patch: inout BoardPatch, to room: UInt32, _ listeners: Int, effects: inout Effects
    ) {
        patch.cursors = rooms[slot: room].movedCursors
        counters.sent(.patch, times: listeners)
        let message = effects.encode { [patch] in BoardServerMessage.patch(patch).encode(tag: nil, to: &$0) }
        effects.multicast(Multicast(message, to: Self.extendedGroup(room), policy: .skip))
    }

    private mutating func sendBoard(to room: UInt32, effects: inout Effects) {
        let listeners = rooms[slot: room].memberCount - rooms[slot: room].extendedCount
        guard listeners > 0 else { return }
        counters.sent(.board, times: listeners)
        let message = effects.encode { appendBoard(of: room, to: &$0) }
        effects.multicast(Multicast(message, to: Self.seedGroup(room), policy: .conflate(key: UInt64(room))))
    }

    /// Appends the whole board as the seed has it; the shapes are copied as they lie.
    func appendBoard(of room: UInt32, to bytes: inout [UInt8]) {
        BoardState.append(users: rooms[slot: room].userNames, cursors: rooms[slot: room].cursors, to: &bytes) {
            rooms[slot: room].shapes.appendSeed(to: &$0)
        }
    }

    /// Tells one member of the second version everything.
    mutating func sendSnapshot(to connection: ConnectionID, in room: UInt32, effects: inout Effects) {
        counters.sent(.snapshot)
        let you = connections[Int(connection.slot)].identity.user
        let message = effects.encode { bytes in
            BoardSnapshot.append(
                room: rooms[slot: room].name, version: rooms[slot: room].version, epoch: rooms[slot: room].epoch,
                you: you, users: rooms[slot: room].userNames, cursors: rooms[slot: room].cursors, to: &bytes
            ) { rooms[slot: room].shapes.appendExtended(to: &$0) }
        }
        effects.send(message, to: connection)
    }

    /// Tells one member where all cursors are.
    mutating func sendCursors(to connection: ConnectionID, in room: UInt32, effects: inout Effects) {
        let patch = BoardPatch(version: rooms[slot: room].version, cursors: rooms[slot: room].cursors)
        reply(.patch(patch), to: connection, effects: &effects)
    }
}
