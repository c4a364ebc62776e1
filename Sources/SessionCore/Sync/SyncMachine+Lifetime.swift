package import SessionBase
import SessionCodec

/// Connections come, go and move; time passes.
extension SyncMachine {
    /// Records a connection whose handshake is done; with a credential it is on its way in at once (PROTOCOLS 1-2).
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {
        var record = SyncConnection()
        record.lastHeard = moment.instant
        record.openedAt = moment.instant
        record.number = handshake.connectionNumber
        record.isBinary = handshake.subprotocol == SyncProtocol.protobuf
        record.phase = .open
        admit(connection, record)
        if let identity = handshake.identity {
            join(connection, as: identity, handshake, at: moment, effects: &effects)
        } else {
            lookAfter(connection, at: moment)
        }
    }

    /// Records a sign of life that is no message: a Ping or Pong from the peer.
    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {
        guard isOpen(connection) else { return }
        connections[Int(connection.slot)].lastHeard = moment.instant
    }

    /// Records that a connection is gone; every later effect for it would be dropped.
    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {
        guard isKnown(connection) else { return }
        let record = connections[Int(connection.slot)]
        vacate(Int(connection.slot))
        guard record.device != noIndex else { return }
        let isEnded = cleanly || configuration.presenceGrace <= .zero
        lose(record.device, lastHeard: record.lastHeard, isEnded: isEnded, at: moment, effects: &effects)
    }

    // MARK: Moving between loops

    /// What a connection that is joining takes along to the loop that owns its session.
    package struct Passenger: Sendable {
        let record: SyncConnection
        let trouble: ConnectionTrouble?
        let join: SyncJoin

        /// Who it is, once its credential is verified.
        package var identity: Identity? { join.identity }
    }

    /// Takes out a connection that is to move; it must not be ready yet.
    package mutating func depart(_ connection: ConnectionID) -> Passenger {
        precondition(isKnown(connection), "a connection departs from a machine that does not have it")
        let record = connections[Int(connection.slot)]
        precondition(record.join != noIndex && record.session == noIndex, "a connection departs that is not joining")
        let passenger = Passenger(
            record: record, trouble: record.trouble == noIndex ? nil : troubles[slot: record.trouble],
            join: joins[slot: record.join])
        vacate(Int(connection.slot))
        return passenger
    }

    /// Takes in a connection that came from another loop, and goes on with its joining.
    package mutating func arrive(
        _ connection: ConnectionID, _ passenger: Passenger, at moment: Moment, effects: inout Effects
    ) {
        var record = passenger.record
        record.watchDue = .distantFuture
        record.trouble = passenger.trouble.map { troubles.insert($0) } ?? noIndex
        record.join = joins.insert(passenger.join)
        admit(connection, record)
        lookAfter(connection, at: moment)
        guard isOpen(connection) else { return }
        effects.pause(connection)
        enterSession(connection, at: moment, effects: &effects)
    }

    /// Notes that the server drains: from now on every change of a registry of devices is written at once.
    package mutating func stopping() { isStopping = true }

    // MARK: Slots

    private mutating func admit(_ connection: ConnectionID, _ record: SyncConnection) {
        let slot = Int(connection.slot)
        while connections.count <= slot { connections.append(SyncConnection()) }
        precondition(connections[slot].phase == .vacant, "a connection came to a slot that is taken")
        connections[slot] = record
        connections[slot].generation = connection.generation
        connectionCount += 1
        counters.peakConnections = max(counters.peakConnections, connectionCount)
    }

    private mutating func vacate(_ slot: Int) {
        let record = connections[slot]
        if record.trouble != noIndex { troubles.remove(slot: record.trouble) }
        if record.join != noIndex { joins.remove(slot: record.join) }
        if record.isListener { admins.removeAll { $0.slot == UInt32(slot) } }
        connections[slot] = SyncConnection()
        connections[slot].generation = record.generation
        connectionCount -= 1
        // Entries of connections that are gone would pile up where many come and go within minutes.
        if watch.count > 64 + 4 * connectionCount { forgetStaleWatches() }
    }

