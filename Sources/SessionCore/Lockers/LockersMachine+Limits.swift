import SessionBase
import SessionCodec

/// Too much and too wrong: rate limits, errors, and when patience ends (PROTOCOLS C6).
extension LockersMachine {
    /// Takes a message's token; where there is none, says so to the client.
    mutating func admits(
        _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) -> Bool {
        let slot = Int(connection.slot)
        guard let rate = configuration.messageRate, !connections[slot].messages.take(at: moment.instant, rate) else {
            return true
        }
        counters.rateLimited += 1
        let wait = connections[slot].messages.wait(at: moment.instant, rate).milliseconds + 1
        refuse(
            .rateLimited, "Too many messages; wait \(wait) ms", tag, from: connection, at: moment, effects: &effects)
        if withTrouble(of: connection, { $0.excess.record(at: moment.instant) }) {
            doom(connection, .rateLimited, at: moment, effects: &effects)
        }
        return false
    }

    /// Answers what is no message, and counts it.
    mutating func refuse(
        _ refusal: LockersRefusal, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        counters.failed(refusal.code)
        reply(refusal.reply, refusal.tag, to: connection, at: moment, effects: &effects)
        guard refusal.code.isAboutDecoding else { return }
        if withTrouble(of: connection, { $0.invalid.count(at: moment.instant) }) {
            doom(connection, .tooManyErrors, at: moment, effects: &effects)
        }
    }

    /// Answers a message that cannot be granted.
    mutating func refuse(
        _ code: LockersErrorCode, _ sentence: String? = nil, _ tag: MessageTag?, from connection: ConnectionID,
        at moment: Moment, effects: inout Effects
    ) {
        counters.failed(code)
        let message = sentence ?? code.message.description
        reply(.error(code, message: message), tag, to: connection, at: moment, effects: &effects)
    }

    /// Orders a connection's close; from now on it is not listened to, and hears nothing more: it is no recipient.
    mutating func doom(_ connection: ConnectionID, _ code: CloseCode, at moment: Moment, effects: inout Effects) {
        connections[Int(connection.slot)].phase = .doomed
        hub.leaveAll(connection, at: moment, effects: &effects)
        effects.close(connection, code)
        followHub(at: moment, effects: &effects)
    }

    /// Gives access to the counters of a connection that misbehaves; the first time, makes them.
    private mutating func withTrouble<Result>(
        of connection: ConnectionID, _ body: (inout LockersTrouble) -> Result
    ) -> Result {
        let slot = Int(connection.slot)
        if connections[slot].trouble == noIndex { connections[slot].trouble = troubles.insert(LockersTrouble()) }
        return body(&troubles[slot: connections[slot].trouble])
    }
}
