import SessionBase
import SessionBench
import SessionCodec
import Testing

@Suite struct EchoLoadTests {
    /// A short run without a warm-up.
    private func plan(_ server: MischievousServer, _ arrival: Arrival, connections: Int = 1) -> LoadPlan {
        var plan = LoadPlan(targets: [server.endpoint], workload: .echo)
        plan.connections = connections
        plan.arrival = arrival
        plan.duration = .milliseconds(300)
        plan.warmUp = .zero
        plan.timeout = .milliseconds(300)
        plan.isSpinning = false
        plan.seed = 7
        return plan
    }

    @Test func `in the closed loop every request is answered once`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let run = try LoadRun(plan(server, .closed(depth: 4), connections: 8))
        let counts = run.total.counts
        #expect(run.failure == nil)
        #expect(counts.sent > 32 && counts.sent == counts.planned && counts.received == counts.sent)
        #expect(run.total.service.count == counts.received && run.total.response.count == counts.received)
        #expect(counts.lost + counts.duplicated + counts.reordered + counts.wrong + counts.pushed == 0)
        #expect(counts.opened == 8 && counts.ends == ["1000": 8])
        #expect(server.closes == Array(repeating: 1000, count: 8))
    }

    @Test func `in the open loop exactly the profile's requests leave`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 2000)), connections: 3))
        let counts = run.total.counts
        #expect(counts.planned == 600 && counts.sent == 600 && counts.received == 600)
        #expect(run.total.slip.count == 600 && run.total.response.count == 600)
        #expect(run.total.response.maximum >= run.total.service.maximum)
    }
}