    private mutating func forgetStaleWatches() {
        let connections = connections
        watch.keep { id in
            connections[Int(id.slot)].generation == id.generation && connections[Int(id.slot)].phase != .vacant
        }
    }

    // MARK: Time

    /// The next instant at which ``tick(at:effects:)`` must be called, or `nil` while nothing is scheduled.
    package var deadline: Instant? {
        // Asked at every turn of a loop: no array, which would be allocated each time.
        let never = Instant.distantFuture
        let devices = min(watch.earliest ?? never, grace.earliest ?? never)
        let sessions = min(registriesDue.earliest ?? never, ringsDue.earliest ?? never, offersDue.earliest ?? never)
        let next = min(devices, sessions)
        return next == never ? nil : next
    }

    /// Does what is due at or before `moment`.
    package mutating func tick(at moment: Moment, effects: inout Effects) {
        watchConnections(at: moment, effects: &effects)
        endGraces(at: moment, effects: &effects)
        expireOffers(at: moment, effects: &effects)
        writeDueRegistries(at: moment, effects: &effects)
        trimRings(at: moment)
    }

    /// Notes when a connection must be looked at next: by itself this sends nothing.
    mutating func lookAfter(_ connection: ConnectionID, at moment: Moment) {
        let slot = Int(connection.slot)
        guard let due = dueTime(of: connections[slot], at: moment), due < connections[slot].watchDue else { return }
        connections[slot].watchDue = due
        watch.push(connection, due: due)
    }

    /// When a connection would be too late with its credential, silent for too long, or expired.
    private func dueTime(of record: SyncConnection, at moment: Moment) -> Instant? {
        switch record.phase {
        case .vacant, .doomed, .joining: return nil
        case .open: return configuration.isOpen ? nil : record.openedAt + configuration.authTimeout
        case .ready:
            let silent = record.lastHeard + configuration.presenceTimeout
            guard record.expiresAt < .max else { return silent }
            // A day at most, and then again: an `Instant` wraps around before the year 9999, where a token may end.
            let rest = min(expiry(of: record) - moment.timestamp.milliseconds, 86_400_000)
            return min(silent, moment.instant + .milliseconds(rest))
        }
    }

    /// When the credential of a connection is no longer accepted, in milliseconds (PROTOCOLS C17).
    private func expiry(of record: SyncConnection) -> Int64 {
        record.expiresAt == .max ? .max : record.expiresAt + Self.leeway.milliseconds
    }

    /// How much longer than it says a credential is accepted (PROTOCOLS C17).
    static let leeway = TokenRules.leeway

    private mutating func watchConnections(at moment: Moment, effects: inout Effects) {
        while let connection = watch.popDue(at: moment.instant) {
            // An entry may be older than what the connection waits for now.
            guard isOpen(connection), connections[Int(connection.slot)].watchDue <= moment.instant else { continue }
            connections[Int(connection.slot)].watchDue = .distantFuture
            watchConnection(connection, at: moment, effects: &effects)
        }
    }

    private mutating func watchConnection(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let record = connections[Int(connection.slot)]
        switch record.phase {
        case .vacant, .doomed: return
        case .open where !configuration.isOpen && record.openedAt + configuration.authTimeout <= moment.instant:
            fail(connection, .authTimeout, at: moment, effects: &effects)
        case .ready where expiry(of: record) <= moment.timestamp.milliseconds:
            doom(connection, .tokenExpired, effects: &effects)
        case .ready where record.lastHeard + configuration.presenceTimeout <= moment.instant:
            let device = record.device
            unbind(connection)
            end(device, .timeout, lastHeard: record.lastHeard, at: moment, effects: &effects)
            doom(connection, .heartbeatTimeout, effects: &effects)
        case .ready:
            refreshRegistry(of: record.device, at: moment, effects: &effects)
            lookAfter(connection, at: moment)
        case .open, .joining: lookAfter(connection, at: moment)
        }
    }
}
