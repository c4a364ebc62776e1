import SessionBase
import SessionBench
import SessionCodec
import Testing

@Suite struct BenchDocumentTests {
    @Test(arguments: [false, true])
    func `a document reads back as it was, but for secrets`(pretty: Bool) throws {
        var document = ReportFixture.document()
        document.featured = 2
        document.runs[1].label = "B"
        document.runs[1].wasInterrupted = true
        document.runs[1].plan.arrival = .closed(depth: 3)
        document.runs[1].plan.security.isVerificationOff = true
        document.runs[2].plan.arrival = .open(
            RateProfile(stages: [RateProfile.Stage(duration: .seconds(30), from: 1000, to: 20_000.5)]))
        document.runs[2].total.response.record(90_000_000_000)
        document.runs[2].server = nil
        let bytes = document.json(pretty: pretty)
        let back = try BenchDocument(parsing: bytes.span)
        for index in document.runs.indices {
            document.runs[index].plan.headers = []
            document.runs[index].plan.security.keyPath = nil
            document.runs[index].plan.targets[0].target = "/echo"
        }
        #expect(back == document)
        #expect(back.json(pretty: pretty) == bytes)
    }

    @Test func `every workload reads back`() throws {
        let scenario = Scenario(
            name: "mix.json", profile: "awareness", steps: [Scenario.Step(weight: 2, message: "ping")])
        let kinds: [WorkloadKind] =
            [
                .echo, .connect, .idle, .heartbeat, .register, .storm(dropAt: .seconds(5)),
                .slow(SlowReaders(fraction: 0.05, bytesPerSecond: 1024)), .mix(scenario),
            ] + SyncReportTests.loads.map { .sync($0) }
            + TopicReportTests.loads.map { .topics($0) }
        for kind in kinds {
            var run = ReportFixture.run()
            run.plan.workload = kind
            let bytes = BenchDocument(version: "0.2.0", runs: [run]).json(pretty: false)
            #expect(try BenchDocument(parsing: bytes.span).runs[0].plan.workload == kind)
        }
    }

    @Test func `no form of a report holds a credential`() {
        let document = ReportFixture.document()
        let texts = [
            String(decoding: document.json(pretty: true), as: UTF8.self), TextReport.text(document),
            CSVReport.text(document), CSVReport.series(document), MarkdownReport.text(document),
            HTMLReport.text(document),
        ]
        for text in texts { #expect(!text.contains("TOPSECRET") && !text.contains("Authorization")) }
    }

    @Test func `fields that a later version added are passed over`() throws {
        let text = String(decoding: ReportFixture.document().json(pretty: false), as: UTF8.self)
        let later = text.split(separator: "\"counts\":{").joined(separator: "\"counts\":{\"invented\":[1,{}],")
        #expect(later != text)
        let back = try BenchDocument(parsing: [UInt8](later.utf8).span)
        #expect(back.runs.map(\.total) == ReportFixture.document().runs.map(\.total))
    }

    @Test(arguments: [
        ("\"schema\":\"sessionctl.bench/1\"", "\"schema\":\"other\"", "the document must have \"schema\""),
        ("\"model\":\"open\"", "\"model\":\"ajar\"", "runs[0].plan.arrival.model must be closed or open"),
        ("\"lost\":2", "\"lost\":-2", "runs[0].counts.lost must be a whole number from 0 on"),
        ("\"machine\":", "\"engine\":", "runs[0] has no machine"),
        ("\"min_ns\":120000", "\"min_ns\":1", "runs[0].latency.response has counts that do not fit its hdr"),
        ("\"kind\":\"VALID\"", "\"kind\":\"FINE\"", "runs[0].verdict.kind is a verdict that this version does not"),
        ("\"closes\":{\"1000\"", "\"closes\":{\"odd\"", "runs[0].server.closes has odd, which is no close code"),
        ("\"featured_run\":null", "\"featured_run\":3", "featured_run is no place in runs"),
        ("[\"p99 ms\",", "[", "sections[0].rows[0] must have a cell for each of the 3 columns"),
        ("{\"schema\"", "{\"schema\"\"", "this is not JSON: expected"),
        ("\"ws://127.0.0.1:8765/echo\"", "\"ftp://x\"", "runs[0].plan.targets[0] is no URL: the scheme must be"),
    ])
    func `a mistake is named with its place`(right: String, wrong: String, sentence: String) {
        let text = String(decoding: ReportFixture.document().json(pretty: false), as: UTF8.self)
        let parts = text.split(separator: right, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        let bytes = [UInt8](parts.joined(separator: wrong).utf8)
        let error = #expect(throws: BenchDocumentError.self) { try BenchDocument(parsing: bytes.span) }
        #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
    }
}
