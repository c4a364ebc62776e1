import SessionBase
import SessionIO

/// Measures servers whose latency is known, so that everybody can see whether the figures of `bench` are right.
///
/// Each cell is measured twice: with a rate, from the planned times, and with a load that waits for each reply before it
/// sends again. The second asks least while the server stalls, so that its percentiles are far too good (coordinated
/// omission); where they were not, the test would tell nothing, and fails.
package enum Selftest {
    /// What is measured unless told otherwise; about half a minute.
    package static let cells = [
        SelftestCell(rate: 1000, connections: 1, period: .milliseconds(500), stall: .milliseconds(400), periods: 6),
        SelftestCell(rate: 2000, connections: 4, period: .milliseconds(400), stall: .milliseconds(300), periods: 7),
        SelftestCell(rate: 1000, connections: 2, period: .milliseconds(600), stall: .milliseconds(480), periods: 5),
        SelftestCell(rate: 1500, connections: 4, period: .milliseconds(1000), stall: .milliseconds(800), periods: 3),
        SelftestCell(rate: 3000, connections: 2, period: .milliseconds(300), stall: .milliseconds(240), periods: 10),
        SelftestCell(rate: 4000, connections: 4, period: .milliseconds(500), stall: .milliseconds(350), periods: 6),
    ]

    /// Measures cells, one after the other.
    ///
    /// - Parameters:
    ///   - cells: What to measure.
    ///   - observe: Called with each result as soon as there is one.
    /// - Throws: ``SelftestError`` where nothing could be measured.
    package static func run(
        _ cells: [SelftestCell] = cells, observe: (SelftestResult) -> Void = { _ in }
    ) throws(SelftestError) -> SelftestReport {
        var report = SelftestReport()
        for cell in cells {
            let response = try measure(cell, .open(RateProfile(constant: cell.rate)), for: cell.period * cell.periods)
            // One whole period, or a little more of a short one, is enough to show the mistake.
            let uncorrected = try measure(cell, .closed(depth: 1), for: max(cell.period, .milliseconds(500)))
            let result = SelftestResult(cell, response: response, uncorrected: uncorrected)
            report.results.append(result)
            observe(result)
        }
        return report
    }

    /// How long load flows before it is measured; long enough for the first stall to begin.
    private static let warmUp = Duration.milliseconds(100)

    /// Makes one load against a fresh server, and returns its response times.
    private static func measure(
        _ cell: SelftestCell, _ arrival: Arrival, for duration: Duration
    ) throws(SelftestError) -> HdrHistogram {
        do {
            let server = try StallingServer(period: cell.period, stall: cell.stall)
            let thread = try SystemThread(name: "stalls") {
                // A server that cannot go on shows in the load: its requests get no answer.
                try? server.serve()
            }
            defer { server.stop() }
            var plan = LoadPlan(targets: [server.endpoint], workload: .echo)
            plan.connections = cell.connections
            plan.arrival = arrival
            plan.duration = duration
            plan.warmUp = warmUp
            // A spinning worker would take a processor from the server; sleeping costs less than a thousandth here.
            plan.isSpinning = false
            let total = try SelftestLoad.run(plan)
            server.stop()
            thread.join()
            guard total.counts.lost == 0, total.counts.wrong == 0, total.counts.received > 0 else {
                throw SelftestError("\(total.counts.lost) requests of the selftest got no reply")
            }
            return total.response
        } catch let error as SelftestError {
            throw error
        } catch {
            throw SelftestError("the selftest cannot run: \(error)")
        }
    }
}

/// Why nothing could be measured; one clause without a full stop.
package struct SelftestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The clause.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// One worker on a thread of its own.
private enum SelftestLoad {
    /// Runs a plan to its end and adds up the measured part.
    static func run(_ plan: LoadPlan) throws -> Interval {
        let waker = try Waker()
        let port = WorkerPort { waker.wake() }
        let share = WorkerShare(plan: plan, index: 0)
        var poller = try Poller()
        try poller.add(waker.descriptor, token: 0, .readable)
        let thread = try SystemThread(name: "load") { LoadWorker.run(share, port) }
        var total = Interval(second: 0)
        var end: Result<Void, SelftestError>?
        while end == nil {
            _ = try poller.wait(until: nil, now: SystemClock.now())
            waker.acknowledge()
            for event in port.takeAll() {
                switch event {
                case .opening, .slow: break
                case .ready: port.start(at: SystemClock.now())
                case .interval(let interval): if interval.second >= 0 { total.merge(interval) }
                case .finished: end = .success(())
                case .failed(let sentence, _): end = .failure(SelftestError(sentence))
                }
            }
        }
        thread.join()
        try end?.get()
        return total
    }
}
