import SessionBase
import SessionCore
import SessionIO
import Synchronization

/// A call on its way, and who gets the reply.
struct BackendWork: Sendable {
    /// Who asked.
    var loop: Int
    /// What is asked.
    var call: BackendCall
    /// When it was handed in.
    var submittedAt: Instant
}

/// What a call came to.
struct BackendWorkAnswer: Sendable {
    /// The call, and who gets the reply.
    var work: BackendWork
    /// What the backend says.
    var reply: BackendReply
    /// When the request left; `nil` where it never did.
    var sentAt: Instant?
}

/// What the thread of a ``BoardBackend`` shares with those who ask.
final class BackendShared: Sendable {
    /// What the thread is told.
    enum Order: Sendable {
        /// To carry out calls.
        case work([BackendWork])
        /// To go by another configuration.
        case reload(BackendSite)
        /// To carry out what it has until then, and end.
        case stop(Instant)
    }

    private struct State {
        var desk = ReplyDesk<BackendAnswer>()
        var figures = BackendFigures()
    }

    let queue: WorkQueue<Order>
    let thread = WorkThread()
    private let state = Mutex(State())

    /// Makes an empty queue.
    init() throws(StorageError) { queue = try WorkQueue() }

    /// Takes calls from now on.
    func open(_ sink: @escaping BoardBackend.Sink) { state.withLock { $0.desk.open(sink) } }

    /// Takes no more calls.
    ///
    /// - Returns: Whether it did until now.
    func close() -> Bool { state.withLock { $0.desk.close() } }

    /// Takes calls.
    func submit(_ calls: [BackendCall], from loop: Int) {
        guard !calls.isEmpty else { return }
        let now = SystemClock.now()
        let works = calls.map { BackendWork(loop: loop, call: $0, submittedAt: now) }
        let isOpen = state.withLock { state in
            // Inside of the lock, so that `stop` comes behind everything that was taken.
            if state.desk.isOpen { queue.post(.work(works)) }
            return state.desk.isOpen
        }
        guard !isOpen else { return }
        let reply = BackendReply.unavailable("the board backend is stopped")
        answer(works.map { BackendWorkAnswer(work: $0, reply: reply) })
    }

    /// Sends replies to their askers.
    func answer(_ answered: [BackendWorkAnswer]) {
        guard let sink = state.withLock({ $0.desk.sink }) else { return }
        let answers = answered.lazy.map { ended in
            let answer = BackendAnswer(ticket: ended.work.call.ticket, reply: ended.reply, sentAt: ended.sentAt)
            return (asker: ended.work.loop, answer: answer)
        }
        ReplyDesk.deliver(answers, to: sink)
    }

    /// What `/metrics` says.
    var figures: BackendFigures { state.withLock { $0.figures } }

    /// Notes how many exchanges are under way, and how many calls wait for one.
    func note(inFlight: Int, waiting: Int) {
        state.withLock { state in
            (state.figures.inFlight, state.figures.waiting) = (inFlight, waiting)
            state.figures.inFlightMax = max(state.figures.inFlightMax, inFlight)
        }
    }

    /// Counts what an exchange came to, and how long it took.
    func count(_ reply: BackendReply, to request: BackendRequest, after time: Duration) {
        state.withLock { state in
            switch request {
            case .load: state.figures.loads.count(reply)
            case .store:
                state.figures.stores.count(reply)
                state.figures.storeTimes.record(time)
            }
        }
    }
}
