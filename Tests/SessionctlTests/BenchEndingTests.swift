import SessionBench
import Testing

/// How `bench` leaves: exit statuses, signals, servers that die, outputs that are closed.
@Suite struct BenchEndingTests {
    @Test func `an assertion that does not hold is status 99 and is named`() throws {
        let run = BenchScript.run("bench echo $echo -c 2 -R 50 --assert 'loss==0' --assert 'sent<1' --json; exit $?")
        #expect(run.status == 99)
        let document = try BenchScript.document(run)
        #expect(document.assertions.map(\.isPassed) == [true, false])
        let text = BenchScript.run("bench echo $echo -c 2 -R 50 --assert 'sent<1'; exit $?")
        #expect(text.status == 99)
        #expect(text.output.contains("sent<1"), "\(text.output)")
    }

    @Test(arguments: [
        ("bench echo ws://no-such-host.invalid/", 68, "no-such-host.invalid"),
        ("bench echo 127.0.0.1:$(free_port) --processes 2", 69, "is the server running there?"),
        ("bench echo $echo/nowhere", 76, "404"),
        ("bench echo $echo --rat 5", 64, "--rate"),
        ("prlimit --nofile=80:80 \"$bin\" bench echo $echo -c 100", 78, "ulimit -n"),
        ("bench echo $echo --html \"$dir/out/report.html\"", 74, "/out/report.html"),
    ])
    func `a run that cannot be is one line with its status`(line: String, status: Int32, word: String) {
        let run = BenchScript.run("\(line); exit $?")
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("sessionctl bench: "), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.errors.contains(word), "\(run.errors)")
    }

    /// Starts a long run, and goes on when its measured part has begun.
    private static let longRun = """
        "$bin" bench echo $echo -c 4 -R 200 -d 60s --warm-up 0 --timeout 1s --progress always --json \
            ${more:-} > "$dir/json" 2> "$dir/progress" & load=$!
        wait_for grep -q running "$dir/progress"

        """

    @Test(arguments: [("INT", Int32(130), ""), ("TERM", 143, ""), ("INT", 130, "--processes 2")])
    func `a signal ends a run early, and what was measured is reported`(
        signal: String, status: Int32, more: String
    ) throws {
        let run = BenchScript.run(
            "more='\(more)'\n" + Self.longRun
                + "kill -\(signal) $load; wait $load; status=$?; cat \"$dir/json\"; exit $status")
        #expect(run.status == status)
        let report = try #require(try BenchScript.document(run).runs.first)
        #expect(report.wasInterrupted)
        #expect(report.measured < .seconds(60) && report.total.counts.received > 0)
        #expect(report.total.counts.lost == 0)
    }

    @Test func `a server that is killed under load shows in the report`() throws {
        let run = BenchScript.run(
            "more='-d 3s'\n" + Self.longRun
                + """
                kill -9 $pid; wait $load; status=$?
                cat "$dir/json"; grep -v running "$dir/progress" >&2; exit $status
                """)
        let report = try #require(try BenchScript.document(run).runs.first)
        let ends = report.total.counts.ends.filter { $0.key != "1000" }.values.reduce(0, +)
        #expect(ends == 4, "\(report.total.counts.ends)")
        #expect(run.status == 69)
        #expect(run.errors.contains("all 4 connections were lost"), "\(run.errors)")
    }

    @Test func `a process of the load that dies ends the run`() {
        let run = BenchScript.run(
            "more='--processes 2'\n" + Self.longRun
                + """
                kill -9 $(pgrep -P $load | head -n 1); wait $load; status=$?
                cat "$dir/json"; grep -v -e running -e opening "$dir/progress" >&2; exit $status
                """)
        #expect(run.status == 70)
        #expect(run.output == "")
        #expect(run.errors.contains("a process of the load ended with status 137"), "\(run.errors)")
    }

    @Test func `the processes of a load do not outlive the first one`() {
        let run = BenchScript.run(
            "more='--processes 2'\n" + Self.longRun
                + """
                children=$(pgrep -P $load); kill -9 $load; wait $load 2> /dev/null
                gone() { ! kill -0 $1 2> /dev/null; }
                for child in $children; do wait_for gone $child && echo gone; done
                """)
        #expect(run.output == "gone\ngone\n", "\(run.errors)")
    }

    @Test func `a pipe that nobody reads ends it silently`() {
        let run = BenchScript.run(
            "bench echo $echo -c 2 -R 50 --json | head -n 1 2>&1; echo ${PIPESTATUS[0]} | grep -c -e 141 -e '^0$'")
        #expect(run.output == "{\n1\n")
        #expect(run.errors == "")
    }

    @Test func `on a terminal one line is rewritten and leaves nothing behind`() throws {
        let run = BenchScript.run(
            """
            TERM=xterm script -qec "\"$bin\" bench echo $echo -c 2 -R 50 -d 1s --warm-up 0" /dev/null
            """)
        let parts = run.output.split(separator: "\u{1b}[K", omittingEmptySubsequences: false)
        #expect(parts.count > 2, "\(run.output)")
        #expect(parts.dropLast().allSatisfy { $0.hasPrefix("\r") && !$0.contains("\n") }, "\(run.output)")
        // Which verdict it is, and how grave, a busy machine decides; a grave one is coloured.
        let verdicts = ["VALID", "CLIENT-LIMITED", "\u{1b}[31mCLIENT-LIMITED"]
        #expect(verdicts.contains { parts.last?.hasPrefix($0) == true }, "\(run.output)")
    }

    @Test func `elsewhere progress is a line a second where it is wanted`() {
        let quiet = BenchScript.run("bench echo $echo -c 2 -R 50 > /dev/null")
        #expect(quiet.errors == "")
        let shown = BenchScript.run("bench echo $echo -c 2 -R 50 --progress always > /dev/null")
        #expect(shown.errors.contains("running"), "\(shown.errors)")
        #expect(!shown.errors.contains("\u{1b}") && !shown.errors.contains("\r"))
        let refused = BenchScript.run("bench echo $echo -c 2 -R 50 --progress always --quiet > /dev/null")
        #expect(refused.errors == "")
    }
}
