import SessionBase
import SessionCodec
import SessionCore

/// What happens to connections, told to the machine of their service; messages are told where they are read.
extension ServerLoop {
    /// When a machine has something to do next.
    var servicesDue: Instant {
        var due = awareness.deadline ?? .distantFuture
        if servesSync { due = min(due, sync.deadline ?? .distantFuture) }
        if servesChannels { due = min(due, channels.deadline ?? .distantFuture) }
        if servesLockers { due = min(due, lockers.deadline ?? .distantFuture) }
        if servesBoard { due = min(due, board.deadline ?? .distantFuture) }
        return due
    }

    /// Lets the machines do what is due.
    mutating func tickServices() {
        if let due = awareness.deadline, due <= moment.instant {
            awareness.tick(at: moment, effects: &effects)
            performEffects()
        }
        if servesSync, let due = sync.deadline, due <= moment.instant {
            sync.tick(at: moment, effects: &effects)
            performEffects()
        }
        if servesChannels, let due = channels.deadline, due <= moment.instant {
            channels.tick(at: moment, effects: &effects)
            performEffects()
        }
        if servesLockers, let due = lockers.deadline, due <= moment.instant {
            lockers.tick(at: moment, effects: &effects)
            performEffects()
        }
        if servesBoard, let due = board.deadline, due <= moment.instant {
            board.tick(at: moment, effects: &effects)
            performEffects()
        }
    }

    /// Tells that the server drains.
    mutating func stopServices() {
        awareness.stopping()
        sync.stopping()
        channels.stopping()
        lockers.stopping()
        board.stopping()
    }

    /// Tells of a connection whose handshake is done.
    mutating func serviceOpened(_ id: ConnectionID, _ profile: ProtocolID, _ handshake: Handshake) {
        switch profile {
        case .awareness: awareness.opened(id, handshake, at: moment, effects: &effects)
        case .sync: sync.opened(id, handshake, at: moment, effects: &effects)
        case .channels: channels.opened(id, handshake, at: moment, effects: &effects)
        case .lockers: lockers.opened(id, handshake, at: moment, effects: &effects)
        case .board: board.opened(id, handshake, at: moment, effects: &effects)
        case .echo: return
        }
        performEffects()
    }

    /// Hands over what the machine of another loop sent.
    mutating func delivered(_ parcel: Parcel, from loop: Int) {
        switch parcel {
        case .channels(let parcel): channels.delivered(parcel, from: loop, at: moment, effects: &effects)
        case .lockers(let parcel):
            lockers.isDegraded = node.sessions.isDegraded
            lockers.delivered(parcel, from: loop, at: moment, effects: &effects)
        }
        performEffects()
    }

    /// Tells of a sign of life that is no message.
    mutating func serviceHeard(_ id: ConnectionID) {
        switch connections[slot: id.slot].profile {
        case .awareness: awareness.heard(id, at: moment)
        case .sync: sync.heard(id, at: moment)
        case .channels: channels.heard(id, at: moment)
        case .lockers: lockers.heard(id, at: moment)
        case .board: board.heard(id, at: moment)
        case .echo, nil: break
        }
    }

    /// Tells that a connection is gone.
    mutating func serviceClosed(_ id: ConnectionID, _ profile: ProtocolID, cleanly: Bool) {
        switch profile {
        case .awareness: awareness.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .sync: sync.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .channels: channels.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .lockers: lockers.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .board: board.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .echo: return
        }
        performEffects()
    }

    /// The user of a connection, where its service knows users.
    func user(of id: ConnectionID, _ profile: ProtocolID) -> String? {
        switch profile {
        case .awareness: awareness.user(of: id)
        case .sync: sync.user(of: id)
        case .channels: channels.user(of: id)
        case .lockers: lockers.user(of: id)
        case .board: board.user(of: id)
        case .echo: nil
        }
    }

    /// The device of a connection, where its service knows devices.
    func device(of id: ConnectionID, _ profile: ProtocolID) -> DeviceOfConnection? {
        profile == .sync ? sync.device(of: id) : nil
    }
}
