import SessionBase
import SessionCodec

/// A session is offered to another device (PROTOCOLS 1-18 to 1-22, §3.5; seed 001, *Handoff Flow*).
///
/// Offers are a document of their own. Steps on it are taken one write at a time: *idle* → *loading* → *writing* → *idle*;
/// nobody gets an answer before the step is durable, so that a token is never good twice.
extension SyncMachine {
    /// Handles `POST /session/{uuid}/handoff`; the source must be registered, and in open mode is registered on the spot.
    mutating func offerHandoff(
        _ offer: SyncHandoffOffer, _ operation: SyncOperation, in session: UInt32, at moment: Moment,
        effects: inout Effects
    ) {
        if operation.isAssumed { registerOffline(offer.source, in: session, at: moment, effects: &effects) }
        guard device(offer.source, of: session) != nil else {
            return answer(operation, with: .deviceNotFound, at: moment, effects: &effects)
        }
        let step = HandoffOperation(operation, .offer(offer, version: sessions[slot: session].version))
        enqueue(step, in: session, at: moment, effects: &effects)
    }

    /// Takes a step on a session's offers as soon as its turn comes.
    mutating func enqueue(
        _ step: HandoffOperation, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        guard beginWaiting(step.operation, effects: &effects) else {
            return answer(step.operation, with: .storeUnavailable, at: moment, effects: &effects)
        }
        if sessions[slot: session].handoffs == noIndex {
            sessions[slot: session].handoffs = handoffs.insert(SessionHandoffs(life: questionSerial))
        }
        let index = sessions[slot: session].handoffs
        handoffs[slot: index].queue.append(step)
        if case .idle = handoffs[slot: index].stage { advanceHandoffs(of: session, at: moment, effects: &effects) }
    }

    private mutating func advanceHandoffs(of session: UInt32, at moment: Moment, effects: inout Effects) {
        let index = sessions[slot: session].handoffs
        guard !handoffs[slot: index].queue.isEmpty else {
            handoffs[slot: index].isFresh = false
            return planExpiry(of: session, at: moment)
        }
        let key = DocumentKey(.handoffs, sessions[slot: session].key.text)
        guard let standing = handoffs[slot: index].offers else {
            handoffs[slot: index].stage = .loading
            let question = StoreQuestion.handoffLoad(life: handoffs[slot: index].life)
            return ask(question, .read(key), for: session, at: moment, effects: &effects)
        }
        let steps = handoffs[slot: index].queue
        var offers = standing
        let outcomes = steps.map { apply($0, to: &offers, in: session, at: moment) }
        if offers == standing, !handoffs[slot: index].isFresh {
            // Another node may have taken an offer, or made one, and no write will tell.
            handoffs[slot: index].offers = nil
            return advanceHandoffs(of: session, at: moment, effects: &effects)
        }
        handoffs[slot: index].queue = []
        guard offers != standing else {
            handoffs[slot: index].isFresh = false
            release(steps, outcomes, in: session, at: moment, effects: &effects)
            return planExpiry(of: session, at: moment)
        }
        let revision = handoffs[slot: index].revision
        let write = DocumentWrite(
            key: key, expecting: revision == 0 ? .absence : .version(revision), version: revision + 1,
            body: offers.encoded, expiresAt: offers.forgottenAt)
        handoffs[slot: index].inFlight = steps
        handoffs[slot: index].outcomes = outcomes
        handoffs[slot: index].applied = offers
        handoffs[slot: index].stage = .writing
        let question = StoreQuestion.handoffWrite(life: handoffs[slot: index].life)
        ask(question, .write(write), for: session, at: moment, effects: &effects)
    }

    // MARK: Steps

    private func apply(
        _ step: HandoffOperation, to offers: inout HandoffOffers, in session: UInt32, at moment: Moment
    ) -> HandoffOutcome {
        do throws(SyncFailure) {
            switch step.action {
            case .offer(let offer, let version):
                return try apply(offer, version: version, step, to: &offers, in: session, at: moment)
            case .redeem(let redemption, let document):
                return try apply(redemption, document, step, to: &offers, at: moment)
            }
        } catch {
            return HandoffOutcome(reply: .failed(error))
        }
    }

