package import SessionBase
import SessionCodec

/// Who comes into a room, who goes, and who must be told everything (PROTOCOLS 3-1, 3-5, 3-19, 3-21, §5.3).
extension BoardMachine {
    /// The group of a room's members that speak the seed's protocol.
    static func seedGroup(_ room: UInt32) -> GroupID { GroupID(.board, 2 * room) }

    /// The group of a room's members that speak the second version.
    static func extendedGroup(_ room: UInt32) -> GroupID { GroupID(.board, 2 * room + 1) }

    // MARK: Coming

    /// Brings a connection to a room, which is loaded where it is not in memory; it is a member with the next broadcast,
    /// which is at once where the board is there and nothing was told within the last 16 ms.
    mutating func enter(_ connection: ConnectionID, _ name: String, at moment: Moment, effects: inout Effects) {
        let known = roomSlots[name]
        if known.map({ !rooms[slot: $0].isOccupied }) ?? true {
            // Who comes back before the room is forgotten finds it alive (3-18), however many there are.
            guard roomTally.add(upTo: known == nil ? configuration.maxRooms ?? .max : .max) else {
                counters.roomsRefused += 1
                return doom(connection, .backendUnavailable, at: moment, effects: &effects)
            }
            occupiedCount += 1
        }
        let room = known ?? makeRoom(name, effects: &effects)
        rooms[slot: room].arrivals.append(connection)
        connections[Int(connection.slot)].room = room
        connections[Int(connection.slot)].phase = .arriving
        connections[Int(connection.slot)].isEarly = true
        hurryLoad(room, at: moment)
        advance(room, at: moment, effects: &effects)
    }

    /// Keeps what somebody says who does not know the board yet, and reads no more of it.
    ///
    /// Until then it is read, so that a Ping is answered and a Close too, however long a backend takes (RFC 6455 §5.5).
    mutating func keepEarly(_ message: Span<UInt8>, of connection: ConnectionID, effects: inout Effects) {
        connections[Int(connection.slot)].early.append((0..<message.count).map { message[$0] })
        guard !connections[Int(connection.slot)].isHeld else { return }
        connections[Int(connection.slot)].isHeld = true
        effects.pause(connection)
    }

    /// Handles what members said before they knew the board.
    mutating func hearEarly(in room: UInt32, at moment: Moment, effects: inout Effects) {
        // What they say may send them away, and the room with them.
        while rooms.contains(slot: room), !rooms[slot: room].eager.isEmpty {
            let connection = rooms[slot: room].eager.removeFirst()
            guard isMember(connection, of: room) else { continue }
            let early = connections[Int(connection.slot)].early
            connections[Int(connection.slot)].early = []
            for message in early { received(connection, message.span, at: moment, effects: &effects) }
            if isKnown(connection) { letGo(connection, effects: &effects) }
        }
    }

    /// Makes everybody who waits a member, as part of a broadcast, so that who comes and who is there know the same.
    ///
    /// - Returns: Those who speak the seed's protocol, who hear what is broadcast now; the others are behind.
    mutating func admitArrivals(_ room: UInt32, effects: inout Effects) -> [ConnectionID] {
        let arrivals = rooms[slot: room].arrivals
        rooms[slot: room].arrivals = []
        for connection in arrivals { admitMember(connection, to: room) }
        let seed = arrivals.filter { !connections[Int($0.slot)].isExtended }
        for connection in seed { listen(connection, in: room, effects: &effects) }
        rooms[slot: room].behind += arrivals.filter { connections[Int($0.slot)].isExtended }
        return seed
    }

    private mutating func admitMember(_ connection: ConnectionID, to room: UInt32) {
        let slot = Int(connection.slot)
        connections[slot].phase = .member
        connections[slot].user = rooms[slot: room].addSocket(of: connections[slot].identity.user)
        rooms[slot: room].memberCount += 1
        if connections[slot].isExtended { rooms[slot: room].extendedCount += 1 }
    }

    /// Handles a connection's messages again, where they were held and not too many wait any more.
    mutating func letGo(_ connection: ConnectionID, effects: inout Effects) {
        let slot = Int(connection.slot)
        connections[slot].isEarly = false
        guard connections[slot].early.isEmpty else {
            return rooms[slot: connections[slot].room].eager.append(connection)
        }
        guard connections[slot].isHeld, connections[slot].waiting <= Self.waitingMax / 2 else { return }
        connections[slot].isHeld = false
        effects.resume(connection)
    }

