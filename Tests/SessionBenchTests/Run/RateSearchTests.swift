import SessionBench
import Testing

@Suite struct RateSearchTests {
    /// Searches where everything up to `limit` holds.
    private static func search(from first: Double, limit: Double) -> RateSearch {
        var search = RateSearch(from: first)
        while let rate = search.next { search.record(holds: rate <= limit) }
        return search
    }

    @Test(arguments: [1000.0, 1001, 5300, 16_000, 30_000])
    func `the limit is found within three percent`(limit: Double) throws {
        let search = Self.search(from: 1000, limit: limit)
        let best = try #require(search.best)
        let failing = try #require(search.failing)
        #expect(best <= limit && limit < failing)
        #expect(failing - best <= failing * 0.03)
        #expect(search.probes.count <= 12)
    }

    @Test func `rates double until one fails, then the distance is halved`() {
        let rates = Self.search(from: 1000, limit: 5300).probes.map(\.rate)
        #expect(rates.prefix(6) == [1000, 2000, 4000, 8000, 6000, 5000])
    }

    @Test func `the search ends after twelve probes wherever it is`() {
        let search = Self.search(from: 1, limit: .infinity)
        #expect(search.probes.count == 12)
        #expect(search.best == 2048)
        #expect(search.failing == nil)
    }

    @Test func `nothing below the first rate is tried`() {
        let search = Self.search(from: 1000, limit: 10)
        #expect(search.probes.map(\.rate) == [1000])
        #expect(search.best == nil)
    }
}
