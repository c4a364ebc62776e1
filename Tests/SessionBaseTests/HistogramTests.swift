import SessionBase
import Testing

@Suite struct HistogramTests {
    @Test func `a bound belongs to its own bucket`() {
        var histogram = Histogram(bounds: [10, 20])
        for value: Int64 in [-5, 0, 10, 11, 20, 21, .max] { histogram.record(nanoseconds: value) }
        #expect(histogram.counts == [3, 2, 2])
        #expect(histogram.count == 7)
        #expect(histogram.maxNanoseconds == .max)
        #expect(histogram.sumNanoseconds == .max)
    }

    @Test func `the usual bounds ascend from a microsecond to ten seconds`() {
        #expect(Histogram.latencyBounds.first == 1000)
        #expect(Histogram.latencyBounds.last == 10_000_000_000)
        #expect(Histogram.latencyBounds.count == 22)
        #expect(zip(Histogram.latencyBounds, Histogram.latencyBounds.dropFirst()).allSatisfy(<))
    }

    @Test func `percentiles are the bounds of their buckets`() {
        var histogram = Histogram(bounds: [10, 20, 30])
        #expect(histogram.percentile(0.5) == nil)
        for _ in 0..<98 { histogram.record(.nanoseconds(7)) }
        histogram.record(.nanoseconds(15))
        histogram.record(.nanoseconds(25))
        #expect(histogram.percentile(0) == .nanoseconds(10))
        #expect(histogram.percentile(0.98) == .nanoseconds(10))
        #expect(histogram.percentile(0.99) == .nanoseconds(20))
        #expect(histogram.percentile(1) == .nanoseconds(25))
    }

    @Test func `merged histograms count what both counted`() {
        var left = Histogram(bounds: [10])
        var right = Histogram(bounds: [10])
        left.record(.nanoseconds(1))
        right.record(.nanoseconds(100))
        left.merge(right)
        #expect(left.counts == [1, 1])
        #expect(left.sumNanoseconds == 101)
        #expect(left.maxNanoseconds == 100)
    }
}
