import Glibc
import SessionBase
import SessionBench
import SessionCodec
import Testing

@Suite struct SchemaTests {
    /// The schemas as they are checked in.
    private static let schema = checkedIn("Report/bench-1.schema.json")
    private static let comparison = checkedIn("Statistics/compare-1.schema.json")

    private static func checkedIn(_ path: String) -> JSONSchema {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        let path = (root + ["Sources", "SessionBench", Substring(path)]).joined(separator: "/")
        return JSONSchema(root: parsed(contents(of: path)))
    }

    @Test func `documents are what the schema says`() {
        var small = BenchDocument(version: "0.2.0", runs: [ReportFixture.closedRun()])
        small.runs[0].total = Interval(second: 0)
        small.featured = 0
        let documents = [ReportFixture.document(), small, BenchDocument(version: "0.2.0", runs: [])]
        for document in documents { #expect(Self.mistakes(in: document) == []) }
    }

    @Test func `every workload is what the schema says`() {
        let scenario = Scenario(
            name: "mix.json", profile: "awareness", steps: [Scenario.Step(weight: 2, message: "ping")])
        let kinds: [WorkloadKind] =
            [
                .echo, .connect, .idle, .heartbeat, .register, .storm(dropAt: .seconds(5)),
                .slow(SlowReaders(fraction: 0.05, bytesPerSecond: 1024)), .mix(scenario),
            ] + SyncLoad.Kind.allCases.map { .sync(SyncLoad($0)) }
            + TopicReportTests.loads.map { .topics($0) } + [.board(BoardLoad(.v2))]
        for kind in kinds {
            var run = ReportFixture.run()
            run.plan.workload = kind
            #expect(Self.mistakes(in: BenchDocument(version: "0.2.0", runs: [run])) == [])
        }
    }

    @Test(arguments: [
        ("runs[0].measured_ns", "\"measured_ns\":30000000000", "\"measured_ns\":-1"),
        ("runs[0].label", "\"label\":\"\"", "\"label\":7"),
        ("runs[0].verdict.kind", "\"VALID\"", "\"FINE\""),
        ("runs[0].counts.sent", "\"sent\":1499950", "\"sent\":1.5"),
        ("runs[0].counts: lost", "\"lost\":2,\"duplicated\"", "\"lots\":2,\"duplicated\""),
        ("runs[0].counts.ends.1006", "\"1006\":1,\"reset\"", "\"1006\":\"one\",\"reset\""),
        ("runs[0].plan.jitter", "\"jitter\":0.0", "\"jitter\":1.5"),
        ("runs[0].started_at", "2023-11-14T22", "yesterday 22"),
        ("runs[0].latency.response.hdr", "HISTFAAA", "HISTGRAM"),
        ("schema", "sessionctl.bench/1", "sessionctl.bench/2"),
    ])
    func `a planted mistake is found`(place: String, right: String, wrong: String) {
        let text = String(decoding: ReportFixture.document().json(pretty: false), as: UTF8.self)
        let parts = text.split(separator: right, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        let mistakes = Self.schema.mistakes(in: Self.parsed([UInt8](parts.joined(separator: wrong).utf8)))
        #expect(mistakes.contains { $0.hasPrefix("$.\(place)") }, "\(mistakes)")
    }

    @Test(arguments: [1, 5], [0, 3] as [UInt64])
    func `comparisons are what their schema says`(runs: Int, errors: UInt64) throws {
        var worse = ReportFixture.run()
        worse.total.counts.lost = errors
        var better = ReportFixture.run()
        better.total.counts = LoadCounts()
        let left = RunComparison.Side("before.json", Array(repeating: better, count: runs))
        let right = RunComparison.Side("after.json", Array(repeating: worse, count: runs))
        let comparison = RunComparison(left, right)
        let results = [try comparison.judge(ChangeLimit(parsing: "errors>+0%"))]
        var writer = JSONWriter()
        comparison.write(to: &writer, results: results)
        #expect(!comparison.changes.isEmpty)
        #expect(Self.comparison.mistakes(in: Self.parsed(writer.bytes)) == [])
    }

    @Test(arguments: [
        ("schema", "compare/1", "compare/2"), ("a.runs", "\"runs\":5", "\"runs\":0"),
        ("metrics[0].unit", "\"ns\"", "\"ms\""), ("metrics[0]: ratio is", "\"ratio\":", "\"quotient\":"),
        ("metrics[0].conclusion", "no_difference", "equal"), ("warnings", "\"warnings\":[]", "\"warnings\":7"),
    ])
    func `a mistake planted in a comparison is found`(place: String, right: String, wrong: String) {
        let side = RunComparison.Side("one.json", Array(repeating: ReportFixture.run(), count: 5))
        var writer = JSONWriter()
        RunComparison(side, side).write(to: &writer, results: [])
        let text = String(decoding: writer.bytes, as: UTF8.self)
        let parts = text.split(separator: right, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        let mistakes = Self.comparison.mistakes(in: Self.parsed([UInt8](parts.joined(separator: wrong).utf8)))
        #expect(mistakes.contains { $0.hasPrefix("$.\(place)") }, "\(mistakes)")
    }

    @Test func `a field that the schema does not describe is found`() {
        let schema = JSONSchema(root: ["type": "object", "properties": ["a": ["type": "integer"]]])
        #expect(schema.mistakes(in: ["a": 1]) == [])
        #expect(schema.mistakes(in: ["a": 1, "b": 2]) == ["$.b: not described"])
    }

    private static func mistakes(in document: BenchDocument) -> [String] {
        schema.mistakes(in: parsed(document.json(pretty: true)))
    }

    private static func parsed(_ bytes: [UInt8]) -> JSONValue {
        do { return try JSONValue.parse(bytes.span) } catch {
            Issue.record("not JSON: \(error)")
            return .null
        }
    }

    private static func contents(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return bytes
    }
}
