import SessionBench
import Testing

@Suite struct FiguresTests {
    @Test(arguments: [
        (0, "0.000"), (38_400, "0.038"), (210_000, "0.210"), (999_600, "1.00"), (6_420_000, "6.42"),
        (9_996_000, "10.0"),
        (42_140_000, "42.1"), (99_960_000, "100"), (1_234_000_000, "1,234"),
    ])
    func `milliseconds have three digits that count`(nanoseconds: Int64, text: String) {
        #expect(Figures.milliseconds(nanoseconds) == text)
    }

    @Test(arguments: [(0.0, "0 ns"), (850, "850 ns"), (38_400, "38.4 µs"), (6_420_000, "6.42 ms"), (1.2e9, "1.20 s")])
    func `a time has the unit that suits it`(nanoseconds: Double, text: String) {
        #expect(Figures.time(nanoseconds) == text)
    }

    @Test(arguments: [(0.0, "0 B"), (1023, "1,023 B"), (2970, "2.90 KiB"), (327_155_712, "312 MiB"), (5e9, "4.66 GiB")])
    func `memory has the unit that suits it`(bytes: Double, text: String) { #expect(Figures.bytes(bytes) == text) }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (49_998, "49,998"), (-1_234_567, "-1,234,567")])
    func `whole numbers are in groups of three`(value: Int, text: String) { #expect(Figures.grouped(value) == text) }

    @Test(arguments: [
        (49_997.6, "per_second", "49,998/s"), (12.34, "per_second", "12.3/s"), (0.41, "ratio", "41 %"),
        (0.0031, "ratio", "0.31 %"), (1.25e9, "ns", "1.25 s"), (2, "count", "2"), (2.5, "count", "2.50"),
        (65_536, "bytes", "64.0 KiB"), (-0.25, "ratio", "-25 %"), (.infinity, "count", "–"),
    ])
    func `a value is spelled in its unit`(value: Double, unit: String, text: String) {
        #expect(Figures.value(value, unit: unit) == text)
    }
}
