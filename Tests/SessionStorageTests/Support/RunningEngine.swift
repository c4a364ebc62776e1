import SessionBase
import SessionCore
import SessionIO
import SessionStorage
import Synchronization

/// An engine at work, asked one question at a time or many at once.
///
/// Its tests' times begin an hour from now, and are told apart from it by nobody: Redis removes what is long over by the
/// wall clock, which no test waits for.
final class RunningEngine: Sendable {
    let engine: any StorageEngine
    /// The time that tests call 0, in milliseconds; the same for all engines of a run.
    private static let start = SystemClock.wallNanoseconds() / 1_000_000 + 3_600_000
    /// Held by the engine's threads too, which must never be the ones that let go of the engine itself.
    private let inbox = ReplyInbox()

    /// Starts an engine.
    init(_ engine: any StorageEngine) throws {
        self.engine = engine
        try engine.start { [inbox] _, answers in inbox.receive(answers) }
    }

    deinit { engine.stop() }

    /// Asks, and waits for the reply.
    func ask(_ request: StoreRequest, at milliseconds: Int64 = 0, asker: Int = 0) async -> StoreReply {
        await ask([request], at: milliseconds, asker: asker)[0]
    }

    /// Hands in several calls together, and waits for all replies.
    func ask(_ requests: [StoreRequest], at milliseconds: Int64 = 0, asker: Int = 0) async -> [StoreReply] {
        await replies(to: submit(requests, at: milliseconds, asker: asker))
    }

    /// Hands in several calls together, and returns at once.
    ///
    /// - Returns: What ``replies(to:)`` takes.
    func submit(_ requests: [StoreRequest], at milliseconds: Int64 = 0, asker: Int = 0) -> Range<UInt64> {
        let time = Timestamp(milliseconds: milliseconds + Self.start)
        let tickets = inbox.tickets(requests.count)
        let calls = zip(tickets, requests).map { ticket, request in
            StoreCall(ticket: ticket, request: request.shifted(by: Self.start), time: time)
        }
        engine.submit(calls, from: asker)
        return tickets
    }

    /// Whether the reply to a call that was handed in is there, and nobody took it.
    func isAnswered(_ ticket: UInt64) -> Bool { inbox.isEarly(ticket) }

    /// Waits for the replies to calls that were handed in.
    func replies(to tickets: Range<UInt64>) async -> [StoreReply] {
        var replies: [StoreReply] = []
        for ticket in tickets { replies.append(await inbox.wait(for: ticket).shifted(by: -Self.start)) }
        return replies
    }
}

/// Replies, and who waits for them.
private final class ReplyInbox: Sendable {
    private struct State {
        var nextTicket: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<StoreReply, Never>] = [:]
        /// Replies that came before somebody waited for them.
        var early: [UInt64: StoreReply] = [:]
    }

    private let state = Mutex(State())

    /// Numbers for some calls.
    func tickets(_ count: Int) -> Range<UInt64> {
        state.withLock { state in
            defer { state.nextTicket += UInt64(count) }
            return state.nextTicket..<state.nextTicket + UInt64(count)
        }
    }

    func isEarly(_ ticket: UInt64) -> Bool { state.withLock { $0.early[ticket] != nil } }

    func wait(for ticket: UInt64) async -> StoreReply {
        await withCheckedContinuation { continuation in
            let reply = state.withLock { state in
                let reply = state.early.removeValue(forKey: ticket)
                if reply == nil { state.waiting[ticket] = continuation }
                return reply
            }
            if let reply { continuation.resume(returning: reply) }
        }
    }

    func receive(_ answers: [StoreAnswer]) {
        for answer in answers {
            let continuation = state.withLock { state in
                let continuation = state.waiting.removeValue(forKey: answer.ticket)
                if continuation == nil { state.early[answer.ticket] = answer.reply }
                return continuation
            }
            continuation?.resume(returning: answer.reply)
        }
    }
}

