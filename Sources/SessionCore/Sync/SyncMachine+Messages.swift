import SessionBase
import SessionCodec

/// What clients say once they were heard (PROTOCOLS §3.4).
extension SyncMachine {
    /// Does what a message asks for.
    mutating func carryOut(
        _ frame: SyncClientFrame, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        let envelope = frame.envelope
        let isReady = connections[Int(connection.slot)].phase == .ready
        if isReady, !isMeant(envelope, by: connection, isAuthentication: frame.kind == .auth) {
            return refuse(.identityMismatch, envelope, from: connection, at: moment, effects: &effects)
        }
        switch frame.message {
        case .heartbeat(let time):
            let ack = SyncServerMessage.heartbeatAck(
                clientTime: time, serverTime: moment.timestamp.milliseconds)
            reply(ack, envelope.correlationID, to: connection, at: moment, effects: &effects)
        case .auth(let authentication):
            authenticate(authentication, envelope, from: connection, at: moment, effects: &effects)
        case _ where !isReady:
            refuse(.notAuthenticated, envelope, from: connection, at: moment, effects: &effects)
        case .snapshotRequest(let session, let version):
            request(session, known: version, envelope, from: connection, at: moment, effects: &effects)
        case .stateUpdate(let update):
            change(update, envelope, from: connection, at: moment, effects: &effects)
        case .deviceList:
            let list = deviceList(of: connections[Int(connection.slot)].session, at: moment)
            reply(.deviceList(list), envelope.correlationID, to: connection, at: moment, effects: &effects)
        case .broadcast(let event, let data):
            broadcast(event, data, envelope, from: connection, at: moment, effects: &effects)
        }
    }

    /// Whether an envelope names nobody else than the connection is (PROTOCOLS 1-10); AUTH is judged where it is handled.
    private func isMeant(_ envelope: SyncEnvelope, by connection: ConnectionID, isAuthentication: Bool) -> Bool {
        if isAuthentication { return true }
        let record = connections[Int(connection.slot)]
        if let user = envelope.userID, user != record.user { return false }
        if let device = envelope.deviceID, device != devices[slot: record.device].id { return false }
        guard let session = envelope.sessionID else { return true }
        return SessionKey(session) == sessions[slot: record.session].key
    }

    /// Answers SNAPSHOT_REQUEST, from the store alone where it is about another session of the user.
    private mutating func request(
        _ name: String?, known: UInt64?, _ envelope: SyncEnvelope, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        let session = connections[Int(connection.slot)].session
        let operation = SyncOperation(
            action: .read(knownVersion: known),
            asker: .connection(connection, correlation: envelope.correlationID), since: moment.instant)
        if let name, let key = SessionKey(name), key != sessions[slot: session].key {
            return read(operation, key, at: moment, effects: &effects)
        }
        perform(operation, in: session, .unread, at: moment, effects: &effects)
    }

    private mutating func change(
        _ update: SyncStateUpdate, _ envelope: SyncEnvelope, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        let record = connections[Int(connection.slot)]
        let device = devices[slot: record.device]
        let operation = SyncOperation(
            action: .update(update, device: device.id, serial: device.serial),
            asker: .connection(connection, correlation: envelope.correlationID), since: moment.instant)
        perform(operation, in: record.session, .unread, at: moment, effects: &effects)
    }

    /// Tells the other devices of the session something; the server's own events are not to be forged (PROTOCOLS §3.5).
    private mutating func broadcast(
        _ event: String, _ data: JSONFragment, _ envelope: SyncEnvelope, from connection: ConnectionID,
        at moment: Moment, effects: inout Effects
    ) {
        guard SyncEvent(rawValue: event) == nil else {
            return refuse(.forbidden, envelope, from: connection, at: moment, effects: &effects)
        }
        let record = connections[Int(connection.slot)]
        let device = devices[slot: record.device]
        push(
            .broadcast(event: event, data: data), in: record.session, origin: device.serial, device: device.id,
            at: moment, effects: &effects)
    }
}
