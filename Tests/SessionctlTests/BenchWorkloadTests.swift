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
