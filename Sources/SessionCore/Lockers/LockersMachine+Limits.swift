import SessionBase
import SessionCodec

/// Too much and too wrong: rate limits, errors, and when patience ends (PROTOCOLS C6).
extension LockersMachine {
    /// `ack` messages: each is kept, and told to whoever waits for its command.
    static let ackRate = TokenRate(tokens: 20, each: .seconds(1))

    /// Takes a message's tokens; where there are none, says so to the client.
    mutating func admits(
        _ kind: LockersClientKind, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        guard let rate = configuration.messageRate,
            let wait = takeTokens(kind, slot: Int(connection.slot), rate: rate, at: moment.instant)
        else { return true }
        counters.rateLimited += 1
        let sentence = "Too many messages; wait \(wait.milliseconds + 1) ms"
        refuse(.rateLimited, sentence, tag, from: connection, at: moment, effects: &effects)
        if troubles.countExcess(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .rateLimited, at: moment, effects: &effects)
        }
        return false
    }

    /// Takes the tokens of one message.
    ///
    /// - Returns: How long to wait where a bucket is empty, or `nil`.
    private mutating func takeTokens(
        _ kind: LockersClientKind, slot: Int, rate: TokenRate, at now: Instant
    ) -> Duration? {
        if case .ack = kind, let wait = connections[slot].acks.takeOrWait(at: now, Self.ackRate) { return wait }
        return connections[slot].messages.takeOrWait(at: now, rate)
    }

    /// Answers what is no message, and counts it.
    mutating func refuse(
        _ refusal: LockersRefusal, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        counters.failed(refusal.code)
        reply(refusal.reply, refusal.tag, to: connection, at: moment, effects: &effects)
        guard refusal.code.isAboutDecoding else { return }
        if troubles.countInvalid(&connections[Int(connection.slot)].trouble, at: moment.instant) {
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
}
