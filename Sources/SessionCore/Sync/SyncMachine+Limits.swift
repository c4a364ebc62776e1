import SessionBase
import SessionCodec

/// Too much and too wrong: rate limits, errors, and when patience ends (PROTOCOLS C6, §3.4).
extension SyncMachine {
    /// HEARTBEAT messages (PROTOCOLS §3.4).
    static let heartbeatRate = TokenRate(tokens: 4, each: .seconds(1))
    /// BROADCAST messages (PROTOCOLS §3.4).
    static let broadcastRate = TokenRate(tokens: 10, each: .seconds(1))
    /// Operations of one connection that may wait for the store before it is held (C6).
    static let waitingMax = 64
    /// Operations of all connections and requests that may wait for the store (PROTOCOLS 1-32).
    static let waitingTotalMax = 10_000

    /// Takes a message's tokens; where there are none, says so to the client.
    mutating func admits(
        _ frame: SyncClientFrame, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) -> Bool {
        guard let rate = configuration.messageRate,
            let wait = takeTokens(frame.kind, slot: Int(connection.slot), rate: rate, at: moment.instant)
        else { return true }
        counters.rateLimited += 1
        let details = JSONFragment { $0.field("retry_after_ms", wait.milliseconds + 1) }
        refuse(.rateLimited, frame.envelope, details: details, from: connection, at: moment, effects: &effects)
        if troubles.countExcess(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .rateLimited, effects: &effects)
        }
        return false
    }

    /// Takes the tokens of one message.
    ///
    /// - Returns: How long to wait where a bucket is empty, or `nil`.
    private mutating func takeTokens(_ kind: SyncKind, slot: Int, rate: TokenRate, at now: Instant) -> Duration? {
        let wait: Duration? =
            switch kind {
            case .heartbeat: connections[slot].heartbeats.takeOrWait(at: now, Self.heartbeatRate)
            case .broadcast: connections[slot].broadcasts.takeOrWait(at: now, Self.broadcastRate)
            default: nil
            }
        return wait ?? connections[slot].messages.takeOrWait(at: now, rate)
    }

    /// Answers what is no message, and counts it.
    mutating func refuse(
        _ refusal: SyncRefusal, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        counters.failed(refusal.code)
        reply(refusal.reply, refusal.correlationID, to: connection, at: moment, effects: &effects)
        guard refusal.code.isAboutDecoding else { return }
        if troubles.countInvalid(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .tooManyErrors, effects: &effects)
        }
    }

    /// Answers a message that cannot be granted.
    mutating func refuse(
        _ code: SyncErrorCode, _ envelope: SyncEnvelope, message: String? = nil, details: JSONFragment? = nil,
        from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        counters.failed(code)
        let sentence = message ?? code.message.description
        reply(
            .error(code, message: sentence, details: details), envelope.correlationID, to: connection, at: moment,
            effects: &effects)
    }

    /// Answers an AUTH that failed, or never came, and closes the connection (PROTOCOLS §3.4, §3.5).
    mutating func fail(
        _ connection: ConnectionID, _ code: SyncAuthFailureCode, message: String? = nil, at moment: Moment,
        effects: inout Effects
    ) {
        let join = connections[Int(connection.slot)].join
        let correlation = join == noIndex ? nil : joins[slot: join].envelope.correlationID
        let failure = SyncServerMessage.authFailure(code, message: message ?? code.message.description)
        reply(failure, correlation, to: connection, at: moment, effects: &effects)
        doom(connection, code.closeCode, effects: &effects)
    }

    /// Gives up on a connection's joining because the server cannot do its part.
    mutating func abandon(
        _ connection: ConnectionID, _ code: SyncErrorCode, at moment: Moment, effects: inout Effects
    ) {
        let envelope = joins[slot: connections[Int(connection.slot)].join].envelope
        refuse(code, envelope, from: connection, at: moment, effects: &effects)
        doom(connection, code == .storeUnavailable ? .backendUnavailable : .serverError, effects: &effects)
    }

    /// Orders a connection's close; from now on it is not listened to, but keeps its device until it is gone.
    mutating func doom(_ connection: ConnectionID, _ code: CloseCode, effects: inout Effects) {
        connections[Int(connection.slot)].phase = .doomed
        effects.close(connection, code)
    }

    // MARK: Operations that wait

    /// Counts an operation that begins to wait; a connection with too many is held until half of them are done (C6).
    ///
    /// - Returns: Whether there is room; otherwise nothing is counted.
    mutating func beginWaiting(_ operation: SyncOperation, effects: inout Effects) -> Bool {
        guard waitingCount < Self.waitingTotalMax else { return false }
        waitingCount += 1
        guard case .connection(let connection, _) = operation.asker, isOpen(connection) else { return true }
        let slot = Int(connection.slot)
        connections[slot].waiting += 1
        if connections[slot].waiting > Self.waitingMax, !connections[slot].isHeld {
            connections[slot].isHeld = true
            effects.pause(connection)
        }
        return true
    }

    /// Counts an operation that is done.
    mutating func endWaiting(_ operation: SyncOperation, effects: inout Effects) {
        waitingCount -= 1
        guard case .connection(let connection, _) = operation.asker, isKnown(connection) else { return }
        let slot = Int(connection.slot)
        connections[slot].waiting -= 1
        guard connections[slot].isHeld, connections[slot].waiting <= Self.waitingMax / 2 else { return }
        connections[slot].isHeld = false
        if isOpen(connection) { effects.resume(connection) }
    }
}
