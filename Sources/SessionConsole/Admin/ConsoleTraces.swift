import CommandKit
import SessionClient
import SessionCodec
import SessionTerminal

/// The traces that run in a console, each with the number by which the poller knows it.
struct ConsoleTraces {
    private struct Trace {
        let number: UInt64
        let id: String
        let feed: EventFeed
    }

    private var traces: [Trace] = []
    private var count: UInt64 = 0

    /// Whether none runs.
    var isEmpty: Bool { traces.isEmpty }

    /// Begins to show a trace, and returns its number.
    mutating func add(_ feed: EventFeed, _ id: String) -> UInt64 {
        defer { count += 1 }
        traces.append(Trace(number: count, id: id, feed: feed))
        return count
    }

    /// Writes what has come; a trace that has ended is dropped.
    mutating func read(
        _ number: UInt64, isJSON: Bool, onto page: ConsolePage, complain: (CommandError) -> Void
    ) {
        guard let trace = traces.first(where: { $0.number == number }) else { return }
        var hasEnded = false
        do throws(CommandError) {
            for event in try trace.feed.take() {
                hasEnded = trace.feed.isLast(event)
                if let line = trace.feed.describe(event) { page.write(shown(event, line, trace, isJSON: isJSON)) }
            }
            if trace.feed.stream.isAtEnd, !hasEnded {
                throw CommandError(.unavailable, "the server ended the \(trace.feed.name)")
            }
        } catch {
            hasEnded = true
            complain(error)
        }
        if hasEnded { traces.removeAll { $0.number == number } }
    }

    private func shown(_ event: JSONValue, _ line: String, _ trace: Trace, isJSON: Bool) -> String {
        if isJSON { return event.text() + "\n" }
        return (traces.count > 1 ? "[\(trace.id)] " : "") + Escaping.escaped(line) + "\n"
    }

    /// Ends the trace of a connection, or all; says which.
    mutating func end(_ id: String?) -> String {
        let ended = traces.filter { id == nil || $0.id == id }
        traces.removeAll { id == nil || $0.id == id }
        guard !ended.isEmpty else { return id.map { "there is no trace of connection \($0)" } ?? "there is no trace" }
        return "no longer tracing \(ended.map(\.id).joined(separator: ", "))"
    }
}
