package import CommandKit
package import SessionClient
import SessionCodec
import SessionTerminal

/// The progress of a report on a terminal: one line, drawn anew in place; what ends it gets lines of its own.
///
/// The cursor stays at the end of the line, so that there is nothing to restore whatever ends the program.
package final class ReportBar: NewsPresenter {
    /// Takes text to the terminal.
    package typealias Sink = (String) throws(CommandError) -> Void

    private let width: Int
    private let output: Sink
    private var line = ""

    /// Erases from the cursor to the end of the line (ECMA-48 §8.3.41).
    private static let eraseRest = "\u{1b}[K"
    /// The width where the terminal does not tell.
    private static let usualColumns = 80
    /// Columns of the bar itself.
    private static let barColumns = 24

    /// Draws on a terminal.
    ///
    /// - Parameter width: Its columns; `nil` where it does not tell.
    package init(width: Int?, output: @escaping Sink) {
        self.width = width ?? Self.usualColumns
        self.output = output
    }

    package func show(_ news: WatchNews) throws(CommandError) {
        guard news.value["type"]?.string == ChannelsServerKind.reportStatus.name, let data = news.value["data"] else {
            try finish()
            return try output(Escaping.escaped(news.line) + "\n")
        }
        line = Self.line(
            progress: data["progress"]?.integer.map { Int($0) } ?? 0, state: data["status"]?.string ?? "",
            message: data["message"]?.string ?? "", width: width)
        try output("\r" + line + Self.eraseRest)
    }

    package func finish() throws(CommandError) {
        guard !line.isEmpty else { return }
        line = ""
        try output("\n")
    }

    /// Takes the line away, because something else is to be written; the next status draws it again.
    package func clear() throws(CommandError) {
        guard !line.isEmpty else { return }
        line = ""
        try output("\r" + Self.eraseRest)
    }

    /// `[############............]  50% running Reading data`, cut where the line ends.
    ///
    /// - Parameter width: Columns of the terminal; the last one stays empty, for a cursor that does not wrap.
    package static func line(progress: Int, state: String, message: String, width: Int) -> String {
        let done = min(max(progress, 0), 100)
        let filled = done * barColumns / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barColumns - filled)
        let percent = String(repeating: " ", count: 3 - String(done).count) + "\(done)%"
        let text = "[\(bar)] \(percent) \(state) \(message)"
        let escaped = Escaping.escaped(text.last == " " ? String(text.dropLast()) : text)
        guard escaped.count >= width else { return escaped }
        return escaped.prefix(max(width - 2, 0)) + "…"
    }
}
