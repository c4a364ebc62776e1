import SessionBase
import SessionCore
import SessionIO

/// A thread that reads, beside the one that writes: it sees what was committed when it looks.
///
/// A call that has to write after all, because an end is near or was moved, goes on to the writer.
final class SQLiteReader: @unchecked Sendable {
    // Unchecked, because only its thread uses the connection once it runs, and starting a thread orders what was before.

    private let tables: SQLiteTables
    private let shared: SQLiteShared
    private let queue: WorkQueue<SQLiteShared.ReadOrder>
    private var pause: WorkPause

    /// Reads on a connection what a queue asks for.
    init(
        _ connection: SQLiteConnection, _ shared: SQLiteShared, _ queue: WorkQueue<SQLiteShared.ReadOrder>
    ) throws(StorageError) {
        tables = SQLiteTables(connection)
        self.shared = shared
        self.queue = queue
        pause = try WorkPause(queue.descriptor)
    }

    /// The body of the thread that is not in a hurry: it goes behind all others.
    func runAside() {
        SystemThread.yieldToOthers()
        run()
    }

    /// The thread's body: ends when it is told to.
    func run() {
        while true {
            pause.sleep(until: nil)
            for order in queue.takeAll() {
                switch order {
                case .work(let works): carryOut(works)
                case .copyLog: copyLog()
                case .releaseCache: tables.connection.releaseCache()
                case .stop: return
                }
            }
        }
    }

    private func carryOut(_ works: [StoreWork]) {
        var replies: [StoreWork.Answered] = []
        for work in works {
            if let reply = reply(to: work.call) {
                replies.append((work, reply))
            } else {
                shared.forward(work)
            }
        }
        shared.answer(replies)
    }

    /// Answers a call; `nil` where the writer has to.
    private func reply(to call: StoreCall) -> StoreReply? {
        guard !shared.sliding.isOverdue(at: call.time) else { return nil }
        do throws(SQLiteError) {
            guard case .read(let key, let until) = call.request else {
                return try tables.reply(to: call, sliding: shared.sliding)
            }
            switch try tables.find(key, at: call.time) {
            case .nothing: return .found(nil)
            case .damaged(let key): return .damaged(key)
            case .document(let document):
                return shared.sliding.extend(document, to: until, at: call.time, now: SystemClock.now()).map {
                    .found($0)
                }
            }
        } catch {
            return shared.fail(error)
        }
    }

    /// Copies the bulk of the log; the writer does the rest when nobody adds to it.
    private func copyLog() {
        // What stands in the way now is met again at the next commit, by the writer.
        _ = try? tables.connection.checkpoint()
        shared.writeQueue.post(.logIsCopied)
    }
}

extension SQLiteTables {
    /// Answers a call that only reads, and moves no end.
    func reply(to call: StoreCall, sliding: SlidingExpiry) throws(SQLiteError) -> StoreReply {
        switch call.request {
        case .read(let key, _): return Self.reply(try find(key, at: call.time), sliding)
        case .newest(let collection, let owner):
            return Self.reply(try newest(collection, of: owner, at: call.time), sliding)
        case .list(let collection, let owner, let name, let limit):
            switch try page(collection, of: owner, after: name, limit: limit, at: call.time) {
            case .page(var page):
                page.documents = page.documents.map(sliding.current)
                return .page(page)
            case .damaged(let key): return .damaged(key)
            }
        case .statistics(let collection, let since):
            return .statistics(try statistics(collection, createdSince: since, at: call.time))
        case .write, .remove, .trim: preconditionFailure("a write among the reads")
        }
    }

    private static func reply(_ found: Found, _ sliding: SlidingExpiry) -> StoreReply {
        switch found {
        case .nothing: .found(nil)
        case .damaged(let key): .damaged(key)
        case .document(let document): .found(sliding.current(document))
        }
    }
}

extension StoreReply {
    /// The answer about a document whose content cannot be read.
    static func damaged(_ key: DocumentKey) -> StoreReply {
        .unavailable("the document \(key.name) of \(key.collection.rawValue) is damaged in the store")
    }
}
