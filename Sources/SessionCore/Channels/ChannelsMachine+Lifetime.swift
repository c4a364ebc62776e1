package import SessionBase
import SessionCodec

/// Connections come and go; time passes.
extension ChannelsMachine {
    /// Records a connection whose handshake is done, and greets it.
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {
        guard let route = ChannelsRoute(handshake.path), route.hasValidID else {
            reply(.error(ChannelsError(.invalidMessage)), to: connection, at: moment, effects: &effects)
            return effects.close(connection, .badRequest)
        }
        if route == .health { return tellHealth(to: connection, at: moment, effects: &effects) }
        admit(connection, handshake, at: moment)
        welcome(connection, route, at: moment, effects: &effects)
        switch route {
        case .hub, .health: break
        case .notifications:
            connections[Int(connection.slot)].isNotified = true
            notify(connection, at: moment, effects: &effects)
        case .progress(let id): watch(connection, report: id, at: moment, effects: &effects)
        case .stream(let id): watch(connection, stream: id, at: moment, effects: &effects)
        }
    }

    /// Records a sign of life that is no message: a Ping or Pong from the peer.
    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {
        guard configuration.idleCountsPong, isOpen(connection) else { return }
        connections[Int(connection.slot)].lastActivity = moment.instant
    }

    /// Records that a connection is gone.
    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {
        guard isKnown(connection) else { return }
        leaveAlone(connection, effects: &effects)
        hub.leaveAll(connection, at: moment, effects: &effects)
        vacate(connection)
        settle(at: moment, effects: &effects)
    }

    /// Closes the connections that a revocation hits with 4440 (C17).
    ///
    /// - Returns: How many.
    package mutating func revoke(_ revocation: Revocation, at moment: Moment, effects: inout Effects) -> Int {
        let hit = openConnections.filter { connection in
            let person = connections[Int(connection.slot)].person
            return person != noIndex && revocation.hits(people[slot: person].identity)
        }
        for connection in hit { doom(connection, .revoked, at: moment, effects: &effects) }
        return hit.count
    }

    /// Stops accepting new work: the server drains.
    package mutating func stopping() { isStopping = true }

    /// Orders a connection's close; from now on it is not listened to, and hears nothing more.
    mutating func doom(_ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects) {
        connections[Int(connection.slot)].phase = .doomed
        giveUpAnswers(connection, effects: &effects)
        leaveAlone(connection, effects: &effects)
        hub.leaveAll(connection, at: moment, effects: &effects)
        effects.close(connection, code)
        settle(at: moment, effects: &effects)
    }

    // MARK: Greeting

    private mutating func welcome(
        _ connection: ConnectionID, _ route: ChannelsRoute, at moment: Moment, effects: inout Effects
    ) {
        let welcome = ChannelsWelcome(
            connection: connections[Int(connection.slot)].name.text, user: user(of: connection),
            serverTime: moment.timestamp,
            availableChannels: availableChannels(route, to: connection))
        reply(.welcome(welcome), to: connection, at: moment, effects: &effects)
    }

    /// What a `welcome` lists: the seed's channels, or those that the connection hears without asking (2-11, 2-27).
    private func availableChannels(_ route: ChannelsRoute, to connection: ConnectionID) -> [String] {
        if route == .notifications { return notificationChannels(of: connection) }
        let channels = [ChannelName.progress, ChannelName.dataUpdates, ChannelName.systemNotifications]
        return user(of: connection) == nil ? channels : channels + [ChannelName.ownAlerts]
    }

    /// Says all that `/ws/health` says (PROTOCOLS 2-18); the connection is nobody's. How often an address may ask, the server
    /// judges before the handshake.
    private mutating func tellHealth(to connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        reply(
            .health(isStopping || configuration.isDraining ? .draining : .ok), to: connection, at: moment,
            effects: &effects)
        effects.close(connection, .normal)
    }

    // MARK: Slots

    private mutating func admit(_ connection: ConnectionID, _ handshake: Handshake, at moment: Moment) {
        let slot = Int(connection.slot)
        while connections.count <= slot { connections.append(ChannelsPeer()) }
        precondition(connections[slot].phase == .vacant, "a connection came to a slot that is taken")
        var record = ChannelsPeer()
        record.generation = connection.generation
        record.phase = .open
        record.name = freshName(at: moment)
        record.openedAt = moment.instant
        record.lastActivity = moment.instant
        record.host = handshake.host
        record.userAgent = handshake.userAgent.map { shared($0) }
        if let identity = handshake.identity, !identity.isAssumed {
            record.person = people.insert(ChannelsPerson(identity))
            users[identity.user, default: ConnectionList()].append(connection)
        }
        connections[slot] = record
        names[record.name] = connection
        connectionCount += 1
        counters.peakConnections = max(counters.peakConnections, connectionCount)
        if nextSweep == nil { nextSweep = moment.instant + configuration.cleanupInterval }
        expire(connection, at: moment)
    }

    /// Draws a name that no connection of this loop has.
    private func freshName(at moment: Moment) -> ConnectionName {
        var name = ConnectionName(at: moment.timestamp, from: entropy)
        while names[name] != nil { name = ConnectionName(at: moment.timestamp, from: entropy) }
        return name
    }

