package import SessionBase
package import SessionCodec

/// Connections come, go and move; time passes.
extension BoardMachine {
    /// Records a connection whose handshake is done; it moves to the loop that owns its room.
    ///
    /// The server has judged the handshake: there is an identity with a user and a room.
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {
        var record = BoardConnection()
        record.phase = .moving
        record.isExtended = handshake.speaksBoard2
        record.resume = BoardResume(handshake.query)
        guard let identity = handshake.identity, let room = identity.room else {
            admit(connection, record)
            return doom(connection, .unauthorized, at: moment, effects: &effects)
        }
        record.identity = identity
        record.isViewer = identity.isViewer
        admit(connection, record)
        let shard = configuration.shard(ofRoom: room)
        guard shard == configuration.shard else { return effects.move(connection, toShard: shard) }
        begin(connection, at: moment, effects: &effects)
    }

    /// Records a sign of life that is no message. Nothing here depends on it; the driver looks after peers that are gone
    /// (C1).
    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {}

    /// Records that a connection is gone.
    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {
        guard isKnown(connection) else { return }
        let room = connections[Int(connection.slot)].room
        leaveRoom(connection, effects: &effects)
        vacate(Int(connection.slot))
        if room != noIndex { advance(room, at: moment, effects: &effects) }
    }

    /// Brings a connection that is on its loop into its room.
    private mutating func begin(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let record = connections[Int(connection.slot)]
        guard let room = record.identity.room else { preconditionFailure("a connection without a room begins") }
        lookAfter(connection, at: moment)
        enter(connection, room, at: moment, effects: &effects)
    }

    // MARK: Moving between loops

    /// What a connection takes along to the loop that owns its room.
    package struct Passenger: Sendable {
        let record: BoardConnection

        /// Who it is.
        package var identity: Identity? { record.identity }
    }

    /// Takes out a connection that is to move.
    package mutating func depart(_ connection: ConnectionID) -> Passenger {
        precondition(isKnown(connection), "a connection departs from a machine that does not have it")
        let record = connections[Int(connection.slot)]
        precondition(record.room == noIndex && record.trouble == noIndex, "a connection departs that is in a room")
        vacate(Int(connection.slot))
        return Passenger(record: record)
    }

    /// Takes in a connection that came from another loop, and brings it into its room.
    package mutating func arrive(
        _ connection: ConnectionID, _ passenger: Passenger, at moment: Moment, effects: inout Effects
    ) {
        admit(connection, passenger.record)
        guard isOpen(connection) else { return }
        begin(connection, at: moment, effects: &effects)
    }

    /// Notes that the server drains: what is not stored is stored as soon as allowed, from the next tick on.
    package mutating func stopping() {
        isStopping = true
        for slot in rooms.slots {
            rooms[slot: slot].choreDue = .zero
            chores.push(slot, due: .zero)
        }
    }

    // MARK: Slots

    private mutating func admit(_ connection: ConnectionID, _ record: BoardConnection) {
        let slot = Int(connection.slot)
        while connections.count <= slot { connections.append(BoardConnection()) }
        precondition(connections[slot].phase == .vacant, "a connection came to a slot that is taken")
        precondition(record.room == noIndex, "a connection brings a room along")
        connections[slot] = record
        connections[slot].generation = connection.generation
        connectionCount += 1
        counters.peakConnections = max(counters.peakConnections, connectionCount)
    }

    private mutating func vacate(_ slot: Int) {
        let record = connections[slot]
        if record.trouble != noIndex { troubles.remove(slot: record.trouble) }
        connections[slot] = BoardConnection()
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
        let rooms = min(broadcasts.earliest ?? never, chores.earliest ?? never)
        let stores = recentStores.deadline(configuration.persistence.spacing) ?? never
        let next = min(min(rooms, stores), min(watch.earliest ?? never, recovery.retryAt ?? never))
        return next == never ? nil : next
    }

