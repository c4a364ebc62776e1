package import SessionBase
import SessionCodec

/// Connections come, are looked after, and go; time passes.
extension LockersMachine {
    /// Records a connection whose handshake is done; it is greeted as soon as the owner of its namespace knows it.
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {
        var record = LockersConnection()
        record.phase = .arriving
        record.name = drawName()
        record.identity = handshake.identity
        record.credential = handshake.credential
        guard let namespace = LockersRoute.namespace(at: handshake.path, among: configuration.namespaces) else {
            // A reload took it away while the credential was judged.
            admit(connection, record)
            return dismiss(connection, .forbidden, "there is no such namespace any more", .notFound, moment, &effects)
        }
        record.namespace = namespace
        admit(connection, record)
        let wish = handshake.query.first { $0.name == "since" }?.value
        let since = wish.flatMap { TopicSince($0) }
        guard wish == nil || since != nil else {
            let sentence = "since is EPOCH:OFFSET, a time such as 2024-01-15T10:30:00Z, or now"
            return dismiss(connection, .invalidMessage, sentence, .badRequest, moment, &effects)
        }
        scheduleCheck(connection, at: moment)
        lookAfter(connection, at: moment)
        subscribe(connection, room: nil, since: since, at: moment, effects: &effects)
    }

    /// Greets a connection whose namespace has answered.
    mutating func welcome(
        _ connection: ConnectionID, _ answer: SubscriptionAnswer, at moment: Moment, effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        connections[slot].phase = .open
        let isPositioned = answer.answer.position != nil || answer.answer.isRecovered != nil
        let welcome = LockersWelcome(
            connection: connections[slot].name, namespace: connections[slot].namespace,
            user: connections[slot].shownUser,
            timestamp: moment.timestamp, answer: isPositioned ? answer.answer : nil)
        reply(.connection(welcome), to: connection, at: moment, effects: &effects)
    }

    /// Records a sign of life that is no message: a Ping or Pong from the peer. Nothing here depends on it; the driver
    /// looks after peers that are gone (C1).
    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {}

    /// Records how long a Ping took to be answered (PROTOCOLS 4-18).
    package mutating func measured(_ roundTrip: Duration, of connection: ConnectionID) {
        roundTrips.record(roundTrip)
        counters.roundTrips.record(roundTrip)
    }

    /// Records that a connection is gone.
    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {
        guard isKnown(connection) else { return }
        hub.leaveAll(connection, at: moment, effects: &effects)
        vacate(Int(connection.slot))
        followHub(at: moment, effects: &effects)
    }

    /// Stops accepting new work: the server drains.
    package mutating func stopping() { isStopping = true }

    // MARK: Slots

    private mutating func admit(_ connection: ConnectionID, _ record: LockersConnection) {
        let slot = Int(connection.slot)
        while connections.count <= slot { connections.append(LockersConnection()) }
        precondition(connections[slot].phase == .vacant, "a connection came to a slot that is taken")
        connections[slot] = record
        connections[slot].generation = connection.generation
        connectionCount += 1
        population[record.namespace, default: 0] += 1
        counters.peakConnections = max(counters.peakConnections, connectionCount)
    }

