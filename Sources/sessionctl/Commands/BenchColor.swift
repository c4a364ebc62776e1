import CommandKit
import SessionBench
import SessionTerminal

/// Colours for what decides in a report: the verdicts, and what came of expressions.
enum BenchColor {
    /// The words at the begin of a line, and what they mean to a person.
    private static let words: [(text: String, role: Role)] =
        RunVerdict.Kind.allCases.map { ($0.rawValue, $0 == .valid ? .sent : .failure) }
        + [("FAIL", .failure), ("PASS", .sent)]

    /// Paints the words in a report's text, where the output shows colours.
    static func paint(_ text: String, _ invocation: Invocation) -> String {
        let style = invocation.style(of: invocation.context.output)
        guard style.isColored else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { paint($0, style) }
            .joined(separator: "\n")
    }

    private static func paint(_ line: Substring, _ style: Style) -> String {
        guard let word = words.first(where: { line.hasPrefix($0.text + " ") }) else { return String(line) }
        return style.paint(word.text, as: word.role) + line.dropFirst(word.text.count)
    }
}
