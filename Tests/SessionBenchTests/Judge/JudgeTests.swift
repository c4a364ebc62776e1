import SessionBase
import SessionBench
import SessionCodec
import Testing

@Suite struct JudgeTests {
    private static let second = Duration.seconds(1)

    /// Ten seconds of a run, described by what the rules look at.
    struct Run {
        var workload = WorkloadKind.echo
        var arrival = Arrival.closed(depth: 1)
        var sent: UInt64 = 10_000
        var slip: Int64 = 20_000
        /// How late one of fifty requests left.
        var lateSlip: Int64?
        var busy = 0.5
        var processor = 1.0
        var blockedSends: UInt64 = 0
        var backlog: UInt64 = 0
        var serverBusy: Double?
        var serverLoops = 1
        var unopened = 0
        var jitter = 0.0
        var unsent: UInt64 = 0
        var mishaps = LoadCounts()

        var verdict: RunVerdict {
            var plan = LoadPlan(targets: [Endpoint(address: .host("127.0.0.1", port: 1))], workload: workload)
            plan.arrival = arrival
            plan.connections = 100
            plan.jitter = jitter
            var total = Interval(second: 0)
            total.counts = mishaps
            total.counts.sent = sent
            total.counts.planned = sent + unsent
            for number in 0..<100 { total.slip.record(number < 2 ? lateSlip ?? slip : slip) }
            total.generator.elapsed = .seconds(20)
            total.generator.busy = .seconds(20) * busy
            total.generator.cpu = .seconds(20) * processor
            total.generator.blockedSends = blockedSends
            total.generator.backlogBytesMax = backlog
            return Judge.verdict(
                total, plan: plan, measured: .seconds(10), server: serverBusy.map { figures(busy: $0) },
                unopened: unopened)
        }

        private func figures(busy: Double) -> ServerFigures {
            ServerFigures(
                version: "1", period: .seconds(10), cpu: .seconds(10) * busy * Double(serverLoops), loops: serverLoops,
                messagesIn: 0,
                messagesOut: 0, residentBytes: 0, residentBytesBefore: 0, connections: 0, queuedBytesMax: 0, closes: [:]
            )
        }
    }

    private static let thousand = Arrival.open(RateProfile(constant: 1000))
    private static let ten = Arrival.open(RateProfile(constant: 10))

    private static func ended(_ reason: String) -> LoadCounts {
        var counts = LoadCounts()
        counts.ends = [reason: 20]
        return counts
    }

