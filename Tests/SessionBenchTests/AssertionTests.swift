import SessionBase
import Testing

@testable import SessionBench

@Suite struct AssertionTests {
    /// A run with something of everything: response 1…4 ms, service 0.5 ms, slip 20 µs, connect 80 µs.
    private static let run: RunReport = {
        var run = SampleRun.make()
        run.total.service.record(500_000)
        run.total.slip.record(20_000)
        run.total.phases.connect.record(80_000)
        run.total.counts.sent = 1000
        run.total.counts.lost = 5
        run.total.counts.duplicated = 2
        run.total.counts.reordered = 3
        run.total.counts.wrong = 1
        run.server = SampleRun.server
        run.findings = [
            Finding("reregistered_95", "time until 95 % were back", 1.2e9, unit: "ns"),
            Finding("slow_closed", "part of the slow", 0.97, unit: "ratio"),
        ]
        return run
    }()

    private static func result(_ text: String) throws -> AssertionResult {
        try Assertion(parsing: text).evaluate(run)
    }

    private static func error(_ text: String) -> AssertionError? {
        do throws(AssertionError) { _ = try Assertion(parsing: text) } catch { return error }
        return nil
    }

    @Test(arguments: [
        "p50<2.1ms", "p50 < 2100us", "p50<2100µs", "p50<2100000ns", "p50<1s", "max<=4ms", "max>=4ms", "max==4ms",
        "min>0.9ms", "mean<2.6ms", "mean > 2.4 ms", "p100==4ms", "p99.999<4.1ms", "p0.1<1.1ms", "response.max==4ms",
        "service.p99<1ms", "service.p99>0.4ms", "slip.p99<=20us", "slip.p99.9<1ms", "connect.mean==80us",
        "loss==5", "loss<=5", "dup!=0", "reorder>2", "wrong<2", "errors==8", "lost_ratio==0.5%", "lost_ratio<=0.005",
        "rate>=4", "rate<5/s", "rate<1k", "rate<0.5M/s", "sent_rate>999", "sent==1k", "received==4",
        "cpu_per_message==20us", "rss_per_connection==4KiB", "rss_per_connection<=4096", "queued_max<1MiB",
        "reregistered_95<2s", "slow_closed>95%", "slow_closed>0.95",
    ])
    func `what is so passes`(text: String) throws { #expect(try Self.result(text).isPassed) }

    @Test(arguments: [
        "p50>2.1ms", "max<4ms", "max!=4ms", "service.p99>1ms", "slip.p99>20us", "loss==0", "errors<8",
        "lost_ratio<0.1%",
        "rate>=50k", "cpu_per_message<10us", "rss_per_connection<1KiB", "reregistered_95<1s", "slow_closed==100%",
    ])
    func `what is not so fails`(text: String) throws { #expect(try !Self.result(text).isPassed) }

    @Test func `a result tells the value and its unit`() throws {
        #expect(
            try Self.result("max<3ms") == AssertionResult("max<3ms", isPassed: false, actual: 4_000_000, unit: "ns"))
        #expect(
            try Self.result("rate >= 2") == AssertionResult("rate >= 2", isPassed: true, actual: 4, unit: "per_second"))
    }

    @Test(arguments: [
        ("p99<5", 5, "expected a time with its unit: ns, us, ms or s, such as 5ms"),
        ("p99<5k", 5, "expected a time with its unit"),
        ("p99<5m", 6, "expected a time with its unit"),
        ("p99<5 hours", 7, "expected a time with its unit"),
        ("p99<", 5, "expected a time with its unit"),
        ("p99<-5ms", 5, "expected a time with its unit"),
        ("p99<.5ms", 5, "expected a time with its unit"),
        ("p99<5.ms", 5, "expected a time with its unit"),
        ("p99<1.2.3ms", 5, "expected a time with its unit"),
        ("loss<5ms", 6, "expected a count"),
        ("loss<5%", 6, "expected a count"),
        ("loss<5x", 7, "expected a count"),
        ("rate<5k/m", 7, "expected a number a second"),
        ("lost_ratio<5ms", 12, "expected a part of a whole"),
        ("queued_max<5MB", 13, "expected a size"),
        ("p99=5ms", 4, "expected one of <= >= == != < >"),
        ("p99", 4, "expected one of"),
        ("p99 5ms", 5, "expected one of"),
        ("", 1, "expected a metric; metrics are p50"),
        ("  <5ms", 3, "expected a metric"),
        ("p99<5ms p50<1ms", 9, "expected nothing more"),
        ("µ99<5ms", 1, "expected a metric"),
    ])
    func `an error says where it is and what was expected`(text: String, column: Int, problem: String) throws {
        let error = try #require(Self.error(text))
        #expect(error.column == column)
        #expect(error.problem.contains(problem))
        #expect(error.description.hasPrefix("“\(text)”, column \(column): "))
    }

    @Test(arguments: [
        ("rat>1", "rate"), ("los==0", "loss"), ("errrors==0", "errors"), ("cpu_per_mesage<1us", "cpu_per_message"),
        ("meen<1ms", "mean"), ("reregisterd_95<1s", "reregistered_95"), ("servce.p99<1ms", "service.p99"),
    ])
    func `the metric that was probably meant is named`(text: String, meant: String) throws {
        let error = try #require(Self.error(text))
        #expect(error.problem.contains("did you mean \(meant)?"))
    }

