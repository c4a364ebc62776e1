package import CommandKit
import SessionBase
package import SessionClient
import SessionCodec
import SessionIO

/// When a command that prints events leaves.
package enum FeedOptions {
    /// `--for`.
    package static let duration = Option<Duration?>.duration("for", "Leave after this long")
        .unset("goes on until a signal or the end")
    /// `--count`.
    package static let count = Option<Int?>.integer("count", "Leave after N events", 1...1_000_000_000).short("N")

    /// Both, for the command line of a verb.
    static var all: [OptionSpec] { [duration.spec, count.spec].under("When to stop") }
}

/// Prints the events of a feed until somebody has seen enough.
package struct FeedRun {
    private let feed: EventFeed
    private let printer: ResultPrinter
    private let deadline: Duration?
    private var left: Int?
    private var hasEnded = false

    /// Prepares to print.
    package init(_ feed: EventFeed, _ settings: Settings, _ printer: ResultPrinter) {
        self.feed = feed
        self.printer = printer
        deadline = settings[FeedOptions.duration]
        left = settings[FeedOptions.count]
    }

    /// Prints events as they come.
    package mutating func play() throws(CommandError) -> Verdict {
        let until = deadline.map { SystemClock.now() + $0 }
        while true {
            let event: HTTPStream.Event
            do throws(HTTPFailure) { event = try feed.stream.next(until: until) } catch { throw feed.broken(error) }
            switch event {
            case .deadline: return .success
            case .end where hasEnded: return .success
            case .end: throw CommandError(.unavailable, "the server ended the \(feed.name)")
            case .line(let line):
                if let value = EventFeed.event(line), try show(value) { return .success }
            }
        }
    }

    /// Prints an event.
    ///
    /// - Returns: Whether it was the last that is wanted.
    private mutating func show(_ value: JSONValue) throws(CommandError) -> Bool {
        hasEnded = feed.isLast(value)
        guard let line = feed.describe(value) else { return false }
        try printer.event(value, line)
        guard feed.isCounted(value), let left else { return false }
        self.left = left - 1
        return left == 1
    }
}
