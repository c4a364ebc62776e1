package import SessionBase
import SessionCodec

/// Connections come, go and move; windows end; time passes.
extension AwarenessMachine {
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {
        var record = AwarenessConnection()
        record.lastHeard = moment.instant
        record.lastMessage = moment.instant
        let version = handshake.query.last { $0.name == "v" }?.value
        record.isVersion2 = handshake.subprotocol == AwarenessProtocol.version2 || version == "2"
        admit(connection, record)
        startIdling(connection, at: moment)
        if let version, version != "1", version != "2" { doom(connection, .unsupportedVersion, effects: &effects) }
    }

    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {
        guard isOpen(connection) else { return }
        connections[Int(connection.slot)].lastHeard = moment.instant
    }

    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {
        guard isKnown(connection) else { return }
        let slot = Int(connection.slot)
        let lastHeard = connections[slot].lastHeard
        let user = connections[slot].user
        for window in unlinkAll(from: slot) {
            if cleanly || configuration.disconnectGrace <= .zero {
                remove(window, at: moment, effects: &effects)
            } else {
                startGrace(window, lastHeard: lastHeard, at: moment, effects: &effects)
            }
        }
        if user != noIndex { registry.detach(user) }
        vacate(slot)
    }

    // MARK: Moving between loops

    /// What a connection without user takes along to the loop that owns its user.
    package struct Passenger: Sendable {
        let record: AwarenessConnection
        let trouble: ConnectionTrouble?
    }

    /// Takes a connection out; it must not have registered yet.
    package mutating func depart(_ connection: ConnectionID) -> Passenger {
        precondition(isKnown(connection), "a connection departs from a machine that does not have it")
        let record = connections[Int(connection.slot)]
        precondition(record.user == noIndex, "a connection departs that belongs to a user of this machine")
        let trouble = record.trouble == noIndex ? nil : troubles[slot: record.trouble]
        vacate(Int(connection.slot))
        return Passenger(record: record, trouble: trouble)
    }

    package mutating func arrive(_ connection: ConnectionID, _ passenger: Passenger, at moment: Moment) {
        var record = passenger.record
        record.isTimed = false
        record.trouble = passenger.trouble.map { troubles.insert($0) } ?? noIndex
        let phase = record.phase
        admit(connection, record)
        connections[Int(connection.slot)].phase = phase
        startIdling(connection, at: moment)
    }

    package mutating func stopping() { isStopping = true }

    // MARK: Slots

    private func isKnown(_ connection: ConnectionID) -> Bool {
        let slot = Int(connection.slot)
        return slot < connections.count && connections[slot].generation == connection.generation
            && connections[slot].phase != .vacant
    }

    private mutating func admit(_ connection: ConnectionID, _ record: AwarenessConnection) {
        let slot = Int(connection.slot)
        while connections.count <= slot { connections.append(AwarenessConnection()) }
        precondition(connections[slot].phase == .vacant, "a connection came to a slot that is taken")
        connections[slot] = record
        connections[slot].generation = connection.generation
        connections[slot].phase = .open
        connectionCount += 1
    }

    private mutating func vacate(_ slot: Int) {
        if connections[slot].trouble != noIndex { troubles.remove(slot: connections[slot].trouble) }
        let generation = connections[slot].generation
        connections[slot] = AwarenessConnection()
        connections[slot].generation = generation
        connectionCount -= 1
        // Entries of connections that are gone would pile up where many come and go within a minute.
        if idle.count > 64 + 2 * connectionCount { forgetStaleIdleEntries() }
    }

    private mutating func forgetStaleIdleEntries() {
        let connections = connections
        idle.keep { id in
            connections[Int(id.slot)].generation == id.generation && connections[Int(id.slot)].isTimed
        }
    }

    // MARK: Ends of windows

    /// Takes all windows from a connection before the first is removed: it must not hear of the end of its own windows.
    private mutating func unlinkAll(from slot: Int) -> [UInt32] {
        var windows: [UInt32] = []
        while connections[slot].firstWindow != noIndex {
            windows.append(connections[slot].firstWindow)
            unlink(connections[slot].firstWindow)
        }
        return windows
    }

