package import CommandKit

/// Verbs under one word of the command line: `admin`, `snapshot`.
package struct VerbGroup: Sendable {
    /// The word.
    package var name: String
    /// What the verbs are about: one line without a full stop.
    package var summary: String
    /// Paragraphs of the man page.
    package var discussion: [String]
    /// The verbs, in the order of the help.
    package var verbs: [Verb]
    /// Lines that work, for the man page.
    package var examples: [CommandExample]

    /// Gathers verbs.
    package init(
        _ name: String, _ summary: String, discussion: [String], verbs: [Verb], examples: [CommandExample]
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.verbs = verbs
        self.examples = examples
    }

    /// The group as a command; each verb takes these options besides its own.
    package func command(with common: [OptionSpec]) -> CommandSpec {
        CommandSpec(name, summary) { [self] in
            var details = CommandDetails(discussion: discussion, subcommands: verbs.map { $0.command(with: common) })
            details.subcommandNoun = "verb"
            details.runsAlone = false
            details.examples = examples
            return details
        }
    }

    /// The verb of a name.
    package func verb(_ name: String) -> Verb? { verbs.first { $0.spec.name == name } }
}

extension Verb {
    /// The verb as a command with further options.
    package func command(with common: [OptionSpec]) -> CommandSpec {
        CommandSpec(spec.name, spec.summary) { [spec] in
            var details = spec.details
            details.options += common
            return details
        }
    }
}
