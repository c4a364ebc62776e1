import SessionBase
import SessionBench
import SessionCodec
import Testing

@Suite struct HTMLReportTests {
    private static let documents = {
        var sides = ReportFixture.document()
        for index in sides.runs.indices { sides.runs[index].label = ["A", "B", "A"][index] }
        var bare = BenchDocument(version: "0.2.0", runs: [ReportFixture.closedRun()])
        bare.runs[0].total = Interval(second: 0)
        bare.runs[0].series = []
        let one = BenchDocument(version: "0.2.0", runs: [ReportFixture.run()])
        return [one, ReportFixture.document(), sides, bare, BenchDocument(version: "0.2.0", runs: [])]
    }()

    @Test func `every element is closed where it was opened`() {
        for document in Self.documents { #expect(TagChecker.mistakes(in: HTMLReport.text(document)) == []) }
    }

    @Test(arguments: ["<p><b>x</p></b>", "<p>", "</p>", "<p class=a>x</p>", "<p>a < b</p>", "<p title=\"x>y</p>"])
    func `the checker of elements finds mistakes`(html: String) { #expect(TagChecker.mistakes(in: html) != []) }

    @Test func `a page loads nothing`() {
        for document in Self.documents {
            let page = HTMLReport.text(document)
            for word in ["http://", "https://", "src=", "href=", "@import", "url(", "<script", "<link"] {
                #expect(!page.contains(word), "\(word)")
            }
        }
    }

    @Test func `texts of others cannot become elements`() {
        let evil = "\"><script>alert('&')</script><img src=x>"
        var document = ReportFixture.document()
        document.runs[2].label = evil
        document.runs[2].server?.version = evil
        document.runs[2].machine.processor = evil
        document.runs[2].verdict.reasons = [evil]
        document.runs[2].findings = [Finding(evil, evil, 1, unit: evil)]
        document.runs[2].total.counts.ends = [evil: 1]
        document.runs[2].plan.targets = [Endpoint(address: .host("localhost", port: 1), target: "/\(evil)")]
        document.runs[2].plan.workload = .mix(Scenario(name: evil, profile: evil, steps: []))
        document.assertions = [AssertionResult(evil, isPassed: true, actual: 1, unit: evil)]
        document.sections = [
            ReportSection(name: evil, title: evil, summary: evil, columns: [evil], rows: [[evil]], figures: [])
        ]
        document.version = evil
        let page = HTMLReport.text(document)
        #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("alert('"))
        #expect(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"))
        #expect(TagChecker.mistakes(in: page) == [])
    }

    @Test func `every plot has a title and a description, and ids are unique`() {
        for document in Self.documents {
            let page = HTMLReport.text(document)
            let plots = page.split(separator: "<svg ").dropFirst().map { $0.split(separator: "</svg>")[0] }
            #expect(
                plots.allSatisfy {
                    $0.contains("<title id=") && $0.contains("<desc id=") && $0.contains("role=\"img\"")
                })
            let ids = page.split(separator: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
            #expect(Set(ids).count == ids.count && ids.count == 2 * plots.count)
        }
    }

    @Test func `a page of one run shows three plots, of an idle one without replies less`() {
        let plots = Self.documents.map { HTMLReport.text($0).split(separator: "<svg ").count - 1 }
        #expect(plots == [3, 3, 7, 0, 0])
    }

    @Test func `the verdict and the figures stand in the page`() {
        let page = HTMLReport.text(Self.documents[0])
        #expect(page.contains("<div class=\"verdict valid\">\n<p><strong>VALID</strong>generator busy 41 %"))
        #expect(page.contains("<dt>p99</dt><dd>4.04<small>ms</small></dd>"))
        #expect(page.contains("<div class=\"tile bad\"><dt>errors</dt><dd>2<small>"))
        #expect(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"))
    }
}

/// Checks that tags pair up and that attributes are quoted, as far as our own pages go.
enum TagChecker {
    private static let empty: Set<String> = ["meta"]

    static func mistakes(in html: String) -> [String] {
        var found: [String] = []
        var open: [String] = []
        var rest = Substring(html)
        while let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            guard let end = rest.firstIndex(of: ">") else { return found + ["a tag has no end"] }
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!doctype") { continue }
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
            if name.isEmpty || tag.contains("<") {
                found.append("<\(tag)> is no tag")
            } else if tag.hasPrefix("/") {
                if open.popLast() != name { found.append("</\(name)> closes nothing") }
            } else {
                if !hasQuotedAttributes(tag) { found.append("<\(tag)> has an attribute without quotes") }
                if !empty.contains(name), !tag.hasSuffix("/") { open.append(name) }
            }
        }
        return found + open.map { "<\($0)> is not closed" }
    }

    /// Whether quotes pair up, and every equals sign outside of them has one behind it.
    private static func hasQuotedAttributes(_ tag: Substring) -> Bool {
        let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return false }
        let outside = stride(from: 0, to: parts.count, by: 2).map { parts[$0] }
        return outside.dropLast().allSatisfy { $0.hasSuffix("=") && $0.count { $0 == "=" } == 1 }
            && outside.last?.contains("=") == false
    }
}
