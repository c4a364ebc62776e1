import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct SyncLoadTests {
    private func plan(
        _ server: ScriptedSync, _ kind: SyncLoad.Kind, rate: Double? = 1000, devices: Int = 6, perSession: Int = 1,
        writers: Int? = nil, timeout: Duration = .seconds(30)
    ) -> LoadPlan {
        var load = SyncLoad(kind)
        load.devicesPerSession = perSession
        load.writers = writers
        load.stateBytes = 200
        var plan = LoadPlan(targets: [server.endpoint], workload: .sync(load))
        plan.connections = devices
        if let rate { plan.arrival = .open(RateProfile(constant: rate)) }
        plan.duration = rate == nil ? .seconds(1) : .milliseconds(300)
        plan.warmUp = .zero
        plan.timeout = timeout
        plan.isSpinning = false
        plan.seed = 7
        return plan
    }

    // MARK: Conflicts

    @Test func `a change that comes too late is resolved, and both halves are timed`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let total = try LoadRun(plan(server, .conflict, writers: 2)).total
        #expect(total.counts.sent == 300 && total.counts.received == 300 && total.counts.errors == 0)
        #expect(total.operations.map(\.name) == ["conflict", "resolve"])
        #expect(total.operations.map(\.response.count) == [300, 300])
        // Two puts prepare each of six sessions, and each resolution makes one version more.
        #expect(server.sessions.values.map(\.version).reduce(0, +) == 312)
    }

    // MARK: Handoffs

    @Test func `a handoff is over when its state and its notice are there`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let total = try LoadRun(plan(server, .handoff, rate: 500, perSession: 2, writers: 2)).total
        #expect(total.counts.sent == 150 && total.counts.received == 150 && total.counts.errors == 0)
        #expect(total.operations.map(\.name) == ["start", "offer", "accept", "notice"])
        #expect(total.operations.allSatisfy { $0.response.count == 150 })
        #expect(total.counts.pushed == 0)
        // Nobody waits less for the whole than for its parts.
        #expect(total.response.maximum >= total.operations[3].response.maximum)
    }

    @Test func `in a closed loop a writer has one handoff at a time`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let total = try LoadRun(plan(server, .handoff, rate: nil, perSession: 2, writers: 2)).total
        #expect(total.counts.received > 20 && total.counts.received == total.counts.sent)
        #expect(total.generator.inFlightMax <= 2)
    }

    @Test func `a handoff for which no session is free waits for one`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        var plan = plan(server, .handoff, rate: nil, devices: 2, perSession: 2, writers: 1)
        plan.arrival = .closed(depth: 2)
        let counts = try LoadRun(plan).total.counts
        #expect(counts.received > 10 && counts.received == counts.sent && counts.errors == 0)
    }

    // MARK: Changes

    @Test func `each change is acknowledged, and heard of by each of the others`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let total = try LoadRun(plan(server, .state, perSession: 3)).total
        #expect(total.counts.sent == 300 && total.counts.received == 300 && total.counts.errors == 0)
        #expect(total.counts.delivered == 600 && total.counts.misordered == 0)
        #expect(total.operations.map(\.name) == ["ack", "arrival"])
        #expect(total.operations.map(\.response.count) == [300, 600])
    }

    @Test func `only so many devices write as are asked for`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let counts = try LoadRun(plan(server, .state, perSession: 2, writers: 2)).total.counts
        #expect(counts.received == 300 && counts.delivered == 300)
        #expect(server.sessions.count == 1)
    }

    @Test func `changes that never arrive, or twice, are counted one by one`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.deliveries = { $0 % 10 == 3 ? 0 : $0 % 10 == 5 ? 2 : 1 }
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        // What never arrives is waited for until then; all other runs end once everything is there.
        let counts = try LoadRun(plan(server, .state, perSession: 2, timeout: .seconds(3))).total.counts
        #expect(counts.received == 300)
        #expect(counts.undelivered == 30 && counts.redelivered == 30 && counts.delivered == 270)
        #expect(counts.errors == 60)
    }

    @Test func `a change that arrives behind a later one is out of order and not lost`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.delays = { $0 % 10 == 3 && $0 < 290 }
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, .state, devices: 2, perSession: 2, writers: 1)).total.counts
        #expect(counts.delivered == 300 && counts.misordered == 29 && counts.undelivered == 0)
    }

    // MARK: Devices

    @Test func `heartbeats and lists are answered and timed apart`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        var plan = plan(server, .devices, perSession: 2)
        guard case .sync(var load) = plan.workload else { return }
        load.listRatio = 0.3
        plan.workload = .sync(load)
        let run = try LoadRun(plan)
        let total = run.total
        #expect(total.counts.sent == 300 && total.counts.received == 300 && total.counts.errors == 0)
        let (beats, lists) = (total.operations[0].response.count, total.operations[1].response.count)
        #expect(beats + lists == 300 && (50...130).contains(lists))
        #expect(total.phases.greeting.count == 6)
    }

    @Test func `without a rate devices say nothing`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let plan = plan(server, .devices, rate: nil)
        let total = try LoadRun(plan).total
        #expect(total.counts.sent == 0 && total.counts.opened == 6 && !plan.isRequesting)
        #expect(Judge.verdict(total, plan: plan, measured: plan.duration, server: nil).kind == .valid)
    }
}
