import SessionBase
import SessionBench
import Testing

/// Each workload of `bench` as a process against a real server: every request is answered, and every answer is right.
@Suite struct BenchWorkloadTests {
    @Test(arguments: [
        "echo $echo -c 4", "echo $echo -c 4 --depth 8 -s 4KiB", "echo $echo -c 4 -R 200 --jitter 10%",
        "echo $echo -c 4 --stages 0s:100,1s:300 --no-spin", "echo $echo $echo -c 4 --no-check --compress",
        "echo $echo -c 4 -R 200 --processes 2 --threads 2", "connect $echo -c 2 -R 50",
        "heartbeat $awareness -c 4 -R 100",
        "heartbeat $awareness -c 20 --every 200ms", "register $awareness -c 4 -R 100",
        "slow $echo -c 8 -R 100 --slow 25%", "mix \"$dir/mix.json\" $awareness -c 4 -R 100",
    ])
    func `requests are answered and none is lost`(line: String) throws {
        let scenario = """
            {"profile":"awareness","steps":[{"weight":3,"send":"ping"},{"weight":1,"send":"heartbeat"}]}
            """
        let run = BenchScript.run("echo '\(scenario)' > \"$dir/mix.json\"\nbench \(line) --seed 1 --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let document = try BenchScript.document(run)
        #expect(document.runs.count == 1)
        let report = try #require(document.runs.first)
        #expect(report.plan.workload.name == line.split(separator: " ").first.map(String.init))
        let counts = report.total.counts
        #expect(counts.received > 0 && counts.received <= counts.sent)
        #expect(counts.lost == 0 && counts.wrong == 0 && counts.duplicated == 0 && counts.reordered == 0)
        #expect(report.measured == .milliseconds(500))
        #expect(!report.wasInterrupted)
    }

    @Test(arguments: [
        "snapshot $sync -c 8 --writers 3 -R 200", "snapshot $sync -c 8 --writers 3 --processes 2 --threads 2",
        "conflict $sync -c 4 --writers 2 -R 50", "handoff $sync -c 8 --writers 2 -R 50",
        "state $sync -c 9 --devices-per-session 3 -R 100 --state-bytes 200", "devices $sync -c 6 --lists 50% -R 100",
    ])
    func `what is asked of the sync service is answered, and heard of`(line: String) throws {
        let run = BenchScript.runSync("bench \(line) --seed 1 --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let report = try #require(try BenchScript.document(run).runs.first)
        let counts = report.total.counts
        #expect(counts.received > 0 && counts.received <= counts.sent && counts.errors == 0, "\(counts)")
        let parts = report.total.operations
        #expect(parts.map(\.name) == report.plan.workload.operations)
        #expect(parts.allSatisfy { Metric("\($0.name)_p50")?.value(in: report) != nil })
    }

    @Test func `a server that wants tokens gets one of each user`() throws {
        let run = BenchScript.runSync(
            mode: "--sync-auth required --secret-file \"$dir/secrets\"",
            before: "echo jwt=a-secret-that-is-long-enough-for-tokens > \"$dir/secrets\"",
            """
            bench snapshot $sync -c 4 --writers 2 -R 100 --secret-file "$dir/secrets" --assert 'put_p99<10s' --json || exit $?
            bench devices $sync -c 4 2> "$dir/refusal"
            [ $? = 77 ] && grep -q 'INVALID_TOKEN; .*--secret-file' "$dir/refusal"
            exit $?
            """)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try BenchScript.document(run).runs.first?.total.counts.errors == 0)
    }

    @Test(arguments: [
        "fanout $topics/ws -c 8 -R 50", "fanout $topics/ws -c 8 --channels 3 --publishers 2 --threads 2 --depth 2",
        "fanout $topics/ws -c 8 --channels 4 --join 2 -R 50 --processes 2",
        "fanout $topics/ws -c 8 -R 50 --recover --away 100ms",
        "lockers $topics/ws/lockers -c 12 -R 50 --publishers 2 --typed 30% --moves 20%",
    ])
    func `what is published reaches all whom it is meant for`(line: String) throws {
        let run = BenchScript.runTopics("bench \(line) --seed 1 --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let report = try #require(try BenchScript.document(run).runs.first)
        let counts = report.total.counts
        #expect(counts.received > 0 && counts.delivered > 0, "\(counts)")
        #expect(counts.errors == 0 && counts.misordered == 0, "\(counts)")
        #expect(report.total.operations.map(\.name) == report.plan.workload.operations)
        for finding in report.findings where ["unaccounted", "order_conflicts"].contains(finding.name) {
            #expect(finding.value == 0, "\(finding)")
        }
    }

    @Test(arguments: [
        "-c 6 --shapes 12 --cursor-rate 20 --change-rate 5",
        "-c 6 --shapes 12 --cursor-rate 20 --change-rate 5 --mode v2",
        "-c 8 --rooms 4 --shapes 9 --cursor-rate 20 --change-rate 5 --mode v2 --processes 2",
        "-c 8 --rooms 2 --shapes 9 --cursor-rate 20 --change-rate 5 --threads 2 --no-spin",
    ])
    func `every member's board is what was written last`(options: String) throws {
        let run = BenchScript.runBoard("bench board $board \(options) --seed 1 --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let report = try #require(try BenchScript.document(run).runs.first)
        let counts = report.total.counts
        #expect(counts.received > 0 && counts.received == counts.sent && counts.errors == 0, "\(counts)")
        #expect(report.total.operations.map(\.name) == report.plan.workload.operations)
        #expect(report.total.operations.allSatisfy { Metric("\($0.name)_p50")?.value(in: report) != nil })
        #expect(report.server != nil)
        for name in ["missing", "extra", "different"] {
            #expect(report.findings.first { $0.name == name }?.value == 0, "\(report.findings)")
        }
    }

    @Test func `both modes make two runs and say what the second version saves`() throws {
        let run = BenchScript.runBoard("bench board $board -c 4 --shapes 40 --mode both --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let document = try BenchScript.document(run)
        #expect(document.runs.map(\.label) == ["seed", "v2"])
        let section = try #require(document.sections.first { $0.name == "board_modes" })
        let factor = try #require(section.figures.first { $0.name == "factor_member_bytes" })
        #expect(factor.value > 1)
        #expect(section.figures.contains { $0.name == "v2_server_cpu" })
    }

    @Test func `boards that want tokens get one of each member`() throws {
        let run = BenchScript.runBoard(
            mode: "--board-auth required --secret-file \"$dir/secrets\"",
            before: "echo jwt=a-secret-that-is-long-enough-for-tokens > \"$dir/secrets\"",
            """
            bench board $board -c 4 --shapes 8 --mode v2 --secret-file "$dir/secrets" --json || exit $?
            JWT_SECRET=a-secret-that-is-long-enough-for-tokens bench board $board -c 2 --shapes 4 > "$dir/other" || exit $?
            bench board $board -c 2 2> "$dir/refusal"
            [ $? = 77 ] && grep -q 401 "$dir/refusal" && ! grep -q a-secret "$dir/other"
            exit $?
            """)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try BenchScript.document(run).runs.first?.total.counts.errors == 0)
    }

    @Test func `connections are held without requests`() throws {
        let run = BenchScript.run("bench idle $echo -c 50 --connect-rate 1k --bind 127.0.0.2,127.0.0.3 --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let report = try #require(try BenchScript.document(run).runs.first)
        #expect(report.total.counts.sent == 0)
        #expect(report.verdict.kind == .valid, "\(report.verdict)")
    }

    @Test func `connections that are cut come back`() throws {
        let run = BenchScript.run("length=1s bench storm $awareness -c 20 --drop-at 200ms --json; exit $?")
        #expect(run.status == 0, "\(run.errors)")
        let report = try #require(try BenchScript.document(run).runs.first)
        #expect(!report.findings.isEmpty)
    }
}