    /// Lets a member hear what its room is told from now on.
    private mutating func listen(_ connection: ConnectionID, in room: UInt32, effects: inout Effects) {
        guard !connections[Int(connection.slot)].isListening else { return }
        connections[Int(connection.slot)].isListening = true
        let isExtended = connections[Int(connection.slot)].isExtended
        effects.join(connection, isExtended ? Self.extendedGroup(room) : Self.seedGroup(room))
    }

    private mutating func stopListening(_ connection: ConnectionID, in room: UInt32, effects: inout Effects) {
        guard connections[Int(connection.slot)].isListening else { return }
        connections[Int(connection.slot)].isListening = false
        let isExtended = connections[Int(connection.slot)].isExtended
        effects.leave(connection, isExtended ? Self.extendedGroup(room) : Self.seedGroup(room))
    }

    private func patches(after resume: BoardResume, in room: UInt32) -> [[UInt8]]? {
        guard resume.epoch == rooms[slot: room].epoch else { return nil }
        return rooms[slot: room].ring.patches(after: resume.since, upTo: rooms[slot: room].version)
    }

    // MARK: Catching up

    /// Notes that a member which missed something under ``OverflowPolicy/skip`` can take messages again: it gets everything
    /// once, however much it missed.
    package mutating func drained(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        guard isKnown(connection), connections[Int(connection.slot)].phase == .member,
            connections[Int(connection.slot)].isExtended
        else { return }
        counters.caughtUp += 1
        let room = connections[Int(connection.slot)].room
        fallBehind(connection, in: room, effects: &effects)
        advance(room, at: moment, effects: &effects)
    }

    /// Has a member of the second version, which may be gone, told everything with the next broadcast, whose patch would be
    /// a gap for it; once, however often it is asked for.
    mutating func fallBehind(_ connection: ConnectionID, in room: UInt32, effects: inout Effects) {
        guard isMember(connection, of: room), connections[Int(connection.slot)].isListening else { return }
        stopListening(connection, in: room, effects: &effects)
        rooms[slot: room].behind.append(connection)
    }

    /// Tells a member of the second version what it does not know: the patches since it was cut off, or everything; nothing
    /// of the board may be tentative, or untold.
    mutating func catchUp(_ connection: ConnectionID, in room: UInt32, effects: inout Effects) {
        rooms[slot: room].keepsRing = true
        let resume = connections[Int(connection.slot)].resume
        connections[Int(connection.slot)].resume = nil
        if let resume, let missed = patches(after: resume, in: room) {
            counters.recovered += 1
            for patch in missed { effects.send(effects.encode { $0 += patch }, to: connection) }
            counters.sent(.patch, times: missed.count)
            sendCursors(to: connection, in: room, effects: &effects)
        } else {
            if resume != nil { counters.notRecovered += 1 }
            sendSnapshot(to: connection, in: room, effects: &effects)
        }
        listen(connection, in: room, effects: &effects)
        letGo(connection, effects: &effects)
        guard rooms[slot: room].wasDegraded else { return }
        // Also that it is over: this one may have been deaf, or cut off, when the others were told.
        reply(.storage(rooms[slot: room].isDegraded ? .degraded : .ok), to: connection, effects: &effects)
    }

    // MARK: Going

    /// Takes a connection out of its room, where it has one; its messages that wait are still carried out.
    mutating func leaveRoom(_ connection: ConnectionID, effects: inout Effects) {
        let slot = Int(connection.slot)
        let room = connections[slot].room
        guard room != noIndex else { return }
        stopListening(connection, in: room, effects: &effects)
        if connections[slot].phase == .member {
            rooms[slot: room].removeSocket(of: connections[slot].user)
            rooms[slot: room].memberCount -= 1
            if connections[slot].isExtended { rooms[slot: room].extendedCount -= 1 }
            rooms[slot: room].behind.removeAll { $0 == connection }
            rooms[slot: room].flushes.removeAll { $0.member == connection }
        } else {
            rooms[slot: room].arrivals.removeAll { $0 == connection }
        }
        (connections[slot].room, connections[slot].user) = (noIndex, noIndex)
        guard !rooms[slot: room].isOccupied else { return }
        occupiedCount -= 1
        roomTally.remove()
        // The last one is gone: what is not stored is stored now (PROTOCOLS 3-18).
        rooms[slot: room].debounce.hurry()
    }
}