    private mutating func vacate(_ slot: Int) {
        let record = connections[slot]
        if record.trouble != noIndex { troubles.remove(slot: record.trouble) }
        let left = (population[record.namespace] ?? 1) - 1
        population[record.namespace] = left == 0 ? nil : left
        connections[slot] = LockersConnection()
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

    /// A name of 15 characters, which a `String` holds without an allocation; 88 bits that nobody meets twice.
    private func drawName() -> String { Base64URL.encode(entropy.bytes(11).span) }

    // MARK: Time

    /// The next instant at which ``tick(at:effects:)`` must be called, or `nil` while nothing is scheduled.
    package var deadline: Instant? {
        // Asked at every turn of a loop: no array, which would be allocated each time.
        let never = Instant.distantFuture
        let live = min(watch.earliest ?? never, hub.deadline ?? never)
        let next = min(live, min(repetitions.deadline ?? never, commands.deadline ?? never))
        return next == never ? nil : next
    }

    /// Does what is due at or before `moment`.
    package mutating func tick(at moment: Moment, effects: inout Effects) {
        hub.tick(at: moment)
        repetitions.forget(at: moment.instant)
        commands.forget(at: moment.instant)
        while let connection = watch.popDue(at: moment.instant) {
            // An entry may be older than what the connection waits for now.
            guard isOpen(connection), connections[Int(connection.slot)].watchDue <= moment.instant else { continue }
            connections[Int(connection.slot)].watchDue = .distantFuture
            look(at: connection, at: moment, effects: &effects)
        }
    }

    private mutating func look(at connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let slot = Int(connection.slot)
        if let end = connections[slot].identity?.expiresAt, end <= moment.timestamp {
            counters.expired += 1
            return dismiss(connection, .invalidSession, "the session has expired", .tokenExpired, moment, &effects)
        }
        if connections[slot].checkDue <= moment.instant { check(connection, at: moment, effects: &effects) }
        lookAfter(connection, at: moment)
    }

    /// Notes when a connection must be looked at next.
    private mutating func lookAfter(_ connection: ConnectionID, at moment: Moment) {
        let slot = Int(connection.slot)
        var due = connections[slot].checkDue
        if let end = connections[slot].identity?.expiresAt {
            // A day at most, and then again: an `Instant` wraps around before the year 9999, where a session may end.
            let rest = min(max(0, end.milliseconds - moment.timestamp.milliseconds), 86_400_000)
            due = min(due, moment.instant + .milliseconds(rest))
        }
        guard due < connections[slot].watchDue else { return }
        connections[slot].watchDue = due
        watch.push(connection, due: due)
    }

    // MARK: Sessions

    /// Has a session asked for again after the interval, a little earlier for some than for others, so that a thousand
    /// kiosks that came together do not ask together for ever.
    private mutating func scheduleCheck(_ connection: ConnectionID, at moment: Moment) {
        let slot = Int(connection.slot)
        let isAnonymous = connections[slot].isAnonymous
        guard connections[slot].credential != nil, !isAnonymous, configuration.recheckInterval > .zero else { return }
        let interval = configuration.recheckInterval.nanoseconds
        let spread = UInt64(interval / 10) + 1
        let early = configuration.hash.hash(connections[slot].name.utf8.span) % spread
        connections[slot].checkDue = moment.instant + .nanoseconds(interval - Int64(early))
    }

    private mutating func check(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let slot = Int(connection.slot)
        connections[slot].checkDue = .distantFuture
        guard let credential = connections[slot].credential, !connections[slot].isChecking else { return }
        connections[slot].isChecking = true
        effects.authenticate(connection, effects.encode { $0 += credential })
    }

    /// Takes what became of a session that was asked for again (PROTOCOLS 4-4).
    package mutating func authenticated(
        _ connection: ConnectionID, _ verdict: AccessVerdict, at moment: Moment, effects: inout Effects
    ) {
        guard isOpen(connection), connections[Int(connection.slot)].isChecking else { return }
        connections[Int(connection.slot)].isChecking = false
        switch verdict {
        case .granted(let identity): renew(connection, identity, at: moment, effects: &effects)
        case .refused(.unavailable, _):
            // Nobody is sent away because somebody else is down.
            scheduleCheck(connection, at: moment)
            lookAfter(connection, at: moment)
        case .refused(.revoked, _): end(connection, at: moment, effects: &effects)
        case .refused(.invalid, _), .refused(.claims, _), .refused(.expired, _):
            counters.expired += 1
            dismiss(connection, .invalidSession, "the session has ended", .tokenExpired, moment, &effects)
        }
    }

    private mutating func renew(
        _ connection: ConnectionID, _ identity: Identity, at moment: Moment, effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        guard identity.mayEnter(connections[slot].namespace) else {
            let sentence = "the session no longer opens this namespace"
            return dismiss(connection, .forbidden, sentence, .forbidden, moment, &effects)
        }
        connections[slot].identity = identity
        leaveForbiddenRooms(connection, at: moment, effects: &effects)
        scheduleCheck(connection, at: moment)
        lookAfter(connection, at: moment)
    }

    /// Closes the connections that a revocation hits (C17).
    ///
    /// - Returns: How many.
    package mutating func revoke(_ revocation: Revocation, at moment: Moment, effects: inout Effects) -> Int {
        var count = 0
        for slot in connections.indices {
            let connection = ConnectionID(slot: UInt32(slot), generation: connections[slot].generation)
            guard isOpen(connection), let identity = connections[slot].identity, revocation.hits(identity) else {
                continue
            }
            end(connection, at: moment, effects: &effects)
            count += 1
        }
        return count
    }

    private mutating func end(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        counters.expired += 1
        dismiss(connection, .invalidSession, "the session was ended", .revoked, moment, &effects)
    }

    /// Says why, and closes.
    private mutating func dismiss(
        _ connection: ConnectionID, _ code: LockersErrorCode, _ sentence: String, _ closeCode: CloseCode,
        _ moment: Moment, _ effects: inout Effects
    ) {
        refuse(code, sentence, nil, from: connection, at: moment, effects: &effects)
        doom(connection, closeCode, at: moment, effects: &effects)
    }
}
