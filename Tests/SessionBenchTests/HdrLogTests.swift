import SessionBase
import SessionBench
import Testing

@Suite struct HdrLogTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_123)

    private static func interval(_ second: Int, response: [Int64], service: [Int64]) -> Interval {
        var interval = Interval(second: second)
        for value in response { interval.response.record(value) }
        for value in service { interval.service.record(value) }
        return interval
    }

    /// The text of a log with these seconds.
    private static func log(_ intervals: [Interval], startedAt: Timestamp = start) -> [UInt8] {
        HdrLog.head(startedAt: startedAt, remark: "a test") + intervals.flatMap { HdrLog.lines(of: $0) }
    }

    private static func error(_ text: String) -> HdrLogError? {
        do throws(HdrLogError) {
            let log = try HdrLog.Reader(Array(text.utf8), file: "a.hlog")
            for entry in log.entries { _ = try log.histogram(of: entry) }
        } catch { return error }
        return nil
    }

    @Test func `a log looks as other tools write it`() {
        let interval = Self.interval(2, response: [6_423_999], service: [6_401_000, 12_345_678])
        let lines = String(decoding: Self.log([interval]), as: UTF8.self).split(separator: "\n")
        #expect(
            lines.dropLast(2) == [
                "#[a test]",
                "#[Histogram log format version 1.3]",
                "#[BaseTime: 1700000000.123 (seconds since epoch)]",
                "#[StartTime: 1700000000.123 (seconds since epoch), 2023-11-14T22:13:20.123Z]",
                "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
            ])
        #expect(lines[5].hasPrefix("2.000,1.000,6.423,HISTFAAAA"))
        #expect(lines[6].hasPrefix("Tag=service,2.000,1.000,12.345,HISTFAAAA"))
    }

    @Test func `a remark stays on its line`() {
        let head = String(decoding: HdrLog.head(startedAt: Self.start, remark: "a\nb\r"), as: UTF8.self)
        #expect(head.hasPrefix("#[a b ]\n#["))
    }

    @Test func `a second without replies has a line, one without planned times has the service time only`() throws {
        let silent = Self.interval(0, response: [], service: [])
        let closed = Self.interval(1, response: [], service: [1_000_000])
        let log = try HdrLog.Reader(Self.log([silent, closed]), file: "a.hlog")
        #expect(log.entries.map(\.tag) == [nil, "service"])
        #expect(try log.histogram(of: log.entries[0]) == HdrHistogram())
    }

    @Test func `what is written is read`() throws {
        let intervals = [
            Self.interval(0, response: [1_000_000, 2_000_000], service: [900_000, 1_900_000]),
            Self.interval(1, response: [3_000_000], service: [2_000_000]),
        ]
        let log = try HdrLog.Reader(Self.log(intervals), file: "a.hlog")
        #expect(log.entries.map(\.tag) == [nil, "service", nil, "service"])
        #expect(log.entries.map { $0.start.milliseconds - Self.start.milliseconds } == [0, 0, 1000, 1000])
        #expect(log.entries.map(\.length) == Array(repeating: .seconds(1), count: 4))
        #expect(log.entries.map(\.line) == [6, 7, 8, 9])
        for (entry, histogram) in zip(log.entries, intervals.flatMap { [$0.response, $0.service] }) {
            #expect(try log.histogram(of: entry).counts == histogram.counts)
        }
    }

    @Test func `the last second may be shorter`() throws {
        let line = HdrLog.lines(of: Self.interval(3, response: [5000], service: []), length: .milliseconds(250))
        let log = try HdrLog.Reader(HdrLog.head(startedAt: Self.start, remark: "") + line, file: "a.hlog")
        #expect(log.entries.map(\.length) == [Duration.milliseconds(250)])
    }

    @Test func `a log of another tool is read: comments, blank lines, line ends of Windows, tags`() throws {
        let text = """
            #[Logged with jHiccup version 2.0.7-SNAPSHOT]\r
            #[Histogram log format version 1.2]\r
            #[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 08:24:39 PDT 2015]\r
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\r
            \r
            0.127,1.007,2.769,\(ForeignHistogram.wide)\r
            # a remark\r
            Tag=A,1.134,0.999,0.442,\(ForeignHistogram.fiveDigits)
            """
        let log = try HdrLog.Reader(Array(text.utf8), file: "a.hlog")
        #expect(log.entries.map(\.tag) == [nil, "A"])
        #expect(log.entries.map(\.start.milliseconds) == [1_441_812_279_601, 1_441_812_280_608])
        #expect(log.entries.map(\.length) == [.milliseconds(1007), .milliseconds(999)])
        for entry in log.entries { #expect(try log.histogram(of: entry).count == 2034) }
    }

    @Test func `times without a base time count from the start time, or are the wall clock's`() throws {
        func starts(_ head: String, _ times: [String]) throws -> [Int64] {
            let text = head + times.map { "\($0),1.0,1.0,\(ForeignHistogram.empty)\n" }.joined()
            return try HdrLog.Reader(Array(text.utf8), file: "a").entries.map(\.start.milliseconds)
        }
        #expect(try starts("", ["1700000000.5", "1700000001.5"]) == [1_700_000_000_500, 1_700_000_001_500])
        let head = "#[StartTime: 1700000000.250 (seconds since epoch), now]\n"
        #expect(try starts(head, ["0.0", "1.0"]) == [1_700_000_000_250, 1_700_000_001_250])
        #expect(try starts(head, ["1700000000.500"]) == [1_700_000_000_500])
        #expect(try starts(head + "#[BaseTime: 100.0 (seconds since epoch)]\n", ["1.5"]) == [101_500])
    }

    @Test func `totals are the sums of all logs' intervals, tag by tag`() throws {
        let first = [
            Self.interval(0, response: [1_000_000], service: [500_000]),
            Self.interval(1, response: [2_000_000], service: [600_000]),
        ]
        let second = [Self.interval(0, response: [3_000_000, 4_000_000], service: [])]
        let logs = [
            try HdrLog.Reader(Self.log(first), file: "a"), try HdrLog.Reader(Self.log(second), file: "b"),
        ]
        let totals = try HdrLog.totals(of: logs)
        #expect(totals.map(\.tag) == [nil, "service"])
        #expect(totals.map(\.intervals) == [3, 2])
        #expect(totals.map(\.histogram.count) == [4, 2])
        #expect(try HdrLog.totals(of: []) == [])
    }

    @Test func `merging joins what starts in the same second of the wall clock`() throws {
        let later = Timestamp(milliseconds: Self.start.milliseconds + 1500)
        let logs = [
            try HdrLog.Reader(
                Self.log((0..<3).map { Self.interval($0, response: [1_000_000], service: [5000]) }), file: "a"),
            try HdrLog.Reader(
                Self.log((0..<3).map { Self.interval($0, response: [2_000_000], service: []) }, startedAt: later),
                file: "b"),
        ]
        var merged = HdrLog.Merged(logs)
        #expect(merged.startedAt == Self.start)
        var text = HdrLog.head(startedAt: merged.startedAt, remark: "merged")
        while let line = try merged.nextLine() { text += line }
        let result = try HdrLog.Reader(text, file: "merged")
        let main = result.entries.filter { $0.tag == nil }
        #expect(main.map { $0.start.milliseconds - Self.start.milliseconds } == [0, 1000, 2000, 3500])
        #expect(main.map(\.length.milliseconds) == [1000, 1500, 1500, 1000])
        #expect(try main.map { try result.histogram(of: $0).count } == [1, 2, 2, 1])
        #expect(try HdrLog.totals(of: [result]).map(\.histogram) == HdrLog.totals(of: logs).map(\.histogram))
    }

    @Test(arguments: [
        ("hello", 1, "expected 4 columns (start, length, maximum, histogram), found 1"),
        ("# a\n1.0,1.0,1.0", 2, "expected 4 columns (start, length, maximum, histogram), found 3"),
        ("Tag=x,1.0,1.0,HIST", 1, "expected 4 columns (start, length, maximum, histogram), found 3"),
        ("\n\nx,1.0,1.0,HIST", 3, "expected the start as a number such as 1.000, found “x”"),
        ("1.0,-1,1.0,HIST", 1, "expected the length as a number such as 1.000, found “-1”"),
        ("1.0,1.0,nan,HIST", 1, "expected the maximum as a number such as 1.000, found “nan”"),
        ("1e5,1.0,1.0,HIST", 1, "expected the start as a number such as 1.000, found “1e5”"),
        ("9999999999999,1.0,1.0,HIST", 1, "expected the start as a number such as 1.000, found “9999999999999”"),
        ("1.0,1.0,1.0,HIST!", 1, "the histogram is not base64"),
        ("1.0,1.0,1.0,", 1, "the histogram ends after 0 bytes; expected 4"),
    ])
    func `a line that is no interval is named with what was expected`(text: String, line: Int, problem: String) {
        #expect(Self.error(text)?.description == "a.hlog, line \(line): \(problem)")
    }

    @Test func `a log cut anywhere in its last line is refused, or has lost that line alone`() {
        let whole = Self.log([
            Self.interval(0, response: [1_000_000], service: []), Self.interval(1, response: [7], service: []),
        ])
        let lastLine = whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))! + 1
        for count in lastLine + 1..<whole.count - 1 {
            #expect(Self.error(String(decoding: whole[..<count], as: UTF8.self))?.line == 7)
        }
        #expect(Self.error(String(decoding: whole[..<lastLine], as: UTF8.self)) == nil)
    }

    @Test func `random bytes never trap the reader`() {
        var random = SeededRandom(seed: 21)
        let alphabet = Array("#[]Tag=StartTime:BaseTime: \"\n\r,.0123456789HIST".utf8)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...80, using: &random)
            let text = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
            _ = Self.error(String(decoding: text, as: UTF8.self))
        }
    }
}