extension RunningEngine {
    /// Writes a document, and waits for the reply.
    func write(
        _ name: String, _ body: [UInt8] = [1], expecting: DocumentWrite.Expectation = .absence, version: UInt64 = 1,
        owner: String? = nil, limit: Int? = nil, expiresAt: Int64? = nil, in collection: DocumentCollection = .sessions,
        at milliseconds: Int64 = 0, asker: Int = 0
    ) async -> StoreReply {
        let write = DocumentWrite(
            key: DocumentKey(collection, name), expecting: expecting, version: version, body: body, owner: owner,
            ownerLimit: limit, expiresAt: expiresAt.map { Timestamp(milliseconds: $0) })
        return await ask(.write(write), at: milliseconds, asker: asker)
    }

    /// Reads a document; fails the test where the engine cannot.
    func read(
        _ name: String, in collection: DocumentCollection = .sessions, extendingTo until: Int64? = nil,
        at milliseconds: Int64 = 0
    ) async -> Document? {
        let until = until.map { Timestamp(milliseconds: $0) }
        return await ask(.read(DocumentKey(collection, name), extendingTo: until), at: milliseconds).document
    }

    /// The names on a page, how many documents there are in all, and where the next page begins.
    func page(
        owner: String? = nil, after name: String? = nil, limit: Int = 100,
        in collection: DocumentCollection = .sessions, at milliseconds: Int64 = 0
    ) async -> (names: [String], total: Int, next: String?) {
        let request = StoreRequest.list(collection, owner: owner, after: name, limit: limit)
        guard case .page(let page) = await ask(request, at: milliseconds) else { return ([], -1, nil) }
        return (page.documents.map(\.key.name), page.total, page.next)
    }

    /// The figures of the sessions.
    func statistics(createdSince: Int64 = 0, at milliseconds: Int64 = 0) async -> StoreStatistics? {
        let request = StoreRequest.statistics(.sessions, createdSince: Timestamp(milliseconds: createdSince))
        guard case .statistics(let statistics) = await ask(request, at: milliseconds) else { return nil }
        return statistics
    }
}

extension StoreReply {
    /// The document that was found, or that stands in the way.
    var document: Document? {
        switch self {
        case .found(let document), .conflict(let document): document
        default: nil
        }
    }

    /// Why the engine cannot; `nil` where it can.
    var refusal: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}

extension StoreRequest {
    /// The same request at another time, in milliseconds.
    fileprivate func shifted(by milliseconds: Int64) -> StoreRequest {
        switch self {
        case .read(let key, let until): return .read(key, extendingTo: until?.shifted(by: milliseconds))
        case .write(var write):
            write.expiresAt = write.expiresAt?.shifted(by: milliseconds)
            return .write(write)
        case .statistics(let collection, let since):
            return .statistics(collection, createdSince: since.shifted(by: milliseconds))
        case .remove, .trim, .newest, .list: return self
        }
    }
}

extension StoreReply {
    /// The same reply at another time, in milliseconds.
    fileprivate func shifted(by milliseconds: Int64) -> StoreReply {
        switch self {
        case .found(let document): return .found(document?.shifted(by: milliseconds))
        case .conflict(let document): return .conflict(document?.shifted(by: milliseconds))
        case .page(var page):
            page.documents = page.documents.map { $0.shifted(by: milliseconds) }
            return .page(page)
        default: return self
        }
    }
}

extension Document {
    fileprivate func shifted(by milliseconds: Int64) -> Document {
        var document = self
        document.createdAt = createdAt.shifted(by: milliseconds)
        document.updatedAt = updatedAt.shifted(by: milliseconds)
        document.expiresAt = expiresAt?.shifted(by: milliseconds)
        return document
    }
}

extension Timestamp {
    fileprivate func shifted(by milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + milliseconds)
    }
}

extension RedisEngine.Options {
    /// A few connections: with all of many tests at once, other tests' descriptors would pass `FD_SETSIZE`, which is the end
    /// of readline's `select`.
    static var few: RedisEngine.Options {
        var options = RedisEngine.Options()
        options.connections = 4
        return options
    }
}
