package import CommandKit
package import SessionClient
package import SessionCodec

/// Events that a verb asked for and that come as they happen.
package struct EventFeed {
    /// Where they come from.
    package var stream: HTTPStream
    /// What they are about, for messages: `trace of connection 7`.
    package var name: String
    /// An event as a line for people; `nil` for one that only programs are told.
    package var describe: @Sendable (JSONValue) -> String?
    /// Whether an event is one of those that `--count` counts.
    package var isCounted: @Sendable (JSONValue) -> Bool
    /// Whether an event is the last, so that the end behind it is as it should be.
    package var isLast: @Sendable (JSONValue) -> Bool

    /// Takes the events that have come, without a wait.
    package func take() throws(CommandError) -> [JSONValue] {
        do throws(HTTPFailure) { return try stream.takeLines().compactMap(Self.event) } catch {
            throw broken(error)
        }
    }

    /// The error of a feed whose connection failed.
    func broken(_ failure: HTTPFailure) -> CommandError {
        guard failure != .interrupted else { return CommandError(failure) }
        return CommandError(ExitStatus(failure.verdict), "the \(name) broke off: \(failure)")
    }

    /// A line that is no JSON is no event; the next one may be.
    static func event(_ line: [UInt8]) -> JSONValue? { try? JSONValue.parse(line.span) }
}
