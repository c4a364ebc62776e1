import SessionBase

/// The handoffs of one session, as the store keeps them (PROTOCOLS 1-18 to 1-22).
///
/// An offer is *open* → *taken* by its target, *replaced* by a newer one of the same pair, or *expired*. What is over is kept
/// for an hour, so that a late target learns what became of it.
///
///     format 1 · count, then token, source, target, state version, expires, disconnects, fate, taken by, taken at of each
struct HandoffOffers: Equatable, Sendable {
    /// One offer.
    struct Offer: Equatable, Sendable {
        /// What became of it.
        enum Fate: UInt64, Sendable { case open, taken, replaced }

        /// 256 random bits in base64url; never to be shown to others than source and target.
        var token: String
        var source: String
        var target: String
        /// The state's version when the offer was made.
        var stateVersion: UInt64
        var expiresAt: Timestamp
        /// Whether the source is disconnected once the target has taken it (PROTOCOLS 1-22).
        var disconnectsSource = false
        var fate = Fate.open
        /// The device that took it; `nil` where it did not say who it is.
        var takenBy: String?
        var takenAt = Timestamp(milliseconds: 0)
        /// Whether the source was told that nobody came; not stored.
        var isExpiryTold = false

        /// Whether its target may still take it.
        func isOpen(at time: Timestamp) -> Bool { fate == .open && time < expiresAt }
    }

    /// Oldest first.
    var offers: [Offer] = []

    /// How long an offer that is over can still be told from one that never was.
    static let memory = Duration.seconds(3600)
    /// Offers of a session that are kept.
    static let countMax = 64
    /// How long the same device may repeat its request (PROTOCOLS 1-18).
    static let repeatWindow = Duration.seconds(30)

    private static let format: UInt8 = 1

    init() {}

    /// Reads the content of a stored document.
    init(decoding body: [UInt8]) throws(DamagedDocument) {
        var reader = try DocumentReader(body, format: Self.format)
        for _ in 0..<(try reader.count(bytesMin: 9)) { offers.append(try Offer(reading: &reader)) }
        try reader.end()
    }

    /// The content to be stored.
    var encoded: [UInt8] {
        var writer = DocumentWriter(format: Self.format)
        writer.append(UInt64(offers.count))
        for offer in offers { offer.append(to: &writer) }
        return writer.bytes
    }

    /// When the document may be forgotten; `nil` while there is no offer.
    var forgottenAt: Timestamp? {
        offers.map(\.expiresAt).max().map { Timestamp(milliseconds: $0.milliseconds + Self.memory.milliseconds) }
    }

    /// When the next offer runs out whose source is to be told.
    var nextExpiry: Timestamp? {
        offers.lazy.filter { $0.fate == .open && !$0.isExpiryTold }.map(\.expiresAt).min()
    }

    /// The open offer of a pair.
    func openOffer(source: String, target: String, at time: Timestamp) -> Offer? {
        offers.last { $0.source == source && $0.target == target && $0.isOpen(at: time) }
    }

    // MARK: Steps

    /// Makes an offer; an open one of the same pair is replaced.
    mutating func add(_ offer: Offer, at time: Timestamp) {
        for place in offers.indices
        where offers[place].source == offer.source && offers[place].target == offer.target
            && offers[place].fate == .open
        {
            offers[place].fate = .replaced
        }
        offers.removeAll { $0.expiresAt.milliseconds + Self.memory.milliseconds <= time.milliseconds }
        if offers.count >= Self.countMax { offers.removeFirst(offers.count - Self.countMax + 1) }
        offers.append(offer)
    }

    /// What a token is worth.
    enum Judgement: Equatable, Sendable {
        /// There is no such offer.
        case unknown
        /// The device is not the target; judged before all else (PROTOCOLS §3.5).
        case wrongDevice
        /// Taken or replaced.
        case consumed
        /// Nobody came in time.
        case expired
        /// The device may have it; whether it had it before.
        case valid(place: Int, isRepeat: Bool)
    }

    /// Judges a token that a device shows, or somebody who does not say who he is (PROTOCOLS 1-18, 1-19).
    func judge(_ token: String, device: String?, isStrict: Bool, at time: Timestamp) -> Judgement {
        guard let place = offers.firstIndex(where: { $0.token == token }) else { return .unknown }
        let offer = offers[place]
        if device.map({ $0 != offer.target }) ?? isStrict { return .wrongDevice }
        switch offer.fate {
        case .replaced: return .consumed
        case .taken:
            let age = time.milliseconds - offer.takenAt.milliseconds
            guard let device, device == offer.takenBy, age < Self.repeatWindow.milliseconds else { return .consumed }
            return .valid(place: place, isRepeat: true)
        case .open:
            return offer.isOpen(at: time) ? .valid(place: place, isRepeat: false) : .expired
        }
    }

    /// Gives an open offer to who showed its token.
    mutating func take(_ place: Int, by device: String?, at time: Timestamp) {
        precondition(offers[place].isOpen(at: time), "an offer is taken that is over")
        offers[place].fate = .taken
        offers[place].takenBy = device
        offers[place].takenAt = time
    }

    /// Marks the offers that ran out, and returns those whose source is to be told.
    mutating func tellExpired(at time: Timestamp) -> [Offer] {
        var told: [Offer] = []
        for place in offers.indices
        where offers[place].fate == .open && !offers[place].isExpiryTold && offers[place].expiresAt <= time {
            offers[place].isExpiryTold = true
            told.append(offers[place])
        }
        return told
    }
}

extension HandoffOffers.Offer {
    fileprivate init(reading reader: inout DocumentReader) throws(DamagedDocument) {
        token = try reader.text()
        source = try reader.text()
        target = try reader.text()
        stateVersion = try reader.number()
        expiresAt = try reader.time()
        disconnectsSource = try reader.number() == 1
        guard let fate = Fate(rawValue: try reader.number()) else { throw DamagedDocument() }
        self.fate = fate
        takenBy = try reader.optionalText()
        takenAt = try reader.time()
    }

    fileprivate func append(to writer: inout DocumentWriter) {
        writer.append(token)
        writer.append(source)
        writer.append(target)
        writer.append(stateVersion)
        writer.append(expiresAt)
        writer.append(disconnectsSource ? UInt64(1) : 0)
        writer.append(fate.rawValue)
        writer.append(takenBy)
        writer.append(takenAt)
    }
}