    private func apply(
        _ offer: SyncHandoffOffer, version: UInt64, _ step: HandoffOperation, to offers: inout HandoffOffers,
        in session: UInt32, at moment: Moment
    ) throws(SyncFailure) -> HandoffOutcome {
        let time = moment.timestamp
        if !offer.replaces,
            let pending = offers.openOffer(source: offer.source, target: offer.target, at: time)
        {
            let isSource = step.device(caller: offer.caller) == offer.source
            throw .handoffPending(expiresAt: pending.expiresAt, token: isSource ? pending.token : nil)
        }
        let made = HandoffOffers.Offer(
            token: newToken(), source: offer.source, target: offer.target, stateVersion: version,
            expiresAt: time + configuration.handoffLife, disconnectsSource: offer.disconnectsSource)
        offers.add(made, at: time)
        let response = SyncResponse.handoffOffered(
            token: made.token, session: offer.session, source: offer.source, target: offer.target,
            expiresAt: made.expiresAt, expiresIn: configuration.handoffLife.milliseconds / 1000,
            stateVersion: version)
        return HandoffOutcome(reply: SyncOutcome(reply: .response(response)), offered: made)
    }

    private func apply(
        _ redemption: SyncHandoffRedemption, _ document: SessionDocument, _ step: HandoffOperation,
        to offers: inout HandoffOffers, at moment: Moment
    ) throws(SyncFailure) -> HandoffOutcome {
        let device = step.device(caller: redemption.caller)
        let judgement = offers.judge(
            redemption.token, device: device, isStrict: configuration.isHandoffStrict, at: moment.timestamp)
        switch judgement {
        case .unknown: throw SyncFailure(.handoffNotFound)
        case .wrongDevice: throw SyncFailure(.handoffWrongDevice)
        case .consumed: throw SyncFailure(.handoffConsumed)
        case .expired: throw SyncFailure(.handoffExpired)
        case .valid(let place, let isRepeat):
            let isTaken = !isRepeat && !redemption.isPeek
            if isTaken { offers.take(place, by: device, at: moment.timestamp) }
            let offer = offers.offers[place]
            let response = SyncResponse.handoffRedeemed(
                session: redemption.session, source: offer.source, target: offer.target,
                state: document.state.fragment, version: document.state.version, versionAtOffer: offer.stateVersion)
            return HandoffOutcome(
                reply: SyncOutcome(reply: .response(response)), completed: isTaken ? offer : nil)
        }
    }

    /// 256 random bits in base64url without padding (PROTOCOLS 1-21).
    private func newToken() -> String { Base64URL.encode(entropy.bytes(32).span) }

    // MARK: Replies

    /// Goes on with the offers as they stand in the store.
    mutating func loadedHandoffs(
        _ reply: StoreReply, life: UInt32, _ session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let index = sessions[slot: session].handoffs
        guard index != noIndex, handoffs[slot: index].life == life else { return }
        handoffs[slot: index].stage = .idle
        guard case .found(let document) = reply else {
            return failHandoffs(of: session, .storeUnavailable, at: moment, effects: &effects)
        }
        standHandoffs(on: document, in: session, at: moment, effects: &effects)
    }

    private mutating func standHandoffs(
        on document: Document?, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let index = sessions[slot: session].handoffs
        do throws(DamagedDocument) {
            var offers = HandoffOffers()
            if let document { offers = try HandoffOffers(decoding: document.body) }
            // What ran out before anybody looked is no news.
            _ = offers.tellExpired(at: moment.timestamp)
            handoffs[slot: index].offers = offers
            handoffs[slot: index].isFresh = true
            handoffs[slot: index].revision = document?.version ?? 0
            advanceHandoffs(of: session, at: moment, effects: &effects)
        } catch {
            counters.damagedDocuments += 1
            failHandoffs(of: session, .internal, at: moment, effects: &effects)
        }
    }

    /// Goes on after a write.
    mutating func wroteHandoffs(
        _ reply: StoreReply, life: UInt32, _ session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let index = sessions[slot: session].handoffs
        guard index != noIndex, handoffs[slot: index].life == life else { return }
        let (steps, outcomes) = (handoffs[slot: index].inFlight, handoffs[slot: index].outcomes)
        handoffs[slot: index].inFlight = []
        handoffs[slot: index].outcomes = []
        handoffs[slot: index].stage = .idle
        switch reply {
        case .written:
            handoffs[slot: index].offers = handoffs[slot: index].applied
            handoffs[slot: index].isFresh = true
            handoffs[slot: index].revision += 1
            release(steps, outcomes, in: session, at: moment, effects: &effects)
            if sessions[slot: session].handoffs != noIndex {
                advanceHandoffs(of: session, at: moment, effects: &effects)
            }
        case .conflict(let document):
            handoffs[slot: index].queue = steps + handoffs[slot: index].queue
            standHandoffs(on: document, in: session, at: moment, effects: &effects)
        default:
            handoffs[slot: index].queue = steps + handoffs[slot: index].queue
            failHandoffs(of: session, .storeUnavailable, at: moment, effects: &effects)
        }
    }

