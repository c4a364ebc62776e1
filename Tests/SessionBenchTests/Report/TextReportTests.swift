import SessionBase
import SessionBench
import Testing

@Suite struct TextReportTests {
    private static func text(_ runs: RunReport...) -> String {
        TextReport.text(BenchDocument(version: "0.2.0", runs: runs))
    }

    @Test func `a run with a rate is reported with the verdict first`() {
        let expected = """
            VALID     generator busy 41 % of 4 workers · slip p99 20.0 µs · backlog 0 B
            load      echo on ws://127.0.0.1:8765/echo · 1,000 connections · open loop at 50,000/s
                      payload 128 B
            measured  30 s; the warm-up of 2 s before it is in no figure
            rate      asked 50,000/s  sent 49,998/s  received 49,998/s  loss 2  dup 0  reorder 1  wrong 0
            latency         p50      p90      p99    p99.9      max   ms
             response      1.12     3.36     4.04     4.11     4.12   from the planned time
             service       1.10     3.34     4.02     4.09     4.10   from the sending
            phases    tcp 0.099 · tls – · upgrade 0.297 · greeting –  (p99 ms)
            server    CPU 210 % · 42.0 µs/message · resident 312 MiB · 307 KiB/connection
                      queue at most 64.0 KiB since its start · sessionctl 0.2.0
            closes    1000 × 998 · 1006 × 1 · reset × 1
             server's 1000 × 999 · 1006 × 1
            found     1.25 s  until 95 % were back
            machine   Example CPU 9000 · 4 processors · Linux 6.1.0 x86_64 · sessionctl 0.2.0

            """
        #expect(Self.text(ReportFixture.run()) == expected)
    }

    @Test func `a closed loop has one latency and the warning that it hides stalls`() {
        let lines = Self.text(ReportFixture.closedRun()).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix(" reply ") } == 1)
        #expect(!lines.contains { $0.contains("response") || $0.contains("service") || $0.contains("asked") })
        #expect(lines.contains { $0.hasPrefix("caution   a closed loop's latency hides stalls") })
    }

    @Test func `replies that were only counted are called unchecked`() {
        let text = Self.text(ReportFixture.closedRun())
        #expect(text.contains("reorder 1  unchecked\n"))
        #expect(text.contains("\ncaution   unchecked: replies were counted, not compared"))
        #expect(!text.contains("wrong"))
    }

    @Test func `a run that is not valid says why, each reason on its line`() {
        var run = ReportFixture.run()
        run.verdict = RunVerdict(
            .clientLimited, reasons: ["no idle time; add --threads", "2 requests without a reply"])
        let lines = Self.text(run).split(separator: "\n")
        #expect(lines[0] == "CLIENT-LIMITED  generator busy 41 % of 4 workers · slip p99 20.0 µs · backlog 0 B")
        #expect(lines[1...2] == ["          no idle time; add --threads", "          2 requests without a reply"])
    }

    @Test func `several runs are a table, then the median one`() {
        let text = TextReport.text(ReportFixture.document())
        let table = """
            VALID     3 of 3 runs

            run      verdict       received/s     p50 ms     p99 ms     max ms  errors
            1        VALID             49,998       1.12       4.04       4.12       2
            2        VALID             49,998       3.12       11.9       12.1       2
            3        VALID             49,998       2.12       7.95       8.11       2
            median   3 of 3 valid      49,998       2.12       7.95       8.11       2
            min–max                    49,998  1.12–3.12  4.04–11.9  4.12–12.1       2

            the median run, begun 2023-11-14T22:13:20.000Z
            VALID
            """
        #expect(text.hasPrefix(table))
        #expect(text.contains("response      2.12"))
        #expect(text.contains("\nB against A\n  B is faster\n  metric     A     B\n  p99 ms  4.03  3.10\n"))
    }

    @Test func `several runs are as good as the worst of them`() {
        var document = ReportFixture.document()
        document.runs[1].verdict.kind = .clientLimited
        #expect(TextReport.text(document).hasPrefix("CLIENT-LIMITED  1 of 3 runs\n\nrun "))
    }

    @Test func `held connections have neither a rate nor a loop`() {
        var run = ReportFixture.closedRun()
        run.plan.workload = .idle
        let text = Self.text(run)
        #expect(!text.contains("\nrate ") && !text.contains("loop") && !text.contains("slip"))
        #expect(text.contains("\nload      idle on "))
    }

    @Test func `connections that come back are timed from the cut`() {
        var run = ReportFixture.closedRun()
        run.plan.workload = .storm(dropAt: .seconds(2))
        let lines = Self.text(run).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix(" return ") && $0.hasSuffix("from the cut") })
        #expect(!lines.contains { $0.hasPrefix("caution   a closed loop") })
    }

    @Test func `assertions end the report with what was measured`() {
        let lines = TextReport.text(ReportFixture.document()).split(separator: "\n").suffix(3)
        #expect(
            Array(lines) == [
                "PASS      p99<5ms  it is 4.03 ms", "FAIL      loss==0  it is 2",
                "FAIL      rereg<1s  nothing was measured",
            ])
    }

    @Test func `runs of different plans have no median, and the featured one is shown`() {
        var document = ReportFixture.document()
        document.runs[1].plan.arrival = .open(RateProfile(constant: 60_000))
        document.featured = 0
        let text = TextReport.text(document)
        #expect(text.hasPrefix("VALID     run 1 of 3\n\nrun  verdict  asked/s  received/s"))
        #expect(!text.contains("median") && text.contains("the run in question"))
        #expect(text.contains("response      1.12"))
    }

    @Test func `no line is wider than a terminal of 100 columns`() {
        var document = ReportFixture.document()
        document.runs[0].label = "A"
        for index in document.runs.indices {
            document.runs[index].plan.isChecking = false
            document.runs[index].plan.arrival = .closed(depth: 1_000_000)
            document.runs[index].verdict = RunVerdict(
                .netLimited, reasons: [Array(repeating: "many words", count: 30).joined(separator: " ")])
            document.runs[index].total.counts.ends = Dictionary(
                uniqueKeysWithValues: (1000..<1040).map { ("\($0)", 1_000_000) })
        }
        let widest = TextReport.text(document).split(separator: "\n").map(\.count).max() ?? 0
        #expect(90...TextReport.columnsMax ~= widest)
    }

    @Test func `a run without anything to show is short`() {
        var run = ReportFixture.closedRun()
        run.total = Interval(second: 0)
        run.plan.isChecking = true
        let lines = Self.text(run).split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(lines == ["VALID", "load", "", "measured", "rate", "machine"])
    }

    @Test func `what a server says of itself cannot move the cursor`() {
        var run = ReportFixture.run()
        run.server?.version = "1\u{1B}[2J\u{9B}31m"
        run.total.counts.ends = ["\u{7}x": 1]
        let text = Self.text(run)
        #expect(text.contains("sessionctl 1\\u{1b}[2J\\u{9b}31m"))
        #expect(text.contains("\\u{7}x × 1"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value)) })
    }
}
