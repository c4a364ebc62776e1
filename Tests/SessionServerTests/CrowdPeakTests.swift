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

    @Test func `memory is given back once, a second after a crowd has gone`() {
        var peak = CrowdPeak()
        let now = Instant.zero + .seconds(5)
        #expect(!peak.isGone(at: 8_000, now: now) && peak.deadline == nil && !peak.takeIsDue(at: now))
        #expect(peak.isGone(at: 0, now: now) && peak.deadline == now + .seconds(1))
        #expect(peak.takeIsDue(at: now + .milliseconds(999)) == false)
        #expect(peak.takeIsDue(at: now + .seconds(1)) == true)
        #expect(peak.deadline == nil && !peak.takeIsDue(at: now + .seconds(2)))
    }

    @Test func `who leaves last is waited for, and who stays is not`() {
        var peak = CrowdPeak()
        let now = Instant.zero + .seconds(5)
        #expect(!peak.isGone(at: 8_000, now: now) && peak.isGone(at: 900, now: now))
        #expect(peak.isGone(at: 899, now: now + .milliseconds(500)) == false)
        #expect(peak.isGone(at: 905, now: now + .milliseconds(700)) == false)
        #expect(peak.isGone(at: 899, now: now + .milliseconds(900)) == false)
        #expect(peak.takeIsDue(at: now + .milliseconds(1_499)) == false)
        #expect(peak.takeIsDue(at: now + .milliseconds(1_500)) == true)
    }
}
