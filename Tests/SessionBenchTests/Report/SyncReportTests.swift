import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

/// What loads on the sync service have that others do not: parts of requests with times of their own, deliveries, faults.
@Suite struct SyncReportTests {
    /// One of each kind, with nothing at its default.
    static let loads = SyncLoad.Kind.allCases.map { kind in
        var load = SyncLoad(kind)
        load.devicesPerSession = 4
        load.sessions = 9
        load.writers = 3
        load.stateBytes = 77
        load.putRatio = 0.25
        load.listRatio = 0.75
        return load
    }

    static func run(_ load: SyncLoad = loads[0]) -> RunReport {
        var run = ReportFixture.run()
        run.plan.workload = .sync(load)
        run.plan.connections = 1000
        run.total.operations = load.kind.operations.map(OperationTimes.init)
        for place in run.total.operations.indices {
            for number in 1...100 {
                run.total.operations[place].response.record(Int64(number * (place + 1)) * 1_000_000)
            }
        }
        run.total.counts.delivered = 4000
        run.total.counts.undelivered = 3
        run.total.counts.wrong = 5
        run.total.counts.faults = ["503 STORE_UNAVAILABLE": 4, "version not higher": 1]
        return run
    }

    private static func document(_ load: SyncLoad = loads[0]) -> BenchDocument {
        BenchDocument(version: "0.2.0", runs: [run(load)])
    }

    @Test func `a document keeps the times of parts, deliveries and faults`() throws {
        let document = Self.document()
        let back = try BenchDocument(parsing: document.json(pretty: false).span)
        #expect(back.runs[0].total.operations == document.runs[0].total.operations)
        #expect(back.runs[0].total.counts == document.runs[0].total.counts)
    }

    @Test func `a document without them, as earlier versions wrote it, is read`() throws {
        guard case .object(var root) = try JSONValue.parse(Self.document().json(pretty: false).span),
            case .object(var run)? = root["runs"]?[0], case .object(var counts)? = run["counts"],
            case .object(var latency)? = run["latency"]
        else { return #expect(Bool(false), "no document") }
        for key in ["delivered", "undelivered", "redelivered", "misordered", "faults"] { counts[key] = nil }
        latency["operations"] = nil
        run["counts"] = .object(counts)
        run["latency"] = .object(latency)
        root["runs"] = .array([.object(run)])
        let back = try BenchDocument(parsing: Array(JSONValue.object(root).text().utf8).span)
        #expect(back.runs[0].total.operations.isEmpty && back.runs[0].total.counts.delivered == 0)
        #expect(back.runs[0].total.counts.wrong == 5)
    }

    @Test(arguments: loads)
    func `every form names each part beside its times`(load: SyncLoad) {
        let document = Self.document(load)
        let text = TextReport.text(document)
        for (place, name) in load.kind.operations.enumerated() {
            let line = text.split(separator: "\n").first { $0.hasPrefix(" \(name) ") }
            #expect(
                line?.contains(" \(50 * (place + 1)).0 ") == true || line?.contains(" \(50 * (place + 1)) ") == true)
            #expect(MarkdownReport.text(document).contains("| \(name), ms (from the planned time) |"))
            #expect(CSVReport.text(document).contains(",\(name)_p99_ns,"))
            #expect(HTMLReport.text(document).contains("\(name), from the planned time"))
        }
        #expect(text.contains("503 STORE_UNAVAILABLE × 4"))
        #expect(text.contains("delivered 4,000  undelivered 3"))
    }

    @Test func `a table of runs without parts has no columns for them`() {
        #expect(!CSVReport.text(ReportFixture.document()).contains("put_p99_ns"))
    }

    @Test func `an expression asks for a part's times`() throws {
        let run = Self.run()
        #expect(try Assertion(parsing: "put_p99<100ms").evaluate(run).isPassed)
        #expect(try !Assertion(parsing: "get_p50<90ms").evaluate(run).isPassed)
        #expect(try Assertion(parsing: "loss==5").evaluate(run).isPassed)
        #expect(throws: AssertionError.self) { try Assertion(parsing: "arrival_p99<10ms").evaluate(run) }
        #expect(throws: AssertionError.self) { try Assertion(parsing: "sing_p99<10ms") }
        #expect(throws: AssertionError.self) { try Assertion(parsing: "put_loud<10ms") }
    }

    @Test func `a verdict says what was wrong with replies and deliveries`() {
        let run = Self.run()
        let verdict = Judge.verdict(run.total, plan: run.plan, measured: run.measured, server: nil)
        #expect(verdict.reasons.contains("5 wrong replies (503 STORE_UNAVAILABLE × 4, version not higher × 1)"))
        #expect(verdict.reasons.contains("3 messages never reached the others"))
    }

    @Test func `a log of histograms has a tag for each part`() {
        let lines = String(decoding: HdrLog.lines(of: Self.run().total), as: UTF8.self).split(separator: "\n")
        #expect(lines.map { $0.prefix(8) } == ["0.000,1.", "Tag=serv", "Tag=put,", "Tag=get,"])
    }

    @Test func `a secret goes to workers and into no report`() throws {
        var load = Self.loads[0]
        load.secret = Array("TOPSECRET \u{e9}".utf8)
        var plan = ReportFixture.plan
        plan.workload = .sync(load)
        let order = WorkerOrder.open(plan, first: 0)
        #expect(try WorkerOrder(line: Array(order.line.dropLast()).span) == order)
        let text = String(decoding: Self.document(load).json(pretty: true), as: UTF8.self)
        #expect(!text.contains("secret") && !text.contains("84, 79"))
    }

    @Test func `limits count plain HTTP connections too`() {
        var plan = ReportFixture.plan
        plan.workload = .sync(Self.loads[0])
        plan.connections = 10
        #expect(plan.sockets == 13 && plan.requesters == 3 && plan.connectionsOfProcess == 13)
        plan.workload = .sync(Self.loads[2])
        #expect(plan.sockets == 10 && plan.requesters == 3)
    }
}
