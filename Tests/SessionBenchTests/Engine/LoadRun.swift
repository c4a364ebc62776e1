import SessionBase
import SessionBench
import SessionIO
import Synchronization

/// One worker's run in a test: does it, and keeps what was told.
struct LoadRun {
    /// The measured seconds, and those of the warm-up.
    var intervals: [Interval] = []
    var warmUp: [Interval] = []
    var hasFinished = false
    var failure: (sentence: String, status: Int)?
    var openings: [(open: Int, failed: Int)] = []
    /// Where the connections that never read come from.
    var slowAddresses: [String] = []

    /// The sum of the measured part.
    var total: Interval {
        intervals.reduce(into: Interval(second: 0)) { $0.merge($1) }
    }

    /// Runs the worker `index` of a plan to its end.
    ///
    /// - Parameter act: Called on the starting thread once the load has begun.
    init(_ plan: LoadPlan, index: Int = 0, during act: ((WorkerPort) -> Void)? = nil) throws {
        let port = WorkerPort(wake: {})
        let share = WorkerShare(plan: plan, index: index)
        let thread = try SystemThread(name: "load") { LoadWorker.run(share, port) }
        var isOver = false
        let deadline = SystemClock.now() + .seconds(60)
        while !isOver, SystemClock.now() < deadline {
            for event in port.takeAll() {
                switch event {
                case .opening(let open, let failed): openings.append((open, failed))
                case .slow(let addresses): slowAddresses += addresses
                case .ready:
                    port.start(at: SystemClock.now())
                    act?(port)
                case .interval(let interval):
                    if interval.second < 0 { warmUp.append(interval) } else { intervals.append(interval) }
                case .finished:
                    hasFinished = true
                    isOver = true
                case .failed(let sentence, let status):
                    failure = (sentence, status)
                    isOver = true
                }
            }
            Self.rest()
        }
        if isOver { thread.join() }
    }

    private static func rest() {
        // A millisecond's sleep, by waiting for nothing.
        guard var poller = try? Poller() else { return }
        let now = SystemClock.now()
        _ = try? poller.wait(until: now + .milliseconds(1), now: now)
    }
}
