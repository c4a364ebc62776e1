import SessionBase
import Testing

@testable import SessionBench

@Suite struct HdrLayoutTests {
    @Test func `with our range and digits it is our histogram's layout`() throws {
        let layout = try #require(HdrLayout(lowest: 1000, highest: 60_000_000_000, digits: 3))
        #expect(layout.slotCount == HdrHistogram.slotCount)
        for slot in 0..<layout.slotCount {
            let (low, high) = layout.values(in: slot)
            let isSame = low == HdrHistogram.lowestEquivalent(slot) && high == HdrHistogram.highestEquivalent(slot)
            if !isSame { Issue.record("slot \(slot) holds \(low)...\(high)") }
        }
    }

    @Test(arguments: [(Int64(1), Int64(2), 0), (1, .max, 3), (1 << 40, .max, 3), (3, 3_600_000_000, 2), (7, 14, 4)])
    func `slots follow each other without a gap, up to the highest value`(
        lowest: Int64, highest: Int64, digits: Int
    ) throws {
        let layout = try #require(HdrLayout(lowest: lowest, highest: highest, digits: digits))
        var next: Int64 = 0
        for slot in 0..<layout.slotCount - 1 {
            let (low, high) = layout.values(in: slot)
            if low != next || high < low { Issue.record("slot \(slot) begins at \(low), not at \(next)") }
            next = high + 1
        }
        #expect(layout.values(in: layout.slotCount - 1).highest >= highest)
    }

    @Test func `impossible ones are refused`() {
        for (lowest, highest, digits): (Int64, Int64, Int) in [
            (0, 10, 3), (-1, 10, 3), (1, 1, 3), (1, 0, 3), (1, -5, 3), (10, 19, 3), (1, 1000, -1), (1, 1000, 6),
            (1 << 61, .max, 5), (.max, .max, 3),
        ] {
            #expect(HdrLayout(lowest: lowest, highest: highest, digits: digits) == nil)
        }
    }
}