    @Test(arguments: [
        "p101<1ms", "p<1ms", "p0<1ms", "service.rate>1", "nothing==0", "any_finding<1s", "p99..9<1ms", "tls.<1ms",
        ".p99<1ms",
    ])
    func `what is no metric is refused before the run`(text: String) throws {
        let error = try #require(Self.error(text))
        #expect(error.problem.contains("there is no metric"))
        #expect(error.problem.contains("did you mean p") || error.problem.contains("p99.99"))
    }

    @Test func `what workloads find can be asked for`() {
        var total = SampleRun.make().total
        total.counts.ends = [Storm.endReason: 3]
        var plan = SampleRun.plan
        plan.workload = .storm(dropAt: .zero)
        let storm = RunFindings.all(in: total, of: plan)
        plan.connections = 4
        plan.workload = .slow(SlowReaders(fraction: 0.5, bytesPerSecond: 1))
        let slow = RunFindings.all(in: total, of: plan)
        plan.workload = .board(BoardLoad(.v2))
        total.generator.elapsed = .seconds(1)
        let board = RunFindings.all(in: total, of: plan)
        #expect((storm + slow + Self.topics(&total, plan) + board).map(\.name) == Metric.findings)
    }

    @Test func `no finding has the name of a time`() {
        for name in Metric.findings { #expect(Metric(name)?.source == .finding, "\(name)") }
    }

    /// What loads on topics find: those with some that never read, those with some that come back, and lockers.
    private static func topics(_ total: inout Interval, _ plan: LoadPlan) -> [Finding] {
        var plan = plan
        var (stuck, away) = (TopicLoad(.fanout), TopicLoad(.fanout))
        (stuck.stuckRatio, away.away) = (0.5, .seconds(1))
        plan.threads = 1
        let channels = [stuck, away].map { load in
            plan.workload = .topics(load)
            return RunFindings.all(in: total, of: plan)
        }
        plan.threads = 2
        plan.workload = .topics(TopicLoad(.lockers))
        total.operations = plan.workload.operations.map(OperationTimes.init)
        total.operations[1].response.record(1)
        total.counts.recipients = 1
        return channels[0] + SlowWatch.Report().findings([]) + channels[1] + RunFindings.all(in: total, of: plan)
    }

    @Test(arguments: [
        ("tls.p99<1ms", "the run has no times for tls.p99"),
        ("healthy_p99<1s", "the run has no finding healthy_p99; it has reregistered_95, slow_closed"),
        ("reregistered_95<2", "expected a time with its unit"),
        ("slow_closed>2ms", "expected a part of a whole"),
    ])
    func `what a run cannot answer neither passes nor fails`(text: String, problem: String) throws {
        let assertion = try Assertion(parsing: text)
        let error = #expect(throws: AssertionError.self) { try assertion.evaluate(Self.run) }
        #expect(error?.problem.contains(problem) == true)
        #expect(error?.column == nil)
    }

    @Test func `a server's figures are missing where it told nothing`() throws {
        let assertion = try Assertion(parsing: "cpu_per_message<1ms")
        let error = #expect(throws: AssertionError.self) { try assertion.evaluate(SampleRun.make()) }
        #expect(error?.problem.contains("the run has no cpu_per_message: the server told nothing") == true)
    }

    @Test func `every name that is offered is one`() {
        for name in Metric.names + Metric.prefixes.map({ $0 + "p99" }) { #expect(Metric(name) != nil) }
    }

    @Test(arguments: [
        ("p99>+10%", 0.1, true), ("p99 > +10 %", 0.1, true), ("p99>=+12%", 0.12, true), ("rate<-5%", -0.05, false),
        ("p99>+12.5%", 0.125, false), ("rate<=-0%", 0, false),
    ])
    func `a limit of change compares the change of a ratio`(text: String, change: Double, forbids: Bool) throws {
        let limit = try ChangeLimit(parsing: text)
        #expect(abs(limit.change - change) < 1e-12)
        #expect(limit.forbids(ratio: 1.1200001) == forbids)
    }

    @Test(arguments: [
        ("p99>10%", 5), ("p99>+10", 5), ("p99==+10%", 4), ("p99>+x%", 5), ("p99>+10%%", 9), ("p9x>+10%", 1),
        ("p99>+", 5),
    ])
    func `a limit of change says where it is wrong`(text: String, column: Int) {
        let error = #expect(throws: AssertionError.self) { try ChangeLimit(parsing: text) }
        #expect(error?.column == column)
    }

    @Test func `no text traps the parser`() {
        var random = SeededRandom(seed: 31)
        let pieces = [
            "p", "9", "99", ".", "<", ">", "=", "!", "+", "-", "%", "ms", "µ", "k", "/s", " ", "rate", "_", "é",
            "\u{301}",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
            _ = Self.error(text)
            do throws(AssertionError) { _ = try ChangeLimit(parsing: text) } catch { #expect(error.text == text) }
        }
    }
}
