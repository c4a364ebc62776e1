import SessionBase
import SessionBench
import Testing

@Suite struct ProgressLineTests {
    private static func interval(_ second: Int, milliseconds: Int64 = 1, lost: UInt64 = 0) -> Interval {
        var interval = Interval(second: second)
        interval.counts.received = 49_998
        interval.counts.lost = lost
        for _ in 0..<100 { interval.response.record(milliseconds * 1_000_000) }
        return interval
    }

    @Test func `opening connections are counted against those asked for`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        #expect(progress.line(columns: 80) == "opening  0/1,000 connections")
        progress.opened(900, failed: 3)
        #expect(progress.plainLine == "opening  900/1,000 connections · 3 failed")
    }

    @Test func `the warm-up tells when measuring begins`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        progress.add(Self.interval(-2, lost: 5))
        #expect(progress.plainLine == "warm-up  49,998/s · p50 1.00 · p99 1.00 ms · measuring in 1 s")
        progress.add(Self.interval(-1))
        #expect(progress.plainLine.hasSuffix(" · measuring from now on"))
    }

    @Test func `a running line has bars on a terminal, and none elsewhere`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        for second in 0..<10 { progress.add(Self.interval(second, milliseconds: second == 7 ? 8 : 1)) }
        #expect(
            progress.line(columns: 80) == "running  49,998/s · p50 1.00 · p99 1.00 ms ▁▁▁▁▁▁▁▇▁▁ · 20 s left")
        #expect(progress.plainLine == "running  49,998/s · p50 1.00 · p99 1.00 ms · 20 s left")
    }

    @Test func `errors of the measured part add up`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        progress.add(Self.interval(-1, lost: 7))
        progress.add(Self.interval(0, lost: 1))
        #expect(progress.plainLine.contains(" · 1 error · "))
        progress.add(Self.interval(1, lost: 2))
        #expect(progress.plainLine.contains(" · 3 errors · "))
    }

    @Test func `a second without replies has no percentiles`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        progress.add(Interval(second: 4))
        #expect(progress.plainLine == "running  0/s · 25 s left")
    }

    @Test func `the last second waits for replies`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        progress.add(Self.interval(29))
        #expect(progress.plainLine.hasSuffix(" · waiting for the last replies"))
    }

    @Test func `a last second that is a part of one has the rate of a whole one`() {
        var plan = ReportFixture.plan
        plan.duration = .milliseconds(1500)
        var progress = ProgressLine(plan: plan)
        progress.add(Self.interval(0))
        #expect(progress.plainLine.hasPrefix("running  49,998/s · "))
        progress.add(Self.interval(1))
        #expect(progress.plainLine.hasPrefix("running  99,996/s · "))
    }

    @Test(arguments: [WorkloadKind.idle, .sync(SyncLoad(.devices))])
    func `connections that say nothing are held`(workload: WorkloadKind) {
        var plan = ReportFixture.plan
        plan.workload = workload
        plan.arrival = .closed(depth: 1)
        var progress = ProgressLine(plan: plan)
        progress.add(Interval(second: 0))
        #expect(progress.plainLine == "running  1,000 connections held · 29 s left")
    }

    @Test func `no line is wider than its terminal`() {
        var progress = ProgressLine(plan: ReportFixture.plan)
        for second in 0..<25 { progress.add(Self.interval(second, milliseconds: Int64(second + 1), lost: 1)) }
        for columns in 0...200 { #expect(progress.line(columns: columns).count <= columns) }
        #expect(progress.line(columns: 72).contains("▁"))
    }

    @Test(arguments: [
        ([], ""), ([5, 5, 5], "▁▁▁"), ([0, 0], "  "), ([1000, 0, 1000], "▁ ▁"), ([100, 140, 142, 199, 200], "▁▁▂▂▃"),
        ([1, 1_000_000], "▁█"),
    ])
    func `a bar grows with each half doubling over the smallest value`(values: [Int64], bars: String) {
        #expect(Sparkline.text(values) == bars)
    }
}
