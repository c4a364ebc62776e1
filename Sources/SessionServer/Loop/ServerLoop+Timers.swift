import SessionBase
import SessionCodec
import SessionIO

extension ServerLoop {
    /// Arms the connection's one timer with the earliest of its deadlines.
    mutating func schedule(_ id: ConnectionID) {
        guard let deadline = deadline(of: id) else { return wheel.cancel(slot: id.slot) }
        wheel.schedule(slot: id.slot, at: deadline)
    }

    private mutating func deadline(of id: ConnectionID) -> Instant? {
        let connection = connections[slot: id.slot]
        var earliest = connection.phaseDeadline
        if connection.phase == .webSocket, connection.holds.isEmpty,
            let interval = configuration.pingInterval(of: connection.profile)
        {
            let silence = connection.heardAt + interval * Double.random(in: 0.9...1.1, using: &random)
            earliest = min(
                earliest, connection.isAwaitingPong ? connection.pongDeadline(configuration.timing) : silence)
        }
        if connection.isWriting { earliest = min(earliest, moment.instant + configuration.queue.age) }
        return earliest == .distantFuture ? nil : earliest
    }

    /// Looks after the connections whose timer has run out.
    ///
    /// Timers are lazy: traffic does not move them, so what was due may have moved into the future meanwhile.
    mutating func expireTimers() {
        expired.removeAll(keepingCapacity: true)
        wheel.advance(to: moment.instant, into: &expired)
        for slot in expired {
            guard connections.contains(slot: slot) else { continue }
            let id = connections.id(of: slot)
            expire(id)
            if connections.contains(id) { schedule(id) }
        }
    }

    private mutating func expire(_ id: ConnectionID) {
        let now = moment.instant
        if connections[slot: id.slot].phaseDeadline <= now { return endPhase(id) }
        guard connections[slot: id.slot].phase == .webSocket else { return }
        if connections[slot: id.slot].isWriting {
            // A kernel that was short of memory refuses too, and has nothing to tell when it has some again.
            flush(id, isReady: true)
            guard connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        }
        if connections[slot: id.slot].isStuck(longerThan: configuration.queue.age, at: now),
            connections[slot: id.slot].profile != .echo
        {
            return dropSlowConsumer(id)
        }
        // While a connection is held, nobody listens for a sign of life.
        guard connections[slot: id.slot].holds.isEmpty,
            let interval = configuration.pingInterval(of: connections[slot: id.slot].profile)
        else { return }
        if connections[slot: id.slot].isAwaitingPong {
            if connections[slot: id.slot].pongDeadline(configuration.timing) <= now { close(id, .heartbeatTimeout) }
        } else if connections[slot: id.slot].heardAt + interval * 0.9 <= now {
            ping(id)
        }
    }

    private mutating func ping(_ id: ConnectionID) {
        connections[slot: id.slot].isAwaitingPong = true
        connections[slot: id.slot].pingedAt = moment.instant
        connections[slot: id.slot].output.prepare(&pool)
        connections[slot: id.slot].ping()
        tracedControl(.outbound, .ping, of: id)
        markDirty(id)
    }

    /// The time of a phase is over: no request came, the peer never closed, or never stopped sending.
    private mutating func endPhase(_ id: ConnectionID) {
        switch connections[slot: id.slot].phase {
        case .http where connections[slot: id.slot].wire.isInsideRequest:
            connections[slot: id.slot].phaseDeadline = .distantFuture
            counters.refuse(.timeout)
            respond(id, .error(.requestTimeout, "REQUEST_TIMEOUT", "the request did not end within 5 s"), closes: true)
        case .http, .closing, .lingering: lose(id)
        case .streaming: idleStream(id)
        case .answering, .queueing, .webSocket: connections[slot: id.slot].phaseDeadline = .distantFuture
        }
    }
}

extension ServerConnection {
    /// When a Ping counts as unanswered (C1).
    func pongDeadline(_ timing: Timing) -> Instant { (pingedAt ?? heardAt) + timing.pongTimeout }
}
