package import SessionBase
package import SessionCodec

/// What is asked over HTTP (PROTOCOLS 4-15 to 4-19, §6.3).
extension LockersMachine {
    /// The loop that a call must be handed to.
    package func shard(of call: LockersCall) -> Int {
        switch call {
        case .status: configuration.shard
        case .commandAcks(let command): keeper(of: command)
        case .broadcast(let broadcast):
            broadcast.idempotencyKey.map { configuration.shard(ofName: $0) }
                ?? hub.owner(of: LockersTopic.name(broadcast.namespace, broadcast.room))
        case .emit(let emission):
            // A repetition must come to the loop that knows the first one.
            emission.idempotencyKey.map { configuration.shard(ofName: $0) }
                ?? hub.owner(of: LockersTopic.name(emission.event.namespace, roomName(of: emission)))
        }
    }

    /// Whether a call does nothing but tell something, and that over the loop that owns the topic: such calls keep their order
    /// on each topic, answered or not. Those with a key go over the loop that knows the key.
    package func publishesAtOnce(_ call: LockersCall) -> Bool {
        switch call {
        case .broadcast(let broadcast): broadcast.idempotencyKey == nil
        case .emit(let emission): emission.idempotencyKey == nil
        case .status, .commandAcks: false
        }
    }

    /// Carries out a call; the answer comes as an effect, at once or later.
    ///
    /// - Parameter identity: Who asks, and may, as the driver has checked; `nil` for an anonymous peer.
    package mutating func requested(
        _ ticket: RequestTicket, _ call: LockersCall, by identity: Identity?, at moment: Moment, effects: inout Effects
    ) {
        counters.requests += 1
        switch call {
        case .status(let isDetailed): askStatus(for: ticket, isDetailed: isDetailed, at: moment, effects: &effects)
        case .commandAcks(let command):
            guard let acks = commands.acks(of: command, at: moment.instant) else {
                return fail(ticket, LockersFailure(.commandNotFound), effects: &effects)
            }
            effects.respond(ticket, LockersResponse.commandAcks(command, acks))
        case .broadcast, .emit:
            do throws(LockersFailure) {
                let send = try prepare(call, at: moment)
                guard
                    admitsRepetition(call, send.key, by: identity, ticket, at: moment, effects: &effects)
                else { return }
                carryOut(send, for: ticket, by: identity, at: moment, effects: &effects)
            } catch {
                fail(ticket, error, effects: &effects)
            }
        }
    }

    private mutating func fail(_ ticket: RequestTicket, _ failure: LockersFailure, effects: inout Effects) {
        counters.requestFailures += 1
        effects.respond(ticket, failure.response)
    }

    // MARK: Repetitions

    /// Whether a request is to be carried out; a repetition is answered, now or with the first one.
    private mutating func admitsRepetition(
        _ call: LockersCall, _ key: String?, by identity: Identity?, _ ticket: RequestTicket, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        guard let key else { return true }
        let request = call.request
        let fingerprint = configuration.hash.hash((Array(request.target.utf8) + request.body).span)
        switch repetitions.begin(
            Self.repetitionKey(key, identity), fingerprint: fingerprint, ticket, at: moment.instant)
        {
        case .new: return true
        case .waits: counters.repetitions += 1
        case .answered(let response):
            counters.repetitions += 1
            effects.respond(ticket, response)
        case .reused: fail(ticket, LockersFailure(.keyReused), effects: &effects)
        }
        return false
    }

    static func repetitionKey(_ key: String, _ identity: Identity?) -> RepetitionKey {
        RepetitionKey(user: ExactText(identity?.user ?? ""), key: ExactText(key))
    }
}
