import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct RunFindingsTests {
    private static func findings(_ workload: WorkloadKind, _ total: Interval) -> [String: Double] {
        var plan = LoadPlan(targets: [Endpoint(address: .host("127.0.0.1", port: 1))], workload: workload)
        plan.connections = 40
        let all = RunFindings.all(in: total, of: plan)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.value) })
    }

    @Test func `connections of all workers must be back, not those of one`() {
        var (quick, slow) = (Interval(second: 3), Interval(second: 3))
        quick.counts.ends = ["cut": 20]
        for number in 1...20 { quick.response.record(Int64(number) * 1_000_000) }
        slow.counts.ends = ["cut": 20]
        for number in 1...10 { slow.response.record(Int64(number) * 100_000_000) }
        quick.merge(slow)
        let found = Self.findings(.storm(dropAt: .zero), quick)
        #expect(abs((found["reregistered_50"] ?? 0) - 20_000_000) < 20_000)
        #expect(found["reregistered_95"] == nil && found["reregistered_100"] == nil)
        #expect(found["not_reregistered"] == 0.25)
    }

    @Test func `a storm that cut nothing finds nothing`() {
        #expect(Self.findings(.storm(dropAt: .zero), Interval(second: 0)).isEmpty)
    }

    @Test func `slow connections that ended early are a part of all slow ones`() {
        var total = Interval(second: 0)
        total.counts.ends = ["slow 1013": 2, "slow reset": 1, "1000": 35, "reset": 2]
        let found = Self.findings(.slow(SlowReaders(fraction: 0.1, bytesPerSecond: 1)), total)
        #expect(found == ["slow_closed": 0.75])
    }
}
