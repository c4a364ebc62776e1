package import SessionBase
package import SessionCodec

/// `board draw`, `move`, `delete`, `cursor` and `import`: does things to a board in their order, and waits until each is
/// confirmed.
///
/// *connecting* → *entering* (the first picture is awaited, which tells what the server speaks) → *editing* →
/// *storing* where that is waited for → *staying* where a cursor is to be seen → over. Several are on their way at once; what
/// is refused for the rate is sent again later, any other refusal is told, or ends a command that does one thing.
package struct BoardEditScript: WatchScript {
    /// How a command edits.
    package struct Options: Sendable {
        /// Edits a second at most; `nil` has no bound.
        package var perSecond: Double?
        /// Whether to wait at the end until everything is in the store behind the server (PROTOCOLS §5.3, `flush`).
        package var waitsStored = false
        /// How long to stay once all is done; a cursor goes with its user.
        package var staying: Duration?
        /// Whether edits come from standard input too, one a line.
        package var readsLines = false
        /// Whether one sentence at the end tells all, and the first refusal ends it.
        package var isSummed = false
        /// What must be among the confirmations.
        package var patterns: [JSONValue] = []

        /// Edits as fast as the server takes it, and leaves.
        package init() {}
    }

    /// Turns a line of standard input into an edit; `nil` for a blank one.
    package typealias Reading = @Sendable (_ line: [UInt8], _ number: Int) -> Result<BoardEdit?, Problem>

    /// Why a line is no edit.
    package struct Problem: Error, Equatable, Sendable {
        /// A sentence that names the line.
        package var text: String

        /// Describes a problem.
        package init(_ text: String) { self.text = text }
    }

    private enum State: Equatable {
        case connecting
        case entering
        case editing
        case storing
        case staying(until: Instant)
    }

    /// An edit with its number, by which the server's answer is known.
    private struct Numbered: Sendable {
        let number: Int
        let edit: BoardEdit
    }

    private var state = State.connecting
    private var board = BoardReplica()
    private var isSecondVersion = false
    /// Shapes that no edit waits for: those that were there before, and those that edits have made.
    private var known: Set<String> = []
    private var waiting: [Numbered]
    private var underway: [Numbered] = []
    private var total: Int
    private var lines = 0
    private var isInputOver: Bool
    private var pace: BoardPace
    private var expectation: MessageExpectation
    private var verdict = Verdict.success
    private var results: [Int: String] = [:]
    /// When the server must have confirmed something.
    private var answersUntil: Instant?
    private let options: Options
    private let timeout: Duration
    private let read: Reading

    /// More than this on their way, and the next one waits: far below what makes the server pause reading (PROTOCOLS C6).
    private static let underwayMax = 32
    /// More lines than this waiting, and no more are read.
    private static let waitingMax = 1000
    /// The number of the `flush` at the end; edits count from 1.
    private static let flushNumber = 0

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - timeout: How long the server may take to confirm the next edit.
    ///   - read: Turns lines of standard input into edits.
    package init(
        _ edits: [BoardEdit], _ options: Options, timeout: Duration,
        read: @escaping Reading = { _, _ in .success(nil) }
    ) {
        waiting = edits.enumerated().map { Numbered(number: $0.offset + 1, edit: $0.element) }
        total = edits.count
        isInputOver = !options.readsLines
        pace = BoardPace(perSecond: options.perSecond)
        expectation = MessageExpectation(options.patterns)
        self.options = options
        self.timeout = timeout
        self.read = read
    }

    package var deadline: Instant? {
        let next = state == .editing && canSend ? pace.opensAt : nil
        let stay: Instant? = if case .staying(let until) = state { until } else { nil }
        return [answersUntil, next, stay].compactMap { $0 }.min()
    }

    package var isSated: Bool { waiting.count >= Self.waitingMax }

    // MARK: Entering

    package mutating func opened(at now: Instant) -> [WatchAction] {
        state = .entering
        answersUntil = now + timeout
        return []
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let frame = try? BoardServerMessage.decode(text) else { return [] }
        switch frame.message {
        case .board, .snapshot: return follow(frame.message, at: now)
        case .ack(let ack): return confirm(ack, frame.tag, text, at: now)
        case .error(let code, let message):
            return refuse(ServiceRejection(code: code.name, message: message), frame.tag, text, at: now)
        case .patch, .pong, .storage: return []
        }
    }

    private mutating func follow(_ message: BoardServerMessage, at now: Instant) -> [WatchAction] {
        if case .snapshot = message { isSecondVersion = true }
        if state == .entering || !isSecondVersion { _ = board.apply(message) }
        guard state == .entering else { return isSecondVersion ? [] : look(at: now) }
        known = Set(board.shapes.map(\.id))
        state = .editing
        answersUntil = nil
        if options.waitsStored, !isSecondVersion {
            return [
                .leave(
                    .failed, explanation: ["the server speaks the seed's protocol, which cannot tell what is stored"])
            ]
        }
        return send(at: now)
    }

    // MARK: Sending

    private var canSend: Bool { !waiting.isEmpty && underway.count < Self.underwayMax }

    private mutating func send(at now: Instant) -> [WatchAction] {
        guard state == .editing else { return [] }
        var actions: [WatchAction] = []
        while canSend, pace.isOpen(at: now) {
            let next = waiting.removeFirst()
            guard isSecondVersion || next.edit.isPossible(on: board) else {
                return actions + refuse(next, Self.unknownShape, nil, at: now)
            }
            actions.append(.send(next.edit.message.encoded(tag: isSecondVersion ? .number(String(next.number)) : nil)))
            pace.sent(at: now)
            underway.append(next)
            answersUntil = now + timeout
        }
        if !isSecondVersion { actions += look(at: now) }
        return actions + finishWhereDone(at: now)
    }

    private static let unknownShape = ServiceRejection(
        code: BoardErrorCode.shapeNotFound.name, message: BoardErrorCode.shapeNotFound.message.description)

    package mutating func typed(_ line: [UInt8], at now: Instant) -> [WatchAction] {
        lines += 1
        switch read(line, lines) {
        case .failure(let problem): return [.leave(.badData, explanation: [problem.text])]
        case .success(nil): return []
        case .success(let edit?):
            total += 1
            waiting.append(Numbered(number: total, edit: edit))
            return send(at: now)
        }
    }

    package mutating func inputEnded(at now: Instant) -> [WatchAction] {
        isInputOver = true
        return finishWhereDone(at: now)
    }

    // MARK: Confirmations

    private mutating func confirm(
        _ ack: BoardAck, _ tag: MessageTag?, _ text: Span<UInt8>, at now: Instant
    ) -> [WatchAction] {
        if state == .storing, tag == .number(String(Self.flushNumber)) {
            guard ack.isPersisted else { return [] }
            return tell(text, line: "stored, version \(ack.version)") + leave(at: now)
        }
        guard let done = take(tag) else { return [] }
        results[done.number] = ack.shape ?? ""
        let line = done.edit.line(shape: ack.shape ?? "", version: ack.version)
        return tell(text, line: line) + goOn(at: now)
    }

    /// Looks which edits a snapshot of the seed shows done.
    private mutating func look(at now: Instant) -> [WatchAction] {
        var actions: [WatchAction] = []
        for done in underway {
            guard let shape = done.edit.result(on: board, known: known) else { continue }
            underway.removeAll { $0.number == done.number }
            known.insert(shape)
            results[done.number] = shape
            var object = JSONObject()
            object["event"] = "shown"
            if !shape.isEmpty { object["shapeId"] = .string(shape) }
            let news = WatchNews(.object(object), line: done.edit.line(shape: shape, version: nil))
            actions += tell(news)
        }
        return actions.isEmpty ? [] : actions + goOn(at: now)
    }

    private mutating func take(_ tag: MessageTag?) -> Numbered? {
        guard case .number(let digits)? = tag, let number = Int(digits),
            let place = underway.firstIndex(where: { $0.number == number })
        else { return nil }
        return underway.remove(at: place)
    }

    private mutating func tell(_ text: Span<UInt8>, line: String) -> [WatchAction] {
        // A message that was decoded is JSON.
        guard let value = try? JSONValue.parse(text) else { return [] }
        return tell(WatchNews(value, line: line))
    }

    private mutating func tell(_ news: WatchNews) -> [WatchAction] {
        let text = Array(news.value.text().utf8)
        expectation.receive(text.span)
        return options.isSummed ? [] : [.tell(news)]
    }

    private mutating func goOn(at now: Instant) -> [WatchAction] {
        answersUntil = underway.isEmpty ? nil : now + timeout
        return send(at: now)
    }

    // MARK: Refusals

    private mutating func refuse(
        _ rejection: ServiceRejection, _ tag: MessageTag?, _ text: Span<UInt8>, at now: Instant
    ) -> [WatchAction] {
        if state == .entering || state == .storing { return [.reject(rejection)] }
        guard let refused = take(tag) else { return [.remark("the server says \(rejection.description)")] }
        if rejection.code == BoardErrorCode.rateLimited.name {
            waiting.insert(refused, at: waiting.firstIndex { $0.number > refused.number } ?? waiting.count)
            pace.refused(at: now)
            answersUntil = now + BoardPace.pause + timeout
            return []
        }
        // A message that was decoded is JSON.
        return refuse(refused, rejection, try? JSONValue.parse(text), at: now)
    }

    private mutating func refuse(
        _ refused: Numbered, _ rejection: ServiceRejection, _ value: JSONValue?, at now: Instant
    ) -> [WatchAction] {
        guard total > 1 || options.readsLines else { return [.reject(rejection)] }
        if options.isSummed { return [.remark(summary)] + [.reject(rejection)] }
        verdict = .failed
        var about = rejection
        if case .delete(let id) = refused.edit.message { about.subject = id }
        let news = WatchNews(value ?? about.value, line: "error \(about.description)")
        return tell(news) + goOn(at: now)
    }

    // MARK: The end

    private mutating func finishWhereDone(at now: Instant) -> [WatchAction] {
        guard state == .editing, isInputOver, waiting.isEmpty, underway.isEmpty else { return [] }
        guard options.waitsStored else { return leave(at: now) }
        state = .storing
        answersUntil = now + timeout
        return [.send(BoardClientMessage.flush.encoded(tag: .number(String(Self.flushNumber))))]
    }

    private mutating func leave(at now: Instant) -> [WatchAction] {
        answersUntil = nil
        if let staying = options.staying, state == .editing {
            state = .staying(until: now + staying)
            return []
        }
        let told = options.isSummed ? [WatchAction.tell(WatchNews(summaryValue, line: summary))] : []
        guard verdict == .success, !expectation.isMet else { return told + [.leave(verdict, explanation: [])] }
        return told + [.leave(.failed, explanation: expectation.failure)]
    }

    private var summary: String { "imported \(BoardLine.count(results.count, "shape"))" }

    /// How many shapes were made, and their ids in the order of the file.
    private var summaryValue: JSONValue {
        var object = JSONObject()
        object["imported"] = .number(String(results.count))
        object["shapes"] = .array((1...max(total, 1)).compactMap { results[$0].map { .string($0) } })
        return .object(object)
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        let verdict: Verdict = end.verdict == .success ? .failed : end.verdict
        let open = waiting.count + underway.count
        let rest = open == 0 ? "the rest" : BoardLine.count(open, "edit")
        let isTold = options.isSummed && !results.isEmpty
        let told = isTold ? [WatchAction.tell(WatchNews(summaryValue, line: summary))] : []
        return told + [.leave(verdict, explanation: ["the connection ended, and \(rest) had not been confirmed"])]
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        if case .staying(let until) = state, now >= until { return leave(at: now) }
        if let answersUntil, now >= answersUntil {
            let what =
                switch state {
                case .connecting, .entering: "show the board"
                case .storing: "say that the board is stored"
                case .editing, .staying: "confirm \(BoardLine.count(underway.count, "edit"))"
                }
            return [.leave(.tryAgain, explanation: ["the server did not \(what) within \(timeout.spelled)"])]
        }
        return send(at: now)
    }
}
