import SessionBase
import SessionBench
import Testing

/// The forms for spreadsheets and for pull requests.
@Suite struct TableReportTests {
    @Test func `CSV has a heading and a line with as many fields for each run`() {
        let lines = CSVReport.text(ReportFixture.document()).split(separator: "\n")
        let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(lines.count == 4 && fields.allSatisfy { $0.count == fields[0].count })
        let first = Dictionary(uniqueKeysWithValues: zip(fields[0], fields[1]))
        #expect(first["sent"] == "1499950" && first["received"] == "1499948" && first["verdict"] == "VALID")
        #expect(first["response_max_ns"] == "4116001" && first["asked_per_second"] == "50000.0")
        #expect(first["reregistered_95_ns"] == "1250000000.0")
        #expect(first["target"] == "ws://127.0.0.1:8765/echo" && first["server_cpu_ns"] == "63000000000")
    }

    @Test func `a CSV field is empty where there is no figure`() {
        var run = ReportFixture.closedRun()
        run.total = Interval(second: 0)
        let lines = CSVReport.text(BenchDocument(version: "0.2.0", runs: [run])).split(separator: "\n")
        let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let first = Dictionary(uniqueKeysWithValues: zip(fields[0], fields[1]))
        for name in ["asked_per_second", "response_p50_ns", "busy_ratio", "server_cpu_ns"] {
            #expect(first[name[...]] == "")
        }
    }

    @Test func `the series has a line for each second of each run`() {
        let lines = CSVReport.series(ReportFixture.document()).split(separator: "\n")
        #expect(lines.count == 91)
        #expect(lines[0] == "label,run,second,sent,received,errors,p50_ns,p99_ns,max_ns")
        #expect(lines[13] == ",1,12,50000,50000,2,249343,298495,299000")
        #expect(lines[90].hasPrefix(",3,29,"))
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("two\nlines", "\"two\nlines\""),
    ])
    func `CSV fields are quoted where they must be`(text: String, field: String) {
        #expect(SafeText.csv(text) == field)
    }

    @Test func `Markdown tables have as many cells in each row as in their rule`() {
        var document = ReportFixture.document()
        document.runs[0].machine.processor = "A | B"
        let blocks = MarkdownReport.text(document).split(separator: "\n\n").filter { $0.hasPrefix("|") }
        #expect(blocks.count == 5)
        for block in blocks {
            let cells = block.split(separator: "\n").map(Self.cellCount)
            #expect(cells.allSatisfy { $0 == cells[0] }, "\(block)")
        }
    }

    @Test func `Markdown tells the verdict, the latencies and what failed`() {
        let text = MarkdownReport.text(ReportFixture.document())
        #expect(text.contains("**VALID** – generator busy 41 % of 4 workers"))
        #expect(text.contains("| response, ms (from the planned time) | 2.12 | 6.59 | 7.95 | 8.10 | 8.11 |"))
        #expect(text.contains("| loss==0 | 2 | **FAIL** |"))
    }

    @Test func `Markdown in a name is text`() {
        #expect(SafeText.markdown("<b>*x*|`y`") == "\\<b\\>\\*x\\*\\|\\`y\\`")
    }

    /// Cells between bars that are not escaped.
    private static func cellCount(_ line: Substring) -> Int {
        var count = -1
        var isEscaped = false
        for character in line {
            if character == "|", !isEscaped { count += 1 }
            isEscaped = character == "\\" && !isEscaped
        }
        return count
    }
}
