import SessionBase
import SessionCore
import SessionStorage
import Synchronization

/// An engine at work, asked one question at a time or many at once.
final class RunningEngine: Sendable {
    private struct State {
        var nextTicket: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<StoreReply, Never>] = [:]
        /// Replies that came before somebody waited for them.
        var early: [UInt64: StoreReply] = [:]
    }

    let engine: any StorageEngine
    private let state = Mutex(State())

    /// Starts an engine.
    init(_ engine: any StorageEngine) throws {
        self.engine = engine
        try engine.start { [weak self] _, answers in self?.receive(answers) }
    }

    deinit { engine.stop() }

    /// Asks, and waits for the reply.
    func ask(_ request: StoreRequest, at milliseconds: Int64 = 0, asker: Int = 0) async -> StoreReply {
        await ask([request], at: milliseconds, asker: asker)[0]
    }

    private func wait(for ticket: UInt64) async -> StoreReply {
        await withCheckedContinuation { continuation in
            let reply = state.withLock { state in
                let reply = state.early.removeValue(forKey: ticket)
                if reply == nil { state.waiting[ticket] = continuation }
                return reply
            }
            if let reply { continuation.resume(returning: reply) }
        }
    }

    /// Hands in several calls together, and waits for all replies.
    func ask(_ requests: [StoreRequest], at milliseconds: Int64 = 0, asker: Int = 0) async -> [StoreReply] {
        let time = Timestamp(milliseconds: milliseconds)
        let first = state.withLock { state in
            defer { state.nextTicket += UInt64(requests.count) }
            return state.nextTicket + 1
        }
        let tickets = requests.indices.map { first + UInt64($0) }
        engine.submit(zip(tickets, requests).map { StoreCall(ticket: $0, request: $1, time: time) }, from: asker)
        var replies: [StoreReply] = []
        for ticket in tickets { replies.append(await wait(for: ticket)) }
        return replies
    }

    private func receive(_ answers: [StoreAnswer]) {
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
        owner: String? = nil, after name: String? = nil, limit: Int = 100, at milliseconds: Int64 = 0
    ) async -> (names: [String], total: Int, next: String?) {
        let request = StoreRequest.list(.sessions, owner: owner, after: name, limit: limit)
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
