import SessionBase
import SessionCore
import SessionIO

/// The thread that writes: everything that waits becomes one transaction and one fsync (group commit).
///
/// Replies leave after the commit, so that nothing is told that a crash takes back. Where a transaction fails as a whole,
/// its writes are `unavailable`, and its reads are answered from what stands in the file.
final class SQLiteWriter: @unchecked Sendable {
    // Unchecked, because only its thread uses what follows once it runs, and starting a thread orders what was before.

    /// The most calls of one transaction, so that the first of them does not wait for ever.
    private static let callsMax = 2048
    /// The most rows that one sweep looks at in each collection.
    private static let sweepRows = 200
    /// How many later ends a transaction takes along, and how many one takes that is made for them.
    private static let extensionsAlong = 4
    private static let extensionsAlone = 64
    private static let reviewInterval = Duration.seconds(60)

    private let tables: SQLiteTables
    private let shared: SQLiteShared
    private let options: SQLiteEngine.Options
    /// Where SQLite notes how many pages the log holds.
    private let logPages = UnsafeMutablePointer<Int>.allocate(capacity: 1)

    private var queue: [StoreWork] = []
    private var isStopping = false
    /// Whether the log is being copied by the other thread.
    private var isCopying = false
    /// Whether that is done, and what was added meanwhile is left to be copied.
    private var isRestLeft = false
    /// Where the sweep of each collection goes on.
    private var sweepRow = [Int64](repeating: 0, count: DocumentCollection.allCases.count)
    private var nextHousekeeping: Instant
    private var nextReview: Instant
    /// Later ends in the transaction that is under way.
    private var extensions: [SlidingExpiry.Entry] = []
    /// Later ends that the transaction under way made void.
    private var settled: [SlidingExpiry.Entry] = []
    /// The latest time of a call: what the sweep takes for the present.
    private var latest = Timestamp(milliseconds: .min)
    /// The latest time at the beginning of a pass of the sweep over all rows: until it moves on, there is nothing to find.
    private var sweptAt = Timestamp(milliseconds: .min)
    private var pause: WorkPause

    /// Writes on a connection what the shared queue asks for.
    init(
        _ connection: SQLiteConnection, _ shared: SQLiteShared, _ options: SQLiteEngine.Options
    ) throws(StorageError) {
        tables = SQLiteTables(connection)
        self.shared = shared
        self.options = options
        pause = try WorkPause(shared.writeQueue.descriptor)
        nextHousekeeping = SystemClock.now() + options.housekeepingInterval
        nextReview = SystemClock.now() + Self.reviewInterval
        logPages.initialize(to: 0)
        connection.reportLog(to: logPages)
        guard let pagesMax = options.pagesMax else { return }
        do throws(SQLiteError) {
            _ = try connection.number("PRAGMA max_page_count = \(pagesMax)")
        } catch {
            throw StorageError("\(error)")
        }
    }

    deinit { logPages.deallocate() }

    /// The thread's body: ends when it is told to and everything is written.
    func run() {
        while true {
            takeOrders()
            finishCopyingWhereDue()
            if !queue.isEmpty {
                commitBatch()
            } else if isStopping {
                return finish()
            } else if SystemClock.now() < nextHousekeeping {
                pause.sleep(until: nextHousekeeping)
            }
            if SystemClock.now() >= nextHousekeeping { keepHouse() }
        }
    }

    private func takeOrders() {
        for order in shared.writeQueue.takeAll() {
            switch order {
            case .work(let works): queue += works
            case .logIsCopied: isRestLeft = true
            case .releaseCache: tables.connection.releaseCache()
            case .stop: isStopping = true
            }
        }
    }
}

/// Transactions.
extension SQLiteWriter {
    private func commitBatch() {
        let batch = queue.prefix(Self.callsMax)
        queue = Array(queue.dropFirst(Self.callsMax))
        for work in batch { latest = max(latest, work.call.time) }
        let replies: [StoreWork.Answered]
        do throws(SQLiteError) {
            replies = try transaction { () throws(SQLiteError) in try carryOut(batch) }
            shared.recover()
        } catch {
            replies = refuse(batch, shared.fail(error))
        }
        shared.finish(batch)
        shared.noteLog(pages: logPages.pointee)
        shared.answer(replies)
        copyLogWhereLong()
    }

    /// Carries calls out in their order, inside of a transaction.
    private func carryOut(
        _ batch: ArraySlice<StoreWork>
    ) throws(SQLiteError) -> [StoreWork.Answered] {
        let now = SystemClock.now()
        try writeExtensions(
            shared.sliding.isOverdue(at: latest)
                ? shared.sliding.all() : shared.sliding.due(atMost: Self.extensionsAlong, now: now))
        var replies: [StoreWork.Answered] = []
        replies.reserveCapacity(batch.count)
        for work in batch { replies.append((work, try carryOut(work.call))) }
        return replies
    }

    private func carryOut(_ call: StoreCall) throws(SQLiteError) -> StoreReply {
        switch call.request {
        case .write(let write):
            switch try tables.write(write, at: call.time) {
            case .written:
                settle(write.key)
                return .written
            case .ownerIsFull: return .ownerIsFull
            case .conflict:
                let present = try tables.reply(
                    to: StoreCall(ticket: call.ticket, request: .read(write.key), time: call.time),
                    sliding: shared.sliding)
                if case .found(let document) = present { return .conflict(document) }
                return present
            }
        case .remove(let key, let version):
            let isRemoved = try tables.remove(key, expecting: version, at: call.time)
            if isRemoved { settle(key) }
            return .removed(isRemoved)
        case .trim(let collection, let owner, let name):
            let removed = try tables.trim(collection, of: owner, through: name, at: call.time)
            for name in removed { settle(DocumentKey(collection, name)) }
            return .removed(!removed.isEmpty)
        case .read(let key, let until?): return try read(key, extendingTo: until, at: call.time)
        case .read, .newest, .list, .statistics: return try tables.reply(to: call, sliding: shared.sliding)
        }
    }

