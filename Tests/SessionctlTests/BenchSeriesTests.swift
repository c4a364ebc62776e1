import SessionBench
import SessionCodec
import Testing

/// Several runs of one `bench`, and what is made of them afterwards.
@Suite struct BenchSeriesTests {
    @Test func `runs follow each other, and two documents can be compared`() throws {
        let run = BenchScript.run(
            """
            export length=100ms
            bench echo $echo -c 2 -R 100 --runs 5 --json > "$dir/a.json" || exit
            bench echo $echo -c 2 -R 300 --runs 5 --json > "$dir/b.json" || exit
            "$bin" compare "$dir/a.json" "$dir/b.json" > "$dir/text"; echo $?; test -s "$dir/text"; echo $?
            "$bin" compare "$dir/a.json" "$dir/b.json" --fail-if 'sent>+50%' > /dev/null; echo $?
            "$bin" compare "$dir/a.json" "$dir/b.json" --fail-if 'sent>+9000%' > /dev/null; echo $?
            "$bin" compare "$dir/a.json" "$dir/none.json"; echo $?
            "$bin" compare "$dir/a.json" "$dir/out"; echo $?
            cat "$dir/b.json" >&2
            """)
        #expect(run.output == "0\n0\n99\n0\n66\n65\n")
        let text = run.errors.drop { $0 != "{" }
        let document = try BenchDocument(parsing: Array(text.utf8).span)
        #expect(document.runs.count == 5)
    }

    @Test func `two servers take turns`() throws {
        let run = BenchScript.run(
            """
            export length=100ms
            bench echo $echo --vs ws://localhost:$port/echo -c 2 -R 100 --runs 5 --json; exit $?
            """)
        #expect(run.status == 0, "\(run.errors)")
        let document = try BenchScript.document(run)
        #expect(document.runs.map(\.label) == ["A", "B", "A", "B", "A", "B", "A", "B", "A", "B"])
        #expect(document.runs[1].plan.targets != document.runs[0].plan.targets)
        #expect(!document.sections.isEmpty)
    }

    @Test func `a search ends within twelve probes and tells each`() throws {
        let run = BenchScript.run(
            "length=200ms bench echo $echo -c 2 -R 100 --find-max 'sent<60' --json; status=$?; exit $status")
        let document = try BenchScript.document(run)
        let section = try #require(document.sections.first { $0.name == "find_max" })
        #expect((1...12).contains(document.runs.count))
        #expect(section.rows.count == document.runs.count)
        #expect(run.errors.split(separator: "\n").filter { $0.hasPrefix("probe ") }.count == document.runs.count)
        let found = section.figures.first { $0.name == "rate_max" }
        #expect(run.status == (found == nil ? 99 : 0))
        if let found { #expect((100..<400).contains(found.value)) }
    }

    @Test func `a condition that fails at the first rate is status 99`() throws {
        let run = BenchScript.run("length=100ms bench echo $echo -c 2 -R 100 --find-max 'sent<1' --quiet; exit $?")
        #expect(run.status == 99)
        #expect(run.output.contains("already at 100/s: "), "\(run.output)")
        #expect(run.errors == "")
    }

    @Test func `logs of several loads are merged`() throws {
        let run = BenchScript.run(
            """
            for name in a b; do
                length=1100ms bench echo $echo -c 2 -R 100 --hdr "$dir/$name.hlog" --json > "$dir/$name.json" || exit
            done
            "$bin" bench merge "$dir"/*.hlog | head -n 1
            "$bin" bench merge "$dir"/*.hlog --hdr "$dir/both" > /dev/null; "$bin" bench merge "$dir/both" --json
            "$bin" bench merge "$dir"/a.hlog --spectrum | head -n 1
            "$bin" bench merge "$dir"/a.hlog --spectrum --json; echo $?
            "$bin" bench merge "$dir/out" > /dev/null; echo $?
            """)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 5, "\(run.output)\(run.errors)")
        #expect(lines.dropFirst(2).first == "       Value     Percentile TotalCount 1/(1-Percentile)")
        #expect(lines.dropFirst(3).first == "64")
        #expect(lines.first?.hasPrefix("latency ") == true)
        #expect(lines.last == "65")
        let totals = try JSONValue.parse(String(lines[1]))["totals"]
        let response = try #require(totals?.elements?.first { $0["name"] == "response" })
        #expect((response["count"]?.integer ?? 0) > 150)
    }

    @Test func `every form of a report is written where it is wanted`() {
        let run = BenchScript.run(
            """
            bench echo $echo -c 2 -R 100 --csv "$dir/x.csv" --series "$dir/s.csv" --markdown "$dir/x.md" \
                --html "$dir/new/x.html" --hdr "$dir/x.hlog" > "$dir/text" || exit
            for name in x.csv s.csv x.md new/x.html x.hlog text; do test -s "$dir/$name" || echo "no $name"; done
            head -c 15 "$dir/new/x.html"; echo
            bench echo $echo -c 2 -R 100 --hdr - | head -n 2 | tail -n 1
            bench echo $echo -c 2 -R 100 --csv - | head -c 5; echo
            bench echo $echo -c 2 -R 100 --html /dev/null | grep -c '^rate'
            """)
        #expect(run.output == "<!doctype html>\n#[Histogram log format version 1.3]\nlabel\n1\n", "\(run.errors)")
    }
}
