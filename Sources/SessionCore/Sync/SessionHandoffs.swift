import SessionBase
import SessionCodec

/// The offers of one session while something happens to them, or one of them may run out.
struct SessionHandoffs: TableRecord {
    static let vacant = SessionHandoffs(life: 0)

    enum Stage: Sendable { case idle, loading, writing }

    /// Tells a reply that was meant for offers that are forgotten.
    let life: UInt32

    var stage = Stage.idle
    /// What stands in the store; `nil` as long as it was not read.
    var offers: HandoffOffers?
    /// Whether they were read or written in this run: only then are they the last word.
    var isFresh = false
    /// The version of the stored document; 0 for none.
    var revision: UInt64 = 0
    /// Steps that were not taken yet, in the order of arrival.
    var queue: [HandoffOperation] = []
    /// Steps whose outcome is being written, and what is told once it is.
    var inFlight: [HandoffOperation] = []
    var outcomes: [HandoffOutcome] = []
    /// What is being written.
    var applied: HandoffOffers?
    /// When an entry of the queue of offers is due.
    var expiryDue = Instant.distantFuture

    init(life: UInt32) { self.life = life }
}

/// A request about offers.
struct HandoffOperation: Sendable {
    enum Action: Sendable {
        /// To make one of the state's version.
        case offer(SyncHandoffOffer, version: UInt64)
        /// To take one, or look at it, and get the state.
        case redeem(SyncHandoffRedemption, SessionDocument)
    }

    let operation: SyncOperation
    let action: Action

    init(_ operation: SyncOperation, _ action: Action) { (self.operation, self.action) = (operation, action) }

    /// The device that asks: as it says, or as its credential does (PROTOCOLS 1-19).
    func device(caller: String?) -> String? {
        if let caller { return caller }
        guard case .request(_, let identity) = operation.asker else { return nil }
        return identity.device
    }
}

/// What is told once a step is durable.
struct HandoffOutcome: Sendable {
    var reply: SyncOutcome
    /// The offer whose target is told.
    var offered: HandoffOffers.Offer?
    /// The offer whose source is told.
    var completed: HandoffOffers.Offer?
}
