package import SessionBase
package import SessionCodec
import SessionIO

/// An answer whose body is read line by line while it comes: NDJSON of `trace` and `watch`.
///
/// Whoever waits for nothing else calls ``next(until:)``; a driver with other things to wait for watches ``descriptor`` and
/// calls ``takeLines()``. Dropping the stream ends its connection, which is how the server learns that nobody reads.
package final class HTTPStream {
    /// What reading brought.
    package enum Event: Equatable, Sendable {
        /// A line without its line feed; empty lines are left out.
        case line([UInt8])
        /// The instant has come.
        case deadline
        /// The answer is complete.
        case end
    }

    /// Status and fields; where the answer is no success, its body too.
    package let head: HTTPResponse
    /// The longest line accepted, in bytes: a frame of 1 MiB, escaped.
    private static let lineBytesMax = 4 << 20

    private let link: HTTPLink
    private let name: String
    private var splitter = LineSplitter()
    private var lines: [[UInt8]] = []
    /// How many of `lines` were given away.
    private var taken = 0
    private var unfinishedBytes = 0

    /// Waits for the head.
    init(_ link: HTTPLink, _ configuration: HTTPConfiguration) throws(HTTPFailure) {
        self.link = link
        name = configuration.endpoint.httpDescription
        var head = try link.receiveHead()
        let isStream = head.status.isSuccess
        if !isStream, !link.isComplete { head.body = try link.receive().body }
        let early = isStream ? head.body : []
        if isStream { head.body = [] }
        self.head = head
        split(early)
    }

    /// Becomes readable when more has come; look at ``takeLines()`` once before the first wait.
    package var descriptor: Int32 { link.descriptor }

    /// Whether everything has come and was taken.
    package var isAtEnd: Bool { link.isComplete && taken == lines.count }

    /// Takes the lines that have come, without a wait.
    package func takeLines() throws(HTTPFailure) -> [[UInt8]] {
        defer { (lines, taken) = ([], 0) }
        try gather()
        return Array(lines[taken...])
    }

    /// Waits for the next line.
    ///
    /// - Parameter deadline: When to return ``Event/deadline`` at the latest; `nil` waits for ever.
    package func next(until deadline: Instant? = nil) throws(HTTPFailure) -> Event {
        while true {
            if taken < lines.count {
                defer { taken += 1 }
                return .line(lines[taken])
            }
            (lines, taken) = ([], 0)
            if link.isComplete { return .end }
            try gather()
            if lines.isEmpty, !link.isComplete {
                guard try link.awaitBody(until: deadline) else { return .deadline }
            }
        }
    }

    private func gather() throws(HTTPFailure) {
        guard !link.isComplete else { return }
        split(try link.takeBody())
        if unfinishedBytes > Self.lineBytesMax { throw .tooLarge(endpoint: name, bytesMax: Self.lineBytesMax) }
    }

    private func split(_ bytes: [UInt8]) {
        splitter.append(bytes.span)
        unfinishedBytes += bytes.count
        while let line = splitter.next() {
            unfinishedBytes -= line.count + 1
            if !line.isEmpty { lines.append(line) }
        }
        if link.isComplete, let line = splitter.finish() { lines.append(line) }
    }
}
