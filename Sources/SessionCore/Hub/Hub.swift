package import SessionBase
package import SessionCodec

/// The topics of one loop: who of its connections wants which, and the sequences of those that it owns.
///
/// Every topic belongs to one loop, found by a hash of its name. The owner numbers the messages, keeps the last ones, and
/// knows which loops have subscribers; each of them gets a message once. Connections never move:
///
///     subscriber's loop                    owner                     publisher's loop
///     subscribe ── subscribe(request) ──▶  position, recovery,
///                                          snapshot, count + 1
///     subscribed ◀── answer ─────────────  offset n
///                                          offset n + 1  ◀── publish ── publish
///     multicast ◀── publication n + 1 ───  kept
///               ─── count ──────────────▶  ── outcome ────────────▶ published
///
/// Parcels from one loop to another keep their order, hence a subscriber gets exactly what comes after its position. With
/// one loop everything happens at once. Whoever subscribes anew hears as before until the answer, so that nothing that is
/// under way is lost, and is not told again what it heard meanwhile.
///
/// Nothing here is done for each subscriber of a publication: members are in groups of the driver, messages are encoded
/// once as they are and once with their numbers, each only where somebody wants it so.
///
/// Call a method, then take ``nextEvent()`` until there is none, before anything else is told to the hub.
package struct Hub: Sendable {
    /// One subscription of a connection: it hears the topic, or waits for the owner's answer, or both while it is
    /// subscribed anew.
    struct Subscription: Sendable {
        enum Form: Equatable, Sendable { case plain, positioned, own(isPositioned: Bool) }

        var slot: UInt32
        /// How it hears; `nil` where it does not yet.
        var form: Form?
        /// The request whose answer it waits for; `nil` where it waits for none.
        var awaited: UInt64?

        /// Whether the connection asked for positions, and the topic has some.
        var isPositioned: Bool { form == .positioned || form == .own(isPositioned: true) }
    }

    /// What is known of a request until its answer comes.
    struct Request: Sendable {
        var connection: ConnectionID
        var slot: UInt32
        var note: UInt64
        var delivery: SubscriptionTerms.Delivery
        /// The number of the last message before the request, where the connection goes on hearing the topic until the
        /// answer; `nil` where it does not.
        var heard: UInt64?

        /// What the connection is to be told of what it missed: nothing where all of that reached it while it waited. Who
        /// wants what was there before, once more, gets everything from there on.
        func missed(of grant: HubGrant) -> [TopicMessage] {
            guard let heard, let first = grant.missed.first, first.offset > heard else { return grant.missed }
            return []
        }
    }

    /// Names a request at the owner.
    struct RequestKey: Hashable, Sendable {
        var loop: Int
        var number: UInt64
    }

    /// A publication whose subscribers are being counted.
    struct Tally: Sendable {
        var outcome: PublicationOutcome
        var loop: Int
        var missing: Int
    }

    /// A topic that is to be looked at.
    struct Watch: Sendable {
        var slot: UInt32
        var due: Instant
    }

    let service: ProtocolID
    let loop: Int
    let loopCount: Int
    private let hash: SipHash
    let entropy: Entropy

    var topics = Table<TopicRecord>()
    var slots = TextMap<UInt32>()
    var subscriptions: [ConnectionID: [Subscription]] = [:]
    /// The requests of this loop that the owners have not answered.
    var requests: [UInt64: Request] = [:]
    var lastRequest: UInt64 = 0
    /// The requests of all loops that this loop's machine has not answered.
    var asked: [RequestKey: SubscriptionRequest] = [:]
    var tallies: [UInt64: Tally] = [:]
    var lastTally: UInt64 = 0
    var watches = DeadlineQueue<Watch>()
    /// How many topics are remembered that nobody is subscribed to.
    var rememberedCount = 0
    /// How many topics keep messages, and how many bytes those have.
    var historyCount = 0
    var historyBytes = 0
    private var events: [HubEvent] = []
    private var firstEvent = 0

    /// How many topics without subscribers a loop remembers for those who come back, beyond those with messages.
    package static let rememberedMax = 10_000

    /// Starts without topics.
    ///
    /// - Parameters:
    ///   - service: Whose groups and parcels they are.
    ///   - loop: Which loop this is.
    ///   - loopCount: How many there are.
    ///   - hash: Decides which loop owns a topic; the same on all loops.
    ///   - entropy: Where epochs are drawn from.
    package init(service: ProtocolID, loop: Int, loopCount: Int, hash: SipHash, entropy: Entropy) {
        precondition(loop < loopCount, "loop \(loop) of \(loopCount)")
        self.service = service
        self.loop = loop
        self.loopCount = loopCount
        self.hash = hash
        self.entropy = entropy
    }

    /// Which loop owns a topic.
    package func owner(of topic: String) -> Int {
        loopCount == 1 ? 0 : Int(hash.hash(topic.utf8.span) % UInt64(loopCount))
    }

    /// Takes the next event; `nil` where all were taken.
    package mutating func nextEvent() -> HubEvent? {
        guard firstEvent < events.count else { return nil }
        let event = events[firstEvent]
        firstEvent += 1
        if firstEvent == events.count {
            events.removeAll(keepingCapacity: true)
            firstEvent = 0
        }
        return event
    }

    /// Tells the machine something.
    mutating func emit(_ event: HubEvent) { events.append(event) }

    /// Sends a parcel to another loop.
    func post(_ parcel: HubParcel, to loop: Int, _ effects: inout Effects) {
        switch service {
        case .channels: effects.post(.channels(.hub(parcel)), to: loop)
        case .lockers: effects.post(.lockers(.hub(parcel)), to: loop)
        case .awareness, .sync, .board, .echo:
            preconditionFailure("a hub of the service \(service), which has no parcels")
        }
    }

    /// The record of a topic, made where there is none.
    mutating func slot(of topic: String, at moment: Moment) -> UInt32 {
        if let slot = slots[topic] { return slot }
        var record = TopicRecord(name: topic, isOwned: owner(of: topic) == loop)
        if record.isOwned { record.sequence.history.begin(at: moment.timestamp) }
        let slot = topics.insert(record)
        slots[topic] = slot
        return slot
    }

    /// The group of a topic's subscribers who get messages as they are.
    func plainGroup(_ slot: UInt32) -> GroupID { GroupID(service, slot * 2) }

    /// The group of a topic's subscribers who get messages with their numbers.
    func positionedGroup(_ slot: UInt32) -> GroupID { GroupID(service, slot * 2 + 1) }
}
