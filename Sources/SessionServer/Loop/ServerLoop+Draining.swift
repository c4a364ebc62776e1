import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Watches the signals that stop the server; only loop 0 does.
    mutating func watch(_ signals: consuming Signals) throws(SystemError) {
        try poller.add(signals.descriptor, token: Token.signals.rawValue, .readable)
        self.signals = consume signals
    }

    /// Starts a graceful stop at the first signal, and ends the process at the second.
    mutating func readSignals() {
        while let signal = signals?.next() {
            switch signal {
            case .hangup: _ = reload()
            case .interrupt, .terminate, .user2:
                guard announceDrain(because: "\(signal)") else { ProcessExit.now(signal.exitStatus) }
            case .pause, .windowChanged: break
            }
        }
    }

    /// Starts a graceful stop on all loops.
    ///
    /// - Returns: Whether there was none before.
    @discardableResult
    mutating func announceDrain(because reason: String) -> Bool {
        guard node.changeDrainState(from: .serving, to: .announced) else { return false }
        log.write(.info, "draining", at: moment.timestamp, ["reason": reason, "sockets": "\(node.webSocketCount)"])
        return true
    }

    /// Enters a state of the drain that some loop decided; there is no way back from the last one.
    mutating func enterDrain(_ state: DrainState) {
        guard drain.state != .closing else { return }
        drain.enter(state)
        channels.configuration.isDraining = state != .serving
        lockers.configuration.isDraining = state != .serving
        switch state {
        case .serving: break
        case .announced:
            if index == 0 { drain.closesAt = moment.instant + configuration.timing.drainWait }
        case .closing:
            stopServices()
            let open = connections.ids.filter { connections[slot: $0.slot].phase == .webSocket }
            drain.plan(open, from: moment.instant, over: configuration.timing.drainDuration)
            for id in connections.ids where connections[slot: id.slot].isIdleRequest { lose(id) }
        }
    }

    /// Closes the sockets whose time has come; loop 0 ends the server when the last one is gone.
    mutating func advanceDrain() {
        if let closesAt = drain.closesAt, closesAt <= moment.instant {
            drain.closesAt = nil
            // Where it was called off meanwhile, that is on its way here.
            node.changeDrainState(from: .announced, to: .closing)
        }
        guard drain.state == .closing else { return }
        while let id = drain.next(at: moment.instant) { close(id, .goingAway) }
        if !drain.isReported, node.webSocketCount == 0, !hasUnfinishedBusiness, areBoardsSettled() {
            drain.isReported = true
            node.loopIsDrained()
        }
    }

    /// Whether every board of this loop is stored, or has been waited for long enough: its journal has the rest.
    private mutating func areBoardsSettled() -> Bool {
        guard servesBoard, !board.isSettled else { return true }
        let end = drain.settlesBy ?? moment.instant + configuration.timing.boardsWait
        drain.settlesBy = end
        guard end <= moment.instant else { return false }
        log.write(
            .warn, "leaving boards unstored; the next start stores them", at: moment.timestamp,
            ["waited": "\(configuration.timing.boardsWait.milliseconds)ms"])
        return true
    }

    private var hasUnfinishedBusiness: Bool {
        var isUnfinished = false
        connections.forEach { _, connection in isUnfinished = isUnfinished || connection.hasUnfinishedBusiness }
        return isUnfinished
    }
}

extension ServerConnection {
    /// Whether the connection merely waits for another request.
    var isIdleRequest: Bool { phase == .http && !wire.isInsideRequest && !wire.owesAnswers && output.isEmpty }

    /// Whether something would be lost by ending the connection now.
    var hasUnfinishedBusiness: Bool {
        switch phase {
        case .http: !isIdleRequest
        case .answering, .queueing, .webSocket, .closing: true
        case .streaming: false
        case .lingering: !isOutputEnded
        }
    }
}
