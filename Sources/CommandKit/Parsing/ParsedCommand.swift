/// What a command line says, before the environment and files are looked at.
package struct ParsedCommand: Sendable {
    /// The words that picked the command, the program's name first.
    package var path: [String]
    /// The command.
    package var command: CommandSpec
    /// Its details, built once.
    package var details: CommandDetails
    /// The options given, in order.
    package var given: [GivenOption] = []
    /// The operands by name, validated.
    package var operands: [String: [String]] = [:]
    /// The help that was asked for; then nothing else is checked.
    package var help: HelpStyle?

    /// The words after the program's name: `serve awareness`.
    package var name: String { path.dropFirst().joined(separator: " ") }

    /// All values of an operand.
    package func operands(_ name: String) -> [String] { operands[name] ?? [] }

    /// The first value of an operand.
    package func operand(_ name: String) -> String? { operands[name]?.first }
}

/// Which help was asked for.
package enum HelpStyle: Sendable {
    /// One line an option: `-h`.
    case short
    /// Everything: `--help`.
    case long
}

/// One occurrence of an option on the command line.
package struct GivenOption: Equatable, Sendable {
    /// The option's key.
    package var key: String
    /// How it was spelled.
    package var origin: Origin
    /// Its values: one, or more where one argument was split at commas.
    package var values: [OptionValue]
}
