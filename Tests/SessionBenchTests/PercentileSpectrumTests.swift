import SessionBase
import SessionBench
import Testing

@Suite struct PercentileSpectrumTests {
    @Test func `the table is the Java library's`() throws {
        let histogram = try HdrEncoding.decodeCompressed(ForeignHistogram.ours)
        let lines = PercentileSpectrum.text(histogram).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(9) == [
                "       Value     Percentile TotalCount 1/(1-Percentile)",
                "",
                "       0.250 0.000000000000          1           1.00",
                "       0.453 0.100000000000        204           1.11",
                "       0.656 0.200000000000        407           1.25",
                "       0.860 0.300000000000        611           1.43",
                "       1.064 0.400000000000        814           1.67",
                "       1.267 0.500000000000       1017           2.00",
                "       1.368 0.550000000000       1119           2.22",
            ])
        #expect(
            lines.suffix(6) == [
                "      42.009 0.999414062500       2033        1706.67",
                "    1500.512 0.999511718750       2034        2048.00",
                "    1500.512 1.000000000000       2034",
                "#[Mean    =        2.102, StdDeviation   =       33.265]",
                "#[Max     =     1500.512, Total count    =         2034]",
                "",
            ])
        #expect(lines.count == 62)
    }

    @Test func `one value and none have a table too`() {
        var histogram = HdrHistogram()
        #expect(PercentileSpectrum.text(histogram).split(separator: "\n").count == 3)
        histogram.record(2_000_000)
        let lines = PercentileSpectrum.text(histogram).split(separator: "\n")
        #expect(
            lines[1...2] == [
                "       2.000 0.000000000000          1           1.00", "       2.000 1.000000000000          1",
            ])
    }

    @Test func `a percentile that is met exactly is met`() {
        var histogram = HdrHistogram()
        for value: Int64 in 1...10 { histogram.record(value * 1_000_000) }
        let lines = PercentileSpectrum.text(histogram).split(separator: "\n")
        #expect(lines.contains("       3.000 0.300000000000          3           1.43"))
    }

    @Test func `counts beyond all measure end in finitely many rows`() {
        var histogram = HdrHistogram()
        histogram.record(between: 1_000_000, and: 1_000_000, times: .max / 2)
        histogram.record(2_000_000)
        #expect(PercentileSpectrum.text(histogram).split(separator: "\n").count < 500)
    }
}