    /// Tells everybody who waits for a session's offers that it cannot be done, and forgets what is known of them.
    private mutating func failHandoffs(
        of session: UInt32, _ code: SyncFailureCode, at moment: Moment, effects: inout Effects
    ) {
        let index = sessions[slot: session].handoffs
        let steps = handoffs[slot: index].queue
        handoffs.remove(slot: index)
        sessions[slot: session].handoffs = noIndex
        for step in steps {
            endWaiting(step.operation, effects: &effects)
            answer(step.operation, with: code, at: moment, effects: &effects)
        }
    }

    private mutating func release(
        _ steps: [HandoffOperation], _ outcomes: [HandoffOutcome], in session: UInt32, at moment: Moment,
        effects: inout Effects
    ) {
        for (step, outcome) in zip(steps, outcomes) {
            endWaiting(step.operation, effects: &effects)
            counters.handoffLatency.record(moment.instant - step.operation.since)
            answer(step.operation, with: outcome.reply, at: moment, effects: &effects)
            if let offer = outcome.offered {
                counters.handoffsOffered += 1
                tell(offer.target, .handoffOffer, offer, in: session, at: moment, effects: &effects)
            }
            if let offer = outcome.completed { complete(offer, in: session, at: moment, effects: &effects) }
        }
    }

    private mutating func complete(
        _ offer: HandoffOffers.Offer, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        counters.handoffsCompleted += 1
        tell(offer.source, .handoffCompleted, offer, in: session, at: moment, effects: &effects)
        guard offer.disconnectsSource, let source = device(offer.source, of: session) else { return }
        disconnect(source, .kicked, at: moment, effects: &effects)
    }

    /// Tells one device about an offer; the token is for the target alone (PROTOCOLS 1-20).
    private mutating func tell(
        _ name: String, _ event: SyncEvent, _ offer: HandoffOffers.Offer, in session: UInt32, at moment: Moment,
        effects: inout Effects
    ) {
        guard let device = device(name, of: session) else { return }
        let data = JSONFragment { json in
            if event == .handoffOffer { json.field("token", offer.token) }
            json.field("session_id", sessions[slot: session].key.text)
            json.field("source_device", offer.source)
            json.field("target_device", offer.target)
            json.field("state_version", offer.stateVersion)
            json.field("expires_at", offer.expiresAt)
        }
        push(
            .broadcast(event: event.rawValue, data: data), in: session, only: device, at: moment, effects: &effects)
    }

    // MARK: Time

    /// Notes when the next offer of a session runs out; a session without open ones needs none of them in memory.
    private mutating func planExpiry(of session: UInt32, at moment: Moment) {
        let index = sessions[slot: session].handoffs
        guard let next = handoffs[slot: index].offers?.nextExpiry else {
            handoffs.remove(slot: index)
            sessions[slot: session].handoffs = noIndex
            return
        }
        let wait = max(0, next.milliseconds - moment.timestamp.milliseconds)
        let due = moment.instant + .milliseconds(wait)
        guard due < handoffs[slot: index].expiryDue else { return }
        handoffs[slot: index].expiryDue = due
        offersDue.push(session, due: due)
    }

    /// Tells the sources of offers that nobody took in time.
    mutating func expireOffers(at moment: Moment, effects: inout Effects) {
        while let session = offersDue.popDue(at: moment.instant) {
            guard sessions.contains(slot: session), sessions[slot: session].handoffs != noIndex else { continue }
            let index = sessions[slot: session].handoffs
            guard handoffs[slot: index].expiryDue <= moment.instant else { continue }
            handoffs[slot: index].expiryDue = .distantFuture
            let expired = handoffs[slot: index].offers?.tellExpired(at: moment.timestamp) ?? []
            for offer in expired {
                counters.handoffsExpired += 1
                tell(offer.source, .handoffExpired, offer, in: session, at: moment, effects: &effects)
            }
            if case .idle = handoffs[slot: index].stage { planExpiry(of: session, at: moment) }
            forgetIfIdle(session)
        }
    }

    /// Forgets the offers of a session that is no more; who waits for them hears that.
    mutating func forgetHandoffs(of session: UInt32, at moment: Moment, effects: inout Effects) {
        let index = sessions[slot: session].handoffs
        guard index != noIndex else { return }
        handoffs[slot: index].queue = handoffs[slot: index].inFlight + handoffs[slot: index].queue
        failHandoffs(of: session, .sessionNotFound, at: moment, effects: &effects)
    }
}
