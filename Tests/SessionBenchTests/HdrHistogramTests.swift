import SessionBase
import Testing

@Suite struct HdrHistogramTests {
    @Test func `a slot holds its values to three digits`() {
        for slot in 0..<HdrHistogram.slotCount - 1 {
            let (low, high) = (HdrHistogram.lowestEquivalent(slot), HdrHistogram.highestEquivalent(slot))
            #expect(HdrHistogram.lowestEquivalent(slot + 1) == high + 1)
            #expect(high - low < max(512, low / 1000))
        }
    }
}
