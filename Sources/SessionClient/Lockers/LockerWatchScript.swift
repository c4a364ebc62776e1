package import SessionBase
package import SessionCodec

/// `locker watch` and `locker join`: hears a namespace and rooms of it until enough was heard, across lost connections
/// where the command may reconnect.
///
/// *connecting* → *greeting* (`connection` is awaited) → *joining* → *watching* → *connecting* after a loss. Where positions
/// are wanted, handshake and joins say behind which event they go on, so that the server sends what was missed, or it is
/// told that something is lost (PROTOCOLS §6.3, EXT `since`).
package struct LockerWatchScript: WatchScript {
    /// What somebody wants to hear.
    package struct Subject: Equatable, Sendable {
        /// The path of the namespace, such as `/ws/lockers`.
        package var namespace: String
        /// Rooms to join.
        package var rooms: [String] = []
        /// From where on; rooms too, where it is a time.
        package var since: TopicSince?

        /// Wants a namespace from now on.
        package init(namespace: String) { self.namespace = namespace }
    }

    /// What is known of the namespace or of one room.
    private struct Place: Sendable {
        /// `nil` for the namespace itself.
        let room: String?
        /// Behind which event it goes on.
        var since: TopicSince?
        var isJoined = false

        /// The place that was heard of last.
        var position: TopicPosition? { if case .position(let position)? = since { position } else { nil } }

        /// Whether it asks for events that happened before.
        var isAskingForPast: Bool {
            switch since {
            case .position, .time: true
            case .now, nil: false
            }
        }
    }

    private enum State {
        case connecting
        case greeting(until: Instant)
        case joining(until: Instant)
        case watching
    }

    private var state = State.connecting
    /// The namespace first, then the rooms.
    private var places: [Place]
    private var rule: WatchRule
    private var hasWatched = false
    private let subject: Subject
    private let path: String
    private let timeout: Duration

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - path: The path of the handshake, which a proxy may have changed, and perhaps a query.
    ///   - conditions: When enough was heard.
    ///   - timeout: How long the server may take to answer.
    package init(_ subject: Subject, path: String, _ conditions: StopRule.Conditions, timeout: Duration) {
        self.subject = subject
        self.path = path
        let roomSince: TopicSince? = if case .position? = subject.since { .now } else { subject.since }
        places = [Place(room: nil, since: subject.since)] + subject.rooms.map { Place(room: $0, since: roomSince) }
        rule = WatchRule(conditions)
        self.timeout = timeout
    }

    package var deadline: Instant? {
        let answer: Instant? =
            switch state {
            case .greeting(let until), .joining(let until): until
            case .connecting, .watching: nil
            }
        return [answer, rule.deadline].compactMap { $0 }.min()
    }

    package var target: String? {
        places[0].since.map { "\(path)\(path.contains("?") ? "&" : "?")since=\($0.queryText)" } ?? path
    }

    package var farewell: [String] {
        guard subject.since != nil else { return [] }
        return places.compactMap { place in
            place.position.map { "\(name(of: place)) is at \($0.text); --since goes on there" }
        }
    }

    private func name(of place: Place) -> String { place.room.map { "room \($0)" } ?? subject.namespace }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        state = .greeting(until: now + timeout)
        for index in places.indices { places[index].isJoined = false }
        return []
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let frame = try? LockersServerFrame.decode(text).message, let value = try? JSONValue.parse(text) else {
            return []
        }
        switch (state, frame.message) {
        case (.greeting, .connection(let welcome)): return greet(welcome, at: now)
        case (.greeting, .error(let code, let message)), (.joining, .error(let code, let message)):
            return [.reject(ServiceRejection(code: code.name, message: message))]
        case (.joining, .roomJoined(let room, let answer)):
            guard let index = places.firstIndex(where: { $0.room == room && !$0.isJoined }) else { return [] }
            return enter(index, answer, at: now)
        // The server's own words, such as before it closes; no event has this name (PROTOCOLS 4-16).
        case (_, .error(let code, let message)): return [.remark("the server says \(code.name): \(message)")]
        case (_, .connection), (_, .roomJoined), (_, .roomLeft), (_, .pong), (_, .ackReceived): return []
        default: return tell(value, at: now)
        }
    }

    // MARK: Entering

    private mutating func greet(_ welcome: LockersWelcome, at now: Instant) -> [WatchAction] {
        state = .joining(until: now + timeout)
        let remark = WatchAction.remark(WatchNews.greeting(welcome.connection, welcome.user))
        let joins = places.compactMap { place in
            place.room.map { WatchAction.send(LockersClientMessage.joinRoom($0, since: place.since).encoded()) }
        }
        return [remark] + joins + enter(0, welcome.answer, at: now)
    }

    private mutating func enter(_ index: Int, _ answer: TopicAnswer?, at now: Instant) -> [WatchAction] {
        places[index].isJoined = true
        var actions = gap(index, answer, at: now)
        // What is recovered comes behind the answer: until then the old place stands.
        if answer?.isRecovered != true || places[index].position == nil, let position = answer?.position {
            places[index].since = .position(position)
        }
        guard places.allSatisfy(\.isJoined) else { return actions }
        let names = places.map(name).joined(separator: ", ")
        actions.append(.remark("watching \(hasWatched ? "again " : "")\(names)"))
        state = .watching
        if !hasWatched { rule.began(at: now) }
        hasWatched = true
        return actions
    }

    /// What is lost; nothing where everything is recovered, or nothing was asked for.
    private mutating func gap(_ index: Int, _ answer: TopicAnswer?, at now: Instant) -> [WatchAction] {
        let place = places[index]
        guard answer?.isRecovered != true, hasWatched || place.isAskingForPast else { return [] }
        var fields = [(name: "namespace", value: subject.namespace)]
        if let room = place.room { fields = [("room", room)] + fields }
        if let since = place.since { fields.append(("since", since.text)) }
        let reason =
            place.isAskingForPast
            ? "the server no longer has all that happened meanwhile" : "what happened meanwhile is lost"
        return rule.tell(.gap(fields, reason), at: now)
    }

    // MARK: Watching

    private mutating func tell(_ value: JSONValue, at now: Instant) -> [WatchAction] {
        let room = value["room"]?.string
        if let offset = value["offset"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let index = places.firstIndex(where: { $0.room == room }), let position = places[index].position
        {
            places[index].since = .position(TopicPosition(epoch: position.epoch, offset: offset))
        }
        return rule.tell(WatchNews(value, line: LockerLine.text(of: value)), at: now)
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        state = .connecting
        return returns ? [] : rule.ended(end)
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        switch state {
        case .greeting(let until) where now >= until:
            return [.leave(.tryAgain, explanation: ["the server did not greet within \(timeout.spelled)"])]
        case .joining(let until) where now >= until:
            let missing = places.filter { !$0.isJoined }.map(name).joined(separator: ", ")
            return [
                .leave(
                    .tryAgain, explanation: ["the server did not let into \(missing) within \(timeout.spelled)"])
            ]
        default: return rule.tick(at: now)
        }
    }
}

extension TopicSince {
    /// The text as a query has it: an epoch may hold what a query may not.
    fileprivate var queryText: String { PercentEncoding.encodeComponent(text) }
}

/// An event of lockers as a line for people.
package enum LockerLine {
    /// `locker_state_changed {"lockerId":"l1",…}`, with its room in front where it was a room's.
    package static func text(of event: JSONValue) -> String {
        let room = event["room"]?.string.map { "\($0) " } ?? ""
        let data = event["data"].map { " " + $0.text() } ?? ""
        return room + (event["type"]?.string ?? "") + data
    }
}
