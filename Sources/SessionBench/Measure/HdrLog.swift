package import SessionBase

/// Histograms over time in a text file (`.hlog`), as HdrHistogram's own tools write, read and plot it; format 1.3.
///
///     #[Histogram log format version 1.3]
///     #[BaseTime: 1700000000.123 (seconds since epoch)]
///     #[StartTime: 1700000000.123 (seconds since epoch), 2023-11-14T22:13:20.123Z]
///     "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
///     0.000,1.000,6.423,HISTFAAAA…
///     Tag=service,0.000,1.000,6.401,HISTFAAAA…
///
/// Times are in seconds after the base time, maxima in milliseconds, and values of histograms in nanoseconds, which is what
/// those tools take them for where nobody tells them otherwise. Lines without a tag are the response time, from the planned
/// time of a request; ``serviceTag`` marks the service time.
package enum HdrLog {
    /// The tag of the service time, from the real sending of a request.
    package static let serviceTag = "service"

    /// One line with a histogram, without it: those of a long log would not fit into memory.
    package struct Entry: Equatable, Sendable {
        /// What the values are; `nil` for the log's main ones.
        package var tag: String?
        /// When the interval began.
        package var start: Timestamp
        /// How long it lasted.
        package var length: Duration
        /// The line's number in its file, from 1.
        package var line: Int
        /// Where in the file the histogram's text stands.
        var payload: Range<Int>

        /// When the interval ended.
        package var end: Timestamp { Timestamp(milliseconds: start.milliseconds + length.milliseconds) }
    }
}

/// Why a file is not a histogram log that can be read.
package struct HdrLogError: Error, Equatable, CustomStringConvertible {
    /// The file, as the user named it.
    package var file: String
    /// The number of the line, from 1.
    package var line: Int
    /// What is wrong with it; without a full stop.
    package var problem: String

    package var description: String { "\(file), line \(line): \(problem)" }
}
