import SessionBase
import Testing

@testable import SessionBench

@Suite struct PlotTests {
    @Test(arguments: [
        (1.0, 0.0), (2, 1), (10, 3.321_928_094_887), (1e-6, -19.931_568_569_324), (0.75, -0.415_037_499_279),
    ])
    func `the binary logarithm is exact to nine digits`(value: Double, logarithm: Double) {
        #expect(abs(PlotScale.log2(value) - logarithm) < 1e-9)
    }

    @Test(
        arguments: [
            (0.3, [0.0, 0.1, 0.2, 0.3]), (1.0, [0.0, 0.5, 1]), (42.0, [0.0, 20, 40, 60]),
            (50_000.0, [0.0, 20_000, 40_000, 60_000]),
            (0.0, [0.0, 1]),
        ] as [(Double, [Double])])
    func `a linear scale has round marks from 0 on, and holds the largest value`(largest: Double, marks: [Double]) {
        let scale = PlotScale(linearTo: largest)
        if largest > 0 {
            #expect(scale.ticks.count == marks.count && zip(scale.ticks, marks).allSatisfy { abs($0 - $1) < 1e-9 })
            #expect(scale.high >= largest * (1 - 1e-9))
        }
        #expect(scale.position(of: 0) == 0 && scale.position(of: scale.high) == 1 && scale.high > 0)
    }

    @Test func `values that differ much get a logarithmic scale`() {
        let scale = PlotScale(values: [0.3, 0.5, 70])
        #expect(scale.isLogarithmic)
        #expect(zip(scale.ticks, [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(scale.ticks.count == 9 && abs(scale.position(of: 10) - 0.6294882) < 1e-6)
    }

    @Test func `many decades have one mark each`() {
        let scale = PlotScale(values: [0.02, 9000])
        #expect(scale.ticks.count == 7 && scale.position(of: 0.02) > 0 && scale.position(of: 9000) < 1)
    }

    @Test func `the curve of percentiles ends at the maximum, and 99 % stands where twice 90 % does`() throws {
        var histogram = HdrHistogram()
        for number in 1...10_000 { histogram.record(Int64(number) * 100_000) }
        let plot = try #require(
            PercentilePlot.plot(title: "t", [PercentilePlot.Curve(name: "c", style: "first", histogram: histogram)]))
        let marks = Dictionary(uniqueKeysWithValues: plot.horizontal.map { ($0.text, $0.position) })
        #expect(abs((marks["99"] ?? 0) - 2 * (marks["90"] ?? 1)) < 1e-9)
        #expect(plot.horizontal.last?.text == "99.99" && plot.horizontal.last?.position == 1)
        let points = plot.lines[0].points.compactMap(\.self)
        #expect(points.last?.x == 1 && points.last?.y == 1)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x && $0.y <= $1.y })
        #expect(60...200 ~= points.count)
    }

    @Test func `a second without replies is a gap in the latency, and its rate is 0`() throws {
        var series = ReportFixture.run().series
        series[3] = SeriesPoint(Interval(second: 3))
        let latencies = try #require(SeriesPlot.latencies(series))
        #expect(latencies.lines.allSatisfy { $0.points[3] == nil && $0.points[2] != nil && $0.points[4] != nil })
        let rates = try #require(SeriesPlot.rates(series))
        #expect(rates.lines.map(\.name) == ["sent", "received", "errors"])
        #expect(rates.lines[1].points[3]?.y == 0)
        #expect(rates.hints.count == 30 && rates.hints[3].text == "second 3: sent 0, received 0, errors 0")
    }

    @Test func `a run of one second has no plot over time`() {
        let series = Array(ReportFixture.run().series.prefix(1))
        #expect(SeriesPlot.rates(series) == nil && SeriesPlot.latencies(series) == nil)
    }

    @Test func `a gap breaks the path, and a point between gaps is a dot`() {
        let line = LinePlot.Line(name: "l", style: "first", points: [(0, 0), (0.5, 1), nil, (1, 0), nil])
        let svg = LinePlot(title: "t", summary: "s", horizontal: [], vertical: [], lines: [line]).svg(id: "p")
        #expect(svg.contains("d=\"M46 236L237 10M428 236h0\""))
    }
}
