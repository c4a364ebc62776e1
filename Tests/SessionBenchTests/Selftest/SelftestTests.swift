import SessionBase
import SessionBench
import SessionCodec
import SessionIO
import Testing

@Suite struct SelftestTests {
    private static let cell = SelftestCell(
        rate: 1000, connections: 2, period: .milliseconds(400), stall: .milliseconds(300), periods: 2)

    @Test(arguments: [(1, 300), (0.99, 296), (0.5, 100), (0.25, 0), (0, 0)])
    func `the closed form is the stall less the part of the period that waits longer`(
        quantile: Double, milliseconds: Int64
    ) {
        #expect(abs(Self.cell.expected(quantile) - milliseconds * 1_000_000) <= 1)
    }

    @Test func `the closed form is what evenly spread requests would see`() {
        for cell in Selftest.cells {
            var exact = HdrHistogram()
            let (period, stall) = (cell.period.nanoseconds, cell.stall.nanoseconds)
            for number in 0..<Int64(10_000) { exact.record(max(0, stall - number * period / 10_000)) }
            for quantile in [0.5, 0.99, 1] {
                let expected = cell.expected(quantile)
                #expect(abs(exact.percentile(quantile) - expected) <= expected / 500 + period / 10_000)
            }
        }
    }

    @Test func `in every cell the median is a stalled request's, in whole periods`() {
        #expect(Selftest.cells.count >= 6)
        for cell in Selftest.cells {
            #expect(cell.stall / cell.period >= 0.6 && cell.expected(0.5) >= 50_000_000)
            // Fewer requests would leave too much between one phase of a stall and the next.
            #expect(cell.rate * (cell.period / .seconds(1)) >= 200)
        }
    }

    // MARK: Results

    private func histogram(_ values: [Int64]) -> HdrHistogram {
        var histogram = HdrHistogram()
        for value in values { histogram.record(value * 1_000_000) }
        return histogram
    }

    /// Hundred latencies whose median, 99th percentile and maximum are these.
    private func latencies(_ median: Int64, _ high: Int64, _ maximum: Int64) -> HdrHistogram {
        histogram(Array(repeating: median, count: 60) + Array(repeating: high, count: 39) + [maximum])
    }

    @Test func `a cell passes where the figures are right and the uncorrected ones wrong`() {
        let result = SelftestResult(Self.cell, response: latencies(104, 285, 312), uncorrected: latencies(0, 0, 300))
        #expect(result.isRight && result.isUncorrectedWrong && result.hasPassed)
        #expect(result.figures.map(\.name) == ["p50", "p99", "max"])
    }

    @Test(
        arguments: [(106, 296, 300), (94, 296, 300), (100, 312, 320), (100, 280, 300), (100, 296, 316)]
            as [(
                Int64, Int64, Int64
            )])
    func `one figure that is off by more than 5 % fails the cell`(median: Int64, high: Int64, maximum: Int64) {
        let response = latencies(median, high, maximum)
        let result = SelftestResult(Self.cell, response: response, uncorrected: latencies(0, 0, 300))
        #expect(!result.isRight && result.isUncorrectedWrong && !result.hasPassed)
    }

    @Test func `uncorrected percentiles that are right fail the cell, too`() {
        let right = latencies(100, 296, 300)
        for uncorrected in [right, latencies(0, 296, 300), latencies(100, 0, 300)] {
            let result = SelftestResult(Self.cell, response: right, uncorrected: uncorrected)
            #expect(result.isRight && !result.isUncorrectedWrong && !result.hasPassed)
        }
    }

    // MARK: Reports

    private var report: SelftestReport {
        var report = SelftestReport()
        report.results = [
            SelftestResult(Self.cell, response: latencies(101, 290, 300), uncorrected: latencies(0, 0, 299)),
            SelftestResult(Self.cell, response: latencies(120, 290, 300), uncorrected: latencies(0, 0, 299)),
        ]
        return report
    }

    @Test func `the table shows what is expected, measured and uncorrected, and which is wrong`() {
        let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            lines[0].split(separator: " ") == [
                "rate", "connections", "stalls", "expected", "measured", "error", "uncorrected",
            ])
        #expect(lines[1].contains("1,000/s") && lines[1].contains("300 ms of 400 ms"))
        #expect(lines[1].hasSuffix("ok") && lines[1].contains("p50") && lines[1].contains("+1"))
        #expect(lines[4].hasSuffix("WRONG") && lines[4].contains("+20"))
        #expect(report.text.contains("1 of 2 cells are within 5.0 % of the closed form."))
        #expect(report.text.contains("The selftest failed; repeat it when nothing else runs on this machine."))
        #expect(!report.hasPassed)
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func `a report without a result has not passed`() { #expect(!SelftestReport().hasPassed) }

    @Test func `programs get every number`() throws {
        let document = try JSONValue.parse(report.json.text())
        #expect(document["format"] == "sessionctl-selftest" && document["version"]?.integer == 1)
        #expect(document["passed"] == false)
        let cell = try #require(document["cells"]?[0])
        #expect(cell["right"] == true && cell["uncorrected_wrong"] == true && cell["stall_ns"]?.integer == 300_000_000)
        #expect(cell["figures"]?[0]?["expected_ns"]?.integer == 100_000_000)
        #expect(try #require(cell["figures"]?[1]?["error_ratio"]?.double) < 0)
    }

    // MARK: For real

    @Test func `a stalling server is measured as the closed form says, and wrongly without correction`() throws {
        // Another test may hold the machine up for a moment; nothing is wrong that is right in one of three attempts.
        var results: [SelftestResult] = []
        for _ in 0..<3 {
            results += try Selftest.run([Self.cell]).results
            if results.last?.hasPassed == true { return }
        }
        Issue.record("\(results.map(\.figures))")
    }

    @Test func `a stalling server serves between its stalls and ends when it is told to`() throws {
        let server = try StallingServer(period: .seconds(60), stall: .seconds(30))
        let thread = try SystemThread(name: "stalls") {
            do { try server.serve() } catch { Issue.record("\(error)") }
        }
        server.stop()
        thread.join()
    }
}
