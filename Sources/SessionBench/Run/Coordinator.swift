import SessionBase
import SessionCodec
package import SessionIO

/// Runs loads: starts workers, tells them when to begin, adds up what they tell, and lets others watch.
///
/// It works on the thread that calls it and sleeps nearly all the time. While it lives, SIGINT, SIGTERM and SIGHUP end a
/// run early instead of the process; a run keeps the sum of its seconds and one line for each, so that a long one needs
/// hardly more memory than a short one.
package struct Coordinator: ~Copyable {
    private static let signalToken = UInt64.max
    /// How long before the start its time is told: threads look every 10 ms, processes have a pipe in between.
    private static let threadLead = Duration.milliseconds(30)
    private static let processLead = Duration.milliseconds(250)

    private let signals: Signals
    private let program: String

    /// Begins to catch signals.
    ///
    /// - Parameter program: The executable that is started as another process of the load: this one.
    package init(program: String = ChildProcess.ownProgram) throws(SystemError) {
        signals = try Signals([.interrupt, .terminate, .hangup])
        self.program = program
        Signals.ignoreBrokenPipes()
    }

    /// Makes one load and returns what it measured.
    ///
    /// - Parameters:
    ///   - plan: What to do; the limits of this machine were looked at.
    ///   - observe: Told what happens, on this thread. Its own failure ends the run.
    /// - Throws: The failure of a worker or of `observe`, or the signal that ended the run before anything was measured.
    package borrowing func run(
        _ plan: LoadPlan, observe: (RunEvent) throws(BenchFailure) -> Void
    ) throws(BenchFailure) -> RunOutcome {
        let groups = try startGroups(plan)
        // A run that fails must not leave load behind.
        defer { for group in groups { group.stop() } }
        var machine = RunMachine(plan: plan, lead: plan.processes > 1 ? Self.processLead : Self.threadLead)
        try watch(groups, &machine, observe)
        for group in groups { group.join() }
        var clock = SystemClock()
        let begin = clock.moment(at: machine.measuresFrom ?? SystemClock.now())
        return machine.outcome(begin.timestamp)
    }

    private borrowing func startGroups(_ plan: LoadPlan) throws(BenchFailure) -> [any WorkerGroup] {
        do throws(SystemError) {
            guard plan.processes > 1 else { return [try ThreadGroup(plan, first: 0)] }
            var groups: [any WorkerGroup] = []
            for process in 0..<plan.processes {
                groups.append(try ProcessGroup(plan, first: process * plan.threads, program: program))
            }
            return groups
        } catch {
            throw .internal(error.description)
        }
    }

    /// Obeys the machine until the run is finished.
    private borrowing func watch(
        _ groups: [any WorkerGroup], _ machine: inout RunMachine, _ observe: (RunEvent) throws(BenchFailure) -> Void
    ) throws(BenchFailure) {
        var poller = try makePoller(groups)
        while true {
            let ready = try wait(&poller, until: machine.deadline)
            let now = SystemClock.now()
            var actions = try machine.tick(at: now)
            for token in ready {
                guard token != Self.signalToken else { continue }
                for (worker, event) in try groups[Int(token)].takeAll() {
                    actions += try machine.handle(event, from: worker, at: now)
                }
            }
            while let signal = signals.next() { actions += try machine.interrupt(signal, at: now) }
            for action in actions {
                switch action {
                case .start(let instant): for group in groups { group.start(at: instant) }
                case .stop: for group in groups { group.stop() }
                case .observe(let event): try observe(event)
                case .finish: return
                }
            }
        }
    }

    private borrowing func makePoller(_ groups: [any WorkerGroup]) throws(BenchFailure) -> Poller {
        do throws(SystemError) {
            let poller = try Poller()
            try poller.add(signals.descriptor, token: Self.signalToken, .readable)
            for (index, group) in groups.enumerated() {
                try poller.add(group.descriptor, token: UInt64(index), .readable)
            }
            return poller
        } catch {
            throw .internal(error.description)
        }
    }

    private borrowing func wait(_ poller: inout Poller, until deadline: Instant?) throws(BenchFailure) -> [UInt64] {
        do throws(SystemError) {
            let count = try poller.wait(until: deadline, now: SystemClock.now())
            return (0..<count).map { poller.token(at: $0) }
        } catch {
            throw .internal(error.description)
        }
    }
}
