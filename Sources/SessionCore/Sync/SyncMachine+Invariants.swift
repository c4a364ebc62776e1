import SessionBase

/// What must hold between any two events.
extension SyncMachine {
    /// Traps where the machine's state contradicts itself; called after every step of a simulation.
    package func checkInvariants() {
        checkConnections()
        checkDevices()
        checkSessions()
        checkWork()
    }

    private func checkConnections() {
        var open = 0
        var joining = 0
        var troubled = 0
        for (slot, record) in connections.enumerated() where record.phase != .vacant {
            let id = ConnectionID(slot: UInt32(slot), generation: record.generation)
            open += 1
            if record.join != noIndex { joining += 1 }
            if record.trouble != noIndex { troubled += 1 }
            precondition(record.phase != .joining || record.join != noIndex, "a joining connection has no AUTH")
            precondition(record.phase != .ready || record.device != noIndex, "a ready connection has no device")
            precondition(
                (record.device == noIndex) == (record.session == noIndex), "a device and its session go together")
            if record.device != noIndex {
                precondition(devices[slot: record.device].connection == id, "a device has another connection")
                precondition(devices[slot: record.device].session == record.session, "a device is in another session")
            }
            precondition(admins.contains(id) == record.isListener, "the list of administrators is wrong")
            precondition(
                record.phase != .ready || record.watchDue < .distantFuture || record.join != noIndex,
                "nobody looks after a connection")
        }
        precondition(open == connectionCount, "the count of connections is wrong")
        precondition(joining == joins.count, "an AUTH is left over")
        precondition(troubled == troubles.count, "counters of misbehaviour are left over")
        precondition(admins.count == Set(admins).count, "an administrator is listed twice")
    }

    private func checkDevices() {
        var listed = 0
        for session in sessions.slots {
            let slots = deviceSlots(of: session)
            listed += slots.count
            precondition(slots.count <= 20, "a session has too many devices")
            precondition(Set(slots.map { devices[slot: $0].id }).count == slots.count, "a device is listed twice")
            for slot in slots {
                precondition(devices[slot: slot].session == session, "a session lists a device of another one")
            }
        }
        precondition(listed == devices.count, "a device is in no session's list")
        for slot in devices.slots {
            let device = devices[slot: slot]
            precondition(device.connection == nil || device.graceEnds == nil, "a device is there and was cut off")
            guard let connection = device.connection else { continue }
            precondition(connections[Int(connection.slot)].device == slot, "a connection is of another device")
        }
    }

    private func checkSessions() {
        precondition(sessions.count == sessionSlots.count, "a session cannot be found by its id")
        var parts = (works: 0, rings: 0, handoffs: 0, cached: 0)
        for slot in sessions.slots {
            let session = sessions[slot: slot]
            precondition(sessionSlots[session.key] == slot, "a session is found at another place")
            if session.work != noIndex { parts.works += 1 }
            if session.ring != noIndex { parts.rings += 1 }
            if session.handoffs != noIndex { parts.handoffs += 1 }
            precondition(session.soloUntil <= session.sequence, "pushes are to come that were skipped")
            precondition(session.forgotten <= session.sequence, "pushes are to come that were forgotten")
            guard session.cached != noIndex else { continue }
            parts.cached += 1
            precondition(cache.session(at: session.cached) == slot, "a session's cached state is another one's")
        }
        precondition(parts.works == works.count, "work is left over")
        precondition(parts.rings == rings.count, "pushes are left over")
        precondition(parts.handoffs == handoffs.count, "offers are left over")
        precondition(parts.cached == cache.count, "cached states are left over")
        precondition(cache.byteCount <= StateCache.bytesMax, "the cache is too large")
    }

    private func checkWork() {
        var outstanding: [UInt32: Int] = [:]
        var waiting = 0
        for slot in questions.slots {
            let record = questions[slot: slot]
            if record.session != noIndex { outstanding[record.session, default: 0] += 1 }
            if case .read = record.question { waiting += 1 }
        }
        for slot in sessions.slots {
            let session = sessions[slot: slot]
            guard session.work != noIndex else {
                precondition(outstanding[slot] == nil, "a session without work waits for the store")
                continue
            }
            let work = works[slot: session.work]
            precondition(work.outstanding == outstanding[slot] ?? 0, "the count of store calls is wrong")
            precondition(!work.isIdle, "idle work is kept")
            let isBusy = if case .idle = work.stage { false } else { true }
            precondition(isBusy || work.inFlight.isEmpty, "operations are in flight, and nobody writes")
            precondition(isBusy || work.queue.isEmpty, "operations wait, and nobody writes")
            waiting += work.queue.count + work.inFlight.count
            waiting += work.waiters.reduce(0) { if case .operation = $1 { $0 + 1 } else { $0 } }
            waiting += work.registryAskers.count + work.registryAskersInFlight.count
        }
        for slot in handoffs.slots { waiting += handoffs[slot: slot].queue.count + handoffs[slot: slot].inFlight.count }
        precondition(waiting == waitingCount, "the count of operations that wait is wrong")
    }
}
