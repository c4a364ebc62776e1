import SessionBase
import SessionCodec

/// Too much and too wrong: rate limits, errors, and when patience ends (PROTOCOLS C6, 0-22).
extension AwarenessMachine {
    /// Takes a message's tokens; where there are none, says so to the client.
    mutating func admits(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        guard let rate = configuration.messageRate else { return true }
        let wait = takeTokens(request.kind, slot: Int(connection.slot), rate: rate, at: moment.instant)
        guard let wait else { return true }
        let details = AwarenessErrorDetails.retryAfter(milliseconds: wait.milliseconds + 1)
        refuse(.rateLimited, request.tag, details: details, from: connection, in: message, effects: &effects)
        if troubles.countExcess(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .rateLimited, effects: &effects)
        }
        return false
    }

    /// Takes the tokens of one message.
    ///
    /// - Returns: How long to wait where a bucket is empty, or `nil`.
    private mutating func takeTokens(
        _ kind: AwarenessClientKind, slot: Int, rate: TokenRate, at now: Instant
    ) -> Duration? {
        // A ping within its own limit is free (PROTOCOLS 0-1).
        if case .ping = kind, connections[slot].pings.take(at: now, AwarenessConfiguration.pingRate) { return nil }
        if case .register = kind,
            let wait = connections[slot].registers.takeOrWait(at: now, AwarenessConfiguration.registerRate)
        {
            return wait
        }
        return connections[slot].messages.takeOrWait(at: now, rate)
    }

    /// Answers a text that is no request, and counts it.
    mutating func refuse(
        _ refusal: AwarenessRefusal, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        let details = refusal.field.map { AwarenessErrorDetails.field($0) }
        if let problem = refusal.problem {
            let sentence = [UInt8]("Message is not valid JSON: \(problem)".utf8)
            sendError(refusal.code, sentence, refusal.tag, details, to: connection, in: message, effects: &effects)
        } else {
            refuse(refusal.code, refusal.tag, details: details, from: connection, in: message, effects: &effects)
        }
        if troubles.countInvalid(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .tooManyErrors, effects: &effects)
        }
    }

    /// Answers a request that cannot be granted.
    mutating func refuse(
        _ code: AwarenessErrorCode, _ tag: Range<Int>, details: AwarenessErrorDetails? = nil,
        from connection: ConnectionID, in message: Span<UInt8>, effects: inout Effects
    ) {
        let sentence = [UInt8](code.message.description.utf8)
        sendError(code, sentence, tag, details, to: connection, in: message, effects: &effects)
    }

    private mutating func sendError(
        _ code: AwarenessErrorCode, _ sentence: [UInt8], _ tag: Range<Int>, _ details: AwarenessErrorDetails?,
        to connection: ConnectionID, in message: Span<UInt8>, effects: inout Effects
    ) {
        counters[code] += 1
        counters[.error] += 1
        let reply = effects.encode { bytes in
            AwarenessReply.appendError(code, message: sentence.span, details: details, to: &bytes)
            AwarenessReply.appendTag(message.extracting(tag), to: &bytes)
        }
        effects.send(reply, to: connection)
    }

    /// Orders a connection's close; from now on it is not listened to, but keeps its windows until it is gone.
    mutating func doom(_ connection: ConnectionID, _ code: CloseCode, effects: inout Effects) {
        connections[Int(connection.slot)].phase = .doomed
        effects.close(connection, code)
    }
}