    /// Does what is due at or before `moment`.
    package mutating func tick(at moment: Moment, effects: inout Effects) {
        while let slot = broadcasts.popDue(at: moment.instant) {
            // An entry may be older than what the room waits for now, and the room may be another one.
            guard rooms.contains(slot: slot), rooms[slot: slot].broadcastDue <= moment.instant else { continue }
            rooms[slot: slot].broadcastDue = .distantFuture
            advance(slot, at: moment, effects: &effects)
        }
        while let slot = chores.popDue(at: moment.instant) {
            guard rooms.contains(slot: slot), rooms[slot: slot].choreDue <= moment.instant else { continue }
            rooms[slot: slot].choreDue = .distantFuture
            advance(slot, at: moment, effects: &effects)
        }
        recentStores.forget(at: moment.instant, configuration.persistence.spacing)
        watchConnections(at: moment, effects: &effects)
        continueRecovery(at: moment, effects: &effects)
    }

    private mutating func watchConnections(at moment: Moment, effects: inout Effects) {
        while let connection = watch.popDue(at: moment.instant) {
            guard isOpen(connection), connections[Int(connection.slot)].watchDue <= moment.instant else { continue }
            connections[Int(connection.slot)].watchDue = .distantFuture
            if let end = end(of: connection), end <= moment.timestamp {
                counters.expired += 1
                doom(connection, .tokenExpired, at: moment, effects: &effects)
            } else {
                lookAfter(connection, at: moment)
            }
        }
    }

    /// When the credential of a connection is no longer accepted (PROTOCOLS C17).
    private func end(of connection: ConnectionID) -> Timestamp? {
        let leeway = TokenRules.leeway.milliseconds
        return connections[Int(connection.slot)].identity.expiresAt.map {
            Timestamp(milliseconds: min($0.milliseconds, .max - leeway) + leeway)
        }
    }

    /// Notes when a connection must be looked at next.
    private mutating func lookAfter(_ connection: ConnectionID, at moment: Moment) {
        guard let end = end(of: connection) else { return }
        // A day at most, and then again: an `Instant` wraps around before the year 9999, where a token may end.
        let rest = min(max(0, end.milliseconds - moment.timestamp.milliseconds), 86_400_000)
        let due = moment.instant + .milliseconds(rest)
        guard due < connections[Int(connection.slot)].watchDue else { return }
        connections[Int(connection.slot)].watchDue = due
        watch.push(connection, due: due)
    }

    // MARK: Ending

    /// Disconnects a connection with a code such as 4410 or 4513.
    ///
    /// - Returns: Whether it was there.
    package mutating func disconnect(
        _ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects
    ) -> Bool {
        guard isOpen(connection) else { return false }
        doom(connection, code, at: moment, effects: &effects)
        return true
    }

    /// Closes the connections whose credential was revoked with 4440 (PROTOCOLS C17).
    ///
    /// - Returns: How many there were.
    package mutating func revoke(_ revocation: Revocation, at moment: Moment, effects: inout Effects) -> Int {
        var count = 0
        for slot in connections.indices {
            let connection = ConnectionID(slot: UInt32(slot), generation: connections[slot].generation)
            guard isOpen(connection), revocation.hits(connections[slot].identity) else { continue }
            counters.expired += 1
            doom(connection, .revoked, at: moment, effects: &effects)
            count += 1
        }
        return count
    }

    /// Orders a connection's close; its room goes on without it.
    mutating func doom(_ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects) {
        let room = connections[Int(connection.slot)].room
        expel(connection, code, effects: &effects)
        if room != noIndex { advance(room, at: moment, effects: &effects) }
    }

    /// Orders a connection's close; from now on it is not listened to, and no member of its room.
    mutating func expel(_ connection: ConnectionID, _ code: CloseCode, effects: inout Effects) {
        leaveRoom(connection, effects: &effects)
        connections[Int(connection.slot)].phase = .doomed
        (connections[Int(connection.slot)].isEarly, connections[Int(connection.slot)].early) = (false, [])
        effects.close(connection, code)
    }
}

extension Handshake {
    /// Whether the client wants the second version: by its subprotocol, or by `?v=2` (PROTOCOLS 3-2).
    fileprivate var speaksBoard2: Bool {
        subprotocol == BoardProtocol.second || query.last { $0.name == "v" }?.value == "2"
    }
}

extension Identity {
    /// Whether this peer may only look (PROTOCOLS §1.10, 3-14).
    fileprivate var isViewer: Bool { roles.contains("viewer") }
}
