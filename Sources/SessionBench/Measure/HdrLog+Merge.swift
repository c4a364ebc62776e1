package import SessionBase

extension HdrLog {
    /// All values of one tag.
    package struct Total: Equatable, Sendable {
        /// The tag; `nil` for the values without one.
        package var tag: String?
        /// The sum of its intervals.
        package var histogram: HdrHistogram
        /// How many intervals there were.
        package var intervals: Int
    }

    /// Adds up all intervals of several logs, such as those of several machines that made one load together.
    ///
    /// Percentiles of the sum are those of all values; a mean of percentiles would be nothing at all.
    ///
    /// - Returns: One total for each tag, in the order of their names; the values without one first.
    package static func totals(of logs: [Reader]) throws(HdrLogError) -> [Total] {
        var totals: [Total] = []
        for log in logs {
            for entry in log.entries {
                let histogram = try log.histogram(of: entry)
                if let place = totals.firstIndex(where: { $0.tag == entry.tag }) {
                    totals[place].histogram.merge(histogram)
                    totals[place].intervals += 1
                } else {
                    totals.append(Total(tag: entry.tag, histogram: histogram, intervals: 1))
                }
            }
        }
        return totals.sorted { isBefore($0.tag, $1.tag) }
    }

    /// One log made of several: intervals that start in the same second, by the wall clock, become one.
    ///
    ///     var merged = HdrLog.Merged(logs)
    ///     var text = HdrLog.head(startedAt: merged.startedAt, remark: "…")
    ///     while let line = try merged.nextLine() { text += line }
    package struct Merged {
        /// When the first interval of all began.
        package let startedAt: Timestamp
        private let logs: [Reader]
        /// What is not yet written, the next at the end.
        private var rest: [(log: Int, entry: Entry)]

        /// Brings the intervals of several logs into order; their histograms are read one by one later.
        package init(_ logs: [Reader]) {
            self.logs = logs
            rest = logs.enumerated().flatMap { log in log.element.entries.map { (log.offset, $0) } }
            startedAt = rest.map(\.entry.start).min() ?? Timestamp(milliseconds: 0)
            rest.sort { left, right in
                let (left, right) = (left.entry, right.entry)
                if left.start.seconds != right.start.seconds { return left.start.seconds > right.start.seconds }
                return isBefore(right.tag, left.tag)
            }
        }

        /// Makes the next line; `nil` after the last one.
        package mutating func nextLine() throws(HdrLogError) -> [UInt8]? {
            guard let first = rest.last?.entry else { return nil }
            var histogram = HdrHistogram()
            var (start, end) = (first.start, first.end)
            while let (log, entry) = rest.last, entry.tag == first.tag, entry.start.seconds == first.start.seconds {
                histogram.merge(try logs[log].histogram(of: entry))
                (start, end) = (min(start, entry.start), max(end, entry.end))
                rest.removeLast()
            }
            return line(
                tag: first.tag, start: start - startedAt, length: end - start, histogram)
        }
    }

    /// The values without a tag come first.
    private static func isBefore(_ left: String?, _ right: String?) -> Bool {
        guard let left else { return right != nil }
        return right.map { left < $0 } ?? false
    }
}

extension Timestamp {
    /// The time from one to another.
    fileprivate static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}
