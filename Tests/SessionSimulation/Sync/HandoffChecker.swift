import SessionBase
import SessionCodec

/// Offers: taken once, by their target, in time (PROTOCOLS 1-18 to 1-21; seed 001, *Handoff Flow*).
struct HandoffChecker {
    /// One offer, as its source was told.
    struct Offer {
        var token: String
        var session: String
        var source: String
        var target: String
        /// Five minutes after it was made (seed 001, *Handoff Flow* step 2).
        var endsAt: Instant
        /// Who took it first, and when that was answered.
        fileprivate var taken: (device: String?, at: Instant)?
    }

    private static let life = Duration.seconds(300)
    private static let repeatWindow = Duration.seconds(30)

    /// In the order in which they were made.
    private(set) var offers: [Offer] = []
    private(set) var takenCount = 0

    /// An offer is answered with a token.
    mutating func made(_ token: String, _ offer: SyncHandoffOffer, now: Instant) throws {
        guard !offers.contains(where: { $0.token == token }) else {
            throw SimulationFailure("a token is given out twice")
        }
        // It was made before it was answered, so that its time is over by then at the latest.
        offers.append(
            Offer(
                token: token, session: offer.session, source: offer.source, target: offer.target,
                endsAt: now + Self.life))
    }

    /// A token is found good.
    mutating func validated(_ redemption: SyncHandoffRedemption, sentAt: Instant, now: Instant) throws {
        guard let place = offers.firstIndex(where: { $0.token == redemption.token }) else { return }
        let offer = offers[place]
        if let caller = redemption.caller, caller != offer.target {
            throw SimulationFailure("\(caller) takes what is meant for \(offer.target)")
        }
        if let taken = offer.taken {
            if redemption.isPeek, sentAt < taken.at { return }
            let isRepeat = redemption.caller != nil && redemption.caller == taken.device
            guard isRepeat, sentAt - taken.at < Self.repeatWindow else {
                throw SimulationFailure("an offer is taken twice")
            }
            return
        }
        guard sentAt < offer.endsAt else {
            throw SimulationFailure(
                "an offer is good \((sentAt - offer.endsAt).milliseconds) ms after its five minutes")
        }
        guard !redemption.isPeek else { return }
        offers[place].taken = (redemption.caller, now)
        takenCount += 1
    }
}
