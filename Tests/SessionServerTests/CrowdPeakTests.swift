import SessionBase
import SessionServer
import Testing

@Suite struct CrowdPeakTests {
    /// For how many of these counts a crowd is said to be gone.
    private func calls(_ peak: inout CrowdPeak, _ counts: some Sequence<Int>) -> Int {
        counts.reduce(into: 0) { calls, count in
            let isGone = peak.isGone(at: count, now: .zero)
            calls += isGone ? 1 : 0
        }
    }

    @Test func `a crowd that goes is noticed once, and the next one again`() {
        var peak = CrowdPeak()
        for _ in 0..<2 {
            #expect(calls(&peak, 0...8_000) == 0)
            #expect(calls(&peak, (1_001...8_000).reversed()) == 0)
            #expect(calls(&peak, [1_000]) == 1)
            // The thousand that were left are a crowd of their own.
            #expect(calls(&peak, (126...999).reversed()) == 0)
            #expect(calls(&peak, [125]) == 1)
            #expect(calls(&peak, (0...124).reversed()) == 0)
        }
    }

    @Test func `a few that come and go are no crowd`() {
        var peak = CrowdPeak()
        #expect(calls(&peak, [0, 500, 0, 999, 0, 999]) == 0)
    }

    /// At which milliseconds after a crowd of 8,000 has gone the memory is given back, while these many are left at some.
    private func gifts(_ left: [Int: Int], at milliseconds: [Int]) -> [Int] {
        var peak = CrowdPeak()
        let start = Instant.zero + .seconds(5)
        _ = peak.isGone(at: 8_000, now: start)
        return milliseconds.filter { millisecond in
            let now = start + .milliseconds(millisecond)
            if let count = left[millisecond] { _ = peak.isGone(at: count, now: now) }
            return peak.takeIsDue(at: now)
        }
    }

    @Test func `memory is given back once, a second after a crowd has gone`() {
        #expect(gifts([0: 0], at: [0, 999, 1_000, 1_001, 5_000]) == [1_000])
        #expect(gifts([:], at: [0, 5_000]) == [])
    }

    @Test func `who leaves last is waited for, and who comes and goes is not`() {
        #expect(gifts([0: 900, 500: 899, 700: 905, 900: 899], at: [0, 500, 700, 900, 1_499, 1_500]) == [1_500])
    }

    @Test func `there is nothing to wait for where nobody has gone`() {
        var peak = CrowdPeak()
        _ = peak.isGone(at: 8_000, now: .zero)
        #expect(peak.deadline == nil)
        _ = peak.isGone(at: 0, now: .zero)
        #expect(peak.deadline == .zero + .seconds(1))
    }
}
