package import SessionBase

extension HdrLog {
    /// A log in memory: its lines are taken apart, its histograms are read when they are asked for.
    package struct Reader: Sendable {
        /// The file, as messages name it.
        package let file: String
        /// The intervals in the order of their lines.
        package private(set) var entries: [Entry] = []
        private let bytes: [UInt8]

        /// Takes a log apart.
        ///
        /// - Parameters:
        ///   - bytes: The whole file.
        ///   - file: Its name, for messages.
        /// - Throws: The first line that is neither a comment, nor the column names, nor an interval.
        package init(_ bytes: [UInt8], file: String) throws(HdrLogError) {
            self.file = file
            self.bytes = bytes
            var clock = LogClock()
            var start = 0
            var number = 1
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                try read(start..<end, number: number, &clock)
                start = end + 1
                number += 1
            }
        }

        /// Reads the histogram of an interval.
        ///
        /// - Parameter entry: One of this log's ``entries``.
        package func histogram(of entry: Entry) throws(HdrLogError) -> HdrHistogram {
            do throws(HdrDecodingError) {
                return try HdrEncoding.decodeCompressed(bytes.span.extracting(entry.payload))
            } catch {
                throw HdrLogError(file: file, line: entry.line, problem: error.description)
            }
        }

        private mutating func read(_ range: Range<Int>, number: Int, _ clock: inout LogClock) throws(HdrLogError) {
            let line = range.last.map { bytes[$0] == UInt8(ascii: "\r") } == true ? range.dropLast() : range
            switch line.first.map({ bytes[$0] }) {
            case nil, UInt8(ascii: "\""): break
            case UInt8(ascii: "#"): clock.read(comment: text(line))
            default: entries.append(try entry(line, number: number, &clock))
            }
        }

        private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

        /// Takes `Tag=service,0.000,1.000,6.401,HISTFAAAA…` apart.
        private func entry(_ line: Range<Int>, number: Int, _ clock: inout LogClock) throws(HdrLogError) -> Entry {
            var columns = bytes[line].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)[...]
            var tag: String?
            if let first = columns.first, first.starts(with: "Tag=".utf8) {
                tag = String(decoding: first.dropFirst(4), as: UTF8.self)
                columns.removeFirst()
            }
            guard columns.count == 4, let payload = columns.last else {
                throw HdrLogError(
                    file: file, line: number,
                    problem: "expected 4 columns (start, length, maximum, histogram), found \(columns.count)")
            }
            // The maximum stands in the histogram too, and is believed there.
            let names = ["start", "length", "maximum"]
            var numbers: [Int64] = []
            for (name, column) in zip(names, columns) { numbers.append(try milliseconds(column, name, number)) }
            let start = clock.timestamp(milliseconds: numbers[0])
            let length = Duration.milliseconds(numbers[1])
            return Entry(
                tag: tag, start: start, length: length, line: number, payload: payload.startIndex..<payload.endIndex)
        }

        private func milliseconds(_ column: ArraySlice<UInt8>, _ name: String, _ line: Int) throws(HdrLogError) -> Int64
        {
            let text = String(decoding: column, as: UTF8.self)
            guard let milliseconds = LogClock.milliseconds(text) else {
                throw HdrLogError(
                    file: file, line: line, problem: "expected the \(name) as a number such as 1.000, found “\(text)”")
            }
            return milliseconds
        }
    }
}

/// Turns a log's numbers into times: they count from a base time, which the log tells, or leaves to be guessed.
private struct LogClock {
    /// Milliseconds since the Unix epoch.
    private var start: Int64?
    private var base: Int64?

    /// Numbers that lie further before the start time than this are no times since the epoch.
    private static let yearMilliseconds: Int64 = 365 * 86_400_000

    /// Reads `#[BaseTime: 1700000000.123 (…` and `#[StartTime: …`; other comments say nothing.
    mutating func read(comment: String) {
        let words = comment.split(separator: " ")
        guard words.count >= 2, let milliseconds = Self.milliseconds(String(words[1])) else { return }
        if words[0] == "#[StartTime:" { start = milliseconds }
        if words[0] == "#[BaseTime:" { base = milliseconds }
    }

    /// The wall-clock time of a line.
    ///
    /// Without a base time it is guessed as HdrHistogram's reader does: from the start time, if the first line lies more
    /// than a year before it; otherwise lines tell the time since the epoch.
    mutating func timestamp(milliseconds: Int64) -> Timestamp {
        let start = start ?? milliseconds
        self.start = start
        let base = base ?? (milliseconds < start - Self.yearMilliseconds ? start : 0)
        self.base = base
        return Timestamp(milliseconds: milliseconds + base)
    }

    /// Seconds with a decimal point, as milliseconds; `nil` where it is no number, or one beyond all calendars.
    static func milliseconds(_ text: String) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }),
            let seconds = Double(text), seconds < 1e12
        else { return nil }
        return Int64(seconds * 1000 + 0.5)
    }
}
