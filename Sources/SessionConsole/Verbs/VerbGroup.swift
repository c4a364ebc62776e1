package import CommandKit
package import SessionCodec

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
    /// Whom the verbs ask where no URL is given.
    package var server: VerbServer

    /// Gathers verbs.
    package init(
        _ name: String, _ summary: String, server: VerbServer = .service(.sync), discussion: [String], verbs: [Verb],
        examples: [CommandExample]
    ) {
        self.name = name
        self.summary = summary
        self.server = server
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

    /// The verb that these words pick, such as `emit`, `state`.
    package func verb(at words: some Collection<String>) -> Verb? {
        guard let name = words.first, let verb = verb(name) else { return nil }
        return words.dropFirst().reduce(verb) { verb, name in verb?.verbs.first { $0.spec.name == name } }
    }
}

/// Whom a command asks where no URL is given.
package enum VerbServer: Equatable, Sendable {
    /// The service on its native port on loopback (PROTOCOLS §1.11).
    case service(ProtocolID)
    /// The one administration socket of this machine (PROTOCOLS §1.10).
    case administration
}

extension Verb {
    /// The verb as a command with further options.
    package func command(with common: [OptionSpec]) -> CommandSpec {
        CommandSpec(spec.name, spec.summary) { [spec, verbs] in
            var details = spec.details
            details.options += common
            details.subcommands = verbs.map { $0.command(with: common) }
            return details
        }
    }
}
