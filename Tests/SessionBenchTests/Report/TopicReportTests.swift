import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

/// What loads on topics have that others do not.
@Suite struct TopicReportTests {
    /// One of each kind, with nothing at its default.
    static let loads: [TopicLoad] = {
        var fanout = TopicLoad(.fanout)
        (fanout.publishers, fanout.channels, fanout.joined, fanout.way) = (3, 9, 4, .socket)
        (fanout.stuckRatio, fanout.away) = (0.01, .milliseconds(700))
        var lockers = TopicLoad(.lockers)
        (lockers.publishers, lockers.namespaces, lockers.rooms) = (2, ["/ws/lockers", "/ws/own"], 7)
        (lockers.roomRatio, lockers.roomCastRatio, lockers.typedRatio, lockers.moveRatio) = (0.25, 0.75, 0.1, 0.05)
        return [fanout, lockers]
    }()

    static func run(_ load: TopicLoad) -> RunReport {
        var run = ReportFixture.run()
        run.plan.workload = .topics(load)
        run.plan.connections = 1000
        run.total.operations = load.operations.map(OperationTimes.init)
        for place in run.total.operations.indices {
            for number in 1...100 { run.total.operations[place].response.record(Int64(number * (place + 1)) * 100_000) }
        }
        (run.total.counts.delivered, run.total.counts.deliveredLate) = (400_000, 100)
        run.total.counts.recipients = 400_003
        run.findings = RunFindings.all(in: run.total, of: run.plan)
        return run
    }

    private static func document(_ load: TopicLoad) -> BenchDocument {
        BenchDocument(version: "0.2.0", runs: [run(load)])
    }

    @Test(arguments: loads)
    func `every form names parts, deliveries and findings`(load: TopicLoad) throws {
        let document = Self.document(load)
        let text = TextReport.text(document)
        for name in load.operations {
            #expect(text.split(separator: "\n").contains { $0.hasPrefix(" \(name) ") })
            #expect(MarkdownReport.text(document).contains("| \(name), ms (from the planned time) |"))
            #expect(CSVReport.text(document).contains(",\(name)_p99_ns,"))
            #expect(HTMLReport.text(document).contains("\(name), from the planned time"))
        }
        #expect(text.contains("delivered 400,000") && text.contains(load.kind == .fanout ? "subscribers" : "kiosks"))
        #expect(CSVReport.text(document).contains(",delivered_per_second"))
        let back = try BenchDocument(parsing: document.json(pretty: false).span)
        #expect(back.runs[0].total.counts == document.runs[0].total.counts)
        #expect(back.runs[0].findings == document.runs[0].findings)
    }

    @Test func `the seed's target and ours are said with the figure, kept or missed`() {
        let run = Self.run(Self.loads[1])
        let words = run.findingWords.map(\.name)
        let target = "median of broadcasts with 1,000 sockets connected; the seed's target, below 150 ms, is kept"
        #expect(words.contains(target))
        #expect(words.contains("median of broadcasts with 1,000 sockets connected; ours, below 5 ms, is missed"))
        #expect(words.contains("p99 of broadcasts with 1,000 sockets connected; ours, below 20 ms, is kept"))
    }

    @Test func `with fewer sockets than a target is for, nothing is judged`() {
        var run = Self.run(Self.loads[1])
        run.plan.connections = 200
        run.findings = RunFindings.all(in: run.total, of: run.plan)
        let words = run.findingWords.map(\.name)
        #expect(words.contains { $0.hasSuffix("the seed's target, below 150 ms, is kept") })
        #expect(words.contains { $0.hasSuffix("ours, below 5 ms, is for 1,000") })
        #expect(words.contains { $0.hasSuffix("ours, below 20 ms, is for 1,000") })
    }

    @Test func `what the server counted and what arrived are compared where they can be`() throws {
        var load = TopicLoad(.fanout)
        #expect(try Assertion(parsing: "unaccounted==3").evaluate(Self.run(load)).isPassed)
        #expect(try Assertion(parsing: "delivery_p99<100ms").evaluate(Self.run(load)).isPassed)
        #expect(try Assertion(parsing: "delivery_rate>1k").evaluate(Self.run(load)).isPassed)
        load.stuckRatio = 0.5
        #expect(!Self.run(load).findings.contains { $0.name == "unaccounted" })
        #expect(Self.run(load).findings.contains { $0.name == "stuck" && $0.value == 500 })
    }

    @Test func `a worker's orders go through its line, and sessions only to workers`() throws {
        var interval = Interval(second: 0)
        var order = TopicOrder()
        order.append(Publication(publisher: 1, topic: 0, number: 2, intended: .zero, sent: .zero, accepted: nil))
        interval.orders = TopicOrders([order, TopicOrder()], conflicts: 3)
        let line = WorkerLine.write(.interval(interval), from: 1)
        #expect(try WorkerLine.read(Array(line.dropLast()).span).event == .interval(interval))
        var load = Self.loads[1]
        load.sessions = ["TOPSECRET"]
        var plan = ReportFixture.plan
        plan.workload = .topics(load)
        let worker = WorkerOrder.open(plan, first: 0)
        #expect(try WorkerOrder(line: Array(worker.line.dropLast()).span) == worker)
        #expect(!String(decoding: Self.document(load).json(pretty: true), as: UTF8.self).contains("TOPSECRET"))
    }

    @Test func `those who are cut off are promised everything`() {
        var plan = ReportFixture.plan
        plan.workload = .topics(Self.loads[0])
        #expect(plan.promises == ["loss==0", "dup==0", "reorder==0", "wrong==0"])
        plan.workload = .topics(Self.loads[1])
        #expect(plan.promises.isEmpty && plan.sockets == plan.connections + 2 && plan.requesters == 2)
    }

    @Test func `subscribers that are cut off or never read are no lost connections`() {
        var run = Self.run(Self.loads[0])
        run.total.counts.ends = ["1000": 980, "cut": 980, "slow 4511": 6, "slow reset": 4]
        let verdict = Judge.verdict(run.total, plan: run.plan, measured: run.measured, server: nil)
        #expect(!verdict.reasons.contains { $0.contains("connections ended") })
    }
}
