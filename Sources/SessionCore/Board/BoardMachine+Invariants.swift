import SessionBase
import SessionCodec

extension BoardMachine {
    /// Traps where the machine's state contradicts itself; called after every step of a simulation.
    package func checkInvariants() {
        var members: [UInt32: Int] = [:]
        var extended: [UInt32: Int] = [:]
        var known = 0
        for (slot, record) in connections.enumerated() where record.phase != .vacant {
            known += 1
            check(record, ConnectionID(slot: UInt32(slot), generation: record.generation))
            guard record.phase == .member else { continue }
            members[record.room, default: 0] += 1
            if record.isExtended { extended[record.room, default: 0] += 1 }
        }
        precondition(known == connectionCount, "connections were miscounted")
        precondition(connectionCount > 0 || troubles.count == 0, "counters of nobody")
        for slot in rooms.slots {
            let room = rooms[slot: slot]
            precondition(room.memberCount == members[slot] ?? 0, "members were miscounted")
            precondition(room.extendedCount == extended[slot] ?? 0, "members of the second version were miscounted")
            check(room, slot)
        }
        precondition(roomSlots.count == rooms.count, "a room cannot be found")
        precondition(occupiedCount == rooms.slots.count { rooms[slot: $0].isOccupied }, "rooms were miscounted")
        let awaited = rooms.slots.count { rooms[slot: $0].isAwaited }
        precondition(awaited == recovery.roomCount, "rooms from before were miscounted")
        let held = rooms.slots.reduce(0) { $0 + rooms[slot: $1].ring.heldBytes }
        precondition(ringBytes == held, "patches were miscounted")
        checkQuestions()
    }

    private func check(_ record: BoardConnection, _ connection: ConnectionID) {
        switch record.phase {
        case .vacant: preconditionFailure("a vacant slot was counted")
        case .moving, .doomed:
            precondition(record.room == noIndex && !record.isListening, "a connection is in a room too early, or still")
        case .arriving:
            precondition(record.isEarly, "a connection arrives and may speak")
            precondition(rooms[slot: record.room].arrivals.contains(connection), "a connection arrives nowhere")
        case .member:
            precondition(rooms[slot: record.room].isLive, "a member of a room that is being loaded")
            let isBehind = rooms[slot: record.room].behind.contains(connection)
            precondition(record.isListening != isBehind, "a member hears nothing, or too much")
            precondition(record.early.isEmpty || record.isEarly, "what a member said is forgotten")
            let user = rooms[slot: record.room].users[slot: record.user]
            precondition(user.name.isSameBytes(as: record.identity.user), "a member is somebody else")
        }
    }

    private func check(_ room: Room, _ slot: UInt32) {
        precondition(roomSlots[room.name] == slot, "a room is found at another place")
        precondition(room.order.count == room.users.count, "a user has no place, or two")
        precondition(
            room.order.reduce(0) { $0 + room.users[slot: $1].sockets } == room.memberCount, "a socket is nobody's")
        precondition(room.commit != nil || room.shapes.isKept, "changes are tentative, and nobody decides")
        precondition(
            room.commit != nil || !room.isLive || !room.hasNews || room.broadcastDue < .distantFuture,
            "somebody waits for nothing")
        precondition(room.commit != nil || room.viewers.isEmpty, "an administrator waits for nothing")
        precondition(room.isLive || room.queue.isEmpty, "somebody draws on a board that is not there")
        let isIdle = if case .idle = room.storing.step { true } else { false }
        let isBesideStores =
            switch room.storing.step {
            case .keeping, .trimmingKept: true
            default: false
            }
        precondition(room.debounce.isStoring == (!isIdle && !isBesideStores), "a store is under way that nobody began")
        precondition(!isIdle || room.commit != nil || !room.isLive || room.outstanding == 0, "a question about nothing")
        precondition(room.outstanding >= 0 && room.outstanding <= 2, "too much is asked about one room")
        room.shapes.checkInvariants()
    }

    private func checkQuestions() {
        var outstanding: [UInt32: Int] = [:]
        for slot in questions.slots where questions[slot: slot].room != noIndex {
            outstanding[questions[slot: slot].room, default: 0] += 1
        }
        for slot in rooms.slots {
            precondition(rooms[slot: slot].outstanding == outstanding[slot] ?? 0, "questions were miscounted")
        }
    }
}
