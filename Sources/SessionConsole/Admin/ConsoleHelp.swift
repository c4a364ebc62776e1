import CommandKit

/// What `help` answers in the console.
enum ConsoleHelp {
    /// All words, or everything about one.
    static func text(of name: String?, style: TextStyle) -> String {
        guard let name else { return list(style) }
        if let builtin = ConsoleLine.builtins.first(where: { $0.name == name }) {
            return "\(builtin.name) \(builtin.usage)\n  \(builtin.summary)\n"
        }
        guard let verb = AdminVerbs.group.verb(name) else {
            let known = AdminVerbs.group.verbs.map(\.spec.name) + ConsoleLine.builtins.map(\.name)
            let advice = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "\(Origin.printable(name)) is no verb\(advice)\n"
        }
        let command = verb.command(with: [APIOptions.json.spec].under("Output"))
        return HelpRenderer.render(
            command, path: ["sessionctl", AdminVerbs.group.name, verb.spec.name], .long, style: style)
    }

    private static func list(_ style: TextStyle) -> String {
        let verbs = AdminVerbs.group.verbs.map { ($0.spec.name, $0.spec.summary) }
        let builtins = ConsoleLine.builtins.map { ("\($0.name) \($0.usage)", $0.summary) }
        let lines = (verbs + builtins).map { name, summary in
            style.bold(TextLayout.pad(name, to: 24)) + summary
        }
        return (lines + ["'help VERB' explains its options. Ctrl-C clears the line and stops what runs."])
            .joined(separator: "\n") + "\n"
    }
}
