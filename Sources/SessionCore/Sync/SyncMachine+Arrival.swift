import SessionBase
import SessionCodec

/// A connection becomes that of a device (PROTOCOLS C3, §3.4): who had it before, what it may do, what it missed.
extension SyncMachine {
    /// Binds a connection to its device (PROTOCOLS C3): AUTH_SUCCESS, what it missed, and news for the others.
    mutating func bind(
        _ connection: ConnectionID, to session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        let join = joins[slot: connections[slot].join]
        guard let identity = join.identity, let deviceID = join.authentication.deviceID else {
            preconditionFailure("nobody is bound without identity")
        }
        guard identity.isAdmin || identity.user == sessions[slot: session].owner else {
            fail(connection, .sessionNotFound, at: moment, effects: &effects)
            return forgetIfIdle(session)
        }
        guard let device = device(deviceID, of: session) ?? addDevice(deviceID, to: session) else {
            return fail(connection, .deviceLimit, at: moment, effects: &effects)
        }
        let wasPresent = devices[slot: device].isPresent
        if let old = devices[slot: device].connection { supersede(old, effects: &effects) }
        describe(device, by: join.authentication, at: moment)
        devices[slot: device].connection = connection
        devices[slot: device].graceEnds = nil
        if !wasPresent { devices[slot: device].connectedAt = moment.timestamp }
        connections[slot].session = session
        connections[slot].device = device
        connections[slot].phase = .ready
        note(identity, of: connection)
        if !wasPresent { announce(device, at: moment, effects: &effects) }
        welcome(connection, resuming: join.authentication.resume, at: moment, effects: &effects)
        noteChange(of: device, at: moment, effects: &effects)
    }

    /// Closes the connection that had a device before (PROTOCOLS C3); nobody hears of it.
    private mutating func supersede(_ old: ConnectionID, effects: inout Effects) {
        counters.takeovers += 1
        unbind(old)
        doom(old, .superseded, effects: &effects)
    }

    /// Remembers what a credential allows, and until when.
    mutating func note(_ identity: Identity, of connection: ConnectionID) {
        let slot = Int(connection.slot)
        // The session's own string where it is the same one, so that the characters are kept once.
        let owner = sessions[slot: connections[slot].session].owner
        connections[slot].user = owner == identity.user ? owner ?? identity.user : identity.user
        connections[slot].tokenID = identity.tokenID
        connections[slot].issuedAt = identity.issuedAt?.milliseconds ?? 0
        connections[slot].expiresAt = identity.expiresAt?.milliseconds ?? .max
        let wasListener = connections[slot].isListener
        connections[slot].isAssumed = identity.isAssumed
        connections[slot].isAdmin = identity.isAdmin
        guard connections[slot].isListener != wasListener else { return }
        if wasListener { admins.removeAll { $0 == connection } } else { admins.append(connection) }
    }

    /// Sends AUTH_SUCCESS and what was missed, and lets the connection speak.
    mutating func welcome(
        _ connection: ConnectionID, resuming place: SyncAuthentication.Resume? = nil, at moment: Moment,
        effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        let record = connections[slot]
        let join = joins.remove(slot: record.join)
        connections[slot].join = noIndex
        let missed = place.flatMap { missedPushes(of: record.device, since: $0, at: moment) }
        let session = sessions[slot: record.session]
        let welcome = SyncWelcome(
            sessionID: session.key.text, userID: record.user, deviceID: devices[slot: record.device].id,
            roles: join.identity?.roles ?? [], expiresAt: record.expiresAt == .max ? nil : record.expiresAt,
            heartbeatInterval: configuration.heartbeatInterval.milliseconds, version: session.version,
            devicesOnline: presentCount(of: record.session), serverTime: moment.timestamp.milliseconds,
            epoch: session.epochText, sequence: missed == nil ? session.sequence : place?.sequence ?? 0,
            replayed: missed?.count)
        reply(.authSuccess(welcome), join.envelope.correlationID, to: connection, at: moment, effects: &effects)
        if place != nil { counters.recoveries(missed != nil) }
        for push in missed ?? [] { send(push.span, to: connection, effects: &effects) }
        lookAfter(connection, at: moment)
        effects.resume(connection)
    }
}
