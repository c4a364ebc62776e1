package import SessionBase
package import SessionIO

extension HdrLog {
    /// Writes a log line by line, each as soon as its second is over, so that a run that is cut off has all but its last.
    ///
    /// The file is opened anew for each second: nothing is held, and whoever moves the file away loses no line.
    package struct Writer: Sendable {
        private let path: String

        /// Starts a file anew with the log's head.
        ///
        /// - Parameters:
        ///   - startedAt: When second 0 began.
        ///   - remark: Who wrote it and what it is, in one line.
        package init(path: String, startedAt: Timestamp, remark: String) throws(SystemError) {
            self.path = path
            try Files.write(HdrLog.head(startedAt: startedAt, remark: remark).span, to: path, mode: 0o644)
        }

        /// Appends the lines of one second.
        ///
        /// - Parameter length: How long it really was; less than a second at the end of a run.
        package func write(_ interval: Interval, length: Duration = .seconds(1)) throws(SystemError) {
            try append(HdrLog.lines(of: interval, length: length))
        }

        /// Appends lines that are made already.
        package func append(_ lines: [UInt8]) throws(SystemError) {
            try Files.append(lines.span, to: path, mode: 0o644)
        }
    }

    /// The lines before the first interval.
    ///
    /// - Parameter remark: One line; line breaks in it become spaces.
    package static func head(startedAt: Timestamp, remark: String) -> [UInt8] {
        let seconds = decimal(thousandths: startedAt.milliseconds)
        let remark = String(decoding: remark.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
        return Array(
            """
            #[\(remark)]
            #[Histogram log format version 1.3]
            #[BaseTime: \(seconds) (seconds since epoch)]
            #[StartTime: \(seconds) (seconds since epoch), \(startedAt.text)]
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

            """.utf8)
    }

    /// The lines of one second: the response time, and the service time where there is any.
    ///
    /// A second without replies has a line too, so that the series has no hole.
    package static func lines(of interval: Interval, length: Duration = .seconds(1)) -> [UInt8] {
        let start = Duration.seconds(interval.second)
        var lines: [UInt8] = []
        if interval.response.count > 0 || interval.service.count == 0 {
            lines += line(tag: nil, start: start, length: length, interval.response)
        }
        if interval.service.count > 0 {
            lines += line(tag: serviceTag, start: start, length: length, interval.service)
        }
        return lines
    }

    /// One line.
    ///
    /// - Parameters:
    ///   - tag: Must have neither commas, spaces nor line breaks.
    ///   - start: After the log's base time.
    static func line(tag: String?, start: Duration, length: Duration, _ histogram: HdrHistogram) -> [UInt8] {
        var text = tag.map { "Tag=\($0)," } ?? ""
        text += decimal(thousandths: start.milliseconds) + ","
        text += decimal(thousandths: length.milliseconds) + ","
        text += decimal(thousandths: histogram.maximum / 1000) + ","
        text += HdrEncoding.encodeCompressed(histogram) + "\n"
        return Array(text.utf8)
    }

    /// A number with three decimals.
    private static func decimal(thousandths: Int64) -> String {
        var text: [UInt8] = []
        if thousandths < 0 { text.append(UInt8(ascii: "-")) }
        text.appendDecimal(thousandths.magnitude / 1000)
        text.append(UInt8(ascii: "."))
        text.appendDecimal(Int(thousandths.magnitude % 1000), digits: 3)
        return String(decoding: text, as: UTF8.self)
    }
}