    /// Removes a window without connection and tells the others where that ended a warning (PROTOCOLS 0-13).
    mutating func remove(_ window: UInt32, at moment: Moment, effects: inout Effects) {
        let user = registry.windows[slot: window].user
        let hadSeveral = registry.showsSeveralCases(user)
        // The user must outlive its last window while others are still told about it.
        let isLast = registry.users[slot: user].windows.count == 1
        registry.remove(window)
        if hadSeveral, !isLast, !registry.showsSeveralCases(user) { clearWarning(of: user, effects: &effects) }
    }

    /// Keeps a window whose connection was lost for a while (PROTOCOLS 0-18).
    private mutating func startGrace(
        _ window: UInt32, lastHeard: Instant, at moment: Moment, effects: inout Effects
    ) {
        let user = registry.windows[slot: window].user
        if configuration.liveness == .transport {
            registry.windows[slot: window].lastSeen = max(lastHeard, registry.windows[slot: window].lastSeen)
        }
        let ends = moment.instant + configuration.disconnectGrace
        registry.windows[slot: window].graceEnds = ends
        grace.push(window, due: ends)
        let disconnected = registry.users[slot: user].windows.count - registry.users[slot: user].liveCount
        if disconnected > AwarenessConfiguration.disconnectedWindowsMax,
            let oldest = registry.oldestDisconnected(of: user)
        {
            remove(oldest, at: moment, effects: &effects)
        }
    }

    // MARK: Time

    package var deadline: Instant? {
        [idle.earliest, grace.earliest, nextSweep].reduce(nil) { earliest, next in
            guard let earliest, let next else { return earliest ?? next }
            return min(earliest, next)
        }
    }

    package mutating func tick(at moment: Moment, effects: inout Effects) {
        endGraces(at: moment, effects: &effects)
        closeIdleConnections(at: moment, effects: &effects)
        if let sweep = nextSweep, sweep <= moment.instant {
            removeStaleWindows(at: moment, effects: &effects)
            nextSweep = registry.windows.count == 0 ? nil : moment.instant + configuration.cleanupInterval
        }
    }

    private mutating func endGraces(at moment: Moment, effects: inout Effects) {
        while let window = grace.popDue(at: moment.instant) {
            // The entry may be older than the window that has the index now.
            guard registry.windows.contains(slot: window), registry.windows[slot: window].graceEnds <= moment.instant
            else { continue }
            remove(window, at: moment, effects: &effects)
        }
    }

    /// Notes that a connection without windows is to be looked at when it may have been silent for too long.
    mutating func startIdling(_ connection: ConnectionID, at moment: Moment) {
        let slot = Int(connection.slot)
        guard connections[slot].windowCount == 0, !connections[slot].isTimed else { return }
        connections[slot].isTimed = true
        idle.push(connection, due: connections[slot].lastMessage + configuration.unregisteredTimeout)
    }

    private mutating func closeIdleConnections(at moment: Moment, effects: inout Effects) {
        while let connection = idle.popDue(at: moment.instant) {
            guard isKnown(connection) else { continue }
            let slot = Int(connection.slot)
            connections[slot].isTimed = false
            guard isOpen(connection), connections[slot].windowCount == 0 else { continue }
            if connections[slot].lastMessage + configuration.unregisteredTimeout <= moment.instant {
                doom(connection, .normal, effects: &effects)
            } else {
                startIdling(connection, at: moment)
            }
        }
    }

    /// Removes every window that was silent for too long, and closes the connections that are left without one
    /// (PROTOCOLS 0-16, 0-17).
    private mutating func removeStaleWindows(at moment: Moment, effects: inout Effects) {
        let stale = registry.windows.slots.filter { isStale($0, at: moment.instant) }
        let bereaved = stale.compactMap { registry.windows[slot: $0].connection }
        for window in stale where registry.windows[slot: window].isLive { unlink(window) }
        for window in stale { remove(window, at: moment, effects: &effects) }
        counters.staleWindows += stale.count
        for connection in bereaved where isOpen(connection) && connections[Int(connection.slot)].windowCount == 0 {
            doom(connection, .heartbeatTimeout, effects: &effects)
        }
    }

    private func isStale(_ window: UInt32, at now: Instant) -> Bool {
        var lastSeen = registry.windows[slot: window].lastSeen
        if configuration.liveness == .transport, let connection = registry.windows[slot: window].connection {
            lastSeen = max(lastSeen, connections[Int(connection.slot)].lastHeard)
        }
        return now - lastSeen >= configuration.heartbeatTimeout
    }
}
