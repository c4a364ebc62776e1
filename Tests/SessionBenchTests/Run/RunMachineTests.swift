import SessionBase
import SessionCodec
import SessionIO
import Testing

@testable import SessionBench

@Suite struct RunMachineTests {
    /// Two workers, a warm-up of one second and two seconds that count.
    private static let plan = {
        let endpoint = Endpoint(address: .host("127.0.0.1", port: 9001))
        var plan = LoadPlan(targets: [endpoint], workload: .echo)
        plan.threads = 2
        plan.warmUp = .seconds(1)
        plan.duration = .seconds(2)
        return plan
    }()

    private static func machine() -> RunMachine { RunMachine(plan: plan, lead: .milliseconds(10)) }

    private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((seconds * 1e9).rounded())) }

    private static func interval(_ second: Int, received: UInt64) -> WorkerEvent {
        var interval = Interval(second: second)
        interval.counts.received = received
        interval.generator.elapsed = .seconds(1)
        return .interval(interval)
    }

    /// A machine whose workers are ready at instant 0, so that the measured part is 1.01 s to 3.01 s.
    private static func started() throws -> RunMachine {
        var machine = machine()
        _ = try machine.handle(.ready, from: 0, at: .zero)
        _ = try machine.handle(.ready, from: 1, at: .zero)
        return machine
    }

    @Test func `the start is set once all workers are ready`() throws {
        var machine = Self.machine()
        #expect(try machine.handle(.ready, from: 0, at: .zero) == [])
        #expect(machine.deadline == nil)
        let actions = try machine.handle(.ready, from: 1, at: Self.instant(5))
        #expect(actions == [.start(at: Self.instant(5.01)), .observe(.started)])
        #expect(machine.measuresFrom == Self.instant(6.01))
    }

    @Test func `what workers opened is added up`() throws {
        var machine = Self.machine()
        _ = try machine.handle(.opening(open: 3, failed: 1), from: 0, at: .zero)
        let actions = try machine.handle(.opening(open: 4, failed: 0), from: 1, at: .zero)
        #expect(actions == [.observe(.opening(open: 7, failed: 1))])
    }

    @Test func `begin and end of the measured part are told once each, the end a moment early`() throws {
        var machine = try Self.started()
        #expect(machine.deadline == Self.instant(1.01))
        #expect(try machine.tick(at: Self.instant(1)) == [])
        #expect(try machine.tick(at: Self.instant(1.01)) == [.observe(.measuring)])
        #expect(machine.deadline == Self.instant(3))
        #expect(try machine.tick(at: Self.instant(2)) == [])
        #expect(try machine.tick(at: Self.instant(3.5)) == [.observe(.measured)])
        #expect(try machine.tick(at: Self.instant(3.6)) == [])
    }

    @Test func `a second is told when all workers have told it, and those of the warm-up do not count`() throws {
        var machine = try Self.started()
        var told: [Int] = []
        for second in [-1, 0, 1] {
            for worker in [1, 0] {
                for action in try machine.handle(Self.interval(second, received: 10), from: worker, at: .zero) {
                    guard case .observe(.second(let interval)) = action else { continue }
                    #expect(worker == 0 && interval.counts.received == 20)
                    told.append(interval.second)
                }
            }
        }
        #expect(told == [-1, 0, 1])
        let outcome = try Self.finish(&machine, at: 4)
        #expect(outcome.total.counts.received == 40)
        #expect(outcome.series.map(\.second) == [0, 1])
        #expect(outcome.measured == .seconds(2))
        #expect(outcome.endedBy == nil)
    }

    private static func finish(_ machine: inout RunMachine, at seconds: Double) throws -> RunOutcome {
        _ = try machine.tick(at: instant(seconds))
        #expect(try machine.handle(.finished, from: 0, at: instant(seconds)) == [])
        let actions = try machine.handle(.finished, from: 1, at: instant(seconds))
        #expect(actions.last == .finish)
        return machine.outcome(Timestamp(milliseconds: 0))
    }

    @Test func `a worker that has ended holds no second back`() throws {
        var machine = try Self.started()
        _ = try machine.handle(.finished, from: 0, at: Self.instant(2))
        let actions = try machine.handle(Self.interval(0, received: 1), from: 1, at: Self.instant(2))
        #expect(actions.count == 1)
    }

    @Test func `a signal in the measured part ends it early, and the time it took is what was measured`() throws {
        var machine = try Self.started()
        _ = try machine.tick(at: Self.instant(1.5))
        #expect(try machine.interrupt(.interrupt, at: Self.instant(2.01)) == [.observe(.measured), .stop])
        for worker in 0..<2 { _ = try machine.handle(Self.interval(0, received: 1), from: worker, at: .zero) }
        let outcome = try Self.finish(&machine, at: 2.1)
        #expect(outcome.endedBy == .interrupt)
        #expect(outcome.measured == .seconds(1))
    }

    @Test func `a signal before anything is measured ends the run without a result`() throws {
        var machine = try Self.started()
        #expect(throws: BenchFailure("ended before anything was measured", status: 143)) {
            try machine.interrupt(.terminate, at: Self.instant(0.5))
        }
        var opening = Self.machine()
        #expect(throws: BenchFailure.self) { try opening.interrupt(.interrupt, at: .zero) }
    }

    @Test func `a second signal ends at once`() throws {
        var machine = try Self.started()
        _ = try machine.interrupt(.interrupt, at: Self.instant(2))
        #expect(throws: BenchFailure("ended at once by a second signal", status: 130)) {
            try machine.interrupt(.interrupt, at: Self.instant(2.1))
        }
    }

    @Test func `the failure of a worker is the failure of the run`() {
        var machine = Self.machine()
        #expect(throws: BenchFailure("cannot connect", status: 69)) {
            try machine.handle(.failed("cannot connect", status: 69), from: 1, at: .zero)
        }
    }

    @Test func `workers that never end are given up`() throws {
        var machine = try Self.started()
        _ = try machine.tick(at: Self.instant(3.5))
        let deadline = try #require(machine.deadline)
        #expect(deadline == Self.instant(3.01) + Self.plan.timeout + Self.plan.timeout + .seconds(30))
        #expect(throws: BenchFailure.self) { try machine.tick(at: deadline) }
    }

    @Test func `a run whose workers all end early is as long as it was`() throws {
        var machine = try Self.started()
        #expect(try Self.finish(&machine, at: 2.01).measured == .seconds(1))
    }
}
