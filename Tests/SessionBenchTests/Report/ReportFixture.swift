import SessionBase
import SessionBench
import SessionCodec

/// Runs as a measurement could have left them, made of few numbers.
enum ReportFixture {
    static let plan = {
        let endpoint = Endpoint(address: .host("127.0.0.1", port: 8765), target: "/echo?token=TOPSECRET")
        var plan = LoadPlan(targets: [endpoint], workload: .echo)
        plan.connections = 1000
        plan.arrival = .open(RateProfile(constant: 50_000))
        plan.duration = .seconds(30)
        plan.threads = 4
        plan.headers = [HeaderField(name: "Authorization", value: "Bearer TOPSECRET")]
        plan.security.keyPath = "TOPSECRET.pem"
        return plan
    }()

    static let machine = MachineDescription(
        version: "0.2.0", system: "Linux 6.1.0 x86_64", processor: "Example CPU 9000", processors: 4)

    /// A run in an open loop whose replies took from 0.1 ms on, `slowness` times as long as usual.
    static func run(slowness: Int64 = 1) -> RunReport {
        var total = Interval(second: 0)
        total.counts = counts
        for number in 0..<2000 {
            let nanoseconds = 100_000 + Int64(number * number) * slowness
            total.response.record(nanoseconds + 20_000)
            total.service.record(nanoseconds)
            total.slip.record(Int64(number) * 10)
        }
        for number in 1...100 {
            total.phases.connect.record(Int64(number) * 1000)
            total.phases.upgrade.record(Int64(number) * 3000)
        }
        total.generator.elapsed = .seconds(120)
        total.generator.busy = .seconds(49)
        total.generator.cpu = .seconds(120)
        var run = RunReport(
            plan: plan, startedAt: Timestamp(milliseconds: 1_700_000_000_000), measured: .seconds(30),
            verdict: RunVerdict(.valid, reasons: []), total: total, series: series(slowness: slowness),
            machine: machine)
        run.server = server
        run.findings = [Finding("reregistered_95", "until 95 % were back", 1_250_000_000, unit: "ns")]
        return run
    }

    /// A run in a closed loop, which was not checked.
    static func closedRun() -> RunReport {
        var run = run()
        run.plan.arrival = .closed(depth: 8)
        run.plan.isChecking = false
        run.server = nil
        run.findings = []
        return run
    }

    /// Everything that a document can hold.
    static func document() -> BenchDocument {
        var document = BenchDocument(version: "0.2.0", runs: [1, 3, 2].map { run(slowness: $0) })
        document.assertions = [
            AssertionResult("p99<5ms", isPassed: true, actual: 4_030_000, unit: "ns"),
            AssertionResult("loss==0", isPassed: false, actual: 2, unit: "count"),
            AssertionResult("rereg<1s", isPassed: false, actual: nil, unit: "ns"),
        ]
        document.sections = [
            ReportSection(
                name: "comparison", title: "B against A", summary: "B is faster", columns: ["metric", "A", "B"],
                rows: [["p99 ms", "4.03", "3.10"]],
                figures: [Finding("p99_ratio", "p99 of B by that of A", 0.77, unit: "ratio")])
        ]
        return document
    }

    private static let counts = {
        var counts = LoadCounts()
        counts.planned = 1_500_000
        counts.sent = 1_499_950
        counts.received = 1_499_948
        counts.lost = 2
        counts.reordered = 1
        counts.bytesOut = 201_000_000
        counts.bytesIn = 196_000_000
        counts.opened = 1000
        counts.ends = ["1000": 998, "1006": 1, "reset": 1]
        return counts
    }()

    private static let server = ServerFigures(
        version: "0.2.0", period: .seconds(30), cpu: .seconds(63), loops: 2, messagesIn: 1_500_000,
        messagesOut: 1_500_000,
        residentBytes: 327_155_712, residentBytesBefore: 12_582_912, connections: 1000, queuedBytesMax: 65_536,
        closes: [1000: 999, 1006: 1])

    private static func series(slowness: Int64) -> [SeriesPoint] {
        (0..<30).map { second in
            var interval = Interval(second: second)
            interval.counts.sent = 50_000 - UInt64(second % 3)
            interval.counts.received = 50_000 - UInt64(second % 3)
            interval.counts.lost = second == 12 ? 2 : 0
            for number in 0..<100 {
                let isSlow = second == 20 && number > 90
                interval.response.record((200_000 + Int64(number) * 1000) * slowness * (isSlow ? 20 : 1))
            }
            return SeriesPoint(interval)
        }
    }
}
