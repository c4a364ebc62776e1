import SessionBase
import SessionIO

/// The course of one run, decided from what its workers tell: no threads, no clock.
///
/// `opening` → `running` (all workers are ready, a start was set) → `stopping` (somebody ended the run early) →
/// `finished` (all workers are); `running` → `finished`.
struct RunMachine {
    /// What the coordinator has to do, in this order.
    enum Action: Equatable {
        /// Tell all workers when the warm-up begins.
        case start(at: Instant)
        /// Tell all workers to end early.
        case stop
        /// Tell those who watch.
        case observe(RunEvent)
        /// The run is over; ``RunMachine/outcome(_:)`` has its results.
        case finish
    }

    private enum State: Equatable { case opening, running, stopping, finished }

    /// How long before the end of the measured part those who watch are told of it: while no worker closes yet.
    private static let notice = Duration.milliseconds(10)
    /// How long after the last reply was waited for all workers must have ended.
    private static let patience = Duration.seconds(30)

    private let plan: LoadPlan
    /// The time between the last worker's readiness and the start, in which the order reaches all.
    private let lead: Duration
    private var state = State.opening
    private var opening: [(open: Int, failed: Int)]
    private var ready: Set<Int> = []
    private var seconds: SecondCollector
    /// Begin and end of the measured part; `nil` before the start is set.
    private var span: (begin: Instant, end: Instant)?
    /// Whether the begin and the end of the measured part were told to those who watch.
    private var hasBegun = false
    private var hasEnded = false
    private var endedBy: Signal?
    private var total = Interval(second: 0)
    private var series: [SeriesPoint] = []
    private var slowAddresses: [String] = []

    init(plan: LoadPlan, lead: Duration) {
        self.plan = plan
        self.lead = lead
        opening = Array(repeating: (0, 0), count: plan.workers)
        seconds = SecondCollector(workers: plan.workers)
    }

    /// When ``tick(at:)`` has something to do without anything having happened; `nil` while nobody knows.
    var deadline: Instant? {
        guard let span else { return nil }
        if !hasBegun { return span.begin }
        if !hasEnded { return noticeTime }
        return overdue
    }

    /// Takes what a worker told.
    ///
    /// - Throws: The worker's own failure, which ends the run.
    mutating func handle(
        _ event: WorkerEvent, from worker: Int, at now: Instant
    ) throws(BenchFailure) -> [Action] {
        switch event {
        case .opening(let open, let failed):
            opening[worker] = (open, failed)
            let sum = opening.reduce((0, 0)) { ($0.0 + $1.open, $0.1 + $1.failed) }
            return [.observe(.opening(open: sum.0, failed: sum.1))]
        case .slow(let addresses):
            slowAddresses += addresses
            return []
        case .ready:
            ready.insert(worker)
            return start(at: now)
        case .interval(let interval):
            seconds.add(interval, from: worker)
            return tellSeconds()
        case .finished:
            seconds.finish(worker)
            return tellSeconds() + finish(at: now)
        case .failed(let message, let status): throw BenchFailure(message, status: status)
        }
    }

    /// Tells the begin and the end of the measured part once the time has come.
    ///
    /// - Throws: Where a worker should have ended long ago.
    mutating func tick(at now: Instant) throws(BenchFailure) -> [Action] {
        guard let span else { return [] }
        var actions: [Action] = []
        if !hasBegun, now >= span.begin {
            hasBegun = true
            actions.append(.observe(.measuring))
        }
        if !hasEnded, let noticeTime, now >= noticeTime { actions += end() }
        if let overdue, now >= overdue { throw .internal("a worker of the load does not end") }
        return actions
    }

    /// Ends the run early because of a signal.
    ///
    /// - Throws: Where nothing was measured yet, and at the second signal: there is nothing to report or to wait for.
    mutating func interrupt(_ signal: Signal, at now: Instant) throws(BenchFailure) -> [Action] {
        guard state == .running, let span, now >= span.begin else {
            let when = state == .stopping ? "ended at once by a second signal" : "ended before anything was measured"
            throw BenchFailure(when, status: Int(signal.exitStatus))
        }
        state = .stopping
        endedBy = signal
        self.span?.end = min(span.end, now)
        return (hasEnded ? [] : end()) + [.stop]
    }

    /// What was measured.
    ///
    /// - Parameter startedAt: The wall-clock time of ``measuresFrom``.
    consuming func outcome(_ startedAt: Timestamp) -> RunOutcome {
        precondition(state == .finished, "the results of a run that goes on")
        return RunOutcome(
            startedAt: startedAt, measured: measured, endedBy: endedBy,
            opened: opening.reduce(0) { $0 + $1.open }, total: total, series: series,
            findings: RunFindings.all(in: total, of: plan), slowAddresses: slowAddresses)
    }

    /// When the measured part begins; `nil` before the start is set.
    var measuresFrom: Instant? { span?.begin }

    private var noticeTime: Instant? { span.map { $0.end - min(Self.notice, plan.duration / 100) } }

    /// Requests that leave late have the time-out for it, and their replies once more.
    private var overdue: Instant? { span.map { $0.end + plan.timeout + plan.timeout + Self.patience } }

    /// How long load was measured: as planned, or as the workers of a run that was ended early did it themselves, who hear
    /// of the end when the server has been asked for its figures.
    private var measured: Duration {
        guard endedBy != nil else { return span.map { $0.end - $0.begin } ?? .zero }
        return total.generator.elapsed / plan.workers
    }

    private mutating func start(at now: Instant) -> [Action] {
        guard state == .opening, ready.count == plan.workers else { return [] }
        state = .running
        let start = now + lead
        span = (start + plan.warmUp, start + plan.warmUp + plan.duration)
        return [.start(at: start), .observe(.started)]
    }

    private mutating func end() -> [Action] {
        hasEnded = true
        return [.observe(.measured)]
    }

    private mutating func tellSeconds() -> [Action] {
        var actions: [Action] = []
        while let second = seconds.next() {
            if second.second >= 0 {
                total.merge(second)
                series.append(SeriesPoint(second))
            }
            actions.append(.observe(.second(second)))
        }
        return actions
    }

    private mutating func finish(at now: Instant) -> [Action] {
        guard seconds.isFinished else { return [] }
        // Workers without connections to lose may end before the time is up.
        if let span, now < span.end { self.span?.end = max(span.begin, now) }
        state = .finished
        return (hasEnded ? [] : end()) + [.finish]
    }
}
