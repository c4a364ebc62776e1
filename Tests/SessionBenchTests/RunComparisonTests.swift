import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct RunComparisonTests {
    /// Runs whose every reply took so many milliseconds, with these numbers of errors.
    private static func side(_ name: String, _ milliseconds: [Double], errors: [UInt64] = []) -> RunComparison.Side {
        var runs = milliseconds.map { SampleRun.make(milliseconds: [$0, $0]) }
        for (index, count) in errors.enumerated() { runs[index].total.counts.wrong = count }
        return RunComparison.Side(name, runs)
    }

    private static let fast = side("before.json", [1, 1.02, 0.98, 1.01, 0.99])
    private static let slow = side("after.json", [1.5, 1.53, 1.47, 1.52, 1.48])
    private static let noisy = side("noisy.json", [0.5, 2, 1, 1.2, 0.9])

    private static func change(_ name: String, _ comparison: RunComparison) throws -> MetricChange {
        try #require(comparison.changes.first { $0.name == name })
    }

    @Test func `a slower server is called slower, a faster one faster`() throws {
        let slower = try Self.change("p99", RunComparison(Self.fast, Self.slow))
        #expect(slower.words == "slower")
        #expect(abs(slower.ratio - 1.5) < 0.002)
        #expect(try #require(slower.interval).contains(1.5))
        #expect(try Self.change("p99", RunComparison(Self.slow, Self.fast)).words == "faster")
    }

    @Test func `what chance may have made is no difference`() throws {
        #expect(try Self.change("p99", RunComparison(Self.fast, Self.noisy)).words == "no difference shown")
        #expect(try Self.change("p99", RunComparison(Self.fast, Self.fast)).words == "no difference shown")
    }

    @Test func `a server is seldom found different from itself`() throws {
        var random = SeededRandom(seed: 51)
        var found = 0
        for _ in 0..<200 {
            let values = (0..<10).map { _ in Double.random(in: 1...1.3, using: &random) }
            let change = MetricChange(
                name: "p99", kind: .time, Array(values[..<5]), Array(values[5...]), isPaired: false)
            if change.conclusion != .noDifference { found += 1 }
        }
        #expect(found <= 20)
    }

    @Test func `a difference below the histograms' three digits shows nothing`() {
        let same = [Double](repeating: 1_000_000, count: 5)
        let change = MetricChange(name: "p50", kind: .time, same, same.map { $0 * 1.0009 }, isPaired: false)
        #expect(change.conclusion == .noDifference)
        let more = MetricChange(name: "p50", kind: .time, same, same.map { $0 * 1.0021 }, isPaired: false)
        #expect(more.conclusion == .worse)
    }

    @Test func `more replies a second are better, more errors worse`() {
        let (few, many) = ([10.0, 10, 11, 10, 9], [20.0, 20, 22, 20, 18])
        let rate = MetricChange(name: "rate", kind: .rate, few, many, isPaired: false)
        #expect(rate.conclusion == .better && rate.words == "faster")
        let errors = MetricChange(name: "errors", kind: .count, few, many, isPaired: false)
        #expect(errors.conclusion == .worse && errors.words == "more")
        let cpu = MetricChange(name: "cpu_per_message", kind: .time, many, few, isPaired: false)
        #expect(cpu.conclusion == .better && cpu.words == "less")
    }

    @Test func `errors that all runs of one side have, and none of the other, are a difference`() throws {
        let bad = Self.side("bad", [1, 1, 1, 1, 1], errors: [1, 2, 1, 3, 1])
        let change = try Self.change("errors", RunComparison(Self.fast, bad))
        #expect(change.conclusion == .worse)
        #expect(change.ratio == .infinity)
        let once = Self.side("once", [1, 1, 1, 1, 1], errors: [0, 0, 9])
        #expect(try Self.change("errors", RunComparison(Self.fast, once)).conclusion == .noDifference)
    }

    @Test func `a round's disturbance cancels out between its two runs`() throws {
        let quiet = [1.0, 3, 2, 1.5, 4]
        let (left, right) = (Self.side("A", quiet), Self.side("B", quiet.map { $0 * 1.1 }))
        #expect(try Self.change("p99", RunComparison(left, right)).conclusion == .noDifference)
        #expect(try Self.change("p99", RunComparison(left, right, isPaired: true)).conclusion == .worse)
    }

    @Test func `a begun round is left out`() {
        let comparison = RunComparison(Self.fast, Self.side("B", [1, 1, 1]), isPaired: true)
        #expect(comparison.left.runs.count == 3)
        #expect(comparison.changes[0].left.count == 3)
    }

    @Test func `too few runs are said, and get no interval`() throws {
        let comparison = RunComparison(Self.side("A", [1, 1]), Self.side("B", [2, 2]))
        #expect(
            comparison.warnings == [
                "there are 2 and 2 runs; at least 5 of each are needed to tell a change from chance: use --runs"
            ])
        let change = try Self.change("p50", comparison)
        #expect(change.interval == nil && change.conclusion == .unknown)
        #expect(abs(change.ratio - 2) < 0.002)
    }

    @Test func `what was different, and what is not valid, is listed`() {
        var (left, right) = (Self.fast, Self.slow)
        for index in right.runs.indices {
            right.runs[index].plan.connections = 100
            right.runs[index].plan.arrival = .open(RateProfile(constant: 500))
            right.runs[index].machine.processors = 4
        }
        right.runs[1].verdict = RunVerdict(.clientLimited, reasons: ["slip p99 9 ms"])
        left.runs[2].wasInterrupted = true
        left.runs[3].plan.payloadBytes = 64
        #expect(
            RunComparison(left, right).warnings == [
                "run 3 of before.json was ended early",
                "run 4 of before.json has another payload than run 1: 64 B, not 128 B",
                "run 2 of after.json is CLIENT-LIMITED: slip p99 9 ms",
                "connection count differs: 1 in before.json, 100 in after.json",
                "arrival differs: closed, 1 in flight in before.json, 500/s in after.json",
                "processor count differs: 2 in before.json, 4 in after.json",
            ])
    }

    @Test func `two servers in rounds may have two addresses`() {
        var right = Self.slow
        for index in right.runs.indices {
            right.runs[index].plan.targets = [Endpoint(address: .host("127.0.0.1", port: 9002))]
        }
        #expect(RunComparison(Self.fast, right, isPaired: true).warnings == [])
        #expect(RunComparison(Self.fast, right).warnings.count == 1)
    }

    @Test(arguments: [
        ("p99>+10%", false), ("p99>+60%", true), ("p99>=+40%", false), ("p99<+10%", true), ("rate<-5%", true),
        ("errors>+0%", true), ("service.p99>+10%", true),
    ])
    func `a limit fails where the change is as it says`(text: String, isPassed: Bool) throws {
        var (left, right) = (Self.fast, Self.slow)
        for index in left.runs.indices {
            left.runs[index].total.service.record(1_000_000)
            right.runs[index].total.service.record(1_000_000)
        }
        let result = try RunComparison(left, right).judge(ChangeLimit(parsing: text))
        #expect(result.isPassed == isPassed)
        #expect(result.text == text)
    }

    @Test func `a change that may be chance does not fail, unless nobody can tell`() throws {
        let limit = try ChangeLimit(parsing: "max>+5%")
        let wild = Self.side("wild", [0.4, 3, 1.1, 2.5, 0.9])
        #expect(try Self.change("max", RunComparison(Self.fast, wild)).ratio > 1.05)
        #expect(try RunComparison(Self.fast, wild).judge(limit).isPassed)
        let few = RunComparison(Self.side("A", [1, 1]), Self.side("B", [1.1, 1.1]))
        #expect(try !few.judge(limit).isPassed)
        #expect(abs(try #require(try few.judge(limit).actual) - 0.1) < 0.002)
    }

    @Test func `a limit on what a run lacks is an error`() throws {
        let limit = try ChangeLimit(parsing: "cpu_per_message>+10%")
        let error = #expect(throws: AssertionError.self) { try RunComparison(Self.fast, Self.slow).judge(limit) }
        #expect(error?.problem.contains("the run has no cpu_per_message") == true)
    }

    @Test func `the text is a table under its warnings`() {
        var right = Self.slow
        right.name = "after\u{1B}[31m.json"
        right.runs[0].wasInterrupted = true
        let lines = RunComparison(Self.fast, right).text.split(separator: "\n")
        #expect(lines[0] == "warning: run 1 of after\\u{1b}[31m.json was ended early")
        #expect(lines[1] == "A before.json, B after\\u{1b}[31m.json: medians of 5 and 5 runs")
        #expect(lines[2].hasPrefix("metric "))
        #expect(lines[2].hasSuffix("  conclusion"))
        #expect(lines.contains { $0.hasPrefix("p99 ") && $0.contains("+50 %") && $0.hasSuffix("  slower") })
        #expect(lines.contains { $0.hasPrefix("errors ") && $0.hasSuffix("  no difference shown") })
    }

    @Test func `the section of a report has the same table, and the ratios as figures`() throws {
        let comparison = RunComparison(Self.fast, Self.slow, isPaired: true)
        let section = comparison.section
        #expect(section.rows.map { $0[0] } == comparison.changes.map(\.name))
        #expect(section.summary.hasPrefix("A before.json, B after.json: medians of 5 rounds of both; "))
        #expect(section.summary.hasSuffix("change: of the runs' geometric means, from A to B"))
        let ratio = try #require(section.figures.first { $0.name == "p99_ratio" })
        #expect(abs(ratio.value - 1.5) < 0.002)
        #expect(section.figures.contains { $0.name == "p99_ratio_low" && $0.value < ratio.value })
    }

    @Test func `the JSON has values, ratios, intervals and limits`() throws {
        let comparison = RunComparison(Self.fast, Self.side("bad", [1, 1, 1, 1, 1], errors: [1, 1, 1, 1, 1]))
        let results = [try comparison.judge(ChangeLimit(parsing: "errors>+0%"))]
        var writer = JSONWriter()
        comparison.write(to: &writer, results: results)
        let json = try JSONValue.parse(writer.bytes.span)
        #expect(json["schema"]?.string == "sessionctl.compare/1")
        #expect(json["a"]?["name"]?.string == "before.json")
        #expect(json["b"]?["runs"]?.integer == 5)
        let first = json["metrics"]?[0]
        #expect(first?["metric"]?.string == "p50")
        #expect(first?["unit"]?.string == "ns")
        #expect(first?["a"]?["values"]?.elements?.count == 5)
        #expect(try #require(first?["ratio"]?.double) > 0.9)
        #expect(try #require(first?["ratio_low"]?.double) < #require(first?["ratio_high"]?.double))
        #expect(first?["conclusion"]?.string == "no_difference")
        let errors = json["metrics"]?.elements?.first { $0["metric"]?.string == "errors" }
        #expect(errors?["ratio"] == .null)
        #expect(errors?["conclusion"]?.string == "worse")
        #expect(json["fail_if"]?[0]?["passed"]?.boolean == false)
        #expect(json["fail_if"]?[0]?["change"] == .null)
    }
}
