import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Handles everything that other loops sent.
    mutating func readMail() {
        for mail in node.inboxes[index].takeAll() {
            switch mail {
            case .accepted(let socket): adopt(socket)
            case .arrived(let traveller): arrive(traveller)
            case .query(let query, let ticket): node.post(.answer(report(query), ticket: ticket), to: ticket.loop)
            case .answer(let report, let ticket): gathered(report, ticket.number)
            case .stored(let answers): stored(answers)
            case .backed(let answers): backed(answers)
            case .requested(let ticket, let call): requested(ticket, call)
            case .responded(let number, let response): afterwards.append(.respond(number: number, response))
            case .judged(let id, let verdict): afterwards.append(.judged(id, verdict))
            case .proceed(let operation, let number): begin(operation, for: requests.end(number))
            case .traced(let reader): readTap(of: reader)
            case .parcel(let parcel, let loop): delivered(parcel, from: loop)
            case .hooked(let ticket, let reply):
                channels.hooked(ticket, reply, at: moment, effects: &effects)
                performEffects()
            case .inform(let payload):
                sync.inform(payload.span, at: moment, effects: &effects)
                performEffects()
            case .drain: enterDrain(node.drainState)
            case .configuration(let configuration, let tls): take(configuration, tls)
            case .stop: isRunning = false
            }
        }
    }

    /// Registers a connection with the poller and arms its timer; gives it up where that fails.
    mutating func watch(_ id: ConnectionID) -> Bool {
        do {
            try poller.add(
                connections[slot: id.slot].descriptor, token: id.packed, connections[slot: id.slot].interest)
        } catch {
            log.write(.error, "cannot watch a socket", at: moment.timestamp, ["reason": "\(error)"])
            lose(id)
            return false
        }
        schedule(id)
        return true
    }

    /// Tells the poller what the connection waits for.
    mutating func updateInterest(_ id: ConnectionID) {
        do {
            try poller.modify(
                connections[slot: id.slot].descriptor, token: id.packed, connections[slot: id.slot].interest)
        } catch {
            preconditionFailure("a watched socket can be watched for something else: \(error)")
        }
    }

    /// Takes a connection out of the poller.
    mutating func unwatch(_ id: ConnectionID) {
        // A socket whose registration failed was never there; one that was there goes without fail.
        try? poller.remove(connections[slot: id.slot].descriptor)
    }
}

extension ServerConnection {
    /// What the poller watches the socket for. Each change of it is looked at anew, so that no readiness is missed that
    /// came while nobody asked.
    var interest: Poller.Interest {
        var interest = Poller.Interest.edge
        if isReading { interest.insert(.readable) }
        if isWriting { interest.insert(.writable) }
        return interest
    }
}
