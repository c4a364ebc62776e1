import SessionBase
import SessionCodec

/// What clients ask about windows they have: `deregister`, `heartbeat`, `focus`, `list`.
extension AwarenessMachine {
    /// The window of this connection that a message names, by user and window id (PROTOCOLS 0-15).
    ///
    /// - Complexity: O(windows of the connection), without hashing or allocation.
    @inline(__always)
    mutating func boundWindow(
        _ request: AwarenessRequest, of connection: ConnectionID, in message: Span<UInt8>
    ) -> UInt32? {
        var index = connections[Int(connection.slot)].firstWindow
        while index != noIndex {
            if registry.windows.show(index, to: { $0.label.isNamed(by: request, in: message) }) { return index }
            index = registry.windows[slot: index].next
        }
        return nil
    }

    /// Closes a window.
    mutating func deregister(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        guard let window = boundWindow(request, of: connection, in: message) else {
            return refuse(.notRegistered, request.tag, from: connection, in: message, effects: &effects)
        }
        if connections[Int(connection.slot)].isVersion2 {
            counters[.deregistered] += 1
            let reply = effects.encode { bytes in
                registry.windows[slot: window].label.appendDeregistered(to: &bytes)
                request.appendTag(to: &bytes, in: message)
            }
            effects.send(reply, to: connection)
        }
        unlink(window)
        remove(window, at: moment, effects: &effects)
        startIdling(connection, at: moment)
    }

    /// Notes that a window lives.
    mutating func keepAlive(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        guard let window = boundWindow(request, of: connection, in: message) else {
            return refuse(.notRegistered, request.tag, from: connection, in: message, effects: &effects)
        }
        registry.windows[slot: window].lastSeen = moment.instant
        guard connections[Int(connection.slot)].isVersion2 else { return }
        counters[.heartbeatAck] += 1
        let reply = effects.encode { bytes in
            AwarenessReply.appendHeartbeatAck(
                moment.timestamp, nextHeartbeatMilliseconds: configuration.heartbeatInterval.milliseconds, to: &bytes)
            request.appendTag(to: &bytes, in: message)
        }
        effects.send(reply, to: connection)
    }

    /// Makes a window the most active one (PROTOCOLS §2.4 step 4).
    mutating func focus(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        guard let window = boundWindow(request, of: connection, in: message) else {
            return refuse(.notRegistered, request.tag, from: connection, in: message, effects: &effects)
        }
        registry.windows[slot: window].lastSeen = moment.instant
        registry.activate(window)
        if connections[Int(connection.slot)].isVersion2 {
            counters[.focused] += 1
            let reply = effects.encode { bytes in
                registry.windows[slot: window].label.appendFocused(to: &bytes)
                request.appendTag(to: &bytes, in: message)
            }
            effects.send(reply, to: connection)
        }
        if configuration.mismatchOnFocus { warnOfMismatch(window, at: moment, effects: &effects) }
    }

    /// Lists the user's windows (EXT); only a connection that has one of them may ask.
    mutating func list(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, effects: inout Effects
    ) {
        let record = connections[Int(connection.slot)]
        guard record.windowCount > 0, registry.isNamed(record.user, by: request, in: message) else {
            return refuse(.notRegistered, request.tag, from: connection, in: message, effects: &effects)
        }
        counters[.state] += 1
        let reply = effects.encode { bytes in
            appendState(of: record.user, to: &bytes)
            request.appendTag(to: &bytes, in: message)
        }
        effects.send(reply, to: connection)
    }

    private func appendState(of user: UInt32, to bytes: inout [UInt8]) {
        let focused = registry.focused(of: user)
        AwarenessReply.beginState(to: &bytes)
        for (place, index) in registry.users[slot: user].windows.enumerated() {
            let window = registry.windows[slot: index]
            window.label.appendState(
                isFocused: index == focused, isConnected: window.isLive, since: window.since, isFirst: place == 0,
                to: &bytes)
        }
        AwarenessReply.endState(to: &bytes)
    }
}