    /// A text that other connections have too, so that its characters are kept once.
    private mutating func shared(_ userAgent: String) -> String {
        if userAgents.count >= Self.userAgentsMax { userAgents = [] }
        return userAgents.insert(userAgent).memberAfterInsert
    }

    /// How many different texts are shared; beyond that all begin anew.
    private static let userAgentsMax = 1024

    private mutating func vacate(_ connection: ConnectionID) {
        let slot = Int(connection.slot)
        let record = connections[slot]
        if record.trouble != noIndex { troubles.remove(slot: record.trouble) }
        if record.watch != noIndex { watches.remove(slot: record.watch) }
        if record.person != noIndex {
            let user = people.remove(slot: record.person).user
            users[user]?.remove(connection)
            if users[user]?.isEmpty == true { users[user] = nil }
        }
        names[record.name] = nil
        tags[connection] = nil
        lines[connection] = nil
        connections[slot] = ChannelsPeer()
        connections[slot].generation = record.generation
        connectionCount -= 1
        // Entries of connections that are gone would pile up where many come and go within a token's life.
        if expiries.count > 64 + 2 * connectionCount { forgetStaleEntries() }
        forgetStalePaces()
    }

    private mutating func forgetStaleEntries() {
        let connections = connections
        expiries.keep { id in
            connections[Int(id.slot)].generation == id.generation && connections[Int(id.slot)].phase != .vacant
        }
    }

    /// The connections that are open, by slot.
    var openConnections: [ConnectionID] {
        connections.indices.compactMap { slot in
            guard connections[slot].phase == .open else { return nil }
            return ConnectionID(slot: UInt32(slot), generation: connections[slot].generation)
        }
    }

    // MARK: Time

    /// The next instant at which ``tick(at:effects:)`` must be called, or `nil` while nothing is scheduled.
    package var deadline: Instant? {
        let never = Instant.distantFuture
        let peers = min(nextSweep ?? never, expiries.earliest ?? never, paces.earliest ?? never)
        let topics = min(hub.deadline ?? never, retirements.earliest ?? never, vacanciesDue.earliest ?? never)
        let next = min(peers, topics)
        return next == never ? nil : next
    }

    /// Does what is due at or before `moment`.
    package mutating func tick(at moment: Moment, effects: inout Effects) {
        endExpired(at: moment, effects: &effects)
        sweep(at: moment, effects: &effects)
        sendDueRows(at: moment, effects: &effects)
        retire(at: moment)
        tellVacancies(at: moment, effects: &effects)
        hub.tick(at: moment)
    }

    /// Closes connections that were silent for too long (PROTOCOLS 2-16, 2-17).
    private mutating func sweep(at moment: Moment, effects: inout Effects) {
        guard let due = nextSweep, due <= moment.instant else { return }
        for connection in openConnections
        where moment.instant - connections[Int(connection.slot)].lastActivity >= configuration.connectionTimeout {
            counters.idleConnections += 1
            doom(connection, .heartbeatTimeout, at: moment, effects: &effects)
        }
        nextSweep = connectionCount == 0 ? nil : moment.instant + configuration.cleanupInterval
    }

    /// How much longer than it says a credential is accepted (PROTOCOLS C17).
    private static let leeway = TokenRules.leeway

    /// Notes when a connection's credential ends.
    private mutating func expire(_ connection: ConnectionID, at moment: Moment) {
        guard let end = end(of: connection) else { return }
        // A day at most, and then again: an `Instant` wraps around before the year 9999, where a token may end.
        let rest = min(max(0, end - moment.timestamp.milliseconds), 86_400_000)
        expiries.push(connection, due: moment.instant + .milliseconds(rest))
    }

    /// When a connection's credential is no longer accepted, in milliseconds.
    private func end(of connection: ConnectionID) -> Int64? {
        let person = connections[Int(connection.slot)].person
        guard person != noIndex, let end = people[slot: person].expiresAt else { return nil }
        return end.milliseconds + Self.leeway.milliseconds
    }

    private mutating func endExpired(at moment: Moment, effects: inout Effects) {
        while let connection = expiries.popDue(at: moment.instant) {
            guard isOpen(connection), let end = end(of: connection) else { continue }
            if end <= moment.timestamp.milliseconds {
                doom(connection, .tokenExpired, at: moment, effects: &effects)
            } else {
                expire(connection, at: moment)
            }
        }
    }

    /// Arranges anew what is to be forgotten, where reports and streams that gave way to others left too much behind.
    mutating func arrangeRetirements() {
        guard retirements.count > 64 + 2 * (reports.count + feeds.count) else { return }
        retirements = DeadlineQueue()
        for (id, report) in reports.sorted(by: { $0.forgottenAt < $1.forgottenAt }) {
            retirements.push(.report(id), due: report.forgottenAt)
        }
        for (channel, feed) in feeds.sorted(by: { $0.forgottenAt < $1.forgottenAt }) {
            retirements.push(.feed(channel), due: feed.forgottenAt)
        }
    }

    /// Forgets reports and streams that nobody spoke of for long.
    private mutating func retire(at moment: Moment) {
        while let retirement = retirements.popDue(at: moment.instant) {
            switch retirement {
            case .report(let id): retire(report: id, at: moment)
            case .feed(let id): retire(feed: id, at: moment)
            }
        }
    }
}
