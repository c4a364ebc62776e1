import SessionBase
import SessionCodec

/// Subscribers of channels, or kiosks of lockers, that listen, and connections that publish to them.
///
/// A request is a publication: it is over once the server has taken it and all of this worker's subscribers that must hear
/// of it have. Its latency is therefore that of the last receiver; `ack` is the time until the server took it, `delivery`
/// that of each receiver, `last` that of the last one, for the publications of all workers.
///
/// At the end each publisher says in each of its topics how many it published, so that every subscriber of every worker
/// knows what it lacks.
struct TopicWorkload: OpenedConversation, ~Copyable {
    /// The places of the parts among the operations.
    private enum Part {
        static let (ack, delivery, last) = (0, 1, 2)
        /// Of subscribers that come back.
        static let (replay, recovery) = (3, 4)
        /// Of kiosks.
        static let move = 3
    }

    /// A publication that waits for the server's answer.
    private struct Request: FlyingRequest {
        var flight: Flight
        var topic: Int
        var number: UInt64
        var isLast: Bool
    }

    /// Whose publication it is, and where.
    private struct Pair: Hashable {
        /// The worker's own number.
        var publisher: Int
        var topic: Int
    }

    var opening: TopicOpening
    private let roster: TopicRoster
    private let load: TopicLoad
    private let duration: Duration
    private let pages: PublicationPages
    private var text: PublicationText
    private var book: TopicBook
    private var random: SeededRandom
    /// What publishers wait for, and what of it is not over.
    private var requests: WriterQueues<Request>
    private var rings: [Pair: PublicationRing] = [:]
    private var accepted: [Pair: UInt64] = [:]
    private var unfinished = 0
    private var isConcluding = false
    private var moves: KioskMoves
    private var departures: Departures?
    /// When each subscriber that is cut off comes back; `nil` for those that are not.
    private var returns: [Instant?]
    /// Up to where what a place hears was published before it came back.
    private var replayedUntil: [Int: UInt64] = [:]
    /// Whether the next loss of a subscriber is our own doing.
    private var isLeaving: [Bool]

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: TopicLoad) {
        let roster = TopicRoster(share, load)
        text = PublicationText(seed: share.plan.seed)
        opening = TopicOpening(roster, name: text.name)
        pages = PublicationPages(share, roster, text)
        book = TopicBook(
            places: roster.places, publishers: roster.allPublishers, publishersOfTopics: roster.publishersOfTopics)
        random = SeededRandom(seed: share.plan.seed ^ UInt64(share.index) &* 0xD6E8_FEB8_6659_FD93)
        requests = WriterQueues(first: roster.subscribers, count: roster.publishers)
        let readers = (0..<roster.subscribers).filter { !roster.isStuck($0) }
        departures = load.away.map { Departures(readers, away: $0) }
        moves = KioskMoves(load.moveRatio > 0 ? readers.filter { !roster.staysInRoom($0) } : [], share)
        returns = Array(repeating: nil, count: load.isPositioned ? roster.subscribers : 0)
        isLeaving = Array(repeating: false, count: roster.subscribers)
        duration = share.plan.duration
        self.roster = roster
        self.load = load
    }

    var requestBytesMax: Int { max(pages.bytesMax, KioskMoves.bytesMax) }

    var underWay: Int { unfinished + moves.underWay }
    /// The last words of publishers, and who has still to hear of them.
    var owed: Int { isConcluding ? requests.underWay + book.endsOwed : 0 }

    func handshake(of connection: Int) -> HandshakePart { opening.handshake(of: connection) }

    // MARK: Opening

    mutating func greeted(
        by message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) -> GreetingAnswer {
        if let publication = text.read(message, at: desk.now) {
            // What was missed of one channel comes before the answer about the next.
            arrive(publication, message, on: connection, &desk, &recorder)
            return .part
        }
        let answer = opening.greeted(by: message, kind: kind, on: connection)
        if let recovery = opening.recovery { note(recovery, of: connection, desk.now, &recorder) }
        if case .welcome = answer { join(connection) }
        return answer
    }

    /// Notes that a subscriber hears all its topics, for the first time or again.
    private mutating func join(_ subscriber: Int) {
        guard !roster.isStuck(subscriber) else { return }
        let slots = load.kind == .lockers && !roster.staysInRoom(subscriber) ? 1 : load.slots
        for slot in 0..<slots {
            let place = roster.firstPlace(of: subscriber) + slot
            if book.isPresent(place) {
                book.resume(place)
            } else {
                book.join(place, roster.topic(of: slot, at: subscriber))
            }
        }
    }

    /// Counts what became of a subscriber that asked for what it missed.
    private mutating func note(
        _ recovery: (place: Int, isRecovered: Bool, end: UInt64), of subscriber: Int, _ now: Instant,
        _ recorder: inout Recorder
    ) {
        guard let back = returns[subscriber] else { return }
        let flight = Flight(intended: back, sent: back)
        guard recovery.isRecovered else { return recorder.refused(flight, "not recovered") }
        replayedUntil[recovery.place] = recovery.end
        recorder.part(Part.recovery, of: flight, at: now)
    }

    // MARK: Publications

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        if load.moveRatio > 0, chance() < load.moveRatio, let kiosk = moves.takeFree() {
            return moves.begin(flight, of: kiosk, for: connection, room: opening.room(of: kiosk), &desk)
        }
        let publisher = connection - roster.subscribers
        let scope: TopicRoster.Scope = load.kind == .lockers && chance() < load.roomCastRatio ? .rooms : .namespaces
        let topic = roster.topic(ofPublisher: publisher, turn: requests.takeTurn(connection), scope: scope)
        var kind = kind(of: topic)
        if load.typedRatio > 0, !kind.isForRoom, PublicationWords.event(of: load.namespaces[kind.namespace]) != nil {
            kind.isTyped = chance() < load.typedRatio
        }
        let number = rings[Pair(publisher: publisher, topic: topic), default: PublicationRing()].append(
            flight, isDelivered: book.waiting(in: topic) == 0)
        unfinished += 1
        let request = Request(flight: flight, topic: topic, number: number, isLast: false)
        send(request, accepted: nil, kind, on: connection, &desk)
    }

    private mutating func send(
        _ request: Request, accepted: UInt64?, _ kind: PublicationPages.Kind, on connection: Int, _ desk: inout Desk
    ) {
        let publisher = roster.number(ofPublisher: connection - roster.subscribers)
        let publication = Publication(
            publisher: publisher, topic: request.topic, number: request.number, intended: request.flight.intended,
            sent: request.flight.sent, accepted: accepted)
        pages.write(publication, kind, to: connection, &desk)
        requests.append(request, on: connection)
    }

    private func kind(of topic: Int) -> PublicationPages.Kind {
        guard load.kind == .lockers else { return PublicationPages.Kind() }
        let (namespace, room) = roster.namespace(of: topic)
        return PublicationPages.Kind(namespace: namespace, isForRoom: room != nil)
    }

    private mutating func chance() -> Double { Double(random.next() >> 11) * 0x1p-53 }

    // MARK: Answers

    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        let body = bytes.extracting(reply.body)
        let news = TopicNews.read(body)
        guard reply.isSuccess, let news else {
            let code = news?.code.map { " " + String($0.string(in: body).prefix(64)) } ?? ""
            return answer(connection, "\(reply.status)\(code)", &desk, &recorder)
        }
        answer(connection, nil, recipients: news.recipients ?? 0, &desk, &recorder)
    }

    /// Takes the answer to a publisher's oldest publication.
    ///
    /// - Parameter fault: Why it was refused; `nil` where it was taken.
    private mutating func answer(
        _ connection: Int, _ fault: String?, recipients: UInt64 = 0, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let request = requests.takeOldest(on: connection) else { return recorder.count { $0.duplicated &+= 1 } }
        let pair = Pair(publisher: connection - roster.subscribers, topic: request.topic)
        if request.isLast { return }
        if let fault {
            giveUp(request, pair, connection, &desk)
            recorder.refused(request.flight, fault)
        } else {
            accepted[pair, default: 0] += 1
            recorder.part(Part.ack, of: request.flight, at: desk.now)
            if recorder.counts(request.flight.intended) { recorder.count { $0.recipients &+= recipients } }
            let item = rings[pair]?.update(request.number) { $0.isAcknowledged = true }
            if let item { finishIfOver(item, connection, isTimed: true, &desk, &recorder) }
        }
        if isConcluding, requests.oldest(on: connection) == nil { sayLast(connection, &desk) }
    }

    /// Ends a publication that has no right answer; what becomes of it is counted by whoever calls.
    private mutating func giveUp(_ request: Request, _ pair: Pair, _ connection: Int, _ desk: inout Desk) {
        guard rings[pair]?.update(request.number, { $0.isOver = true }) != nil else { return }
        unfinished -= 1
        desk.finish(connection)
    }

    private mutating func finishIfOver(
        _ item: PublicationRing.Item, _ connection: Int, isTimed: Bool, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard item.isOver else { return }
        unfinished -= 1
        desk.finish(connection)
        recorder.received(item.flight, at: desk.now, isTimed: isTimed)
    }

    // MARK: WebSocket

    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        if connection < roster.subscribers, let publication = text.read(message, at: desk.now) {
            return arrive(publication, message, on: connection, &desk, &recorder)
        }
        guard let news = TopicNews.read(message) else { return recorder.count { $0.wrong &+= 1 } }
        switch news.kind {
        case .published where connection >= roster.subscribers:
            answer(connection, nil, recipients: news.recipients ?? 0, &desk, &recorder)
        case .error where connection >= roster.subscribers:
            let code = news.code.map { String($0.string(in: message).prefix(64)) } ?? "without a code"
            answer(connection, code, &desk, &recorder)
        case .roomJoined, .roomLeft, .error: moved(news, message, connection, &desk, &recorder)
        default: recorder.count { $0.pushed &+= 1 }
        }
    }

    /// Notes that a kiosk is in its room, or out of it.
    private mutating func moved(
        _ news: TopicNews, _ message: Span<UInt8>, _ kiosk: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let move = moves.end(kiosk) else { return recorder.count { $0.pushed &+= 1 } }
        desk.finish(move.requester)
        let place = roster.firstPlace(of: kiosk) + 1
        switch news.kind {
        case .roomJoined where move.isJoining: book.visit(place, roster.topic(of: 1, at: kiosk))
        case .roomLeft where !move.isJoining: _ = book.leave(place)
        default:
            let code = news.code.map { String($0.string(in: message).prefix(64)) } ?? "no answer to that"
            return recorder.refused(move.flight, code)
        }
        recorder.received(move.flight, at: desk.now, isTimed: false)
        recorder.part(Part.move, of: move.flight, at: desk.now)
    }

    // MARK: Arrivals

    @inline(__always)
    private mutating func arrive(
        _ publication: Publication, _ message: Span<UInt8>, on subscriber: Int, _ desk: inout Desk,
        _ recorder: inout Recorder
    ) {
        guard publication.publisher < roster.allPublishers,
            let place = roster.place(of: publication.topic, at: subscriber)
        else { return recorder.refused(publication.flight, "another's topic") }
        let isLast = publication.accepted != nil
        switch book.arrive(publication, at: place) {
        case .next, .forgotten: if !isLast { deliver(publication, message, at: place, desk.now, &recorder) }
        case .late:
            if recorder.counts(publication.intended) { recorder.count { $0.misordered &+= 1 } }
            if !isLast { deliver(publication, message, at: place, desk.now, &recorder) }
        case .again: if recorder.counts(publication.intended) { recorder.count { $0.redelivered &+= 1 } }
        case .foreign: arriveUnasked(publication, at: place, &recorder)
        }
        while let (publication, isWhole) = book.takeCompleted() { complete(publication, isWhole, &desk, &recorder) }
        if load.isPositioned { keepPosition(message, at: place) }
    }

    /// Counts what came where it must not.
    private mutating func arriveUnasked(_ publication: Publication, at place: Int, _ recorder: inout Recorder) {
        // Those that never read are made to at the end, and of the others the losses are counted then.
        if isConcluding || roster.isStuck(place / load.slots) { return recorder.count { $0.pushed &+= 1 } }
        recorder.refused(publication.flight, "not subscribed to that")
    }

    @inline(__always)
    private mutating func deliver(
        _ publication: Publication, _ message: Span<UInt8>, at place: Int, _ now: Instant, _ recorder: inout Recorder
    ) {
        guard recorder.counts(publication.intended) else { return }
        recorder.delivered(at: now)
        let isReplayed = load.isPositioned && isReplay(message, at: place)
        recorder.part(isReplayed ? Part.replay : Part.delivery, of: publication.flight, at: now)
    }

    /// Ends a publication that nobody waits for any more.
    private mutating func complete(
        _ publication: Publication, _ isWhole: Bool, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard publication.accepted == nil else { return }
        if isWhole { recorder.part(Part.last, of: publication.flight, at: desk.now) }
        guard let publisher = roster.ownPublisher(publication.publisher) else { return }
        let pair = Pair(publisher: publisher, topic: publication.topic)
        guard let item = rings[pair]?.update(publication.number, { $0.isDelivered = true }) else { return }
        finishIfOver(item, roster.subscribers + publisher, isTimed: isWhole, &desk, &recorder)
    }

    // MARK: Coming back

    private func isReplay(_ message: Span<UInt8>, at place: Int) -> Bool {
        guard let end = replayedUntil[place], let offset = Self.offset(of: message) else { return false }
        return offset <= end
    }

    private static func offset(of message: Span<UInt8>) -> UInt64? {
        TopicNews.trailingOffset(message) ?? TopicNews.read(message)?.offset
    }

    private mutating func keepPosition(_ message: Span<UInt8>, at place: Int) {
        if let offset = Self.offset(of: message) { opening.hear(offset, at: place) }
    }

    mutating func tick(_ desk: inout Desk, _ recorder: inout Recorder) {
        guard departures != nil, !isConcluding, recorder.measuredFrom != .distantFuture else { return }
        departures?.start(at: recorder.measuredFrom, duration: duration)
        while let (subscriber, back) = departures?.take(at: desk.now) {
            for slot in 0..<load.slots { book.pause(roster.firstPlace(of: subscriber) + slot) }
            returns[subscriber] = back
            isLeaving[subscriber] = true
            desk.sendAway(subscriber, until: back)
        }
        while let (publication, isWhole) = book.takeCompleted() { complete(publication, isWhole, &desk, &recorder) }
    }

    // MARK: End

    mutating func conclude(_ desk: inout Desk, _ recorder: inout Recorder) {
        isConcluding = true
        for publisher in 0..<roster.publishers where requests.oldest(on: roster.subscribers + publisher) == nil {
            sayLast(roster.subscribers + publisher, &desk)
        }
    }

    func settle(_ recorder: inout Recorder) { recorder.heard(book.orders) }

    /// Says in each of a publisher's topics how many of its publications the server took.
    private mutating func sayLast(_ connection: Int, _ desk: inout Desk) {
        let publisher = connection - roster.subscribers
        for topic in roster.topics(ofPublisher: publisher) {
            let pair = Pair(publisher: publisher, topic: topic)
            let count = accepted[pair] ?? 0
            guard accepted.updateValue(.max, forKey: pair) != .max else { continue }
            let number = (rings[pair]?.last ?? 0) + 1
            book.accept(count, of: roster.number(ofPublisher: publisher), in: topic)
            var kind = kind(of: topic)
            kind.isLast = true
            let flight = Flight(intended: desk.now, sent: desk.now)
            let request = Request(flight: flight, topic: topic, number: number, isLast: true)
            send(request, accepted: count, kind, on: connection, &desk)
        }
    }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        guard connection < roster.subscribers else { return losePublisher(connection, &desk, &recorder) }
        if isLeaving[connection] {
            isLeaving[connection] = false
            return
        }
        if let move = moves.lose(connection) { lose(move, &desk, &recorder) }
        for slot in 0..<load.slots {
            let missing = book.leave(roster.firstPlace(of: connection) + slot)
            recorder.count { $0.undelivered &+= missing }
        }
        while let (publication, isWhole) = book.takeCompleted() { complete(publication, isWhole, &desk, &recorder) }
    }

    private func lose(_ move: KioskMoves.Move, _ desk: inout Desk, _ recorder: inout Recorder) {
        desk.finish(move.requester)
        recorder.lost(move.flight)
    }

    private mutating func losePublisher(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let publisher = connection - roster.subscribers
        while let request = requests.takeOldest(on: connection) {
            guard !request.isLast else { continue }
            giveUp(request, Pair(publisher: publisher, topic: request.topic), connection, &desk)
            recorder.lost(request.flight)
        }
        endAcknowledged(of: publisher, before: .distantFuture, &desk, &recorder)
    }

    /// Ends publications that the server took and that somebody never heard of, whose loss is counted at the subscribers.
    private mutating func endAcknowledged(
        of publisher: Int, before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        for topic in roster.topics(ofPublisher: publisher) {
            let pair = Pair(publisher: publisher, topic: topic)
            while let (number, item) = rings[pair]?.oldest, item.isAcknowledged, item.flight.sent < limit {
                guard let ended = rings[pair]?.update(number, { $0.isDelivered = true }) else { break }
                finishIfOver(ended, roster.subscribers + publisher, isTimed: false, &desk, &recorder)
            }
        }
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        requests.expire(before: limit, &desk)
        for move in moves.takeExpired(before: limit) { lose(move, &desk, &recorder) }
        for publisher in 0..<roster.publishers { endAcknowledged(of: publisher, before: limit, &desk, &recorder) }
    }
}
