package import CommandKit
import SessionBase

/// What a line of the console means.
package enum ConsoleLine {
    /// Nothing: an empty line or a comment.
    case nothing
    /// A verb of the admin API.
    case verb(Verb, ParsedCommand)
    /// Explains the verbs, or one of them.
    case help(String?)
    /// Gives a command again and again.
    case watch(every: Duration, line: String)
    /// Stops what `watch` began.
    case unwatch
    /// Ends the traces, or that of one connection.
    case untrace(String?)
    /// Leaves.
    case quit

    /// A word that the console knows besides the verbs.
    package struct Builtin: Sendable {
        /// The word.
        package var name: String
        /// What may follow it.
        package var usage: String
        /// One line without a full stop.
        package var summary: String
    }

    /// What the console knows besides the verbs, in the order of the help.
    package static let builtins = [
        Builtin(name: "watch", usage: "N COMMAND | off", summary: "Give a command every N seconds, or stop that"),
        Builtin(name: "untrace", usage: "[ID]", summary: "End the traces, or that of one connection"),
        Builtin(name: "help", usage: "[VERB]", summary: "List the verbs, or explain one"),
        Builtin(name: "quit", usage: "", summary: "Leave; Ctrl-D does the same"),
    ]

    /// The verbs with the options they have here: those of the connection are settled.
    package static let root = AdminVerbs.group.command(with: [APIOptions.json.spec].under("Output"))

    /// Reads a line.
    package static func parse(_ line: String) throws(CommandError) -> ConsoleLine {
        if line.drop(while: \.isWhitespace).hasPrefix("#") { return .nothing }
        var words = try ConsoleWords.split(line)
        // Whoever copies a line from a shell script may do so.
        if words.first == "sessionctl" { words.removeFirst() }
        if words.first == root.name { words.removeFirst() }
        guard let first = words.first else { return .nothing }
        let rest = Array(words.dropFirst())
        switch first {
        case "help", "?": return .help(try atMostOne(rest, "help [VERB]"))
        case "quit", "exit", "q": return .quit
        case "watch": return try watch(rest, line)
        case "untrace": return .untrace(try atMostOne(rest, "untrace [ID]"))
        default: return try verb(words)
        }
    }

    private static func verb(_ words: [String]) throws(CommandError) -> ConsoleLine {
        let known = AdminVerbs.group.verbs.map(\.spec.name) + builtins.map(\.name)
        let name = words[0]
        guard let verb = AdminVerbs.group.verb(name) else {
            let advice = Suggestion.nearest(to: name, among: known).map { "did you mean \($0)?" } ?? "help lists them"
            throw .usage("\(Origin.printable(name)) is no verb; \(advice)")
        }
        let parsed = try ArgumentParser.parse(words, root: root)
        return parsed.help == nil ? .verb(verb, parsed) : .help(name)
    }

    private static func watch(_ words: [String], _ line: String) throws(CommandError) -> ConsoleLine {
        if words == ["off"] { return .unwatch }
        guard words.count >= 2, let seconds = Double(words[0].hasSuffix("s") ? String(words[0].dropLast()) : words[0]),
            0.1...86_400 ~= seconds
        else { throw .usage("write 'watch N COMMAND' with N in seconds, from 0.1, or 'watch off'") }
        guard case .verb = try parse(words.dropFirst().map(quoted).joined(separator: " ")) else {
            throw .usage("watch repeats a verb")
        }
        return .watch(
            every: .milliseconds(Int(seconds * 1000)), line: words.dropFirst().map(quoted).joined(separator: " "))
    }

    /// A word that ``ConsoleWords`` reads back.
    private static func quoted(_ word: String) -> String {
        word.contains { $0.isWhitespace || "'\"\\".contains($0) } || word.isEmpty
            ? "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
            : word
    }

    private static func atMostOne(_ words: [String], _ usage: String) throws(CommandError) -> String? {
        guard words.count <= 1 else { throw .usage("write '\(usage)'") }
        return words.first
    }
}
