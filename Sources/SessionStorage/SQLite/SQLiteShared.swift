import SessionCore
import Synchronization

/// What the threads of a ``SQLiteEngine`` share: their queues, who waits for what, and how the engine is.
final class SQLiteShared: Sendable {
    /// What the thread that writes is told.
    enum WriteOrder: Sendable {
        /// To carry out calls.
        case work([StoreWork])
        /// That most of the log is in the file now.
        case logIsCopied
        /// To free its cache.
        case releaseCache
        /// To carry out what it has, and end.
        case stop
    }

    /// What a thread that reads is told.
    enum ReadOrder: Sendable {
        /// To carry out calls.
        case work([StoreWork])
        /// To copy the log into the file.
        case copyLog
        /// To free its cache.
        case releaseCache
        /// To carry out what it has, and end.
        case stop
    }

    let writeQueue: WorkQueue<WriteOrder>
    let readQueue: WorkQueue<ReadOrder>
    let scanQueue: WorkQueue<ReadOrder>
    let writeThread = WorkThread()
    let readThread = WorkThread()
    let scanThread = WorkThread()
    let sliding = SlidingExpiry()

    private struct State {
        var desk = StoreWork.Desk()
        /// How many waiting calls of the writer are about a document.
        var waiting: [DocumentKey: Int] = [:]
        var health = StorageHealth.up
        /// Whether the file is damaged, which nothing but a restart with another file ends.
        var isDamaged = false
        var logBytes = 0
    }

    private let state = Mutex(State())

    /// Makes empty queues.
    init() throws(StorageError) {
        writeQueue = try WorkQueue()
        readQueue = try WorkQueue()
        scanQueue = try WorkQueue()
    }

    /// Takes calls from now on.
    func open(_ sink: @escaping StoreWork.Desk.Sink) { state.withLock { $0.desk.open(sink) } }

    /// Takes no more calls.
    ///
    /// - Returns: Whether it did until now.
    func close() -> Bool { state.withLock { $0.desk.close() } }

    /// Sorts calls by the thread that carries them out.
    func submit(_ calls: [StoreCall], from asker: Int) {
        var writes: [StoreWork] = []
        var reads: [StoreWork] = []
        var scans: [StoreWork] = []
        let isOpen = state.withLock { state in
            guard state.desk.isOpen else { return false }
            for call in calls {
                let work = StoreWork(asker: asker, call: call)
                switch call.request {
                case .write(let write):
                    state.waiting[write.key, default: 0] += 1
                    writes.append(work)
                case .remove(let key, _):
                    state.waiting[key, default: 0] += 1
                    writes.append(work)
                case .read(let key, _):
                    if state.waiting[key] == nil {
                        reads.append(work)
                    } else {
                        state.waiting[key]! += 1
                        writes.append(work)
                    }
                case .trim: writes.append(work)
                case .newest: reads.append(work)
                // A bounded read by an index, for which somebody waits.
                case .list(let collection, .some, _, _) where collection.isWalked: reads.append(work)
                case .list, .statistics: scans.append(work)
                }
            }
            // Inside of the lock, so that `stop` comes behind everything that was taken.
            if !writes.isEmpty { writeQueue.post(.work(writes)) }
            if !reads.isEmpty { readQueue.post(.work(reads)) }
            if !scans.isEmpty { scanQueue.post(.work(scans)) }
            return true
        }
        if !isOpen {
            let reply = StoreReply.unavailable("the store is stopped")
            answer(calls.map { (StoreWork(asker: asker, call: $0), reply) })
        }
    }

    /// Hands a call that a reader cannot carry out to the writer.
    func forward(_ work: StoreWork) {
        state.withLock { state in
            if let key = work.call.request.key { state.waiting[key, default: 0] += 1 }
            writeQueue.post(.work([work]))
        }
    }

    /// Notes that the writer is done with some calls: reads of their documents need not queue behind it any longer.
    func finish(_ works: ArraySlice<StoreWork>) {
        state.withLock { state in
            for work in works {
                guard let key = work.call.request.key, let count = state.waiting[key] else { continue }
                state.waiting[key] = count > 1 ? count - 1 : nil
            }
        }
    }

    /// Sends replies to their askers.
    func answer(_ replies: [StoreWork.Answered]) {
        guard let sink = state.withLock({ $0.desk.sink }) else { return }
        StoreWork.deliver(replies, to: sink)
    }

    /// Bytes that the log holds.
    var logBytes: Int { state.withLock { $0.logBytes } }

    /// How the engine is.
    var health: StorageHealth { state.withLock { $0.health } }

    /// Notes that writes succeed.
    func recover() {
        state.withLock { if !$0.isDamaged { $0.health = .up } }
    }

    /// Notes how long the log is.
    func noteLog(pages: Int) {
        // A page, and what SQLite puts before each (its file format, §4.1).
        state.withLock { $0.logBytes = pages * (4096 + 24) }
    }

    /// Notes a failure.
    ///
    /// - Returns: What the askers are told.
    func fail(_ error: SQLiteError) -> StoreReply {
        let reason =
            if error.isDamage { "the store's file is damaged: \(error)" } else if error.isFull {
                "the disk of the store is full"
            } else { "the store's file cannot be used: \(error)" }
        state.withLock { state in
            if error.isDamage { state.isDamaged = true }
            state.health = .down(reason)
        }
        return .unavailable(reason)
    }
}

extension StoreRequest {
    /// The one document that a request is about; `nil` where it is about several.
    var key: DocumentKey? {
        switch self {
        case .read(let key, _), .remove(let key, _): key
        case .write(let write): write.key
        case .trim, .newest, .list, .statistics: nil
        }
    }
}
