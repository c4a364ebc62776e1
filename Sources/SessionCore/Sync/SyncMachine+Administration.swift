package import SessionBase
package import SessionCodec

/// What administrators do, and what they are told (PROTOCOLS 1-31, C17, §3.4 ADMIN_UPDATE).
extension SyncMachine {
    // MARK: Telling

    /// Sends the payload of an ADMIN_UPDATE to the administrators of this loop who brought a credential.
    package mutating func inform(_ payload: Span<UInt8>, at moment: Moment, effects: inout Effects) {
        for connection in admins where isOpen(connection) {
            sendUpdate(payload, to: connection, at: moment, effects: &effects)
        }
    }

    private mutating func sendUpdate(
        _ payload: Span<UInt8>, to connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        counters.sent(.adminUpdate)
        let record = connections[Int(connection.slot)]
        var envelope = SyncEnvelope(timestamp: moment.timestamp.seconds)
        if record.session != noIndex {
            envelope.sessionID = sessions[slot: record.session].key.text
            envelope.userID = record.user
            envelope.deviceID = devices[slot: record.device].id
        }
        var text: [UInt8] = []
        SyncServerFrame.append(.adminUpdate, payload: payload, envelope: envelope, to: &text)
        send(text.span, to: connection, effects: &effects)
    }

    /// Sends what `POST /admin/broadcast` says to its target's connections of this loop.
    ///
    /// - Returns: How many connections got it.
    package mutating func broadcast(
        _ message: SyncAdminBroadcast, at moment: Moment, effects: inout Effects
    ) -> Int {
        let receivers = receivers(of: message.target)
        guard message.target != .admins else {
            let update = SyncAdminUpdate(
                kind: .notification, type: message.type, message: message.message, data: message.data ?? .emptyObject)
            var payload: [UInt8] = []
            update.appendPayload(to: &payload)
            for connection in receivers { sendUpdate(payload.span, to: connection, at: moment, effects: &effects) }
            return receivers.count
        }
        let data = JSONFragment { json in
            json.field("type", message.type)
            json.field("message", message.message)
            if let data = message.data { json.field("data", data) }
        }
        for connection in receivers {
            reply(.broadcast(event: "message", data: data), nil, to: connection, at: moment, effects: &effects)
        }
        return receivers.count
    }

    private func receivers(of target: SyncAdminBroadcast.Target) -> [ConnectionID] {
        switch target {
        case .admins: readyConnections { $0.isAdmin }
        case .all: readyConnections { _ in true }
        case .user(let user): readyConnections { $0.user == user }
        case .session(let name):
            sessionSlot(named: name).map { session in readyConnections { $0.session == session } } ?? []
        }
    }

    /// Tells all administrators of the node that a device came or went.
    mutating func informOfDevice(
        _ device: UInt32, _ event: String, reason: SyncLeaveReason? = nil, at moment: Moment, effects: inout Effects
    ) {
        guard informs else { return }
        let record = devices[slot: device]
        let session = sessions[slot: record.session]
        let data = JSONFragment { json in
            json.field("event", event)
            json.field("session_id", session.key.text)
            json.field("user_id", session.owner)
            json.field("device_id", record.id)
            json.field("device_type", record.type.rawValue)
            if let reason { json.field("reason", reason.rawValue) }
        }
        inform(SyncAdminUpdate(kind: .connection, data: data), effects: &effects)
    }

    /// Tells all administrators of the node what happened to a session.
    mutating func inform(of session: UInt32, _ event: String, at moment: Moment, effects: inout Effects) {
        guard informs else { return }
        let record = sessions[slot: session]
        let data = JSONFragment { json in
            json.field("event", event)
            json.field("session_id", record.key.text)
            json.field("user_id", record.owner)
        }
        inform(SyncAdminUpdate(kind: .session, data: data), effects: &effects)
    }

    private func inform(_ update: SyncAdminUpdate, effects: inout Effects) {
        effects.inform(effects.encode { update.appendPayload(to: &$0) })
    }

    // MARK: Disconnecting

    /// Disconnects a connection with a code such as 4410 or 4513; its device is gone at once.
    ///
    /// - Returns: Whether it was there.
    package mutating func disconnect(
        _ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects
    ) -> Bool {
        guard isOpen(connection) else { return false }
        end(connection, code, at: moment, effects: &effects)
        return true
    }

    /// Closes the connections whose credential was revoked with 4440 (PROTOCOLS C17).
    ///
    /// - Returns: How many there were.
    package mutating func revoke(_ revocation: Revocation, at moment: Moment, effects: inout Effects) -> Int {
        let revoked = openConnections { isHit(connections[$0], by: revocation) }
        for connection in revoked { end(connection, .revoked, at: moment, effects: &effects) }
        return revoked.count
    }

    private func isHit(_ record: SyncConnection, by revocation: Revocation) -> Bool {
        if record.join != noIndex, let identity = joins[slot: record.join].identity {
            if revocation.hits(identity) { return true }
        }
        guard record.session != noIndex else { return false }
        var identity = Identity(user: record.user)
        identity.tokenID = record.tokenID
        identity.session = sessions[slot: record.session].key.text
        identity.isAssumed = record.isAssumed
        if record.issuedAt != 0 { identity.issuedAt = Timestamp(milliseconds: record.issuedAt) }
        return revocation.hits(identity)
    }

    /// Disconnects a device where it has a connection.
    mutating func disconnect(_ device: UInt32, _ code: CloseCode, at moment: Moment, effects: inout Effects) {
        if let connection = devices[slot: device].connection { end(connection, code, at: moment, effects: &effects) }
    }

    private mutating func end(
        _ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects
    ) {
        let record = connections[Int(connection.slot)]
        doom(connection, code, effects: &effects)
        guard record.device != noIndex else { return }
        unbind(connection)
        end(record.device, .closed, lastHeard: record.lastHeard, at: moment, effects: &effects)
    }

    // MARK: Finding

    private func sessionSlot(named name: String) -> UInt32? { SessionKey(name).flatMap { sessionSlots[$0] } }

    private func readyConnections(where isMeant: (SyncConnection) -> Bool) -> [ConnectionID] {
        openConnections { connections[$0].session != noIndex && isMeant(connections[$0]) }
    }

    private func openConnections(where isMeant: (Int) -> Bool) -> [ConnectionID] {
        connections.indices.compactMap { slot in
            let id = ConnectionID(slot: UInt32(slot), generation: connections[slot].generation)
            return isOpen(id) && isMeant(slot) ? id : nil
        }
    }
}
