import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

/// What loads on whiteboard rooms have that others do not.
@Suite struct BoardReportTests {
    /// A run whose seconds and members make the figures easy: four times as much in seed mode as in the second version.
    private static func run(_ mode: BoardLoad.Mode) -> RunReport {
        var load = BoardLoad(mode)
        (load.rooms, load.shapes, load.cursorRate, load.changeRate) = (2, 300, 20, 0.5)
        load.secret = Array("TOPSECRET".utf8)
        var run = ReportFixture.run()
        run.plan.workload = .board(load)
        run.plan.connections = 50
        run.plan.threads = 2
        run.label = mode.rawValue
        run.total.generator.elapsed = .seconds(60)
        run.total.operations = load.operations.map(OperationTimes.init)
        for place in run.total.operations.indices {
            for number in 1...100 { run.total.operations[place].response.record(Int64(number * (place + 1)) * 100_000) }
        }
        let factor: UInt64 = mode == .seed ? 4 : 1
        run.total.counts.bytesIn = 30 * 50 * 1000 * factor + 77
        run.total.counts.bytesInLate = 77
        (run.total.counts.delivered, run.total.board.conflatedChanges) = (400, 100)
        (run.total.board.moves, run.total.board.conflatedMoves) = (900, 100)
        run.total.board.snapshots = 30 * 50 * 2
        run.total.board.patches = mode == .v2 ? 30 * 50 * 3 : 0
        (run.total.board.compared, run.total.board.missing, run.total.board.different) = (50, 2, 3)
        run.findings = RunFindings.all(in: run.total, of: run.plan)
        return run
    }

    private static func value(_ name: String, _ mode: BoardLoad.Mode) -> Double? {
        run(mode).findings.first { $0.name == name }?.value
    }

    @Test func `figures of members are of one member and one second of the measured part`() {
        #expect(Self.value("member_bytes", .seed) == 4000 && Self.value("member_bytes", .v2) == 1000)
        #expect(Self.value("member_messages", .seed) == 2 && Self.value("member_messages", .v2) == 5)
        #expect(Self.value("snapshots", .v2) == 2 && Self.value("patches", .v2) == 3)
        #expect(Self.value("patches", .seed) == nil && Self.value("gaps", .seed) == nil)
        #expect(Self.value("conflated_changes", .seed) == 0.25 && Self.value("conflated_moves", .seed) == 0.1)
        #expect(Self.value("missing", .seed) == 2 && Self.value("extra", .seed) == 0)
        #expect(Self.value("different", .seed) == 3)
    }

    @Test(arguments: BoardLoad.Mode.allCases)
    func `every form names parts and findings, and none the secret`(mode: BoardLoad.Mode) throws {
        let document = BenchDocument(version: "0.2.0", runs: [Self.run(mode)])
        let text = TextReport.text(document)
        for name in BoardLoad(mode).operations {
            #expect(text.split(separator: "\n").contains { $0.hasPrefix(" \(name) ") })
            #expect(MarkdownReport.text(document).contains("| \(name), ms (from the planned time) |"))
            #expect(CSVReport.text(document).contains(",\(name)_p99_ns"))
        }
        let csv = CSVReport.text(document)
        #expect(csv.contains(",member_bytes,member_messages_per_second,") && csv.contains(",conflated_moves_ratio,"))
        #expect(text.contains("50 members") && text.contains(mode == .v2 ? "second version" : "seed mode"))
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("2 rooms") && words.contains("300 shapes each") && words.contains("at 20.0/s"))
        let json = document.json(pretty: false)
        #expect(!String(decoding: json, as: UTF8.self).contains("TOPSECRET"))
        let back = try BenchDocument(parsing: json.span)
        #expect(back.runs[0].total.counts == document.runs[0].total.counts)
        #expect(back.runs[0].findings == document.runs[0].findings)
        guard case .board(var load) = document.runs[0].plan.workload else { return }
        load.secret = nil
        #expect(back.runs[0].plan.workload == .board(load))
    }

    @Test func `both modes beside each other say what the second one saves`() throws {
        let section = try #require(BoardModes.section([Self.run(.seed), Self.run(.v2)]))
        #expect(section.columns == ["", "seed", "v2", "v2 saves"])
        #expect(section.rows[0] == ["bytes/s to each member", "3.91 KiB", "1,000 B", "4.00 ×"])
        #expect(section.figures.first { $0.name == "factor_member_bytes" }?.value == 4)
        #expect(section.rows.contains { $0[0] == "change to last member, p99" && $0[3] == "1.00 ×" })
        // Seed mode acknowledges nothing.
        #expect(section.rows.contains { $0[0] == "change to acknowledgement, p99" && $0[1] == "–" && $0[3] == "–" })
        #expect(section.rows.contains { $0[0] == "server CPU" })
        #expect(section.summary.hasPrefix("the whole board each time takes 4.00 times the bytes to each member and"))
        #expect(BoardModes.section([Self.run(.seed)]) == nil)
    }

    @Test func `of several rounds the medians are compared`() throws {
        var runs = [Self.run(.seed), Self.run(.v2), Self.run(.seed), Self.run(.v2), Self.run(.seed), Self.run(.v2)]
        runs[0].findings[0].value = 1e9
        let section = try #require(BoardModes.section(runs))
        #expect(section.figures.first { $0.name == "seed_member_bytes" }?.value == 4000)
    }

    @Test func `wrong boards fail a run without anybody asking`() throws {
        let run = Self.run(.seed)
        #expect(run.plan.promises == ["loss==0", "wrong==0", "missing==0", "extra==0", "different==0"])
        #expect(try Assertion(parsing: "missing==0").evaluate(run).isPassed == false)
        #expect(try Assertion(parsing: "extra==0").evaluate(run).isPassed)
        #expect(try Assertion(parsing: "cursor_p99<1s").evaluate(run).isPassed)
    }

    @Test func `a worker's boards go through its line, and the secret only to workers`() throws {
        let run = Self.run(.v2)
        let line = WorkerLine.write(.interval(run.total), from: 1)
        #expect(try WorkerLine.read(Array(line.dropLast()).span).event == .interval(run.total))
        let order = WorkerOrder.open(run.plan, first: 0)
        #expect(try WorkerOrder(line: Array(order.line.dropLast()).span) == order)
    }
}
