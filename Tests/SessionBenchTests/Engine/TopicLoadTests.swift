import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct TopicLoadTests {
    private func plan(
        _ server: ScriptedTopics, _ load: TopicLoad, rate: Double? = 300, subscribers: Int = 4
    ) -> LoadPlan {
        var plan = LoadPlan(targets: [server.endpoint], workload: .topics(load))
        plan.connections = subscribers
        if let rate { plan.arrival = .open(RateProfile(constant: rate)) }
        plan.duration = .milliseconds(1000)
        plan.warmUp = .zero
        plan.timeout = .seconds(30)
        plan.isSpinning = false
        plan.payloadBytes = 200
        plan.seed = 7
        return plan
    }

    private func value(_ name: String, _ total: Interval, _ plan: LoadPlan) -> Double? {
        RunFindings.all(in: total, of: plan).first { $0.name == name }?.value
    }

    // MARK: Channels

    @Test(arguments: [TopicLoad.Way.http, .socket], [(1, 1), (3, 1), (2, 5)])
    func `each publication reaches each subscriber of its channel once`(way: TopicLoad.Way, sizes: (Int, Int)) throws {
        let server = try ScriptedTopics()
        defer { server.stop() }
        var load = TopicLoad(.fanout)
        (load.way, load.publishers, load.channels) = (way, sizes.0, sizes.1)
        let plan = plan(server, load)
        let total = try LoadRun(plan).total
        #expect(total.counts.sent == 300 && total.counts.received == 300 && total.counts.errors == 0)
        #expect(total.counts.delivered == 1200 && total.counts.misordered == 0 && total.counts.recipients == 1200)
        #expect(total.operations.map(\.name) == ["ack", "delivery", "last"])
        #expect(total.operations.map(\.response.count) == [300, 1200, 300])
        // Nobody waits less for the last than for the others.
        #expect(total.response.maximum >= total.operations[1].response.maximum)
        #expect(server.topics.count == sizes.1)
        // Each publisher has a last word in each of its channels.
        #expect(server.publications == 300 + max(sizes.0, sizes.1))
        #expect(value("unaccounted", total, plan) == 0)
    }

    @Test func `subscribers hear only the channels that they join`() throws {
        let server = try ScriptedTopics()
        defer { server.stop() }
        var load = TopicLoad(.fanout)
        (load.channels, load.joined) = (4, 1)
        let counts = try LoadRun(plan(server, load, subscribers: 8)).total.counts
        #expect(counts.received == 300 && counts.delivered == 600 && counts.errors == 0)
    }

    @Test func `in a closed loop a publisher has as many under way as it may`() throws {
        let server = try ScriptedTopics()
        defer { server.stop() }
        var plan = plan(server, TopicLoad(.fanout), rate: nil)
        plan.arrival = .closed(depth: 3)
        let total = try LoadRun(plan).total
        #expect(total.counts.received > 30 && total.counts.received == total.counts.sent && total.counts.errors == 0)
        #expect(total.generator.inFlightMax <= 3)
        #expect(total.counts.delivered == 4 * total.counts.received)
    }

    @Test func `what never comes, or twice, is counted one by one`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.deliveries = { $0 < 300 && $0 % 10 == 3 ? 0 : $0 % 10 == 5 ? 2 : 1 }
        let server = try ScriptedTopics(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, TopicLoad(.fanout))).total.counts
        #expect(counts.undelivered == 30 && counts.redelivered == 30 && counts.delivered == 1170)
        #expect(counts.received == 300 && counts.errors == 60)
    }

    @Test func `what comes to one in another order than to the others is out of order and not lost`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.delays = { $0 % 10 == 3 && $0 < 290 }
        let server = try ScriptedTopics(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, TopicLoad(.fanout))).total.counts
        #expect(counts.misordered == 29 && counts.undelivered == 0 && counts.delivered == 1200)
    }

    @Test func `a refused publication is a wrong answer, and nobody is owed it`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.refuses = { $0 % 3 == 0 && $0 < 300 }
        let server = try ScriptedTopics(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, TopicLoad(.fanout))).total.counts
        #expect(counts.faults == ["503 STORE_UNAVAILABLE": 100] && counts.wrong == 100)
        #expect(counts.received == 200 && counts.delivered == 800 && counts.undelivered == 0)
    }

    @Test func `a server that counts more recipients than there are is found out`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.exaggeration = 1
        let server = try ScriptedTopics(mischief)
        defer { server.stop() }
        let plan = plan(server, TopicLoad(.fanout))
        #expect(value("unaccounted", try LoadRun(plan).total, plan) == 300)
    }

    @Test func `subscribers that are refused end the run before the load`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.refusesSubscribers = true
        let server = try ScriptedTopics(mischief)
        defer { server.stop() }
        let run = try LoadRun(plan(server, TopicLoad(.fanout)))
        #expect(run.failure?.status == 77)
        #expect(run.failure?.sentence.contains("the server refused a subscriber: FORBIDDEN") == true)
    }

    // MARK: Workers

    @Test func `workers of one run each know what their subscribers lack`() throws {
        let server = try ScriptedTopics()
        defer { server.stop() }
        var load = TopicLoad(.fanout)
        (load.publishers, load.channels) = (3, 2)
        var plan = plan(server, load, subscribers: 6)
        plan.threads = 2
        let outcome = try Coordinator().run(plan) { (_) throws(BenchFailure) in }
        #expect(outcome.total.counts.received == 300 && outcome.total.counts.delivered == 1800)
        #expect(outcome.total.counts.errors == 0 && outcome.total.counts.misordered == 0)
        #expect(outcome.findings.first { $0.name == "order_conflicts" }?.value == 0)
        #expect(outcome.findings.first { $0.name == "unaccounted" }?.value == 0)
    }

    // MARK: Recovery

    private func recovering(_ mischief: ScriptedTopics.Mischief, channels: Int = 1) throws -> (
        run: LoadRun, plan: LoadPlan, recoveries: Int
    ) {
        let server = try ScriptedTopics(mischief)
        defer { server.stop() }
        var load = TopicLoad(.fanout)
        (load.away, load.channels) = (.milliseconds(100), channels)
        let plan = plan(server, load, subscribers: 5)
        return (try LoadRun(plan), plan, server.recoveries)
    }

    @Test(arguments: [1, 3])
    func `subscribers that come back get what they missed, in order and once`(channels: Int) throws {
        let (run, plan, recoveries) = try recovering(ScriptedTopics.Mischief(), channels: channels)
        let total = run.total
        #expect(total.counts.delivered == 1500 && total.counts.errors == 0 && total.counts.misordered == 0)
        #expect(total.counts.ends == ["1000": 5, "cut": 5] && recoveries == 5 * channels)
        #expect(value("cut", total, plan) == 5 && value("recovered", total, plan) == Double(5 * channels))
        #expect((value("replayed", total, plan) ?? 0) > 50)
        #expect(total.operations[1].response.count + total.operations[3].response.count == 1500)
    }

    @Test func `what is not recovered is lost`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.forgets = true
        let total = try recovering(mischief).run.total
        #expect(total.counts.faults == ["not recovered": 5] && total.counts.undelivered > 50)
        #expect(total.counts.delivered + total.counts.undelivered == 1500)
    }

    @Test func `channels without a history are refused with what to do`() throws {
        var mischief = ScriptedTopics.Mischief()
        mischief.hasHistory = false
        let run = try recovering(mischief).run
        #expect(run.failure?.status == 77 && run.failure?.sentence.contains("--channels-rule") == true)
    }

    // MARK: Stuck

    @Test func `those that never read are owed nothing, and hold nobody up`() throws {
        let server = try ScriptedTopics()
        defer { server.stop() }
        var load = TopicLoad(.fanout)
        load.stuckRatio = 0.25
        let plan = plan(server, load, subscribers: 8)
        let run = try LoadRun(plan)
        let total = run.total
        #expect(run.slowAddresses.count == 2 && Set(run.slowAddresses).count == 2)
        #expect(total.counts.received == 300 && total.counts.delivered == 1800 && total.counts.errors == 0)
        #expect(value("stuck", total, plan) == 2 && value("stuck_closed", total, plan) == 0)
        #expect(value("unaccounted", total, plan) == nil)
    }

    // MARK: Lockers

    @Test func `broadcasts reach namespaces and rooms, typed or not, while kiosks come and go`() throws {
        let server = try ScriptedTopics()
        defer { server.stop() }
        var load = TopicLoad(.lockers)
        (load.publishers, load.rooms, load.typedRatio, load.moveRatio) = (3, 2, 0.5, 0.2)
        load.sessions = ["one", "two"]
        let plan = plan(server, load, subscribers: 24)
        let total = try LoadRun(plan).total
        let counts = total.counts
        #expect(counts.sent == 300 && counts.received == 300 && counts.errors == 0, "\(counts)")
        #expect(counts.misordered == 0 && value("unaccounted", total, plan) == 0)
        #expect(total.operations.map(\.name) == ["ack", "delivery", "last", "move"])
        let moves = total.operations[3].response.count
        #expect((30...90).contains(moves) && total.operations[0].response.count == 300 - moves)
        #expect(server.topics.count == 9)
        #expect(server.sessions == ["Bearer one", "Bearer two"])
    }
}
