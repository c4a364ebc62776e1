import SessionBase
import SessionBench
import SessionCodec
import Testing

@Suite struct ScheduleTests {
    private func share(connections: Int, workers: Int, index: Int, jitter: Double = 0) -> WorkerShare {
        var plan = LoadPlan(targets: [], workload: .echo)
        plan.connections = connections
        plan.threads = workers
        plan.jitter = jitter
        plan.seed = 3
        return WorkerShare(plan: plan, index: index)
    }

    /// The planned times before `end`, with the connection's number in the run.
    private func times(
        _ share: WorkerShare, _ profile: RateProfile, until end: Instant
    ) -> [(time: Int64, connection: Int)] {
        var schedule = Schedule(profile, share: share, startsAt: .zero)
        var found: [(Int64, Int)] = []
        while schedule.next < end {
            found.append((schedule.next.nanoseconds, share.globalNumber(schedule.connection)))
            schedule.advance()
        }
        return found
    }

    @Test(arguments: [1, 2, 3, 7])
    func `all workers together make exactly the profile`(workers: Int) {
        let profile = RateProfile(stages: [.init(duration: .seconds(2), from: 100, to: 500)])
        let end = Instant.zero + .seconds(2)
        let all = (0..<workers).flatMap {
            times(share(connections: 10, workers: workers, index: $0), profile, until: end)
        }.sorted { $0 < $1 }
        #expect(all.count == 600)
        for (number, request) in all.enumerated() {
            #expect(request.connection == number % 10)
            #expect(request.time == profile.time(of: Double(number)).nanoseconds)
        }
    }

    @Test func `jitter keeps the order, stays within half a gap, and repeats with its seed`() {
        let profile = RateProfile(constant: 1000)
        let shaken = share(connections: 4, workers: 1, index: 0, jitter: 1)
        let end = Instant.zero + .seconds(1)
        let found = times(shaken, profile, until: end)
        #expect(found.map(\.time) == times(shaken, profile, until: end).map(\.time))
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.time <= $1.time })
        let shifts = found.enumerated().map { abs($1.time - Int64($0) * 1_000_000) }
        #expect(shifts.allSatisfy { $0 <= 500_000 } && shifts.contains { $0 > 300_000 })
    }

    @Test func `a worker without connections has nothing to do`() {
        let schedule = Schedule(
            RateProfile(constant: 10), share: share(connections: 1, workers: 2, index: 1), startsAt: .zero)
        #expect(schedule.next == .distantFuture)
    }
}