    private static let cases: [(Run, RunVerdict.Kind, String)] = [
        // Open loop.
        (Run(arrival: thousand), .valid, "100 % of the plan left, 99 % of it within"),
        (Run(arrival: thousand, sent: 9_950), .valid, "of the plan left"),
        (Run(arrival: thousand, sent: 9_949), .clientLimited, "only 9,949 of 10,000 planned requests left"),
        (Run(arrival: thousand, sent: 10_000, unsent: 5), .valid, "5 planned requests never left"),
        (Run(arrival: ten, sent: 99), .clientLimited, "only 99 of 100 planned requests left"),
        (Run(arrival: ten, sent: 99, jitter: 0.1), .valid, "of the plan left"),
        (Run(arrival: thousand, sent: 9_000, unopened: 10), .netLimited, "the others' connections were missing"),
        (
            Run(arrival: thousand, sent: 9_000, mishaps: ended("1000 unasked")), .netLimited,
            "20 connections ended (1000 unasked × 20)"
        ),
        (Run(arrival: thousand, sent: 9_000, mishaps: ended("1000")), .clientLimited, "and still late"),
        (Run(arrival: thousand, sent: 9_000, busy: 0.99, unopened: 10), .clientLimited, "no idle time"),
        (Run(workload: .connect, arrival: thousand, slip: 5_000_000), .clientLimited, "raise --connections"),
        (
            Run(workload: .connect, arrival: thousand, slip: 5_000_000, serverBusy: 0.97), .valid,
            "the rate is beyond the server's"
        ),
        (Run(arrival: thousand, slip: 1_000_001), .clientLimited, "1 % of the requests left"),
        (Run(arrival: thousand, slip: 1_000_000), .valid, "of the plan left"),
        (Run(arrival: thousand, lateSlip: 5_000_000), .clientLimited, "left 5.00 ms late or later"),
        (Run(arrival: thousand, sent: 9_000, busy: 0.99), .clientLimited, "add --threads or --processes"),
        (Run(arrival: thousand, sent: 9_000, busy: 0.4), .clientLimited, "processors of its own (taskset)"),
        (
            Run(arrival: thousand, sent: 9_000, processor: 0.5), .clientLimited,
            "the workers got 50 % of a processor each"
        ),
        (Run(arrival: thousand, processor: 0.94), .clientLimited, "the workers got 94 % of a processor each"),
        (Run(arrival: thousand, processor: 0.95), .valid, "of the plan left"),
        (
            Run(arrival: thousand, sent: 9_000, blockedSends: 50, backlog: 65_536), .netLimited,
            "the sockets took no more"
        ),
        (Run(arrival: thousand, sent: 9_000, blockedSends: 50, backlog: 65_535), .clientLimited, "and still late"),
        (Run(arrival: thousand, sent: 9_000, blockedSends: 0, backlog: 65_536), .clientLimited, "and still late"),
        (
            Run(arrival: thousand, sent: 9_000, busy: 0.98, blockedSends: 50, backlog: 65_536), .clientLimited,
            "no idle time"
        ),
        (
            Run(arrival: thousand, sent: 9_000, processor: 0.5, blockedSends: 50, backlog: 65_536), .clientLimited,
            "of a processor each"
        ),
        (
            Run(arrival: thousand, sent: 9_000, blockedSends: 50, backlog: 65_536, serverBusy: 0.97), .valid,
            "the server's threads were 97 % busy: the rate is beyond the server's"
        ),
        (
            Run(arrival: thousand, sent: 9_000, blockedSends: 50, backlog: 65_536, serverBusy: 0.94), .netLimited,
            "the sockets took no more"
        ),
        // Closed loop.
        (Run(sent: 900, unsent: 100), .valid, "100 planned requests never left"),
        (Run(), .valid, "the generator was 50 % busy"),
        (Run(busy: 0.96), .valid, "the generator was 96 % busy"),
        (Run(busy: 0.975), .clientLimited, "this is a lower bound of the server's rate; add --threads"),
        (Run(busy: 0.975, serverBusy: 0.96), .valid, "but the server's threads were 96 % busy"),
        (Run(busy: 0.975, serverBusy: 0.5), .clientLimited, "a lower bound"),
        (Run(busy: 0.975, serverBusy: 0.48, serverLoops: 2), .clientLimited, "a lower bound"),
        (Run(busy: 0.975, serverBusy: 0.96, serverLoops: 2), .valid, "96 % busy"),
        (Run(slip: 5_000_000), .valid, "busy"),
        (Run(workload: .connect, busy: 0.99), .clientLimited, "a lower bound"),
        (Run(unopened: 7), .valid, "7 of 100 connections could not be opened"),
        // Held connections.
        (Run(workload: .idle, sent: 0, busy: 0), .valid, "all 100 connections were open"),
        (Run(workload: .idle, sent: 0, unopened: 3), .netLimited, "3 of 100 connections could not be opened"),
        (Run(workload: .idle, sent: 0, busy: 0.99), .clientLimited, "no idle time"),
        (Run(workload: .storm(dropAt: second), busy: 0.99), .clientLimited, "no idle time"),
    ]

    @Test(arguments: cases)
    func `each rule has its verdict and says why`(run: Run, kind: RunVerdict.Kind, clause: String) {
        let verdict = run.verdict
        #expect(verdict.kind == kind)
        #expect(verdict.reasons.contains { $0.contains(clause) }, "\(verdict.reasons)")
        #expect(!verdict.reasons.contains { $0.hasSuffix(".") || $0.isEmpty })
    }

    @Test func `what goes wrong is told, and does not make a run invalid`() {
        var counts = LoadCounts()
        (counts.lost, counts.wrong, counts.duplicated, counts.reordered) = (1_234, 2, 3, 4)
        counts.ends = ["1006": 1, "reset": 20, "4511": 1, "timeout": 1, "1000": 100]
        let verdict = Run(mishaps: counts).verdict
        #expect(verdict.kind == .valid)
        #expect(
            verdict.reasons.dropFirst() == [
                "1,234 requests without a reply", "2 wrong replies", "3 replies came again", "4 replies out of order",
                "23 connections ended (reset × 20, 1006 × 1, 4511 × 1)",
            ])
    }

    @Test func `connections that the workload itself ends are no mishap`() {
        var counts = LoadCounts()
        counts.ends = ["1000": 20]
        #expect(Run(workload: .connect, mishaps: counts).verdict.reasons.count == 1)
        #expect(Run(workload: .storm(dropAt: .zero), mishaps: counts).verdict.reasons.count == 1)
        #expect(Run(workload: .connect, unopened: 99).verdict.reasons.count == 1)
    }

    @Test func `a run without a request says so`() {
        #expect(Run(sent: 0).verdict.reasons.contains("nothing was sent"))
        #expect(!Run(workload: .idle, sent: 0).verdict.reasons.contains("nothing was sent"))
    }

    @Test func `requests that were never planned because the worker was too slow are missed all the same`() {
        // The worker planned 5,000 and sent them, but the rate asks for 10,000 in ten seconds.
        let verdict = Run(arrival: Self.thousand, sent: 5_000, busy: 0.99).verdict
        #expect(verdict.kind == .clientLimited)
        #expect(verdict.reasons[0] == "only 5,000 of 10,000 planned requests left (50 %)")
    }
}
