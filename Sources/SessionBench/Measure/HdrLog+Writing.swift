package import SessionBase

/// The text of a log, in pieces: its head, and the lines of each second as soon as it is over, so that nothing is held and a
/// run that is cut off has lost no more than a second.
extension HdrLog {
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

    /// The lines of one second: the response time, the service time where there is any, and the response times of parts of
    /// requests, tagged with their names.
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
        for operation in interval.operations where operation.response.count > 0 {
            lines += line(tag: operation.name, start: start, length: length, operation.response)
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
