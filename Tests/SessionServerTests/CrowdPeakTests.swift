import SessionServer
import Testing

@Suite struct CrowdPeakTests {
    @Test func `a crowd that goes is noticed once, and the next one again`() {
        var peak = CrowdPeak()
        for _ in 0..<2 {
            for count in 0...8_000 { #expect(!peak.isGone(at: count)) }
            for count in (1_001...8_000).reversed() { #expect(!peak.isGone(at: count)) }
            #expect(peak.isGone(at: 1_000))
            for count in (0...1_000).reversed() { #expect(!peak.isGone(at: count)) }
        }
    }

    @Test func `a few that come and go are no crowd`() {
        var peak = CrowdPeak()
        for count in [0, 500, 0, 999, 0, 999] { #expect(!peak.isGone(at: count)) }
    }
}
