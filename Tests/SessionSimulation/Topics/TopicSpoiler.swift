import SessionBase
import SessionCodec
import SessionCore

/// To whom a message goes.
struct TopicPosting {
    var to: ConnectionID
    /// Whether it goes to a whole audience.
    var isShared: Bool
    /// Whether the machine knows of it.
    var isCounted = true
    /// Whether it is sent at all.
    var isDelivered = true
}

/// Makes the mistakes that are planted into machines with topics, at their edges.
struct TopicSpoiler {
    let bug: PlantedBug?
    private var count = 0
    /// Everybody who was spoken to lately.
    private var bystander: ConnectionID?
    /// A parcel that is held back until the next one from the same loop.
    private var held: [Int: Parcel] = [:]
    /// The topic whose publication another loop has just sent.
    private var current: String?
    /// Who waits for an answer to a renewed subscription, by its number.
    private var renewals: [UInt64: (connection: ConnectionID, topic: String)] = [:]

    init(bug: PlantedBug?) { self.bug = bug }

    /// What is made of those to whom a message goes.
    mutating func spoiled(_ postings: [TopicPosting], _ message: [UInt8]) -> [TopicPosting] {
        guard let last = postings.last else { return postings }
        defer { bystander = last.to }
        switch bug {
        case .leaksMessages where last.isShared && isNth(10):
            guard let bystander, !postings.contains(where: { $0.to == bystander }) else { return postings }
            return postings + [TopicPosting(to: bystander, isShared: true, isCounted: false)]
        case .doublesMessages where last.isShared && isNth(20):
            return postings + [TopicPosting(to: last.to, isShared: true, isCounted: false)]
        case .dropsMessages where last.isShared && isNth(20):
            return postings.dropLast() + [TopicPosting(to: last.to, isShared: true, isDelivered: false)]
        case .deafensRenewals where last.isShared:
            return postings.map { posting in
                let isDeaf = renewals.values.contains { $0.connection == posting.to && $0.topic == current }
                return TopicPosting(to: posting.to, isShared: true, isDelivered: !isDeaf)
            }
        case .recoversPartly where !last.isShared && Self.isPositioned(message) && isNth(3): return []
        default: return postings
        }
    }

    /// What is made of a message that arrives.
    func spoiled(_ message: [UInt8]) -> [UInt8] {
        guard bug == .ignoresFilters else { return message }
        return Array(String(decoding: message, as: UTF8.self).replacing(#"{"ward":"a"}"#, with: "{}").utf8)
    }

    /// Whether an endpoint is called twice.
    mutating func repeats(_ call: HookCall) -> Bool { bug == .repeatsCalls && call.ticket == nil && isNth(5) }

    /// What is made of an answer.
    func spoiled(_ response: HTTPResponse) -> HTTPResponse {
        guard bug == .miscountsViews else { return response }
        var response = response
        let text = String(decoding: response.body, as: UTF8.self)
        let spoiled = text.replacing(#""subscribers":"#, with: #""subscribers":1"#)
            .replacing(#""total_connections":"#, with: #""total_connections":1"#)
        response.body = Array(spoiled.utf8)
        return response
    }

    /// What is made of a handshake.
    func spoiled(_ handshake: Handshake) -> Handshake {
        var handshake = handshake
        switch bug {
        case .promotesEverybody: handshake.identity?.roles.append("admin")
        case .trustsStrangers:
            if handshake.identity == nil { handshake.identity = Identity(user: "stranger") }
        case .forgetsKiosks: handshake.identity?.kiosk = nil
        case .keepsSessions: handshake.identity?.expiresAt = nil
        default: break
        }
        return handshake
    }

    /// Notes a parcel that is sent.
    mutating func note(_ parcel: Parcel) {
        guard case .subscribe(let request) = Self.hubParcel(parcel), request.terms.renews else { return }
        guard !request.terms.wantsSnapshot else { return }
        renewals[request.number] = (request.subscriber.connection, request.topic)
    }

    /// Notes what a machine is about to be told.
    mutating func note<Call>(_ event: TopicMachineEvent<Call>) {
        current = nil
        guard case .delivered(let parcel, _) = event else { return }
        switch Self.hubParcel(parcel) {
        case .publication(let delivery): current = delivery.topic
        case .answer(let number, _, _): renewals[number] = nil
        default: break
        }
    }

    /// What is made of a parcel that arrives.
    mutating func spoiled(_ parcel: Parcel, from loop: Int) -> [Parcel] {
        switch (bug, Self.hubParcel(parcel)) {
        case (.reordersMail, .publication):
            if let before = held.removeValue(forKey: loop) { return [parcel, before] }
            if isNth(10) {
                held[loop] = parcel
                return []
            }
            return [parcel]
        case (.losesMail, .publication) where isNth(10): return []
        case (.miscounts, .count(let tally, let delivered)) where isNth(5):
            return [Self.parcel(.count(tally: tally, delivered: delivered + 1), like: parcel)]
        default: return [parcel]
        }
    }

    /// What is made of a call.
    func spoiled<Call>(_ call: Call) -> Call {
        guard bug == .forgetsKeys, let lockersCall = call as? LockersCall else { return call }
        switch lockersCall {
        case .broadcast(var broadcast):
            broadcast.idempotencyKey = nil
            return LockersCall.broadcast(broadcast) as? Call ?? call
        case .emit(var emission):
            emission.idempotencyKey = nil
            return LockersCall.emit(emission) as? Call ?? call
        case .status, .commandAcks: return call
        }
    }

    /// Whether the message of a send carries an offset and is no answer: something that was missed.
    private static func isPositioned(_ message: [UInt8]) -> Bool {
        let text = String(decoding: message, as: UTF8.self)
        return text.contains(#","offset":"#) && !text.contains(#""epoch":"#) && !text.contains(#""delivered":"#)
    }

    private static func hubParcel(_ parcel: Parcel) -> HubParcel? {
        switch parcel {
        case .channels(.hub(let parcel)), .lockers(.hub(let parcel)): parcel
        case .channels, .lockers: nil
        }
    }

    private static func parcel(_ parcel: HubParcel, like other: Parcel) -> Parcel {
        if case .channels = other { .channels(.hub(parcel)) } else { .lockers(.hub(parcel)) }
    }

    private mutating func isNth(_ period: Int) -> Bool {
        count += 1
        return count % period == 0
    }
}
