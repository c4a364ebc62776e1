import SessionBase
import SessionCodec

/// What a registration did to the cases of its user.
struct CaseChange {
    /// Whether the user showed several cases before.
    var hadSeveralCases: Bool
    /// Whether the set of the user's cases is another one now.
    var didChangeSet: Bool
}

/// Who is warned of what (PROTOCOLS §2.4; the steps are numbered there).
extension AwarenessMachine {
    /// Does steps 2 and 3 after a window got a case that it did not have.
    mutating func warn(
        of change: CaseChange, in window: UInt32, isNewOnSocket: Bool, at moment: Moment, effects: inout Effects
    ) {
        let user = registry.windows[slot: window].user
        guard registry.showsSeveralCases(user) else {
            if change.hadSeveralCases { clearWarning(of: user, effects: &effects) }
            return
        }
        if change.didChangeSet || isNewOnSocket {
            gatherSockets(of: user)
            sendMultiCase(of: user, at: moment, effects: &effects)
        }
        warnOfMismatch(window, at: moment, effects: &effects)
    }

    /// Step 3: tells the sockets that show another case what was opened, and what had been viewed.
    mutating func warnOfMismatch(_ window: UInt32, at moment: Moment, effects: inout Effects) {
        guard let viewed = registry.viewedBefore(window) else { return }
        gatherSockets(of: registry.windows[slot: window].user, withOtherCaseThan: window)
        let warning = effects.encode { bytes in
            AwarenessReply.beginWarning(.caseMismatch, to: &bytes)
            registry.windows[slot: viewed].label.appendCase(isFirst: true, to: &bytes)
            registry.windows[slot: window].label.appendCase(isFirst: false, to: &bytes)
            registry.windows[slot: window].label.endMismatch(viewed: registry.windows[slot: viewed].label, to: &bytes)
        }
        sendToAudience(warning, at: moment, effects: &effects)
    }

    /// Step 6: tells one socket what the others were told before it came.
    mutating func replayMultiCase(to connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let user = connections[Int(connection.slot)].user
        guard registry.showsSeveralCases(user) else { return }
        audience.removeAll(keepingCapacity: true)
        audience.append(connection)
        sendMultiCase(of: user, at: moment, effects: &effects)
    }

    /// Tells the clients that asked for it that one case at most is left (PROTOCOLS 0-13).
    mutating func clearWarning(of user: UInt32, effects: inout Effects) {
        gatherSockets(of: user)
        audience.removeAll { !connections[Int($0.slot)].isVersion2 }
        guard !audience.isEmpty else { return }
        // The next warning contradicts this message, even if it says the same as the last one.
        for connection in audience { recentWarnings.forget(connection) }
        counters[.warningCleared] += audience.count
        let message = effects.encode { AwarenessReply.appendWarningCleared(.multiCase, to: &$0) }
        effects.publish(message, to: audience)
    }

    // MARK: Steps

    private mutating func sendMultiCase(of user: UInt32, at moment: Moment, effects: inout Effects) {
        let warning = effects.encode { bytes in
            AwarenessReply.beginWarning(.multiCase, to: &bytes)
            for (place, window) in registry.users[slot: user].windows.enumerated() {
                registry.windows[slot: window].label.appendCase(isFirst: place == 0, to: &bytes)
            }
            AwarenessReply.endMultiCase(to: &bytes)
        }
        sendToAudience(warning, at: moment, effects: &effects)
    }

    /// Collects in ``audience`` every connection that has a window of the user, or only those with a window that shows
    /// another case than `exempt`; once each, in the order in which the windows were registered.
    private mutating func gatherSockets(of user: UInt32, withOtherCaseThan exempt: UInt32? = nil) {
        audience.removeAll(keepingCapacity: true)
        for window in registry.users[slot: user].windows {
            guard let connection = registry.windows[slot: window].connection, !audience.contains(connection) else {
                continue
            }
            if let exempt, registry.windows[slot: window].label.showsSameCase(as: registry.windows[slot: exempt].label)
            {
                continue
            }
            audience.append(connection)
        }
    }

    /// Sends a warning to those of ``audience`` who did not get the same one within the last second.
    private mutating func sendToAudience(_ warning: EncodedMessage, at moment: Moment, effects: inout Effects) {
        let frame = hash(of: warning, in: effects)
        var kept = 0
        for connection in audience where recentWarnings.admit(frame, to: connection, at: moment.instant) {
            audience[kept] = connection
            kept += 1
        }
        audience.removeSubrange(kept...)
        guard !audience.isEmpty else { return }
        counters[.warning] += audience.count
        effects.publish(warning, to: audience)
    }

    private func hash(of message: EncodedMessage, in effects: Effects) -> UInt64 {
        configuration.hash.hash(effects.bytes.span.extracting(message.start..<message.start + message.count))
    }
}
