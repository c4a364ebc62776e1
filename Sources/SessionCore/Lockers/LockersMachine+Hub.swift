package import SessionBase
import SessionCodec

/// Between connections and the ``Hub``: wishes, and what comes of them.
extension LockersMachine {
    /// Takes what the machine of another loop sent.
    package mutating func delivered(
        _ parcel: LockersParcel, from loop: Int, at moment: Moment, effects: inout Effects
    ) {
        switch parcel {
        case .hub(let parcel):
            hub.delivered(parcel, from: loop, at: moment, effects: &effects)
            followHub(at: moment, effects: &effects)
        case .acknowledged(let command, let ack): record(ack, of: command, at: moment, effects: &effects)
        case .question(let number): effects.post(.lockers(.status(number: number, loopStatus)), to: loop)
        case .status(let number, let status): take(status, from: loop, number, at: moment, effects: &effects)
        }
    }

    /// Wants a namespace or a room for a connection, which is held while another loop is asked.
    ///
    /// Who wants the positions of a room's messages is served by the machine: those frames name their room, since offsets of
    /// several topics come over one socket.
    mutating func subscribe(
        _ connection: ConnectionID, room: String?, since: TopicSince?, at moment: Moment, effects: inout Effects
    ) {
        var terms = SubscriptionTerms()
        terms.since = since
        terms.history = configuration.history
        terms.renews = since != nil
        if room != nil, since != nil { terms.delivery = .own }
        let topic = LockersTopic.name(connections[Int(connection.slot)].namespace, room)
        let action = hub.subscribe(connection, to: topic, terms, note: 0, at: moment, effects: &effects)
        if action == .waiting {
            connections[Int(connection.slot)].isHeld = true
            effects.pause(connection)
        }
        followHub(at: moment, effects: &effects)
    }

    /// Takes what the hub has to tell, after every call of it.
    mutating func followHub(at moment: Moment, effects: inout Effects) {
        while let event = hub.nextEvent() {
            switch event {
            case .subscribed(let answer): subscribed(answer, at: moment, effects: &effects)
            case .published(let outcome): published(outcome, at: moment, effects: &effects)
            case .heard(let publication): heard(publication, effects: &effects)
            // Nobody asks for snapshots, and nothing is refused; nobody is told who comes and goes.
            case .subscribing, .refused, .occupied, .vacated: break
            }
        }
    }

    /// Answers a connection whose topic's owner has answered, and goes on with what it says.
    private mutating func subscribed(
        _ answer: SubscriptionAnswer, at moment: Moment, effects: inout Effects
    ) {
        let connection = answer.connection
        guard isOpen(connection) else { return }
        let room = LockersTopic.room(of: answer.topic)
        var isMember = true
        if let room {
            isMember = joined(connection, room, answer, at: moment, effects: &effects)
        } else {
            welcome(connection, answer, at: moment, effects: &effects)
        }
        if isMember {
            counters.recovery(answer.answer.isRecovered)
            for message in answer.missed {
                effects.send(effects.encode { message.append(room: room, to: &$0) }, to: connection)
            }
        }
        guard connections[Int(connection.slot)].isHeld else { return }
        connections[Int(connection.slot)].isHeld = false
        effects.resume(connection)
    }

    /// Sends a room's message to those who want its position.
    private mutating func heard(_ publication: HeardPublication, effects: inout Effects) {
        let room = LockersTopic.room(of: publication.topic)
        let message = effects.encode { publication.message.append(room: room, to: &$0) }
        effects.publish(message, to: publication.subscribers)
    }
}

extension TopicMessage {
    /// Appends the message with its offset, and with the room where it comes from one.
    fileprivate func append(room: String?, to bytes: inout [UInt8]) {
        append(to: &bytes)
        guard let room else { return }
        // A room's name needs no escapes (PROTOCOLS 4-8).
        bytes.removeLast()
        bytes.append(contentsOf: #","room":"\#(room)"}"#.utf8)
    }
}
