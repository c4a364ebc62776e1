package import SessionBase
package import SessionCodec

/// `board watch`: follows a board until enough was heard, across lost connections where the command may reconnect.
///
/// *connecting* → *entering* (the first picture is awaited) → *watching* → *connecting* after a loss. Speaks v2 where the
/// server does, whose patches go on behind the version that was heard of last (PROTOCOLS §5.3, `epoch` and `since`), and
/// understands the seed's bare snapshots.
package struct BoardWatchScript: WatchScript {
    private enum State {
        case connecting
        case entering(until: Instant)
        case watching
    }

    /// What is known of the board.
    package private(set) var board = BoardReplica()
    private var state = State.connecting
    private var rule: WatchRule
    private var hasWatched = false
    private let path: String
    private let timeout: Duration
    private let tellsNews: Bool

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - path: The path of the handshake, and perhaps a query.
    ///   - conditions: When enough was heard.
    ///   - timeout: How long the server may take to show the board.
    ///   - tellsNews: Whether every message is told; who looks at ``board`` alone can do without where no condition needs
    ///     them.
    package init(
        path: String, _ conditions: StopRule.Conditions, timeout: Duration, tellsNews: Bool = true
    ) {
        self.path = path
        self.timeout = timeout
        self.tellsNews = tellsNews || conditions.count != nil || conditions.areExpectations
        // What is done within 16 ms comes as one patch, so that what is waited for may have others beside it.
        var conditions = conditions
        conditions.elements = .some
        rule = WatchRule(conditions)
    }

    package var deadline: Instant? {
        let entering: Instant? = if case .entering(let until) = state { until } else { nil }
        return [entering, rule.deadline].compactMap { $0 }.min()
    }

    package var target: String? {
        guard hasWatched, let epoch = board.epoch else { return path }
        return BoardTarget.adding([("epoch", epoch), ("since", String(board.version))], to: path)
    }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        state = .entering(until: now + timeout)
        return []
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let message = try? BoardServerMessage.decode(text).message else { return [] }
        switch message {
        case .board, .snapshot, .patch: return follow(message, text, at: now)
        case .storage(let status): return tell(message, text, at: now) + [.remark(BoardLine.text(of: status))]
        case .error(let code, let sentence):
            if case .entering = state { return [.reject(ServiceRejection(code: code.name, message: sentence))] }
            return [.remark("the server says \(code.name): \(sentence)")]
        case .ack, .pong: return []
        }
    }

    private mutating func follow(
        _ message: BoardServerMessage, _ text: Span<UInt8>, at now: Instant
    ) -> [WatchAction] {
        let before = board
        guard board.apply(message) == .applied else {
            return [.send(BoardClientMessage.resync.encoded()), .remark("a change is missing; the board is asked for")]
        }
        guard case .entering = state else { return tell(message, text, at: now) }
        state = .watching
        if !hasWatched { rule.began(at: now) }
        defer { hasWatched = true }
        return gap(before, message, at: now) + [.remark(greeting)] + tell(message, text, isInitial: true, at: now)
    }

    private var greeting: String {
        let again = hasWatched ? "again " : ""
        let room = board.room.map { "room \($0)" } ?? "a board"
        let name = board.you.map { " as \($0)" } ?? ""
        return "watching \(again)\(room)\(name)"
    }

    /// What is not told one by one of the time between two connections.
    private mutating func gap(
        _ before: BoardReplica, _ message: BoardServerMessage, at now: Instant
    ) -> [WatchAction] {
        guard hasWatched, tellsNews else { return [] }
        if case .patch = message { return [] }
        var fields = before.room.map { [(name: "room", value: $0)] } ?? []
        if let epoch = before.epoch {
            if board.epoch == epoch, board.version == before.version { return [] }
            fields.append(("since", "\(epoch):\(before.version)"))
        }
        return rule.tell(.gap(fields, "the snapshot shows what came of all that happened meanwhile"), at: now)
    }

    /// - Parameter isInitial: Whether it shows the board as it was to begin with, which breaks no silence.
    private mutating func tell(
        _ message: BoardServerMessage, _ text: Span<UInt8>, isInitial: Bool = false, at now: Instant
    ) -> [WatchAction] {
        // A message that was decoded is JSON.
        guard tellsNews, let value = try? JSONValue.parse(text) else { return [] }
        return rule.tell(WatchNews(value, line: BoardLine.text(of: message)), isInitial: isInitial, at: now)
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        state = .connecting
        return returns ? [] : rule.ended(end)
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        if case .entering(let until) = state, now >= until {
            return [
                .leave(.tryAgain, explanation: ["the server did not show the board within \(timeout.spelled)"])
            ]
        }
        return rule.tick(at: now)
    }
}

/// Paths of handshakes with what a board wants to know in their query.
package enum BoardTarget {
    /// Adds parameters to a path that may have a query; what is given replaces parameters of the same name.
    package static func adding(_ parameters: [(name: String, value: String)], to target: String) -> String {
        guard !parameters.isEmpty else { return target }
        let path = target.prefix { $0 != "?" }
        var pairs = target.dropFirst(path.count + 1).split(separator: "&").map(String.init)
        pairs.removeAll { pair in parameters.contains { pair.prefix { $0 != "=" } == $0.name } }
        pairs += parameters.map { "\($0.name)=\(PercentEncoding.encodeComponent($0.value))" }
        return path + "?" + pairs.joined(separator: "&")
    }
}
