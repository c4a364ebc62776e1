/// One command, declared once. Its details are built only when somebody looks: `sessionctl --help` needs the names alone.
package struct CommandSpec: Sendable {
    /// The word that picks it.
    package var name: String
    /// What it does: one line without a full stop.
    package var summary: String
    private var build: @Sendable () -> CommandDetails

    /// Declares a command whose details are made on demand.
    package init(_ name: String, _ summary: String, details: @escaping @Sendable () -> CommandDetails) {
        self.name = name
        self.summary = summary
        build = details
    }

    /// Everything but name and summary; built anew at each call.
    package var details: CommandDetails { build() }
}

/// What a command takes and how it is explained.
package struct CommandDetails: Sendable {
    /// Paragraphs of the long help and of the man page.
    package var discussion: [String] = []
    /// What may stand on the line besides options, in order.
    package var operands: [OperandSpec] = []
    /// Its options; the order is the order of the help.
    package var options: [OptionSpec] = []
    /// The commands below it.
    package var subcommands: [CommandSpec] = []
    /// What messages call one of them.
    package var subcommandNoun = "command"
    /// Lines that work, each with what it does.
    package var examples: [CommandExample] = []
    /// Environment variables that it reads besides those of its options, each with what it does.
    package var variables: [(name: String, summary: String)] = []
    /// Further sections of its man page.
    package var sections: [ManualSection] = []
    /// Options of the command above it that choosing this command settles; they are not among ``options``.
    package var settled: [(option: OptionSpec, value: String)] = []
    /// Options that the command line has no spelling for here, because others have taken it; files and the environment set
    /// them.
    package var unspelled: [OptionSpec] = []
    /// Whether `-h` asks for help here; `--help` does everywhere.
    package var helpIsShort = true
    /// Whether the command can run without one of its ``subcommands``.
    package var runsAlone = true

    /// Makes details from what differs from a command without anything.
    package init(
        discussion: [String] = [], operands: [OperandSpec] = [], options: [OptionSpec] = [],
        subcommands: [CommandSpec] = [], examples: [CommandExample] = []
    ) {
        self.discussion = discussion
        self.operands = operands
        self.options = options
        self.subcommands = subcommands
        self.examples = examples
    }

    /// Every option that has a value when the command runs.
    package var settings: [OptionSpec] { options + settled.map(\.option) + unspelled }

    /// The options by the heading they stand under, in the order of first appearance.
    package var optionsByCategory: [(category: String, options: [OptionSpec])] {
        var groups: [(category: String, options: [OptionSpec])] = []
        for option in options {
            if let index = groups.firstIndex(where: { $0.category == option.category }) {
                groups[index].options.append(option)
            } else {
                groups.append((option.category, [option]))
            }
        }
        return groups
    }
}

/// A line of a shell that works, for help and man pages; a test parses each.
package struct CommandExample: Sendable {
    /// The whole line, starting with the program's name.
    package var line: String
    /// What it does: one line without a full stop.
    package var summary: String

    /// Makes an example.
    package init(_ line: String, _ summary: String) {
        self.line = line
        self.summary = summary
    }

    /// What stands above the line.
    var heading: String { summary.hasSuffix("?") ? summary : summary + ":" }
}

/// A section of a man page besides the usual ones.
package struct ManualSection: Sendable {
    /// In capitals, such as `CONFIGURATION`.
    package var title: String
    /// Paragraphs of whole sentences.
    package var paragraphs: [String]

    /// Makes a section.
    package init(_ title: String, _ paragraphs: [String]) {
        self.title = title
        self.paragraphs = paragraphs
    }
}

/// One thing on a command line that is no option.
package struct OperandSpec: Sendable {
    /// How often it may stand there.
    package enum Arity: Sendable { case one, optional, oneOrMore, any }

    /// Its name in capitals, such as `FILE`; also what its values are asked for by.
    package var name: String
    /// How often it may stand there.
    package var arity: Arity
    /// What values look like.
    package var kind: ValueKind
    /// What it means: one line without a full stop.
    package var summary: String
    /// Where operands follow it, an optional operand takes only an argument that starts with one of these.
    package var prefixes: [String]
    /// Words that completion offers besides those of ``kind``.
    package var suggestions: [String] = []

    /// Declares an operand.
    package init(
        _ name: String, _ arity: Arity, _ kind: ValueKind = .text, _ summary: String, prefixes: [String] = []
    ) {
        self.name = name
        self.arity = arity
        self.kind = kind
        self.summary = summary
        self.prefixes = prefixes
    }

    /// How the usage line writes it: `FILE`, `[FILE]`, `FILE...`, `[FILE]...`.
    package var usage: String {
        switch arity {
        case .one: name
        case .optional: "[\(name)]"
        case .oneOrMore: "\(name)..."
        case .any: "[\(name)]..."
        }
    }

    /// Every word that completion offers.
    var words: [String] { kind.words + suggestions }

    /// The same operand with words that completion offers, although others are valid too.
    package func suggesting(_ words: [String]) -> OperandSpec {
        var copy = self
        copy.suggestions = words
        return copy
    }

    /// The fewest arguments it takes.
    package var minimum: Int { arity == .one || arity == .oneOrMore ? 1 : 0 }

    /// The most arguments it takes.
    package var maximum: Int { arity == .one || arity == .optional ? 1 : .max }
}
