package import SessionBase
import SessionCodec

/// From a broadcast or an event to its frames, and from the count of those who got it to the answer.
extension LockersMachine {
    /// Something to be told, checked against what there is.
    struct Sending {
        var namespace: String
        var room: String?
        var message: LockersServerMessage
        var event: String
        var key: String?
    }

    /// Looks where a broadcast or an event goes.
    ///
    /// - Throws: ``LockersFailure`` where there is no such namespace (PROTOCOLS 4-16), or no such room can be.
    func prepare(_ call: LockersCall, at moment: Moment) throws(LockersFailure) -> Sending {
        let sending: Sending
        switch call {
        case .broadcast(let broadcast):
            sending = Sending(
                namespace: broadcast.namespace, room: broadcast.room,
                message: .broadcast(event: broadcast.event, data: broadcast.data), event: broadcast.event,
                key: broadcast.idempotencyKey)
        case .emit(let emission):
            let event = emission.event.dated(moment.timestamp)
            sending = Sending(
                namespace: event.namespace, room: try room(of: emission), message: .event(event),
                event: event.kind.name, key: emission.idempotencyKey)
        case .status, .commandAcks: preconditionFailure("a question is nothing to be told")
        }
        guard configuration.namespaces.contains(sending.namespace) else {
            let names = configuration.namespaces.joined(separator: ", ")
            throw LockersFailure(
                .unknownNamespace, message: "there is no such namespace; there are \(names)", field: "namespace")
        }
        return sending
    }

    /// What an event calls its room; `nil` where the whole namespace hears it (PROTOCOLS 4-10).
    func roomName(of emission: LockersEmission) -> String? {
        // An event about no kiosk has no room, whatever the configuration says.
        emission.isForRoom ?? configuration.sendsEventsToRooms ? emission.event.kiosk : nil
    }

    /// The room of an event.
    private func room(of emission: LockersEmission) throws(LockersFailure) -> String? {
        guard let kiosk = roomName(of: emission) else { return nil }
        guard RoomName.allows(kiosk) else {
            let field =
                switch emission.event {
                case .lockerState: "kioskId"
                case .helpRequested, .helpStatus: "kiosk_id"
                case .commandApplied: "command.kioskId"
                }
            throw .field(field, "events go to the room of their kiosk here, and this id is not the name of a room")
        }
        return kiosk
    }

    /// Tells it, and remembers who waits for the count.
    mutating func carryOut(
        _ sending: Sending, for ticket: RequestTicket?, by identity: Identity?, at moment: Moment,
        effects: inout Effects
    ) {
        lastSend += 1
        sends[lastSend] = PendingSend(
            namespace: sending.namespace, event: sending.event, room: sending.room, timestamp: moment.timestamp,
            since: moment.instant, ticket: ticket, key: sending.key.map { Self.repetitionKey($0, identity) })
        var bytes: [UInt8] = []
        sending.message.encode(at: moment.timestamp, to: &bytes)
        var publication = Publication(bytes, history: configuration.history)
        publication.ticket = lastSend
        let topic = LockersTopic.name(sending.namespace, sending.room)
        hub.publish(publication, to: topic, at: moment, effects: &effects)
        followHub(at: moment, effects: &effects)
    }

    /// Answers whoever waits, once it is known to how many sockets of all loops it went.
    mutating func published(_ outcome: PublicationOutcome, at moment: Moment, effects: inout Effects) {
        guard let send = sends.removeValue(forKey: outcome.ticket) else { return }
        counters.sent(LockersServerKind(name: send.event), times: outcome.delivered)
        guard let ticket = send.ticket else { return }
        unwritten.append(send.since)
        let response = LockersResponse.sent(
            namespace: send.namespace, event: send.event, room: send.room, recipients: outcome.delivered,
            at: send.timestamp)
        effects.respond(ticket, response)
        guard let key = send.key else { return }
        for other in repetitions.finish(key, response) { effects.respond(other, response) }
    }

    /// Whether broadcasts were sent whose writing is to be told with ``wrote(at:)``.
    package var isWriting: Bool { !unwritten.isEmpty }

    /// Records that everything that was sent is written, or queued for those who do not read (PROTOCOLS 4-18, `broadcast`).
    package mutating func wrote(at now: Instant) {
        for since in unwritten {
            broadcasts.record(now - since)
            counters.fanout.record(now - since)
        }
        unwritten.removeAll(keepingCapacity: true)
    }
}
