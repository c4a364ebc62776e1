import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Starts the closing handshake from our side.
    mutating func close(_ id: ConnectionID, _ code: CloseCode, detail: String = "") {
        guard connections.contains(id), connections[slot: id.slot].phase == .webSocket else { return }
        catchUp(id)
        connections[slot: id.slot].output.prepare(&pool)
        _ = connections[slot: id.slot].releaseHeld(&pool, bytesMax: .max)
        connections[slot: id.slot].close(code, detail: detail)
        tracedClose(.outbound, code, CloseBody.reason(code, detail: detail), of: id)
        connections[slot: id.slot].phase = .closing
        connections[slot: id.slot].phaseDeadline = moment.instant + configuration.timing.closeTimeout
        schedule(id)
        markDirty(id)
        releaseForClosing(id)
        retire(id, cleanly: false)
    }

    /// Goes on after the peer's Close frame, which is already answered.
    mutating func peerClosed(_ id: ConnectionID, _ code: CloseCode) {
        if connections[slot: id.slot].closeCode == nil { connections[slot: id.slot].closeCode = code }
        tracedClose(.inbound, code, connections[slot: id.slot].wire.closeReason, of: id)
        linger(id)
        retire(id, cleanly: code == .normal || code == .goingAway || code == .noStatus)
    }

    /// Goes on after the peer broke the protocol; the Close frame or the HTTP error is already in the output, behind its
    /// first `queued` bytes.
    mutating func fail(_ id: ConnectionID, _ code: CloseCode, queued: Int) {
        if connections[slot: id.slot].closeCode == nil { connections[slot: id.slot].closeCode = code }
        if connections[slot: id.slot].profile == nil { counters.refuse(.badRequest) }
        if let response = refusal(of: id) {
            connections[slot: id.slot].refuse(
                response.answering(requestID: requestID()), at: moment.timestamp, queued: queued)
        }
        linger(id)
        retire(id, cleanly: false)
    }

    /// What a client of HTTP is answered that broke its rules; what is too large has codes of its own in each service.
    private func refusal(of id: ConnectionID) -> HTTPResponse? {
        let wire = connections[slot: id.slot].wire
        guard case .http(let error)? = wire.failure, error.status == .contentTooLarge, let target = wire.refusedTarget
        else { return wire.failure?.response }
        let routes = node.listeners[Int(connections[slot: id.slot].listener)].routes
        switch routes.route(HTTPTarget(target).path, .plain(method: "POST")) {
        case .session: return SyncFailure(.snapshotTooLarge).response
        case .calls(.lockers): return LockersFailure(.tooLarge).response
        case .calls: return ChannelsFailure(.tooLarge).response
        default: return wire.failure?.response
        }
    }

    /// Says nothing more, and waits for the peer to end the stream, so that it reads what was said last (RFC 6455 §7.1.1).
    mutating func linger(_ id: ConnectionID) {
        connections[slot: id.slot].phase = .lingering
        connections[slot: id.slot].rare?.held = HeldMessages()
        connections[slot: id.slot].phaseDeadline = moment.instant + configuration.timing.closeTimeout
        schedule(id)
        setReading(id, true)
        markDirty(id)
    }

    /// Ends our half of the stream once everything is written.
    mutating func endOutput(_ id: ConnectionID) {
        guard !connections[slot: id.slot].isOutputEnded else { return }
        connections[slot: id.slot].isOutputEnded = true
        connections[slot: id.slot].endEncryption(&pool)
        // What does not fit now is lost with the connection, as the peer's own farewell may be.
        _ = connections[slot: id.slot].write(at: moment.instant, pool: &pool)
        Socket.shutdownWrite(connections[slot: id.slot].descriptor)
    }

    /// Tells the service that a connection of it is gone; once, whoever ended it.
    mutating func retire(_ id: ConnectionID, cleanly: Bool) {
        guard let profile = connections[slot: id.slot].profile else { return }
        connections[slot: id.slot].profile = nil
        node.release(
            connections[slot: id.slot].address, isCounted: connections[slot: id.slot].isAddressCounted,
            at: moment.instant)
        connections[slot: id.slot].isAddressCounted = false
        endTraces(of: id)
        counters.close(profile, connections[slot: id.slot].closeCode ?? .abnormal)
        log(.debug, "closed", id, profile)
        closed.append(
            ClosedConnection(
                connections[slot: id.slot], profile, user: user(of: id, profile), device(of: id, profile), at: moment))
        counters.opened[profile.index] -= 1
        counters.traffic[profile.index].add(connections[slot: id.slot])
        if profile == .sync { node.syncClosed() }
        serviceClosed(id, profile, cleanly: cleanly)
    }

    /// Logs what became of a connection.
    func log(_ level: LogLevel, _ message: String, _ id: ConnectionID, _ profile: ProtocolID) {
        guard log.isEnabled(level) else { return }
        let code = connections[slot: id.slot].closeCode.map { "\($0.rawValue)" } ?? "-"
        log.write(
            level, message, at: moment.timestamp,
            [
                "connection": "\(connections[slot: id.slot].serial)", "profile": profile.rawValue,
                "peer": connections[slot: id.slot].address.host, "code": code,
                "user": user(of: id, profile).map { log.identifier($0) } ?? "-",
            ])
    }

    /// Gives a connection up: its socket failed, or its stream ended, or its time is over.
    mutating func lose(_ id: ConnectionID) {
        retire(id, cleanly: false)
        guard connections.contains(id) else { return }
        unwatch(id)
        Descriptor.close(connections[slot: id.slot].descriptor)
        wheel.cancel(slot: id.slot)
        requests.forget(id)
        leaveStream(id)
        counters.addTraffic(of: connections[slot: id.slot])
        counters.waitingBytes -= connections[slot: id.slot].waitingBytes
        connections.remove(slot: id.slot)
        counters.sockets -= 1
        acceptor.descriptorFreed()
    }

    /// Gives everything up; the loop ends.
    mutating func closeEverything() {
        for id in connections.ids { lose(id) }
    }
}
