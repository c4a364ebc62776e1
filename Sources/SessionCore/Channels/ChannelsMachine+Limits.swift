import SessionBase
import SessionCodec

/// Too much and too wrong: rate limits, errors, and when patience ends (PROTOCOLS C6, §4.3).
extension ChannelsMachine {
    /// What a connection may ask for anew: `request_update` (PROTOCOLS 2-22), and the last rows with `apply_filter`.
    static let updateRate = TokenRate(tokens: 5, each: .seconds(1))

    /// Takes a message's tokens; where there are none, says so to the client.
    mutating func admits(
        _ kind: ChannelsClientKind?, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        guard let rate = configuration.messageRate,
            let wait = takeTokens(kind, slot: Int(connection.slot), rate: rate, at: moment.instant)
        else { return true }
        counters.rateLimited += 1
        var error = ChannelsError(.rateLimited)
        error.retryAfterMilliseconds = wait.milliseconds + 1
        reply(.error(error), tag, to: connection, at: moment, effects: &effects)
        if troubles.countExcess(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .rateLimited, at: moment, effects: &effects)
        }
        return false
    }

    /// Takes the tokens of one message.
    ///
    /// - Returns: How long to wait where a bucket is empty, or `nil`.
    private mutating func takeTokens(
        _ kind: ChannelsClientKind?, slot: Int, rate: TokenRate, at now: Instant
    ) -> Duration? {
        let watch = connections[slot].watch
        if kind == .requestUpdate || kind == .applyFilter, watch != noIndex,
            let wait = watches[slot: watch].updates.takeOrWait(at: now, Self.updateRate)
        {
            return wait
        }
        return connections[slot].messages.takeOrWait(at: now, rate)
    }

    /// Answers what is no message of this route, and counts it where it could not be understood.
    mutating func refuse(
        _ refusal: ChannelsRefusal, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        guard refusal.code.isAboutDecoding else {
            guard admits(nil, refusal.tag, from: connection, at: moment, effects: &effects) else { return }
            return reply(refusal.reply, refusal.tag, to: connection, at: moment, effects: &effects)
        }
        reply(refusal.reply, refusal.tag, to: connection, at: moment, effects: &effects)
        if troubles.countInvalid(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .tooManyErrors, at: moment, effects: &effects)
        }
    }
}