    /// Reads a document whose end may be so near that a later one is written at once.
    private func read(
        _ key: DocumentKey, extendingTo until: Timestamp, at now: Timestamp
    ) throws(SQLiteError) -> StoreReply {
        switch try tables.find(key, at: now) {
        case .nothing: return .found(nil)
        case .damaged(let key): return .damaged(key)
        case .document(var document):
            if let later = shared.sliding.extend(
                document, to: until, at: now, now: SystemClock.now())
            {
                return .found(later)
            }
            if let end = document.expiresAt { try tables.extend(key, from: end, to: until) }
            settle(key)
            document.expiresAt = until
            return .found(document)
        }
    }

    private func settle(_ key: DocumentKey) {
        if let value = shared.sliding.forget(key) { settled.append((key, value)) }
    }

    /// What calls are answered whose transaction failed: nothing of it happened.
    private func refuse(
        _ batch: ArraySlice<StoreWork>, _ refusal: StoreReply
    ) -> [StoreWork.Answered] {
        batch.map { work in
            switch work.call.request {
            case .write, .remove, .trim: return (work, refusal)
            case .read, .newest, .list, .statistics:
                do throws(SQLiteError) {
                    return (work, try tables.reply(to: work.call, sliding: shared.sliding))
                } catch {
                    return (work, shared.fail(error))
                }
            }
        }
    }

    private func transaction<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        let connection = tables.connection
        do throws(SQLiteError) {
            try connection.execute("BEGIN IMMEDIATE")
            let result = try body()
            try connection.execute("COMMIT")
            shared.sliding.forget(extensions, now: SystemClock.now())
            (extensions, settled) = ([], [])
            return result
        } catch {
            shared.sliding.retry(extensions, now: SystemClock.now())
            shared.sliding.restore(settled, now: SystemClock.now())
            (extensions, settled) = ([], [])
            // SQLite rolls back by itself after some errors; what else goes wrong here shows at the next `BEGIN`.
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }
}

/// What is done without being asked.
extension SQLiteWriter {
    private func keepHouse() {
        let now = SystemClock.now()
        nextHousekeeping = now + options.housekeepingInterval
        do throws(SQLiteError) {
            if case .down = shared.health { try probe() }
            try flush(shared.sliding.due(atMost: Self.extensionsAlone, now: now))
            if now >= nextReview {
                nextReview = now + Self.reviewInterval
                shared.sliding.review()
            }
            try sweep()
        } catch {
            _ = shared.fail(error)
        }
    }

    /// Learns whether the disk takes writes again.
    private func probe() throws(SQLiteError) {
        try transaction { () throws(SQLiteError) in
            try tables.connection.execute("REPLACE INTO probe VALUES (1, \(SystemClock.now().nanoseconds))")
        }
        shared.recover()
    }

    private func flush(_ entries: [SlidingExpiry.Entry]) throws(SQLiteError) {
        guard !entries.isEmpty else { return }
        // Before it begins: where it cannot, they wait again.
        extensions = entries
        try transaction { () throws(SQLiteError) in
            for (key, value) in entries { try tables.extend(key, from: value.from, to: value.until) }
        }
    }

    /// Writes later ends, inside of a transaction, whose end decides what becomes of them.
    private func writeExtensions(_ entries: [SlidingExpiry.Entry]) throws(SQLiteError) {
        extensions += entries
        for (key, value) in entries { try tables.extend(key, from: value.from, to: value.until) }
    }

    private func sweep() throws(SQLiteError) {
        if sweepRow.allSatisfy({ $0 == 0 }) {
            guard latest > sweptAt else { return }
            sweptAt = latest
        }
        if shared.sliding.isOverdue(at: latest) { try flush(shared.sliding.all()) }
        try transaction { () throws(SQLiteError) in
            for collection in DocumentCollection.allCases {
                sweepRow[collection.ordinal] = try tables.sweep(
                    collection, after: sweepRow[collection.ordinal], limit: Self.sweepRows, at: latest)
            }
        }
    }

    /// Has a long log copied into the file, by the thread that has time.
    private func copyLogWhereLong() {
        guard logPages.pointee >= options.checkpointPages, !isCopying else { return }
        isCopying = true
        shared.scanQueue.post(.copyLog)
    }

    /// Copies what was added meanwhile, so that the next commit can begin the log anew; when nobody waits, if possible.
    private func finishCopyingWhereDue() {
        guard isRestLeft, queue.isEmpty || logPages.pointee >= 2 * options.checkpointPages else { return }
        isRestLeft = false
        isCopying = false
        do throws(SQLiteError) {
            let result = try tables.connection.checkpoint()
            guard result.moved == result.pages else { return }
            logPages.pointee = 0
            shared.noteLog(pages: 0)
        } catch {
            _ = shared.fail(error)
        }
    }

    /// Leaves a file that needs no log.
    private func finish() {
        do throws(SQLiteError) {
            try flush(shared.sliding.all())
            try tables.connection.checkpoint(isLast: true)
        } catch {
            _ = shared.fail(error)
        }
    }
}
